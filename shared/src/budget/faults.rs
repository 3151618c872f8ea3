//! What is wrong with rules themselves, for the server and for the editor alike.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::{LABEL_MAX, RuleSet, RuleSetDraft, is_code, is_country};
use crate::applications::PARTIES_MAX;
use crate::language::Texts;
use crate::money::{AMOUNT_MAX, FULL_BP};
use crate::problem::{FieldCode, FieldError};
use crate::programmes::{TEXT_MAX, TITLE_MAX, text_faults};
use crate::rounds::PRIORITY_MAX;

/// Most heads of a rule set.
const HEADS_MAX: usize = 40;
/// Most countries in a list.
const COUNTRIES_MAX: usize = 300;
/// Most parts of the last instalment.
const INSTALMENTS_MAX: usize = 12;
/// Most priority regions.
const REGIONS_MAX: usize = 50;
/// Most values of time given in kind.
const RATES_MAX: usize = 20;

impl RuleSetDraft {
    /// What is wrong with the rules themselves; pointers into the draft.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = self.texts_at_fault();
        let mut require = |holds: bool, pointer: String, code: FieldCode| {
            if !holds {
                faults.push(FieldError::new(pointer, code));
            }
        };
        let length = |text: &str, max: u64| (1..=max).contains(&(text.chars().count() as u64));
        let is_rate = |bp: u32| bp <= FULL_BP;
        require(
            !self.name.trim().is_empty() && length(&self.name, TITLE_MAX),
            "/name".into(),
            FieldCode::Length,
        );
        require(
            self.source.chars().count() as u64 <= TEXT_MAX,
            "/source".into(),
            FieldCode::Length,
        );
        require(
            self.groups_source.chars().count() as u64 <= TEXT_MAX,
            "/groups_source".into(),
            FieldCode::Length,
        );
        require(
            self.valid_to.is_none_or(|to| to >= self.valid_from),
            "/valid_to".into(),
            FieldCode::Inconsistent,
        );
        for (date, pointer) in [(Some(self.valid_from), "/valid_from"), (self.valid_to, "/valid_to")] {
            require(
                date.is_none_or(|date| (1900..=2200).contains(&date.year())),
                pointer.into(),
                FieldCode::Range,
            );
        }
        require(
            self.currency.len() == 3 && self.currency.bytes().all(|byte| byte.is_ascii_uppercase()),
            "/currency".into(),
            FieldCode::Format,
        );
        require(
            (1..=HEADS_MAX).contains(&self.heads.len()),
            "/heads".into(),
            FieldCode::Length,
        );
        for (index, head) in self.heads.iter().enumerate() {
            require(is_code(&head.code), format!("/heads/{index}/code"), FieldCode::Format);
            require(
                !self.heads[..index].iter().any(|other| other.code == head.code),
                format!("/heads/{index}/code"),
                FieldCode::Duplicate,
            );
            require(
                head.rate_bp.is_none_or(is_rate),
                format!("/heads/{index}/rate_bp"),
                FieldCode::Range,
            );
        }
        for (index, rate) in self.country_rates.iter().enumerate() {
            require(
                is_rate(rate.rate_bp),
                format!("/country_rates/{index}/rate_bp"),
                FieldCode::Range,
            );
            require(
                !self.country_rates[..index]
                    .iter()
                    .any(|other| other.group == rate.group),
                format!("/country_rates/{index}/group"),
                FieldCode::Duplicate,
            );
        }
        let mut grouped = BTreeSet::new();
        for (index, members) in self.country_groups.iter().enumerate() {
            for (place, country) in members.countries.iter().enumerate() {
                let pointer = format!("/country_groups/{index}/countries/{place}");
                require(is_country(country), pointer.clone(), FieldCode::Format);
                require(grouped.insert(country), pointer, FieldCode::Duplicate);
            }
        }
        for (rate, pointer) in [
            (self.several_countries_rate_bp, "/several_countries_rate_bp"),
            (Some(self.own_share_min_bp), "/own_share_min_bp"),
            (self.in_kind_max_bp, "/in_kind_max_bp"),
        ] {
            require(rate.is_none_or(is_rate), pointer.into(), FieldCode::Range);
        }
        require(
            u64::from(self.cities_min) <= PARTIES_MAX,
            "/cities_min".into(),
            FieldCode::Range,
        );
        require(is_country(&self.own_country), "/own_country".into(), FieldCode::Format);
        require(
            self.countries.len() <= COUNTRIES_MAX,
            "/countries".into(),
            FieldCode::Length,
        );
        for (index, country) in self.countries.iter().enumerate() {
            require(is_country(country), format!("/countries/{index}"), FieldCode::Format);
        }
        for (index, goal) in self.required_sdgs.iter().enumerate() {
            require(
                (1..=17).contains(goal),
                format!("/required_sdgs/{index}"),
                FieldCode::Range,
            );
        }
        require(
            self.resource_lines.len() <= 20,
            "/resource_lines".into(),
            FieldCode::Length,
        );
        for (index, line) in self.resource_lines.iter().enumerate() {
            require(
                is_code(&line.code),
                format!("/resource_lines/{index}/code"),
                FieldCode::Format,
            );
            for (place, head) in line.heads.iter().enumerate() {
                require(
                    self.heads.iter().any(|known| known.code == *head),
                    format!("/resource_lines/{index}/heads/{place}"),
                    FieldCode::Reference,
                );
            }
        }
        faults.extend(self.instalments_at_fault());
        faults.extend(self.eligibility_at_fault());
        faults.extend(self.in_kind_at_fault());
        faults
    }

    fn texts_at_fault(&self) -> Vec<FieldError> {
        let heads = self.heads.iter().map(|head| &head.label);
        let lines = self.resource_lines.iter().map(|line| &line.label);
        let rates = self.in_kind_rates.iter().map(|rate| &rate.label);
        let at = |list: &str, index: usize, label: &Texts| {
            text_faults(&format!("/{list}/{index}/label"), label, LABEL_MAX, true)
        };
        let mut faults: Vec<FieldError> = Vec::new();
        for (index, label) in heads.enumerate() {
            faults.extend(at("heads", index, label));
        }
        for (index, label) in lines.enumerate() {
            faults.extend(at("resource_lines", index, label));
        }
        for (index, label) in rates.enumerate() {
            faults.extend(at("in_kind_rates", index, label));
        }
        faults
    }

    /// The parts of the last instalment add up to the whole.
    fn instalments_at_fault(&self) -> Option<FieldError> {
        let paid: u64 = self.instalments_bp.iter().map(|&bp| u64::from(bp)).sum();
        let holds = paid == u64::from(FULL_BP) && self.instalments_bp.len() <= INSTALMENTS_MAX;
        (!holds).then(|| {
            FieldError::new("/instalments_bp", FieldCode::Inconsistent)
                .with("sum", paid)
                .with("wanted", FULL_BP)
        })
    }

    fn eligibility_at_fault(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (index, level) in self.levels.iter().enumerate() {
            if self.levels[..index].contains(level) {
                faults.push(FieldError::new(format!("/levels/{index}"), FieldCode::Duplicate));
            }
        }
        if self.priority_regions.len() > REGIONS_MAX {
            faults.push(FieldError::new("/priority_regions", FieldCode::Length).with("max", REGIONS_MAX));
        }
        for (index, priority) in self.priority_regions.iter().enumerate() {
            let at = |field: &str| format!("/priority_regions/{index}/{field}");
            if !is_region(&priority.region) {
                faults.push(FieldError::new(at("region"), FieldCode::Format));
            }
            let before = &self.priority_regions[..index];
            if before.iter().any(|other| other.region == priority.region) {
                faults.push(FieldError::new(at("region"), FieldCode::Duplicate));
            }
            if !(1..=PRIORITY_MAX).contains(&priority.points) {
                let fault = FieldError::new(at("points"), FieldCode::Range);
                faults.push(fault.with("min", 1).with("max", PRIORITY_MAX));
            }
        }
        faults
    }

    fn in_kind_at_fault(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.in_kind_rates.len() > RATES_MAX {
            faults.push(FieldError::new("/in_kind_rates", FieldCode::Length).with("max", RATES_MAX));
        }
        for (index, rate) in self.in_kind_rates.iter().enumerate() {
            let at = |field: &str| format!("/in_kind_rates/{index}/{field}");
            if !is_code(&rate.code) {
                faults.push(FieldError::new(at("code"), FieldCode::Format));
            }
            if self.in_kind_rates[..index].iter().any(|other| other.code == rate.code) {
                faults.push(FieldError::new(at("code"), FieldCode::Duplicate));
            }
            if !(1..=AMOUNT_MAX).contains(&rate.amount_minor) {
                let fault = FieldError::new(at("amount_minor"), FieldCode::Range);
                faults.push(fault.with("min", 1).with("max", AMOUNT_MAX));
            }
        }
        faults
    }

    /// What keeps it from following `former`, the version before it: it begins after the former one began and, where that
    /// one says until when it holds, after its last day. A former version without an end holds until the day before.
    #[must_use]
    pub fn overlap(&self, former: &RuleSet) -> Option<FieldError> {
        let last = former.valid_to.unwrap_or(former.valid_from);
        (self.valid_from <= last).then(|| {
            FieldError::new("/valid_from", FieldCode::Overlap)
                .with("version", former.version)
                .with("until", last)
        })
    }
}

/// Whether it looks like a country or a subdivision of one: `UA`, `UA-74`.
fn is_region(code: &str) -> bool {
    let (country, rest) = code.split_once('-').unwrap_or((code, "0"));
    let is_part = |sign: u8| sign.is_ascii_uppercase() || sign.is_ascii_digit();
    is_country(country) && (1..=7).contains(&rest.len()) && rest.bytes().all(is_part)
}
