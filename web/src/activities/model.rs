//! What the screens of activities compute: what is to come and what is over, what a form sends, where a booking lies on its tour.

use crate::applications::amount;
use chrono::{Datelike, NaiveDate};
use shared::activities::{ActivityDraft, ActivityKind, ActivityPatch, ActivityState, ActivityView};
use shared::language::Language;
use shared::money::{self, Money};
use shared::partnerships::PartyRef;
use shared::problem::{FieldCode, FieldError};

/// Whether it is over today: what runs still is not, what was cancelled is.
pub fn is_over(activity: &ActivityView, today: NaiveDate) -> bool {
    activity.ends_on < today || activity.state == ActivityState::Cancelled
}

/// Activities by the year in which they begin, in their order.
pub fn by_year(activities: Vec<ActivityView>) -> Vec<(i32, Vec<ActivityView>)> {
    let mut years: Vec<(i32, Vec<ActivityView>)> = Vec::new();
    for activity in activities {
        let year = activity.starts_on.year();
        match years.last_mut().filter(|(known, _)| *known == year) {
            Some((_, of_year)) => of_year.push(activity),
            None => years.push((year, vec![activity])),
        }
    }
    years
}

/// Where some days lie on a tour, and how much of it they take: shares between 0 and 1.
pub fn on_tour(tour: (NaiveDate, NaiveDate), days: (NaiveDate, NaiveDate)) -> (f64, f64) {
    let length = |from: NaiveDate, until: NaiveDate| ((until - from).num_days() + 1) as f64;
    let whole = length(tour.0, tour.1).max(1.0);
    let before = (days.0 - tour.0).num_days().max(0) as f64;
    (before / whole, (length(days.0, days.1) / whole).min(1.0))
}

/// What stands in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The title.
    pub title: String,
    /// The kind's code.
    pub kind: String,
    /// The first day.
    pub starts_on: String,
    /// The last day; as the first where it is empty.
    pub ends_on: String,
    /// Where.
    pub place: String,
    /// Whom it concerns.
    pub concerned: Vec<PartyRef>,
    /// How many people.
    pub people: String,
    /// The amount in major units.
    pub cost: String,
    /// Its currency.
    pub currency: String,
    /// What else there is to say.
    pub notes: String,
    /// Whether it has taken place already.
    pub held: bool,
}

impl Sheet {
    /// What an activity says.
    pub fn of(activity: &ActivityView, language: Language) -> Sheet {
        let cost = activity.cost.as_ref();
        Sheet {
            title: activity.title.clone(),
            kind: activity.kind.code().to_owned(),
            starts_on: activity.starts_on.to_string(),
            ends_on: activity.ends_on.to_string(),
            place: activity.place.clone(),
            concerned: activity.concerned.iter().map(|concerned| concerned.party).collect(),
            people: activity.people.map(|people| people.to_string()).unwrap_or_default(),
            cost: cost
                .map(|cost| amount::write(cost.amount_minor, money::exponent(&cost.currency), language))
                .unwrap_or_default(),
            currency: cost.map_or_else(|| "EUR".to_owned(), |cost| cost.currency.clone()),
            notes: activity.notes.clone(),
            held: activity.state == ActivityState::Held,
        }
    }

    /// The activity to be.
    ///
    /// # Errors
    /// The fields that cannot be meant.
    pub fn draft(&self) -> Result<ActivityDraft, Vec<FieldError>> {
        let mut faults = Vec::new();
        let mut fault = |pointer: &str, code| faults.push(FieldError::new(pointer, code));
        let kind = ActivityKind::from_code(&self.kind);
        if kind.is_none() {
            fault("/kind", FieldCode::Required);
        }
        if self.title.is_empty() {
            fault("/title", FieldCode::Required);
        }
        let starts_on = shared::time::parse_day(&self.starts_on);
        if starts_on.is_none() {
            fault("/starts_on", FieldCode::Required);
        }
        let ends_on = if self.ends_on.is_empty() {
            starts_on
        } else {
            shared::time::parse_day(&self.ends_on)
        };
        if ends_on.is_none() && starts_on.is_some() {
            fault("/ends_on", FieldCode::Format);
        }
        let people = self.people.parse::<u32>().ok();
        if people.is_none() && !self.people.is_empty() {
            fault("/people", FieldCode::Format);
        }
        let currency = self.currency.to_uppercase();
        let cost = amount::parse(&self.cost, money::exponent(&currency));
        if cost.is_none() {
            fault("/cost", FieldCode::Format);
        }
        match (kind, starts_on, ends_on) {
            (Some(kind), Some(starts_on), Some(ends_on)) if faults.is_empty() => Ok(ActivityDraft {
                kind,
                state: if self.held {
                    ActivityState::Held
                } else {
                    ActivityState::Planned
                },
                title: self.title.clone(),
                starts_on,
                ends_on,
                place: self.place.clone(),
                concerned: self.concerned.clone(),
                people,
                cost: cost
                    .filter(|_| !self.cost.is_empty())
                    .map(|amount_minor| Money { amount_minor, currency }),
                notes: self.notes.clone(),
            }),
            _ => Err(faults),
        }
    }
}

/// All of a draft as changes.
pub fn patch(draft: ActivityDraft) -> ActivityPatch {
    ActivityPatch {
        kind: Some(draft.kind),
        title: Some(draft.title),
        starts_on: Some(draft.starts_on),
        ends_on: Some(draft.ends_on),
        place: Some(draft.place),
        concerned: Some(draft.concerned),
        people: Some(draft.people),
        cost: Some(draft.cost),
        notes: Some(draft.notes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_booking_lies_where_its_days_are() {
        let tour = (day("2027-01-01"), day("2027-01-10"));
        assert_eq!(on_tour(tour, (day("2027-01-01"), day("2027-01-10"))), (0.0, 1.0));
        assert_eq!(on_tour(tour, (day("2027-01-06"), day("2027-01-06"))), (0.5, 0.1));
    }

    #[test]
    fn a_sheet_tells_all_that_is_wrong_at_once_and_money_is_exact() {
        let empty = Sheet {
            people: "many".into(),
            ..Sheet::default()
        };
        let pointers: Vec<_> = empty
            .draft()
            .unwrap_err()
            .into_iter()
            .map(|fault| fault.pointer)
            .collect();
        assert_eq!(pointers, ["/kind", "/title", "/starts_on", "/people"]);
        let sheet = Sheet {
            title: "Mission".into(),
            kind: "delegation_out".into(),
            starts_on: "2027-01-06".into(),
            cost: "1 234,56".into(),
            currency: "eur".into(),
            ..Sheet::default()
        };
        let draft = sheet.draft().unwrap();
        assert_eq!(draft.ends_on, draft.starts_on);
        assert_eq!(
            draft.cost,
            Some(Money {
                amount_minor: 123_456,
                currency: "EUR".into()
            })
        );
    }
}
