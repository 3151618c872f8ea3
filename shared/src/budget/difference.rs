//! What changes from one version of funding rules to the next: as data, and in words.
//!
//! [`difference`] compares; [`RuleChange::sentence`] says one change in a reader's language. Both run on the server and, while
//! an officer types, in the browser: the two say the same.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{CountryGroup, InKindRate, InKindUnit, ResourceLine, RuleSet};
use crate::cities::Level;
use crate::ids::RuleSetId;
use crate::language::{Language, Texts, text_for};
use crate::money::exponent;

mod words;

/// One change of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum RuleChange {
    /// Another name.
    Name {
        /// The former name.
        before: String,
        /// The new one.
        after: String,
    },
    /// They hold since another day.
    ValidFrom {
        /// The former day.
        #[serde(with = "crate::time::day")]
        before: NaiveDate,
        /// The new one.
        #[serde(with = "crate::time::day")]
        after: NaiveDate,
    },
    /// They hold until another day.
    ValidTo {
        /// The former day.
        #[serde(default, with = "crate::time::day_option")]
        before: Option<NaiveDate>,
        /// The new one; null while they hold.
        #[serde(default, with = "crate::time::day_option")]
        after: Option<NaiveDate>,
    },
    /// They stand elsewhere.
    Source,
    /// The groups of countries stand elsewhere.
    GroupsSource,
    /// Budgets are in another currency.
    Currency {
        /// The former one.
        before: String,
        /// The new one.
        after: String,
    },
    /// A head of costs is new.
    HeadAdded {
        /// Its code.
        code: String,
        /// Its name.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        label: Texts,
        /// Its rate, where it has one of its own.
        rate_bp: Option<u32>,
    },
    /// A head of costs is gone: its costs are not paid any more.
    HeadRemoved {
        /// Its code.
        code: String,
        /// Its name.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        label: Texts,
    },
    /// A head of costs is called otherwise.
    HeadRenamed {
        /// Its code.
        code: String,
        /// Its former name.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        before: Texts,
        /// Its new one.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        after: Texts,
    },
    /// The rate of a head; null where the country's rate holds.
    HeadRate {
        /// The head's code.
        code: String,
        /// Its name.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        label: Texts,
        /// The former rate.
        before: Option<u32>,
        /// The new one.
        after: Option<u32>,
    },
    /// The ceiling of a group of countries; null where nothing is paid there.
    GroupRate {
        /// The group.
        group: CountryGroup,
        /// The former rate.
        before: Option<u32>,
        /// The new one.
        after: Option<u32>,
    },
    /// Countries that change their group.
    GroupMoved {
        /// The countries.
        countries: Vec<String>,
        /// The former group.
        before: CountryGroup,
        /// The new one.
        after: CountryGroup,
    },
    /// The single rate over several countries; null where there is no choice.
    SeveralCountriesRate {
        /// The former rate.
        before: Option<u32>,
        /// The new one.
        after: Option<u32>,
    },
    /// What the authorities pay at least.
    OwnShare {
        /// The former share.
        before: u32,
        /// The new one.
        after: u32,
    },
    /// How much of it may be in kind; null for any part of it.
    InKindMax {
        /// The former share.
        before: Option<u32>,
        /// The new one.
        after: Option<u32>,
    },
    /// What time given in kind is valued at; null where the rules do not say.
    InKindValue {
        /// Its code.
        code: String,
        /// Whose time it is.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        label: Texts,
        /// The currency, ISO 4217.
        currency: String,
        /// The former value.
        before: Option<InKindRate>,
        /// The new one.
        after: Option<InKindRate>,
    },
    /// How many authorities a file needs.
    CitiesMin {
        /// The former number.
        before: u32,
        /// The new one.
        after: u32,
    },
    /// Whose authorities pay the own share.
    OwnCountry {
        /// The former country.
        before: String,
        /// The new one.
        after: String,
    },
    /// All countries may take part now.
    CountriesOpened,
    /// Only these countries may take part now.
    CountriesLimited {
        /// The countries.
        countries: Vec<String>,
    },
    /// More countries may take part.
    CountriesAdded {
        /// The new ones.
        countries: Vec<String>,
    },
    /// Fewer countries may take part.
    CountriesRemoved {
        /// Those that may not any more.
        countries: Vec<String>,
    },
    /// Which levels of authorities take part; none for any.
    Levels {
        /// The former levels.
        before: Vec<Level>,
        /// The new ones.
        after: Vec<Level>,
    },
    /// The goals that a project must serve.
    RequiredSdgs {
        /// The former goals.
        before: Vec<u8>,
        /// The new ones.
        after: Vec<u8>,
    },
    /// How much a priority region weighs; null where it is none.
    PriorityRegion {
        /// The region.
        region: String,
        /// Its former points.
        before: Option<u32>,
        /// The new ones.
        after: Option<u32>,
    },
    /// How the last instalment is paid.
    Instalments {
        /// The former shares.
        before: Vec<u32>,
        /// The new ones.
        after: Vec<u32>,
    },
    /// Whether an overdue report keeps a city from applying.
    OverdueReport {
        /// Whether it does now.
        blocks: bool,
    },
    /// A line of resources is new.
    ResourceLineAdded {
        /// Its name.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        label: Texts,
    },
    /// A line of resources is gone.
    ResourceLineRemoved {
        /// Its name.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        label: Texts,
    },
    /// A line of resources is called otherwise, or counts something else.
    ResourceLineChanged {
        /// Its new name.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        label: Texts,
    },
}

