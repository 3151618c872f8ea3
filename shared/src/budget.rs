//! Budgets and what a funder pays of them, in exact money. The rules are dated data ([`RuleSet`]), the groups of
//! countries included; [`assess`] applies them, on the server and in the browser alike.
//!
//! A *line* is a cost, under a head, in a country. A *contribution* is what somebody pays towards the whole: an
//! authority in cash or in kind ("valorisation"), or another funder. The grant asked for is what the call's funder pays.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{BudgetLineId, CityId};
use crate::money::{AMOUNT_MAX, FULL_BP, share};
use crate::problem::{FieldCode, FieldError};

pub mod difference;
mod faults;
mod rules;
mod time;

pub use rules::{
    CostHead, CountryGroup, CountryGroupMembers, CountryRate, InKindRate, InKindUnit, ResourceLine, ResourceOrigin,
    RuleSet, RuleSetDraft, is_code, is_country,
};
pub use time::{InKindTime, TIME_MAX};

/// Most lines of a budget, and most contributions.
pub const LINES_MAX: u64 = 200;
/// Longest code of a head, in characters.
pub const HEAD_MAX: u64 = 40;
/// Longest label of a line or a contribution, in characters.
pub const LABEL_MAX: u64 = 200;

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
    /// The head that it pays for, where the rules show resources by head.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub head: Option<String>,
    /// What is given in kind, where it is time that the rules value: `amount_minor` has to be what it is worth, half a minor
    /// unit rounded up. Absent for an amount.
    // Not written where there is none: what cities signed before there was any still says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<InKindTime>,
    /// Minor units of the rule set's currency.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub amount_minor: i64,
}

/// A budget: costs, contributions and the grant asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
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
        /// Time is given of a kind that the rules do not value.
        UnknownTime = "unknown_time",
        /// The amount is not what the time given is worth.
        TimeWorth = "time_worth",
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
    /// By how much it misses: to raise or lower, or, for `in_kind`, to pay in cash instead.
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

/// What stands under a line of resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceSum {
    /// The line's code.
    pub code: String,
    /// In minor units.
    pub amount_minor: i64,
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
    /// Resources line by line, where the rules have such lines.
    pub resource_lines: Vec<ResourceSum>,
    /// How the grant asked for would be paid.
    pub instalments_minor: Vec<i64>,
    /// Rules that are broken; the budget can be submitted when there are none.
    pub broken: Vec<BrokenRule>,
}

impl Budget {
    /// What cannot even be kept in a draft: unreadable codes, amounts out of bounds, ids that stand twice.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut require = |holds: bool, pointer: String, code: FieldCode| {
            if !holds {
                faults.push(FieldError::new(pointer, code));
            }
        };
        let fits = |text: &str| text.chars().count() as u64 <= LABEL_MAX;
        let in_bounds = |amount: i64| (0..=AMOUNT_MAX).contains(&amount);
        require(self.lines.len() as u64 <= LINES_MAX, "/lines".into(), FieldCode::Length);
        require(
            self.contributions.len() as u64 <= LINES_MAX,
            "/contributions".into(),
            FieldCode::Length,
        );
        require(
            in_bounds(self.grant_asked_minor),
            "/grant_asked_minor".into(),
            FieldCode::Range,
        );
        let mut ids = BTreeSet::new();
        for (index, line) in self.lines.iter().enumerate() {
            let at = |field: &str| format!("/lines/{index}/{field}");
            require(line.id.is_none_or(|id| ids.insert(id)), at("id"), FieldCode::Duplicate);
            require(is_code(&line.head), at("head"), FieldCode::Format);
            require(fits(&line.label), at("label"), FieldCode::Length);
            require(is_country(&line.country), at("country"), FieldCode::Format);
            require(in_bounds(line.amount_minor), at("amount_minor"), FieldCode::Range);
        }
        for (index, contribution) in self.contributions.iter().enumerate() {
            let at = |field: &str| format!("/contributions/{index}/{field}");
            let head = contribution.head.as_deref();
            require(head.is_none_or(is_code), at("head"), FieldCode::Format);
            require(fits(&contribution.label), at("label"), FieldCode::Length);
            require(is_country(&contribution.country), at("country"), FieldCode::Format);
            require(
                in_bounds(contribution.amount_minor),
                at("amount_minor"),
                FieldCode::Range,
            );
        }
        require(in_bounds(self.cost_minor()), "/lines".into(), FieldCode::Range);
        let contributed = total(self.contributions.iter().map(|c| c.amount_minor));
        require(in_bounds(contributed), "/contributions".into(), FieldCode::Range);
        for (index, contribution) in self.contributions.iter().enumerate() {
            faults.extend(time::faults(contribution, &format!("/contributions/{index}")));
        }
        faults
    }

    /// All costs, in minor units.
    #[must_use]
    pub fn cost_minor(&self) -> i64 {
        total(self.lines.iter().map(|line| line.amount_minor))
    }
}

