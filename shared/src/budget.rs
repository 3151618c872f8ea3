//! Budgets and what a funder pays of them, in exact money. The rules are dated data ([`RuleSet`]); [`assess`] applies
//! them, on the server and in the browser alike.
//!
//! A *line* is a cost, under a head, in a country. A *contribution* is what somebody pays towards the whole: an
//! authority in cash or in kind ("valorisation"), or another funder. The grant asked for is what the call's funder pays.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{BudgetLineId, CityId, RuleSetId};
use crate::language::Texts;
use crate::money::share;

/// Most lines of a budget.
pub const LINES_MAX: u64 = 200;
/// Longest label of a line or a contribution, in characters.
pub const LABEL_MAX: u64 = 200;

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

/// A funder's rules for one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// The rule set's id.
    pub id: RuleSetId,
    /// Its name, for example "MEAE 2025".
    pub name: String,
    /// Grows by one with each new version of the same name.
    pub version: i64,
    /// Since when it holds.
    pub valid_from: NaiveDate,
    /// Until when it holds; null while it does.
    pub valid_to: Option<NaiveDate>,
    /// Where the rules stand.
    pub source: String,
    /// The currency of budgets, ISO 4217.
    pub currency: String,
    /// Heads of costs.
    pub heads: Vec<CostHead>,
    /// Ceilings by group of countries, for heads without a rate of their own.
    pub country_rates: Vec<CountryRate>,
    /// For work in several countries, one rate on the whole may be chosen instead of the ceilings by country.
    pub several_countries_rate_bp: Option<u32>,
    /// The share of the whole that the funding country's authorities pay at least.
    pub own_share_min_bp: u32,
    /// The share of those authorities' contribution that may be in kind at most.
    pub in_kind_max_bp: Option<u32>,
    /// Least number of authorities in the file.
    pub cities_min: u32,
    /// Country whose authorities must pay the own share, ISO 3166-1 alpha-2.
    pub own_country: String,
    /// Countries that are eligible beside it; empty for any.
    pub countries: Vec<String>,
    /// Goals (1 to 17) that the project must serve.
    pub required_sdgs: Vec<u8>,
    /// How the grant is paid, in basis points of it; adds up to 10,000.
    pub instalments_bp: Vec<u32>,
}

/// A cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BudgetLine {
    /// The line's id; absent for a new line.
    #[serde(default)]
    pub id: Option<BudgetLineId>,
    /// The head's code.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub head: String,
    /// What it is.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub label: String,
    /// Where the money works, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2))]
    pub country: String,
    /// Minor units of the rule set's currency.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub amount_minor: i64,
}

codes!(
    /// How somebody contributes.
    ContributionKind {
        /// Money.
        Cash = "cash",
        /// Time of elected members and staff, rooms, equipment (valorisation).
        InKind = "in_kind",
    }
);

/// What somebody other than the call's funder pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Contribution {
    /// The authority that pays; null for another funder.
    #[serde(default)]
    pub city_id: Option<CityId>,
    /// Who else pays, or a note.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub label: String,
    /// Country of who pays, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 2))]
    pub country: String,
    /// Cash or in kind.
    pub kind: ContributionKind,
    /// Minor units of the rule set's currency.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub amount_minor: i64,
}

/// A budget: costs, contributions and the grant asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Costs.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub lines: Vec<BudgetLine>,
    /// What others pay.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub contributions: Vec<Contribution>,
    /// What the call's funder is asked for, in minor units.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub grant_asked_minor: i64,
}

codes!(
    /// Which ceiling is the better one for a project in several countries.
    CeilingOption {
        /// Each part at its own rate.
        ByPart = "by_part",
        /// One rate on the whole.
        SingleRate = "single_rate",
    }
);

codes!(
    /// A funding rule that can be broken.
    Rule {
        /// The grant passes the ceiling.
        GrantCeiling = "grant_ceiling",
        /// The authorities of the funding country pay too little.
        OwnShare = "own_share",
        /// Too much of their contribution is in kind.
        InKind = "in_kind",
        /// Costs and resources differ.
        Balance = "balance",
        /// A line's head is not in the rule set.
        UnknownHead = "unknown_head",
        /// A line's country is not eligible.
        Country = "country",
        /// Too few authorities take part.
        Cities = "cities",
        /// There is no cost at all.
        Empty = "empty",
    }
);

/// A broken rule: by how much, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrokenRule {
    /// Which one.
    pub rule: Rule,
    /// JSON pointer into the budget, where one place is at fault.
    pub pointer: Option<String>,
    /// What the rule asks, in minor units (or a number of cities).
    pub limit: i64,
    /// What the budget says.
    pub actual: i64,
    /// By how much the budget has to change.
    pub difference: i64,
}

/// The costs of one rate, and what the funder pays of them at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CeilingPart {
    /// The head, where it has a rate of its own.
    pub head: Option<String>,
    /// The group of countries otherwise.
    pub group: Option<CountryGroup>,
    /// The rate, in basis points.
    pub rate_bp: u32,
    /// Costs at this rate, in minor units.
    pub cost_minor: i64,
    /// What the funder pays of them at most, in minor units.
    pub ceiling_minor: i64,
}

/// What the rules make of a budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assessment {
    /// All costs, in minor units.
    pub cost_minor: i64,
    /// All resources: contributions and the grant asked for.
    pub resources_minor: i64,
    /// What the funder pays at most.
    pub ceiling_minor: i64,
    /// How the ceiling comes about, rate by rate.
    pub parts: Vec<CeilingPart>,
    /// The better option, where the rules give a choice.
    pub option: CeilingOption,
    /// The ceiling of the other option, where there is one.
    pub other_option_minor: Option<i64>,
    /// What the authorities of the funding country pay, in cash and in kind.
    pub own_share_minor: i64,
    /// What of it is in kind.
    pub own_in_kind_minor: i64,
    /// What they pay at least.
    pub own_share_min_minor: i64,
    /// Rules that are broken; the budget can be submitted when there are none.
    pub broken: Vec<BrokenRule>,
}

