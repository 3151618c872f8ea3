//! What needs attention about a partnership. Pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use shared::partnerships::PartnershipState;
use shared::radar::{ENDING_DAYS, PLAN_DAYS, QUIET_DAYS, RadarReason, UNSIGNED_DAYS};

/// What is known of a partnership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub state: PartnershipState,
    /// Since when it stands there.
    pub since: DateTime<Utc>,
    /// The last day of its term.
    pub ends_on: Option<NaiveDate>,
    /// The last day of its latest activity, of those to come too.
    pub last_activity: Option<NaiveDate>,
    /// When a result of it last changed.
    pub last_result: Option<DateTime<Utc>>,
}

/// What needs attention, each with its day.
#[must_use]
pub fn look(of: &Facts, today: NaiveDate) -> Vec<(RadarReason, NaiveDate)> {
    use PartnershipState as S;
    let since = of.since.date_naive();
    let works = matches!(of.state, S::Active | S::Dormant);
    let mut found = Vec::new();
    match (of.state, of.ends_on) {
        (S::Expired, ends_on) => found.push((RadarReason::TermOver, ends_on.unwrap_or(since))),
        (_, Some(day)) if works && day < today => found.push((RadarReason::TermOver, day)),
        (_, Some(day)) if works && day <= today + TimeDelta::days(ENDING_DAYS) => {
            found.push((RadarReason::TermEnding, day));
        }
        _ => {}
    }
    match of.state {
        S::LetterOfIntent | S::AgreementDrafted if since + TimeDelta::days(UNSIGNED_DAYS) < today => {
            found.push((RadarReason::Unsigned, since));
        }
        S::Active => {
            let last = last_sign(of);
            if last + TimeDelta::days(QUIET_DAYS) < today {
                found.push((RadarReason::Quiet, last));
            }
        }
        S::Suspended => found.push((RadarReason::Suspended, since)),
        S::Dormant => found.push((RadarReason::Dormant, since)),
        _ => {}
    }
    found
}

/// The day until which it is carried, where that is near enough for a sustainability plan to be missed: the end of its term or
/// of a grant, whichever comes first.
#[must_use]
pub fn carried_until(of: &Facts, grant: Option<NaiveDate>, today: NaiveDate) -> Option<NaiveDate> {
    let works = matches!(of.state, PartnershipState::Active | PartnershipState::Dormant);
    let near = today..=today + TimeDelta::days(PLAN_DAYS);
    let ends = [of.ends_on, grant].into_iter().flatten();
    ends.filter(|day| works && near.contains(day)).min()
}

/// The last sign that it lives: an activity, a result, or a step.
fn last_sign(of: &Facts) -> NaiveDate {
    let result = of.last_result.map(|at| at.date_naive());
    let step = of.since.date_naive();
    [of.last_activity, result]
        .into_iter()
        .flatten()
        .fold(step, NaiveDate::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_missed_before_the_first_end_of_what_works() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut of = Facts {
            state: PartnershipState::Active,
            since: DateTime::default(),
            ends_on: Some(day("2027-06-01")),
            last_activity: None,
            last_result: None,
        };
        let today = day("2026-11-27");
        let ends = |of: &Facts, grant| carried_until(of, grant, today);
        assert_eq!(ends(&of, None), of.ends_on);
        assert_eq!(ends(&of, Some(day("2027-03-31"))), Some(day("2027-03-31")));
        assert_eq!(ends(&of, Some(day("2028-03-31"))), of.ends_on);
        assert_eq!(ends(&of, Some(day("2026-11-26"))), of.ends_on, "that is over already");
        of.ends_on = Some(day("2027-11-28"));
        assert_eq!(ends(&of, None), None, "more than a year away");
        of.state = PartnershipState::Suspended;
        assert_eq!(ends(&of, Some(day("2027-03-31"))), None);
    }
}
