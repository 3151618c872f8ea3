//! Turnkey cohorts: cities that join a programme together, led by networks, each with a letter of engagement.
//!
//! A cohort has at least three cities, which come with or without a partner in another country, at the levels of engagement
//! that the cohort offers. It closes at the end of a day where it is at home ([`CohortView::closes_at`]); whether it is open,
//! has enough cities, and which letters came late is computed from the time and never stored.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{CityId, CohortId, CohortMemberId, NetworkId, ProgrammeId};
use crate::language::Texts;

mod faults;
mod letter;
mod members;

pub use letter::{
    EngagementLetter, Filing, LETTER_PLACES, LetterAction, LetterCounts, LetterReason, LetterSignature, LetterState,
    LetterStep, LetterView, SendingReport, Signing, is_late, unknown_places,
};
pub use members::{
    CohortMemberAction, CohortMemberDraft, CohortMemberPage, CohortMemberPatch, CohortMemberView, Referent,
};

/// Fewest cities of a turnkey programme.
pub const CITIES_MIN: u32 = 3;
/// Most cities of a cohort.
pub const MEMBERS_MAX: u64 = 500;
/// Most levels of engagement that a cohort offers.
pub const LEVELS_MAX: usize = 12;
/// Most networks that lead a cohort.
pub const LEADERS_MAX: usize = 12;
/// Longest name of a cohort or of a level, in characters of each language.
pub const NAME_MAX: u64 = 200;
/// Longest text about a cohort or a level, in characters of each language.
pub const ABOUT_MAX: u64 = 2_000;
/// Longest text of a letter, in characters of each language.
pub const LETTER_MAX: u64 = 8_000;
/// Longest name, function or reference, in characters.
pub const WORD_MAX: u64 = 200;
/// Longest reason, in characters.
pub const REASON_MAX: u64 = 1_000;

codes!(
    /// The way in which a city comes in.
    CohortWay {
        /// It starts a new partnership.
        Start = "start",
        /// It strengthens one that exists.
        Strengthen = "strengthen",
    }
);

codes!(
    /// Whether cities may still join.
    CohortState {
        /// Until its closing day is over.
        Open = "open",
        /// Its closing day is over, or it was closed before.
        Closed = "closed",
    }
);

impl CohortState {
    /// The state at a time of a cohort that closes then: the last millisecond still counts.
    #[must_use]
    pub fn at(now: DateTime<Utc>, closes_at: DateTime<Utc>) -> Self {
        if now <= closes_at { Self::Open } else { Self::Closed }
    }
}

codes!(
    /// What you may do with a cohort.
    CohortAction {
        /// Change what it says.
        Update = "update",
        /// Close it before its day.
        Close = "close",
        /// Open it again, where it was closed before its day.
        Reopen = "reopen",
        /// Delete it, while no letter was sent (it can be restored for 30 days).
        Delete = "delete",
        /// Add a city.
        AddMember = "add_member",
        /// Send all letters that are drafted.
        SendLetters = "send_letters",
        /// Join with a city of yours.
        Join = "join",
    }
);

/// A level of engagement that a cohort offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CohortLevel {
    /// Its key: small letters, digits and `_`, at most 40.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9_]{1,40}$", example = "network"))]
    pub key: String,
    /// What it is called, by language: at least one of `fr`, `en`, `uk`; each up to 200 characters.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// What it means, by language.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
}

/// A network that leads a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CohortNetwork {
    /// Which one.
    pub id: NetworkId,
    /// Its name.
    pub name: String,
}

/// A city of yours that is in a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnMember {
    /// Its place in the cohort.
    pub id: CohortMemberId,
    /// The city.
    pub city_id: CityId,
    /// Where its letter stands.
    pub letter_state: LetterState,
}