/// A change with its sentence by language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleChangeView {
    /// What changes.
    pub change: RuleChange,
    /// One sentence that says so, by language: `fr`, `en`, `uk`.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub words: Texts,
}

/// A version of rules, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleSetStamp {
    /// Its id.
    pub id: RuleSetId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// Since when it holds.
    #[serde(with = "crate::time::day")]
    pub valid_from: NaiveDate,
    /// Until when; null while it does.
    #[serde(default, with = "crate::time::day_option")]
    pub valid_to: Option<NaiveDate>,
}

impl From<&RuleSet> for RuleSetStamp {
    fn from(rules: &RuleSet) -> Self {
        Self {
            id: rules.id,
            name: rules.name.clone(),
            version: rules.version,
            valid_from: rules.valid_from,
            valid_to: rules.valid_to,
        }
    }
}

/// What changes from one version of rules to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleSetDifference {
    /// The former rules; null where there are none before.
    pub before: Option<RuleSetStamp>,
    /// The new ones.
    pub after: RuleSetStamp,
    /// The changes, in the order of the rules.
    pub changes: Vec<RuleChangeView>,
}

/// The changes with their words; `country` names a country in a language.
#[must_use]
pub fn told(before: &RuleSet, after: &RuleSet, country: &dyn Fn(&str, Language) -> String) -> Vec<RuleChangeView> {
    let view = |change: RuleChange| RuleChangeView {
        words: Language::ALL
            .iter()
            .map(|&language| {
                let name = |code: &str| country(code, language);
                (language.tag().to_owned(), change.sentence(language, &name))
            })
            .collect(),
        change,
    };
    difference(before, after).into_iter().map(view).collect()
}

/// What changes from `before` to `after`, in the order of the rules.
#[must_use]
pub fn difference(before: &RuleSet, after: &RuleSet) -> Vec<RuleChange> {
    let mut changes = Vec::new();
    if before.name != after.name {
        changes.push(RuleChange::Name {
            before: before.name.clone(),
            after: after.name.clone(),
        });
    }
    if before.valid_from != after.valid_from {
        changes.push(RuleChange::ValidFrom {
            before: before.valid_from,
            after: after.valid_from,
        });
    }
    // That the former ones end where these begin goes without saying.
    let follows = after.valid_to.is_none() && before.valid_to == after.valid_from.pred_opt();
    if before.valid_to != after.valid_to && !follows {
        changes.push(RuleChange::ValidTo {
            before: before.valid_to,
            after: after.valid_to,
        });
    }
    heads(before, after, &mut changes);
    places(before, after, &mut changes);
    shares(before, after, &mut changes);
    if before.currency != after.currency {
        changes.push(RuleChange::Currency {
            before: before.currency.clone(),
            after: after.currency.clone(),
        });
    }
    resource_lines(before, after, &mut changes);
    if before.source != after.source {
        changes.push(RuleChange::Source);
    }
    if before.groups_source != after.groups_source {
        changes.push(RuleChange::GroupsSource);
    }
    changes
}

