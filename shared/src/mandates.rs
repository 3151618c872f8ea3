//! Mandates of contact persons, and the elections that end them.
//!
//! Who was elected holds a mandate until it ends or until voters decide anew. After that day nobody knows whether the person is
//! still the right one: the contact is marked, the city's staff is told by mail, and whoever knows says "still right" or enters who
//! came instead. [`due`] judges; nothing is ever deleted by a date.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::{CityKind, Contact, codes};
use crate::ids::{CityId, ElectionId};

/// Longest name of an election, and longest source, in characters.
pub const ELECTION_TEXT_MAX: u64 = 200;
/// Days for which the link of a mail confirms a contact.
pub const LINK_DAYS: i64 = 60;

codes!(
    /// Why a contact person is to be confirmed.
    ConfirmReason {
        /// The mandate or the post ended on that day.
        MandateEnded = "mandate_ended",
        /// Voters decided on that day.
        ElectionHeld = "election_held",
    }
);

codes!(
    /// What the caller may do with an election.
    ElectionAction {
        /// Take it out of the list.
        Delete = "delete",
    }
);

/// A mark: nobody has said since that day whether the person is still the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToConfirm {
    /// Why.
    pub reason: ConfirmReason,
    /// The last day of the mandate, or the day of the election.
    #[serde(with = "crate::time::day")]
    pub day: NaiveDate,
}

/// Why a contact is to be confirmed, where it is: `elections` are the days on which voters decided in its city, `confirmed_on` the
/// day on which somebody last said that the person is the right one. What is told is the latest of what has happened since.
#[must_use]
pub fn due(
    contact: &Contact,
    confirmed_on: Option<NaiveDate>,
    elections: &[NaiveDate],
    today: NaiveDate,
) -> Option<ToConfirm> {
    let is_open = |day: &NaiveDate| *day < today && confirmed_on.is_none_or(|confirmed| confirmed <= *day);
    let ended = contact.mandate_ends_on.filter(is_open).map(|day| ToConfirm {
        reason: ConfirmReason::MandateEnded,
        day,
    });
    let has_mandate = contact.elected || contact.mandate_ends_on.is_some();
    let voted = elections
        .iter()
        .copied()
        .filter(|day| has_mandate && is_open(day))
        .max();
    let voted = voted.map(|day| ToConfirm {
        reason: ConfirmReason::ElectionHeld,
        day,
    });
    [ended, voted].into_iter().flatten().max_by_key(|of| of.day)
}

/// An election, as anybody may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ElectionView {
    /// Which one.
    pub id: ElectionId,
    /// Grows by one with each change.
    pub version: i64,
    /// The day on which it is decided: of two rounds, the second.
    #[serde(with = "crate::time::day")]
    pub day: NaiveDate,
    /// What is elected.
    #[cfg_attr(feature = "openapi", schema(example = "Élections municipales"))]
    pub name: String,
    /// The country, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(example = "FR"))]
    pub country: String,
    /// The kind of authority that is elected; none for all kinds, or where it is one city's.
    pub kind: Option<CityKind>,
    /// The city whose election it is; none where it is held in the whole country.
    pub city_id: Option<CityId>,
    /// Who says so.
    pub source: String,
    /// When it was entered here.
    #[serde(with = "crate::time")]
    pub entered_at: DateTime<Utc>,
    /// When the contacts of all its cities were marked; none as long as that lies ahead.
    #[serde(default, with = "crate::time::option")]
    pub applied_at: Option<DateTime<Utc>>,
    /// What you may do with it.
    pub allowed: Vec<ElectionAction>,
}

crate::page!(
    /// A page of elections, the latest first.
    ElectionPage of ElectionView
);

/// An election to be entered: of one city, or of all cities of a country, of one kind or of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ElectionDraft {
    /// The day on which it is decided: of two rounds, the second.
    #[serde(with = "crate::time::day")]
    #[cfg_attr(feature = "openapi", schema(example = "2026-03-22"))]
    pub day: NaiveDate,
    /// What is elected.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// The city whose election it is.
    #[serde(default)]
    pub city_id: Option<CityId>,
    /// Without a city: the country, ISO 3166-1 alpha-2.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "FR"))]
    pub country: Option<String>,
    /// Without a city: only authorities of this kind.
    #[serde(default)]
    pub kind: Option<CityKind>,
    /// Who says so, such as an official journal.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub source: String,
}

/// What the link of a mail shows: no more than what its button is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactConfirmation {
    /// The person's name.
    pub name: String,
    /// What the person does there.
    pub function: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn contact(elected: bool, until: Option<&str>) -> Contact {
        Contact {
            name: String::new(),
            function: String::new(),
            email: String::new(),
            phone: None,
            mandate_ends_on: until.map(day),
            elected,
        }
    }

    #[test]
    fn a_mandate_is_over_the_day_after_its_last() {
        let of = contact(false, Some("2026-03-31"));
        assert_eq!(due(&of, None, &[], day("2026-03-31")), None);
        let mark = ToConfirm {
            reason: ConfirmReason::MandateEnded,
            day: day("2026-03-31"),
        };
        assert_eq!(due(&of, None, &[], day("2026-04-01")), Some(mark));
        assert_eq!(due(&of, Some(day("2026-03-31")), &[], day("2026-04-01")), Some(mark));
        assert_eq!(due(&of, Some(day("2026-04-01")), &[], day("2026-04-02")), None);
    }

    #[test]
    fn an_election_asks_for_who_has_a_mandate_and_was_not_confirmed_since() {
        let elections = [day("2020-06-28"), day("2026-03-22"), day("2032-03-21")];
        let today = day("2026-03-23");
        let mark = ToConfirm {
            reason: ConfirmReason::ElectionHeld,
            day: day("2026-03-22"),
        };
        assert_eq!(due(&contact(true, None), None, &elections, today), Some(mark));
        assert_eq!(
            due(&contact(false, None), None, &elections, today),
            None,
            "an official stays"
        );
        assert_eq!(
            due(&contact(false, Some("2028-01-01")), None, &elections, today),
            Some(mark)
        );
        let since = Some(day("2025-11-20"));
        assert_eq!(due(&contact(true, None), since, &elections, today), Some(mark));
        assert_eq!(due(&contact(true, None), Some(today), &elections, today), None);
        assert_eq!(
            due(&contact(true, None), since, &elections, day("2026-03-22")),
            None,
            "on the day itself"
        );
    }

    #[test]
    fn of_both_the_later_is_told() {
        let of = contact(true, Some("2026-03-31"));
        let told = due(&of, None, &[day("2026-03-22")], day("2026-04-05"));
        assert_eq!(told.map(|mark| mark.reason), Some(ConfirmReason::MandateEnded));
        let told = due(&of, None, &[day("2026-03-22")], day("2026-03-25"));
        assert_eq!(told.map(|mark| mark.reason), Some(ConfirmReason::ElectionHeld));
    }
}