/// A turnkey cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CohortView {
    /// The cohort's id.
    pub id: CohortId,
    /// Grows by one with each change of what it says.
    pub version: i64,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// The programme's name, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub programme_name: Texts,
    /// Its name, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// What it is about, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// The networks that lead it.
    pub networks: Vec<CohortNetwork>,
    /// How many cities have to sign.
    pub minimum_cities: u32,
    /// The levels of engagement that it offers.
    pub levels: Vec<CohortLevel>,
    /// The letter's text by language, with places such as `{city}` that each letter fills in.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub letter: Texts,
    /// The last day on which cities may join and sign in time.
    #[serde(with = "crate::time::day")]
    pub closes_on: NaiveDate,
    /// The IANA time zone in which the day ends.
    #[cfg_attr(feature = "openapi", schema(example = "Europe/Paris"))]
    pub zone: String,
    /// The last millisecond at which it is open.
    #[serde(with = "crate::time")]
    pub closes_at: DateTime<Utc>,
    /// Whether it was closed before the end of its day.
    pub closed_early: bool,
    /// Whether it is open at the moment of the answer.
    pub state: CohortState,
    /// The server's time, for a countdown that does not trust the browser's clock.
    #[serde(with = "crate::time")]
    pub server_time: DateTime<Utc>,
    /// How many cities there are, by where their letter stands.
    pub counts: LetterCounts,
    /// Whether as many cities have signed as it takes.
    pub has_enough: bool,
    /// Your cities that are in it.
    pub own: Vec<OwnMember>,
    /// Where the facts come from.
    pub source: Option<String>,
    /// What you may do with it.
    pub allowed: Vec<CohortAction>,
    /// When what it says last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

impl CohortView {
    /// How many cities have still to sign.
    #[must_use]
    pub const fn missing(&self) -> u32 {
        self.minimum_cities.saturating_sub(self.counts.signatures())
    }

    /// The level of a key.
    #[must_use]
    pub fn level(&self, key: &str) -> Option<&CohortLevel> {
        self.levels.iter().find(|level| level.key == key)
    }
}

crate::page!(
    /// A page of cohorts: those that close last come first.
    CohortPage of CohortView
);

/// A cohort to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CohortDraft {
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// Its name by language: at least one of `fr`, `en`, `uk`; each up to 200 characters.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// What it is about, by language; each up to 2000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// The networks that lead it; at least one.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12))]
    pub network_ids: Vec<NetworkId>,
    /// How many cities have to sign: at least three, and at least as many as the programme's rules ask for.
    #[serde(default = "cities_min")]
    #[cfg_attr(feature = "openapi", schema(minimum = 3, maximum = 500, default = 3))]
    pub minimum_cities: u32,
    /// The levels of engagement that it offers; at least one.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12))]
    pub levels: Vec<CohortLevel>,
    /// The letter's text by language; absent for the usual one. `{city}`, `{cohort}`, `{programme}`, `{networks}`, `{way}`,
    /// `{levels}`, `{partner}` and `{closing_day}` are filled in.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub letter: Texts,
    /// The last day on which cities may join and sign in time; not over yet.
    #[serde(with = "crate::time::day")]
    pub closes_on: NaiveDate,
    /// The IANA time zone in which the day ends.
    #[serde(default = "zone")]
    #[cfg_attr(feature = "openapi", schema(max_length = 60, default = "Europe/Paris"))]
    pub zone: String,
}

const fn cities_min() -> u32 {
    CITIES_MIN
}

fn zone() -> String {
    "Europe/Paris".to_owned()
}

/// Changes to a cohort: an absent field stays as it is. Where its name, its levels or the letter's text change, letters that
/// were sent and are not signed are drafted again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CohortPatch {
    /// Its name, in place of all former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub name: Option<Texts>,
    /// What it is about, in place of all former texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub about: Option<Texts>,
    /// All networks that lead it, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12))]
    pub network_ids: Option<Vec<NetworkId>>,
    /// How many cities have to sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 3, maximum = 500))]
    pub minimum_cities: Option<u32>,
    /// All levels, in place of the former ones; one that a city has chosen stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12))]
    pub levels: Option<Vec<CohortLevel>>,
    /// The letter's text, in place of all former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub letter: Option<Texts>,
    /// Its last day, while it is open: once a letter was sent, no earlier than before.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::time::day_option")]
    pub closes_on: Option<NaiveDate>,
    /// The IANA time zone in which the day ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub zone: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_millisecond_of_its_day_still_counts() {
        let closes_at = DateTime::from_timestamp_millis(1_793_487_599_999).unwrap_or_default();
        assert_eq!(CohortState::at(closes_at, closes_at), CohortState::Open);
        let after = closes_at + chrono::TimeDelta::milliseconds(1);
        assert_eq!(CohortState::at(after, closes_at), CohortState::Closed);
    }
}