/// Applies `rules` to `budget`. `group_of` gives the group of a country, `cities` the number of authorities in the file.
#[must_use]
pub fn assess(rules: &RuleSet, budget: &Budget, cities: u32, group_of: impl Fn(&str) -> CountryGroup) -> Assessment {
    let cost: i64 = budget.lines.iter().map(|line| line.amount_minor).sum();
    let contributions: i64 = budget
        .contributions
        .iter()
        .map(|contribution| contribution.amount_minor)
        .sum();
    let resources = contributions + budget.grant_asked_minor;

    let parts = ceiling_parts(rules, budget, &group_of);
    let by_part: i64 = parts.iter().map(|part| part.ceiling_minor).sum();
    let single = rules
        .several_countries_rate_bp
        .filter(|_| foreign_countries(rules, budget) > 1)
        .map(|bp| share(cost, bp));
    let (option, ceiling, other_option) = match single {
        Some(single) if single > by_part => (CeilingOption::SingleRate, single, Some(by_part)),
        single => (CeilingOption::ByPart, by_part, single),
    };

    let own = |kind: Option<ContributionKind>| -> i64 {
        budget
            .contributions
            .iter()
            .filter(|c| c.city_id.is_some() && c.country == rules.own_country && kind.is_none_or(|kind| c.kind == kind))
            .map(|c| c.amount_minor)
            .sum()
    };
    let (own_share, own_in_kind) = (own(None), own(Some(ContributionKind::InKind)));
    let own_share_min = share_up(cost, rules.own_share_min_bp);

    let mut broken = lines_at_fault(rules, budget);
    let mut require = |holds: bool, rule: Rule, limit: i64, actual: i64| {
        if !holds {
            broken.push(BrokenRule {
                rule,
                pointer: None,
                limit,
                actual,
                difference: (actual - limit).abs(),
            });
        }
    };
    require(cost > 0, Rule::Empty, 1, cost);
    require(
        budget.grant_asked_minor <= ceiling,
        Rule::GrantCeiling,
        ceiling,
        budget.grant_asked_minor,
    );
    require(own_share >= own_share_min, Rule::OwnShare, own_share_min, own_share);
    if let Some(bp) = rules.in_kind_max_bp {
        let limit = share(own_share, bp);
        require(own_in_kind <= limit, Rule::InKind, limit, own_in_kind);
    }
    require(resources == cost, Rule::Balance, cost, resources);
    require(
        cities >= rules.cities_min,
        Rule::Cities,
        i64::from(rules.cities_min),
        i64::from(cities),
    );

    Assessment {
        cost_minor: cost,
        resources_minor: resources,
        ceiling_minor: ceiling,
        parts,
        option,
        other_option_minor: other_option,
        own_share_minor: own_share,
        own_in_kind_minor: own_in_kind,
        own_share_min_minor: own_share_min,
        broken,
    }
}

/// `rate_bp` of `amount`, rounded up: a minimum is never undercut by rounding.
fn share_up(amount: i64, rate_bp: u32) -> i64 {
    amount - share(amount, crate::money::FULL_BP.saturating_sub(rate_bp))
}

fn ceiling_parts(rules: &RuleSet, budget: &Budget, group_of: &impl Fn(&str) -> CountryGroup) -> Vec<CeilingPart> {
    let mut costs: BTreeMap<(Option<&str>, Option<CountryGroup>, u32), i64> = BTreeMap::new();
    for line in &budget.lines {
        let Some(head) = rules.heads.iter().find(|head| head.code == line.head) else {
            continue;
        };
        let key = match head.rate_bp {
            Some(rate) => (Some(head.code.as_str()), None, rate),
            None => {
                let group = group_of(&line.country);
                let rate = rules
                    .country_rates
                    .iter()
                    .find(|rate| rate.group == group)
                    .map_or(0, |rate| rate.rate_bp);
                (None, Some(group), rate)
            }
        };
        *costs.entry(key).or_default() += line.amount_minor;
    }
    costs
        .into_iter()
        .map(|((head, group, rate_bp), cost)| CeilingPart {
            head: head.map(str::to_owned),
            group,
            rate_bp,
            cost_minor: cost,
            ceiling_minor: share(cost, rate_bp),
        })
        .collect()
}

fn foreign_countries(rules: &RuleSet, budget: &Budget) -> usize {
    let mut countries: Vec<&str> = budget
        .lines
        .iter()
        .map(|line| line.country.as_str())
        .filter(|&country| country != rules.own_country)
        .collect();
    countries.sort_unstable();
    countries.dedup();
    countries.len()
}

fn lines_at_fault(rules: &RuleSet, budget: &Budget) -> Vec<BrokenRule> {
    let eligible = |country: &str| {
        country == rules.own_country || rules.countries.is_empty() || rules.countries.iter().any(|c| c == country)
    };
    let fault = |rule, index: usize, field: &str, amount: i64| BrokenRule {
        rule,
        pointer: Some(format!("/lines/{index}/{field}")),
        limit: 0,
        actual: amount,
        difference: amount,
    };
    let mut faults = Vec::new();
    for (index, line) in budget.lines.iter().enumerate() {
        if !rules.heads.iter().any(|head| head.code == line.head) {
            faults.push(fault(Rule::UnknownHead, index, "head", line.amount_minor));
        }
        if !eligible(&line.country) {
            faults.push(fault(Rule::Country, index, "country", line.amount_minor));
        }
    }
    faults
}
