//! Contributions that are stated as time: so many hours or days, at what the rules say that one of them is worth.

use serde::{Deserialize, Serialize};

use super::{BrokenRule, Budget, Contribution, ContributionKind, InKindRate, Rule, RuleSet, is_code};
use crate::problem::{FieldCode, FieldError};

/// Most time of one contribution, in hundredths of its unit: a hundred thousand hours or days.
pub const TIME_MAX: i64 = 10_000_000;

/// Time given in kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InKindTime {
    /// Whose time: the code of one of the rules' `in_kind_rates`, which says whether hours or days are counted.
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "staff"))]
    pub rate: String,
    /// How much, in hundredths of that hour or day: 1250 are twelve and a half.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_000_000_i64, example = 1250))]
    pub quantity_hundredths: i64,
}

impl InKindRate {
    /// What so many hundredths of an hour or a day are worth, in minor units; half a minor unit is rounded away from zero.
    /// (Ceilings are rounded down, minimums up; this is neither.) Stops at the ends of `i64`.
    #[must_use]
    pub fn worth(&self, quantity_hundredths: i64) -> i64 {
        let exact = i128::from(self.amount_minor) * i128::from(quantity_hundredths);
        let rounded = (exact + 50 * exact.signum()) / 100;
        i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
    }
}

impl RuleSet {
    /// What time of this code is worth; none where the rules do not know it.
    #[must_use]
    pub fn in_kind_rate(&self, code: &str) -> Option<&InKindRate> {
        self.in_kind_rates.iter().find(|rate| rate.code == code)
    }
}

/// What is wrong with the time of a contribution in itself, whatever the rules say; pointers below `prefix`.
pub(super) fn faults(contribution: &Contribution, prefix: &str) -> Vec<FieldError> {
    let Some(time) = &contribution.time else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    if contribution.kind != ContributionKind::InKind {
        faults.push(FieldError::new(format!("{prefix}/time"), FieldCode::Inconsistent));
    }
    if !is_code(&time.rate) {
        faults.push(FieldError::new(format!("{prefix}/time/rate"), FieldCode::Format));
    }
    if !(1..=TIME_MAX).contains(&time.quantity_hundredths) {
        faults.push(
            FieldError::new(format!("{prefix}/time/quantity_hundredths"), FieldCode::Range)
                .with("min", 1)
                .with("max", TIME_MAX),
        );
    }
    faults
}

