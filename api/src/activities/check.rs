//! What an activity must be. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;
use shared::activities::{ActivityState, DAYS_MAX};
use shared::money::{AMOUNT_MAX, Money};
use shared::partnerships::PartyRef;
use shared::problem::{FieldCode, FieldError};

use super::store::Activity;
use crate::partnerships::store::Party;

/// What is wrong with an activity of a partnership with these parties.
#[must_use]
pub fn activity(of: &Activity, parties: &[Party], today: NaiveDate) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if of.title.is_empty() {
        faults.push(FieldError::new("/title", FieldCode::Required));
    }
    faults.extend(days(of.days));
    if of.state == ActivityState::Held && of.days.0 > today {
        faults.push(FieldError::new("/starts_on", FieldCode::Range).with("max", today));
    }
    faults.extend(concerned(&of.concerned, parties));
    faults.extend(of.cost.as_ref().map(cost).unwrap_or_default());
    faults
}

/// What is wrong with a first and a last day.
#[must_use]
pub fn days((starts_on, ends_on): (NaiveDate, NaiveDate)) -> Vec<FieldError> {
    let lasts = (ends_on - starts_on).num_days();
    if (0..DAYS_MAX).contains(&lasts) {
        Vec::new()
    } else {
        vec![FieldError::new("/ends_on", FieldCode::Inconsistent)]
    }
}

/// Whom it concerns takes part in the partnership, and is named once.
fn concerned(concerned: &[PartyRef], parties: &[Party]) -> Vec<FieldError> {
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (index, party) in concerned.iter().enumerate() {
        let code = if !parties.iter().any(|known| known.party == *party) {
            FieldCode::Reference
        } else if !seen.insert(*party) {
            FieldCode::Duplicate
        } else {
            continue;
        };
        faults.push(FieldError::new(format!("/concerned/{index}"), code));
    }
    faults
}

fn cost(cost: &Money) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if !(0..=AMOUNT_MAX).contains(&cost.amount_minor) {
        faults.push(
            FieldError::new("/cost/amount_minor", FieldCode::Range)
                .with("min", 0)
                .with("max", AMOUNT_MAX),
        );
    }
    let is_code = cost.currency.len() == 3 && cost.currency.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_code {
        faults.push(FieldError::new("/cost/currency", FieldCode::Format));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_before_the_first_and_a_foreign_coin_are_faults() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        assert!(days((day(2), day(2))).is_empty());
        assert_eq!(days((day(2), day(1))).len(), 1);
        let money = |amount_minor, currency: &str| Money {
            amount_minor,
            currency: currency.to_owned(),
        };
        assert!(cost(&money(0, "EUR")).is_empty());
        assert_eq!(cost(&money(-1, "€")).len(), 2);
    }
}
