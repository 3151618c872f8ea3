//! What a partnership does: delegations, events, technical cooperation, trainings, exhibitions; and the bookings of an
//! exhibition that travels from place to place.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{ActivityId, BookingId, CityId, PartnershipId};
use crate::money::Money;
use crate::partnerships::PartyRef;

/// Longest title, in characters.
pub const TITLE_MAX: u64 = 200;
/// Longest place, in characters.
pub const PLACE_MAX: u64 = 200;
/// Longest notes, in characters.
pub const NOTES_MAX: u64 = 4_000;
/// Longest reason of a state, in characters.
pub const REASON_MAX: u64 = 1_000;
/// Most people that are counted.
pub const PEOPLE_MAX: u32 = 10_000_000;
/// Most parties that an activity names.
pub const CONCERNED_MAX: u64 = 100;
/// Most days that an activity or a booking lasts.
pub const DAYS_MAX: i64 = 3_660;

codes!(
    /// What is done.
    ActivityKind {
        /// People of ours travel to a partner.
        DelegationOut = "delegation_out",
        /// People of a partner come to us.
        DelegationIn = "delegation_in",
        /// A social or cultural event.
        Event = "event",
        /// Experts work together.
        TechnicalCooperation = "technical_cooperation",
        /// People learn.
        Training = "training",
        /// An exhibition that can be booked by several places, one after the other.
        Exhibition = "exhibition",
    }
);

codes!(
    /// Where an activity stands.
    ActivityState {
        /// It is to come.
        Planned = "planned",
        /// It has taken place, or takes place now.
        Held = "held",
        /// It does not take place.
        Cancelled = "cancelled",
    }
);

impl ActivityState {
    /// The states that may follow.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Planned => &[Self::Held, Self::Cancelled],
            // What was said by mistake is taken back.
            Self::Held | Self::Cancelled => &[Self::Planned],
        }
    }

    /// Whether `to` may follow.
    #[must_use]
    pub fn can_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }
}

codes!(
    /// Where a booking stands.
    BookingState {
        /// The exhibition is expected.
        Booked = "booked",
        /// It does not come.
        Cancelled = "cancelled",
    }
);

/// Whether two spans of days, with their first and last days, have a day in common.
#[must_use]
pub fn overlap(a: (NaiveDate, NaiveDate), b: (NaiveDate, NaiveDate)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// A party that an activity concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConcernedParty {
    /// Who it is.
    pub party: PartyRef,
    /// Its name.
    pub name: String,
}

/// What the caller may do with an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActivityAction {
    /// Change what it says.
    Update,
    /// Move it to another state.
    Advance,
    /// Book the exhibition for at least one place.
    Book,
}

/// An activity of a partnership.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityView {
    /// The activity's id.
    pub id: ActivityId,
    /// Grows by one with each change.
    pub version: i64,
    /// The partnership that does it.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// What is done.
    pub kind: ActivityKind,
    /// Where it stands.
    pub state: ActivityState,
    /// Why, where a reason was told.
    pub state_reason: Option<String>,
    /// Its title.
    pub title: String,
    /// Its first day.
    #[serde(with = "crate::time::day")]
    pub starts_on: NaiveDate,
    /// Its last day.
    #[serde(with = "crate::time::day")]
    pub ends_on: NaiveDate,
    /// Where it takes place, in words.
    pub place: String,
    /// The parties and associated actors that it concerns; empty for the whole partnership.
    pub concerned: Vec<ConcernedParty>,
    /// How many people take or took part: counted, not named.
    pub people: Option<u32>,
    /// What it costs or cost.
    pub cost: Option<Money>,
    /// What else there is to say; anybody may read it.
    pub notes: String,
    /// The states that it may be moved to.
    pub next_states: Vec<ActivityState>,
    /// What you may do with it.
    pub allowed: Vec<ActivityAction>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of activities.
    ActivityPage of ActivityView
);

fn planned() -> ActivityState {
    ActivityState::Planned
}

/// An activity to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ActivityDraft {
    /// What is done.
    pub kind: ActivityKind,
    /// `planned`, or `held` for what has taken place already.
    #[serde(default = "planned")]
    #[cfg_attr(feature = "openapi", schema(default = "planned"))]
    pub state: ActivityState,
    /// Its title.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = TITLE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// Its first day.
    #[serde(with = "crate::time::day")]
    pub starts_on: NaiveDate,
    /// Its last day.
    #[serde(with = "crate::time::day")]
    pub ends_on: NaiveDate,
    /// Where it takes place, in words.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = PLACE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub place: String,
    /// The parties and associated actors that it concerns; empty for the whole partnership.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = CONCERNED_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub concerned: Vec<PartyRef>,
    /// How many people take or took part: counted, not named.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(range(max = PEOPLE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(maximum = 10_000_000))]
    pub people: Option<u32>,
    /// What it costs or cost.
    #[serde(default)]
    pub cost: Option<Money>,
    /// What else there is to say; anybody may read it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = NOTES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 4000))]
    pub notes: String,
}

/// Changes to an activity: an absent field stays as it is, null clears it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ActivityPatch {
    /// What is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ActivityKind>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = TITLE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: Option<String>,
    /// Its first day.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::time::day_option")]
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::time::day_option")]
    pub ends_on: Option<NaiveDate>,
    /// Where it takes place, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = PLACE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub place: Option<String>,
    /// All that it concerns, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = CONCERNED_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub concerned: Option<Vec<PartyRef>>,
    /// How many people take or took part; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "validate", validate(range(max = PEOPLE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>, maximum = 10_000_000))]
    pub people: Option<Option<u32>>,
    /// What it costs or cost; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>))]
    pub cost: Option<Option<Money>>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = NOTES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 4000))]
    pub notes: Option<String>,
}

/// A move of an activity to another state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ActivityAdvance {
    /// The state to move to.
    pub to: ActivityState,
    /// Why.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = REASON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub reason: Option<String>,
}

/// A booking of an exhibition by a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BookingView {
    /// The booking's id.
    pub id: BookingId,
    /// Grows by one with each change.
    pub version: i64,
    /// The exhibition.
    pub activity_id: ActivityId,
    /// Where it stands.
    pub state: BookingState,
    /// The authority that shows it.
    pub city_id: CityId,
    /// The authority's name.
    pub city_name: String,
    /// Where it is shown, in words.
    pub place: String,
    /// The first day.
    #[serde(with = "crate::time::day")]
    pub starts_on: NaiveDate,
    /// The last day.
    #[serde(with = "crate::time::day")]
    pub ends_on: NaiveDate,
    /// Whether you may cancel it.
    pub may_cancel: bool,
}

crate::page!(
    /// A page of bookings.
    BookingPage of BookingView
);

/// A booking to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct BookingDraft {
    /// The authority that shows it: one that takes part in the partnership.
    pub city_id: CityId,
    /// Where it is shown, in words.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = PLACE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub place: String,
    /// The first day.
    #[serde(with = "crate::time::day")]
    pub starts_on: NaiveDate,
    /// The last day: it travels on the days between two bookings.
    #[serde(with = "crate::time::day")]
    pub ends_on: NaiveDate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spans_that_share_one_day_overlap() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        assert!(overlap((day(1), day(5)), (day(5), day(9))));
        assert!(overlap((day(1), day(9)), (day(4), day(5))));
        assert!(!overlap((day(1), day(4)), (day(5), day(9))));
    }

    #[test]
    fn what_was_cancelled_or_held_by_mistake_is_planned_again() {
        assert!(ActivityState::Cancelled.can_become(ActivityState::Planned));
        assert!(!ActivityState::Cancelled.can_become(ActivityState::Held));
    }
}