/// Heads of costs and their rates.
fn heads(before: &RuleSet, after: &RuleSet, changes: &mut Vec<RuleChange>) {
    for head in &after.heads {
        let Some(old) = before.heads.iter().find(|old| old.code == head.code) else {
            changes.push(RuleChange::HeadAdded {
                code: head.code.clone(),
                label: head.label.clone(),
                rate_bp: head.rate_bp,
            });
            continue;
        };
        if old.label != head.label {
            changes.push(RuleChange::HeadRenamed {
                code: head.code.clone(),
                before: old.label.clone(),
                after: head.label.clone(),
            });
        }
        if old.rate_bp != head.rate_bp {
            changes.push(RuleChange::HeadRate {
                code: head.code.clone(),
                label: head.label.clone(),
                before: old.rate_bp,
                after: head.rate_bp,
            });
        }
    }
    let gone = before
        .heads
        .iter()
        .filter(|old| !after.heads.iter().any(|head| head.code == old.code));
    changes.extend(gone.map(|old| RuleChange::HeadRemoved {
        code: old.code.clone(),
        label: old.label.clone(),
    }));
}

/// Where money works, and who takes part.
fn places(before: &RuleSet, after: &RuleSet, changes: &mut Vec<RuleChange>) {
    for &group in CountryGroup::ALL {
        let rate = |rules: &RuleSet| {
            let rate = rules.country_rates.iter().find(|rate| rate.group == group);
            rate.map(|rate| rate.rate_bp)
        };
        let (old, new) = (rate(before), rate(after));
        if old != new {
            changes.push(RuleChange::GroupRate {
                group,
                before: old,
                after: new,
            });
        }
    }
    groups(before, after, changes);
    if before.several_countries_rate_bp != after.several_countries_rate_bp {
        changes.push(RuleChange::SeveralCountriesRate {
            before: before.several_countries_rate_bp,
            after: after.several_countries_rate_bp,
        });
    }
    if before.cities_min != after.cities_min {
        changes.push(RuleChange::CitiesMin {
            before: before.cities_min,
            after: after.cities_min,
        });
    }
    let set = |levels: &[Level]| -> Vec<Level> {
        let known = Level::ALL.iter().copied();
        known.filter(|level| levels.contains(level)).collect()
    };
    let (old, new) = (set(&before.levels), set(&after.levels));
    if old != new {
        changes.push(RuleChange::Levels {
            before: old,
            after: new,
        });
    }
    if before.own_country != after.own_country {
        changes.push(RuleChange::OwnCountry {
            before: before.own_country.clone(),
            after: after.own_country.clone(),
        });
    }
    match (before.countries.is_empty(), after.countries.is_empty()) {
        (true, true) => {}
        (false, true) => changes.push(RuleChange::CountriesOpened),
        (true, false) => changes.push(RuleChange::CountriesLimited {
            countries: after.countries.clone(),
        }),
        (false, false) => {
            let added = missing_in(&after.countries, &before.countries);
            if !added.is_empty() {
                changes.push(RuleChange::CountriesAdded { countries: added });
            }
            let removed = missing_in(&before.countries, &after.countries);
            if !removed.is_empty() {
                changes.push(RuleChange::CountriesRemoved { countries: removed });
            }
        }
    }
    let goals = |rules: &RuleSet| {
        let mut goals = rules.required_sdgs.clone();
        goals.sort_unstable();
        goals.dedup();
        goals
    };
    let (old, new) = (goals(before), goals(after));
    if old != new {
        changes.push(RuleChange::RequiredSdgs {
            before: old,
            after: new,
        });
    }
    priorities(before, after, changes);
}