/// Time that the rules do not value, and amounts that are not what the time is worth.
pub(super) fn broken(rules: &RuleSet, budget: &Budget) -> Vec<BrokenRule> {
    let judge = |(index, contribution): (usize, &Contribution)| {
        let time = contribution.time.as_ref()?;
        let actual = contribution.amount_minor;
        let (rule, field, limit) = match rules.in_kind_rate(&time.rate) {
            None => (Rule::UnknownTime, "rate", 0),
            Some(rate) => (
                Rule::TimeWorth,
                "quantity_hundredths",
                rate.worth(time.quantity_hundredths),
            ),
        };
        (rule == Rule::UnknownTime || limit != actual).then(|| BrokenRule {
            rule,
            pointer: Some(format!("/contributions/{index}/time/{field}")),
            limit,
            actual,
            difference: actual.saturating_sub(limit).saturating_abs(),
        })
    };
    budget.contributions.iter().enumerate().filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{broken_rules, line, meae_2025, pays};
    use super::super::{InKindUnit, assess};
    use super::*;
    use crate::language::Texts;
    use crate::money::AMOUNT_MAX;

    fn rate(code: &str, unit: InKindUnit, amount_minor: i64) -> InKindRate {
        InKindRate {
            code: code.into(),
            label: Texts::new(),
            unit,
            amount_minor,
        }
    }

    fn given(rate: &str, quantity_hundredths: i64, amount_minor: i64) -> Contribution {
        Contribution {
            time: Some(InKindTime {
                rate: rate.into(),
                quantity_hundredths,
            }),
            ..pays("FR", ContributionKind::InKind, amount_minor)
        }
    }

    fn rules() -> RuleSet {
        RuleSet {
            in_kind_rates: vec![
                rate("staff", InKindUnit::Hour, 3_333),
                rate("elected", InKindUnit::Day, 20_000),
            ],
            ..meae_2025()
        }
    }

    #[test]
    fn time_is_worth_what_the_sheet_says() {
        // 12.5 hours at 33.33 € are 416.625 €: 416.63 €; half a day of 200 € is 100 €; a hundredth of an hour 0.33 €.
        for (amount, hundredths, worth) in [
            (3_333, 1_250, 41_663),
            (20_000, 50, 10_000),
            (3_333, 1, 33),
            (1, 50, 1),
            (1, 49, 0),
            (1, -50, -1),
        ] {
            assert_eq!(rate("staff", InKindUnit::Hour, amount).worth(hundredths), worth);
        }
        assert_eq!(rate("staff", InKindUnit::Hour, i64::MAX).worth(i64::MAX), i64::MAX);
        assert_eq!(rate("staff", InKindUnit::Hour, i64::MAX).worth(i64::MIN), i64::MIN);
    }

    #[test]
    fn an_unknown_time_and_a_wrong_amount_are_told_by_how_much_and_where() {
        let budget = Budget {
            lines: vec![line("missions", "AM", 1_000_000)],
            contributions: vec![
                pays("FR", ContributionKind::Cash, 448_337),
                given("staff", 1_250, 41_663),
                given("elected", 50, 9_000),
                given("mayors", 100, 1_000),
            ],
            grant_asked_minor: 500_000,
        };
        let told = assess(&rules(), &budget, 2);
        assert_eq!(
            broken_rules(&told),
            [(Rule::TimeWorth, 1_000), (Rule::UnknownTime, 1_000)]
        );
        let pointers: Vec<_> = told.broken.iter().filter_map(|one| one.pointer.as_deref()).collect();
        assert_eq!(
            pointers,
            [
                "/contributions/2/time/quantity_hundredths",
                "/contributions/3/time/rate"
            ]
        );
        assert_eq!(told.broken[0].limit, 10_000);
        assert_eq!(told.own_in_kind_minor, 41_663 + 9_000 + 1_000);
    }

    #[test]
    fn time_that_cannot_be_kept_is_pointed_to() {
        let mut budget = Budget {
            contributions: vec![given("staff", 0, 1), given("Staff !", TIME_MAX + 1, 1)],
            ..Budget::default()
        };
        budget.contributions[1].kind = ContributionKind::Cash;
        let told: Vec<_> = budget
            .faults()
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect();
        assert_eq!(
            told,
            [
                ("/contributions/0/time/quantity_hundredths".to_owned(), FieldCode::Range),
                ("/contributions/1/time".to_owned(), FieldCode::Inconsistent),
                ("/contributions/1/time/rate".to_owned(), FieldCode::Format),
                ("/contributions/1/time/quantity_hundredths".to_owned(), FieldCode::Range),
            ]
        );
    }

    /// The most that a unit may be valued at so that the worth of any time fits.
    const WORTH_FITS: i64 = i64::MAX / TIME_MAX * 100;

    #[test]
    fn a_worth_beyond_all_amounts_stops_at_the_end() {
        let worth = |amount| rate("staff", InKindUnit::Hour, amount).worth(TIME_MAX);
        assert_eq!(worth(AMOUNT_MAX), i64::MAX);
        assert!(worth(WORTH_FITS) < i64::MAX);
    }

    #[test]
    fn a_budget_without_time_says_what_it_said_before_there_was_any() -> Result<(), serde_json::Error> {
        let plain = pays("FR", ContributionKind::InKind, 5);
        let text = serde_json::to_string(&plain)?;
        assert!(!text.contains("time"));
        assert_eq!(serde_json::from_str::<Contribution>(&text)?, plain);
        Ok(())
    }

    proptest! {
        #[test]
        fn more_time_is_never_worth_less(amount in 1..=AMOUNT_MAX, less in 1..=TIME_MAX, more in 0..=TIME_MAX) {
            let rate = rate("staff", InKindUnit::Hour, amount);
            prop_assert!(rate.worth(less) <= rate.worth(less + more));
        }

        #[test]
        fn the_worth_is_within_half_a_minor_unit(amount in 1..=WORTH_FITS, time in 1..=TIME_MAX) {
            let exact = i128::from(amount) * i128::from(time);
            let off = exact - i128::from(rate("staff", InKindUnit::Hour, amount).worth(time)) * 100;
            prop_assert!((-50..50).contains(&off));
        }

        #[test]
        fn whole_units_split_without_loss(amount in 1..=AMOUNT_MAX / 200_000, first in 1..=100_000_i64, second in 1..=100_000_i64) {
            let rate = rate("staff", InKindUnit::Hour, amount);
            prop_assert_eq!(rate.worth(first * 100) + rate.worth(second * 100), rate.worth((first + second) * 100));
        }

        #[test]
        fn times_at_their_worth_break_nothing_and_add_up(times in prop::collection::vec((any::<bool>(), 1..=TIME_MAX), 0..=20)) {
            let rules = rules();
            let contributions: Vec<Contribution> = times
                .into_iter()
                .map(|(is_staff, time)| {
                    let rate = &rules.in_kind_rates[usize::from(!is_staff)];
                    given(&rate.code, time, rate.worth(time))
                })
                .collect();
            let sum: i64 = contributions.iter().map(|one| one.amount_minor).sum();
            let budget = Budget { contributions, ..Budget::default() };
            prop_assert_eq!(budget.faults(), []);
            let told = assess(&rules, &budget, 2);
            prop_assert_eq!((told.resources_minor, told.own_in_kind_minor), (sum, sum));
            prop_assert!(told.broken.iter().all(|broken| broken.rule != Rule::TimeWorth && broken.rule != Rule::UnknownTime));
        }
    }
}
