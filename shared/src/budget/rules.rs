//! Funding rules as dated data: what a funder pays of what, where, and what the cities have to bring.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{BudgetLine, HEAD_MAX};
use crate::cities::{Level, codes};
use crate::ids::RuleSetId;
use crate::language::Texts;
use crate::money::split;
use crate::rounds::Priority;

codes!(
    /// How a funder groups countries: the least developed, other recipients of aid, all others.
    CountryGroup {
        /// Least developed countries.
        Ldc = "ldc",
        /// Other recipients of official development assistance.
        OtherOda = "other_oda",
        /// All other countries.
        Other = "other",
    }
);

/// A head of costs with the rate that the funder pays of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CostHead {
    /// The code that lines name.
    #[cfg_attr(feature = "openapi", schema(example = "delegations"))]
    pub code: String,
    /// Its name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub label: Texts,
    /// The share of it that the funder pays at most, in basis points; null where the country's rate holds.
    pub rate_bp: Option<u32>,
}

/// The ceiling for a group of countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountryRate {
    /// The group.
    pub group: CountryGroup,
    /// The share of costs there that the funder pays at most, in basis points.
    pub rate_bp: u32,
}

/// The countries of a group, as they stood when the rules were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountryGroupMembers {
    /// The group.
    pub group: CountryGroup,
    /// Its countries, ISO 3166-1 alpha-2 (and `XK`).
    #[cfg_attr(feature = "openapi", schema(max_items = 300))]
    pub countries: Vec<String>,
}

codes!(
    /// Whose money a line of resources is.
    ResourceOrigin {
        /// The grant of the call's funder.
        Funder = "funder",
        /// Cash of authorities and others.
        Cash = "cash",
        /// What is contributed in kind (valorisation).
        InKind = "in_kind",
    }
);

/// A line under which a funder wants to see resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResourceLine {
    /// Its code.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub code: String,
    /// Its name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub label: Texts,
    /// Whose money it is.
    pub origin: ResourceOrigin,
    /// The heads that it pays for; empty for all.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 40))]
    pub heads: Vec<String>,
}

codes!(
    /// What time given in kind is counted in.
    InKindUnit {
        /// An hour.
        Hour = "hour",
        /// A day.
        Day = "day",
    }
);

/// What the time of somebody is valued at, where it is given in kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InKindRate {
    /// Its code.
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "elected"))]
    pub code: String,
    /// Whose time it is, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub label: Texts,
    /// What is counted.
    pub unit: InKindUnit,
    /// What one of it is worth, in minor units of the rules' currency.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100_000_000_000_000_i64))]
    pub amount_minor: i64,
}