/// Applies `rules` to `budget`. `cities` is the number of authorities in the file, associated ones left out.
///
/// Sums stop at the ends of `i64`: no amount, however wild, makes it panic or wrap.
#[must_use]
pub fn assess(rules: &RuleSet, budget: &Budget, cities: u32) -> Assessment {
    let cost = budget.cost_minor();
    let resources = total(
        budget
            .contributions
            .iter()
            .map(|contribution| contribution.amount_minor)
            .chain([budget.grant_asked_minor]),
    );

    let parts = ceiling_parts(rules, budget);
    let by_part = total(parts.iter().map(|part| part.ceiling_minor));
    let single = rules
        .several_countries_rate_bp
        .filter(|_| foreign_countries(rules, budget) > 1)
        .map(|bp| share(total(parts.iter().map(|part| part.cost_minor)), bp));
    let (option, ceiling, other_option) = match single {
        Some(single) if single > by_part => (CeilingOption::SingleRate, single, Some(by_part)),
        single => (CeilingOption::ByPart, by_part, single),
    };

    let own = |kind: Option<ContributionKind>| {
        total(
            budget
                .contributions
                .iter()
                .filter(|c| c.city_id.is_some() && c.country == rules.own_country)
                .filter(|c| kind.is_none_or(|kind| c.kind == kind))
                .map(|c| c.amount_minor),
        )
    };
    let (own_share, own_in_kind) = (own(None), own(Some(ContributionKind::InKind)));
    let own_share_min = share_up(cost, rules.own_share_min_bp);

    let mut broken = lines_at_fault(rules, budget);
    broken.extend(time::broken(rules, budget));
    let mut require = |holds: bool, rule: Rule, pointer: Option<&str>, limit: i64, actual: i64| {
        if !holds {
            broken.push(BrokenRule {
                rule,
                pointer: pointer.map(str::to_owned),
                limit,
                actual,
                difference: actual.saturating_sub(limit).saturating_abs(),
            });
        }
    };
    let grant = budget.grant_asked_minor;
    require(cost > 0, Rule::Empty, Some("/lines"), 1, cost);
    require(
        grant <= ceiling,
        Rule::GrantCeiling,
        Some("/grant_asked_minor"),
        ceiling,
        grant,
    );
    require(
        own_share >= own_share_min,
        Rule::OwnShare,
        Some("/contributions"),
        own_share_min,
        own_share,
    );
    if let Some(bp) = rules.in_kind_max_bp {
        let limit = share(own_share, bp);
        require(
            own_in_kind <= limit,
            Rule::InKind,
            Some("/contributions"),
            limit,
            own_in_kind,
        );
    }
    require(resources == cost, Rule::Balance, None, cost, resources);
    require(
        cities >= rules.cities_min,
        Rule::Cities,
        None,
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
        resource_lines: resource_sums(rules, budget),
        instalments_minor: rules.instalments(grant),
        broken,
    }
}

/// The sum, stopped at the ends of `i64`.
fn total(amounts: impl Iterator<Item = i64>) -> i64 {
    let sum: i128 = amounts.map(i128::from).sum();
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

/// `rate_bp` of `amount`, rounded up: a minimum is never undercut by rounding.
fn share_up(amount: i64, rate_bp: u32) -> i64 {
    amount.saturating_sub(share(amount, FULL_BP.saturating_sub(rate_bp)))
}

fn ceiling_parts(rules: &RuleSet, budget: &Budget) -> Vec<CeilingPart> {
    let mut costs: BTreeMap<(Option<&str>, Option<CountryGroup>, u32), i64> = BTreeMap::new();
    for line in &budget.lines {
        if let Some(key) = rules.rate_of(line) {
            let cost = costs.entry(key).or_default();
            *cost = cost.saturating_add(line.amount_minor);
        }
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

/// Countries beside the funding one in which eligible money works.
fn foreign_countries(rules: &RuleSet, budget: &Budget) -> usize {
    let mut countries: Vec<&str> = budget
        .lines
        .iter()
        .filter(|line| line.amount_minor > 0 && rules.rate_of(line).is_some())
        .map(|line| line.country.as_str())
        .filter(|&country| country != rules.own_country)
        .collect();
    countries.sort_unstable();
    countries.dedup();
    countries.len()
}

fn lines_at_fault(rules: &RuleSet, budget: &Budget) -> Vec<BrokenRule> {
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
        if !rules.allows_country(&line.country) {
            faults.push(fault(Rule::Country, index, "country", line.amount_minor));
        }
    }
    faults
}

fn resource_sums(rules: &RuleSet, budget: &Budget) -> Vec<ResourceSum> {
    let pays_for = |line: &ResourceLine, contribution: &Contribution| {
        line.heads.is_empty() || contribution.head.as_ref().is_some_and(|head| line.heads.contains(head))
    };
    let sum = |line: &ResourceLine, kind: ContributionKind| {
        total(
            budget
                .contributions
                .iter()
                .filter(|contribution| contribution.kind == kind && pays_for(line, contribution))
                .map(|contribution| contribution.amount_minor),
        )
    };
    rules
        .resource_lines
        .iter()
        .map(|line| ResourceSum {
            code: line.code.clone(),
            amount_minor: match line.origin {
                ResourceOrigin::Funder => budget.grant_asked_minor,
                ResourceOrigin::Cash => sum(line, ContributionKind::Cash),
                ResourceOrigin::InKind => sum(line, ContributionKind::InKind),
            },
        })
        .collect()
}

#[cfg(test)]
mod sheets;
#[cfg(test)]
mod tests;