/// The countries that are in another group now, by where they were and where they are.
fn groups(before: &RuleSet, after: &RuleSet, changes: &mut Vec<RuleChange>) {
    let of_both = before.country_groups.iter().chain(&after.country_groups);
    let mut countries: Vec<&String> = of_both.flat_map(|members| &members.countries).collect();
    countries.sort_unstable();
    countries.dedup();
    for &old in CountryGroup::ALL {
        for &new in CountryGroup::ALL {
            let moved = countries
                .iter()
                .filter(|country| old != new && before.group_of(country) == old && after.group_of(country) == new);
            let moved: Vec<String> = moved.map(|&country| country.clone()).collect();
            if !moved.is_empty() {
                changes.push(RuleChange::GroupMoved {
                    countries: moved,
                    before: old,
                    after: new,
                });
            }
        }
    }
}

fn priorities(before: &RuleSet, after: &RuleSet, changes: &mut Vec<RuleChange>) {
    let points = |rules: &RuleSet, region: &str| {
        let found = rules.priority_regions.iter().find(|known| known.region == region);
        found.map(|known| known.points)
    };
    let of_both = before.priority_regions.iter().chain(&after.priority_regions);
    let mut regions: Vec<&str> = of_both.map(|priority| priority.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    for region in regions {
        let (old, new) = (points(before, region), points(after, region));
        if old != new {
            changes.push(RuleChange::PriorityRegion {
                region: region.to_owned(),
                before: old,
                after: new,
            });
        }
    }
}

/// What the cities bring, and how they are paid.
fn shares(before: &RuleSet, after: &RuleSet, changes: &mut Vec<RuleChange>) {
    if before.own_share_min_bp != after.own_share_min_bp {
        changes.push(RuleChange::OwnShare {
            before: before.own_share_min_bp,
            after: after.own_share_min_bp,
        });
    }
    if before.in_kind_max_bp != after.in_kind_max_bp {
        changes.push(RuleChange::InKindMax {
            before: before.in_kind_max_bp,
            after: after.in_kind_max_bp,
        });
    }
    let gone = before
        .in_kind_rates
        .iter()
        .filter(|old| !after.in_kind_rates.iter().any(|new| new.code == old.code));
    let codes = after.in_kind_rates.iter().chain(gone);
    for rate in codes {
        let find = |rules: &RuleSet| {
            rules
                .in_kind_rates
                .iter()
                .find(|known| known.code == rate.code)
                .cloned()
        };
        let (old, new) = (find(before), find(after));
        if old != new {
            changes.push(RuleChange::InKindValue {
                code: rate.code.clone(),
                label: rate.label.clone(),
                currency: after.currency.clone(),
                before: old,
                after: new,
            });
        }
    }
    if before.instalments_bp != after.instalments_bp {
        changes.push(RuleChange::Instalments {
            before: before.instalments_bp.clone(),
            after: after.instalments_bp.clone(),
        });
    }
    if before.overdue_report_blocks != after.overdue_report_blocks {
        changes.push(RuleChange::OverdueReport {
            blocks: after.overdue_report_blocks,
        });
    }
}

fn resource_lines(before: &RuleSet, after: &RuleSet, changes: &mut Vec<RuleChange>) {
    let find = |rules: &RuleSet, code: &str| -> Option<ResourceLine> {
        rules.resource_lines.iter().find(|line| line.code == code).cloned()
    };
    for line in &after.resource_lines {
        let label = line.label.clone();
        match find(before, &line.code) {
            None => changes.push(RuleChange::ResourceLineAdded { label }),
            Some(old) if old != *line => changes.push(RuleChange::ResourceLineChanged { label }),
            Some(_) => {}
        }
    }
    let gone = before
        .resource_lines
        .iter()
        .filter(|line| find(after, &line.code).is_none());
    changes.extend(gone.map(|line| RuleChange::ResourceLineRemoved {
        label: line.label.clone(),
    }));
}

/// What is in `one` and not in `other`.
fn missing_in(one: &[String], other: &[String]) -> Vec<String> {
    let missing = one.iter().filter(|code| !other.contains(code));
    missing.cloned().collect()
}

#[cfg(test)]
mod tests;