macro_rules! rule_sets {
    ($($(#[$attribute:meta])* $field:ident: $type:ty,)+) => {
        /// A funder's rules for one period.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields)]
        pub struct RuleSet {
            /// The rule set's id.
            pub id: RuleSetId,
            /// Grows by one with each new version of the same name.
            pub version: i64,
            $($(#[$attribute])* pub $field: $type,)+
        }

        /// Rules to be: the next version of their name. What is there stays as it is, and so do the calls under it.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "validate", derive(validator::Validate))]
        #[serde(deny_unknown_fields)]
        pub struct RuleSetDraft {
            $($(#[$attribute])* pub $field: $type,)+
        }

        impl RuleSetDraft {
            /// The rules under their id and version.
            #[must_use]
            pub fn into_rules(self, id: RuleSetId, version: i64) -> RuleSet {
                RuleSet { id, version, $($field: self.$field,)+ }
            }
        }

        impl RuleSet {
            /// What it says, to begin its next version with.
            #[must_use]
            pub fn draft(&self) -> RuleSetDraft {
                RuleSetDraft { $($field: self.$field.clone(),)+ }
            }
        }
    };
}

rule_sets! {
    /// The name, for example "MEAE 2025".
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    name: String,
    /// Since when it holds.
    #[serde(with = "crate::time::day")]
    valid_from: NaiveDate,
    /// Until when it holds; null while it does.
    #[serde(default, with = "crate::time::day_option")]
    valid_to: Option<NaiveDate>,
    /// Where the rules stand.
    #[cfg_attr(feature = "openapi", schema(max_length = 8000))]
    source: String,
    /// The currency of budgets, ISO 4217.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 3, example = "EUR"))]
    currency: String,
    /// Heads of costs.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 40))]
    heads: Vec<CostHead>,
    /// Ceilings by group of countries, for heads without a rate of their own.
    #[cfg_attr(feature = "openapi", schema(max_items = 3))]
    country_rates: Vec<CountryRate>,
    /// Which countries the groups hold; one in no list is in `other`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 3))]
    country_groups: Vec<CountryGroupMembers>,
    /// Where the groups stand, and what they are not.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 8000))]
    groups_source: String,
    /// For work in several countries, one rate on the whole may be chosen instead of the ceilings by country.
    #[cfg_attr(feature = "openapi", schema(maximum = 10000))]
    several_countries_rate_bp: Option<u32>,
    /// The share of the whole that the funding country's authorities pay at least.
    #[cfg_attr(feature = "openapi", schema(maximum = 10000))]
    own_share_min_bp: u32,
    /// The share of those authorities' contribution that may be in kind at most.
    #[cfg_attr(feature = "openapi", schema(maximum = 10000))]
    in_kind_max_bp: Option<u32>,
    /// Least number of authorities in the file.
    #[cfg_attr(feature = "openapi", schema(maximum = 50))]
    cities_min: u32,
    /// Country whose authorities must pay the own share, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2))]
    own_country: String,
    /// Countries that are eligible beside it; empty for any.
    #[cfg_attr(feature = "openapi", schema(max_items = 300))]
    countries: Vec<String>,
    /// Goals (1 to 17) that the project must serve.
    #[cfg_attr(feature = "openapi", schema(max_items = 17))]
    required_sdgs: Vec<u8>,
    /// How the last instalment is paid (of a grant over one year: the whole), in basis points; adds up to 10,000.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12))]
    instalments_bp: Vec<u32>,
    /// Whether an overdue report on a grant keeps the city that leads from handing in new applications.
    #[serde(default)]
    overdue_report_blocks: bool,
    /// The lines under which resources are shown, where the funder has such.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    resource_lines: Vec<ResourceLine>,
    /// Levels of the authorities that take part, associated ones left out; empty for any.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 4))]
    levels: Vec<Level>,
    /// Regions that the funder puts first: what a city there adds to its file's place, in points of a hundred. A weight,
    /// never a filter.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    priority_regions: Vec<Priority>,
    /// What time given in kind is valued at; empty where the rules do not say.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    in_kind_rates: Vec<InKindRate>,
}

impl RuleSet {
    /// The group of a country.
    #[must_use]
    pub fn group_of(&self, country: &str) -> CountryGroup {
        self.country_groups
            .iter()
            .find(|members| members.countries.iter().any(|member| member == country))
            .map_or(CountryGroup::Other, |members| members.group)
    }

    /// Whether costs in this country may be paid.
    #[must_use]
    pub fn allows_country(&self, country: &str) -> bool {
        country == self.own_country || self.countries.is_empty() || self.countries.iter().any(|c| c == country)
    }

    /// Whether authorities of this level may take part.
    #[must_use]
    pub fn allows_level(&self, level: Level) -> bool {
        self.levels.is_empty() || self.levels.contains(&level)
    }

    /// How a grant of one year is paid: parts that add up to it.
    #[must_use]
    pub fn instalments(&self, grant_minor: i64) -> Vec<i64> {
        let weights: Vec<i64> = self.instalments_bp.iter().map(|&bp| i64::from(bp)).collect();
        split(grant_minor, &weights)
    }

    /// What the funder pays of a line, at most: the head's own rate or that of the country's group; none where the line
    /// names an unknown head or a country that is not eligible.
    pub(super) fn rate_of<'a>(&'a self, line: &BudgetLine) -> Option<(Option<&'a str>, Option<CountryGroup>, u32)> {
        let head = self.heads.iter().find(|head| head.code == line.head)?;
        if !self.allows_country(&line.country) {
            return None;
        }
        if let Some(rate_bp) = head.rate_bp {
            return Some((Some(head.code.as_str()), None, rate_bp));
        }
        let group = self.group_of(&line.country);
        let rate = self.country_rates.iter().find(|rate| rate.group == group);
        Some((None, Some(group), rate.map_or(0, |rate| rate.rate_bp)))
    }
}

/// Whether it looks like a country: two capital letters.
#[must_use]
pub fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether it can be the code of a head or the key of a question: up to 40 lower-case letters, digits, `_` and `-`.
#[must_use]
pub fn is_code(code: &str) -> bool {
    (1..=HEAD_MAX).contains(&(code.len() as u64))
        && code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-')
}
