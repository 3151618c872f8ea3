//! Letters of engagement: one a city, from its draft to the file.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{CohortId, CohortMemberId};
use crate::language::Texts;

codes!(
    /// Where a letter of engagement stands.
    LetterState {
        /// The city waits for it: nobody has sent it.
        Drafted = "drafted",
        /// The city has it, and has not signed.
        Sent = "sent",
        /// The city has signed; what it says does not change any more.
        Signed = "signed",
        /// The network has filed it, under a reference.
        Filed = "filed",
        /// The city will not sign, with the reason.
        Refused = "refused",
    }
);

codes!(
    /// What can be done with a letter.
    LetterAction {
        /// Send it to the city: by who leads the cohort, while that is open.
        Send = "send",
        /// Sign it: by the city.
        Sign = "sign",
        /// Refuse to sign it: by the city, with the reason.
        Refuse = "refuse",
        /// File it, under a reference: by who leads the cohort.
        File = "file",
        /// Take it back into a draft: by who leads the cohort.
        Withdraw = "withdraw",
    }
);

impl LetterState {
    /// The state after `action`; none where the state does not allow it.
    #[must_use]
    pub const fn after(self, action: LetterAction) -> Option<Self> {
        match (self, action) {
            (Self::Drafted, LetterAction::Send) => Some(Self::Sent),
            (Self::Sent, LetterAction::Sign) => Some(Self::Signed),
            (Self::Sent, LetterAction::Refuse) => Some(Self::Refused),
            (Self::Signed, LetterAction::File) => Some(Self::Filed),
            // Who has refused may think again: the letter is sent anew.
            (Self::Sent | Self::Refused, LetterAction::Withdraw) => Some(Self::Drafted),
            (
                Self::Drafted,
                LetterAction::Sign | LetterAction::Refuse | LetterAction::File | LetterAction::Withdraw,
            )
            | (Self::Sent, LetterAction::Send | LetterAction::File)
            | (Self::Signed, LetterAction::Send | LetterAction::Sign | LetterAction::Refuse | LetterAction::Withdraw)
            | (Self::Refused, LetterAction::Send | LetterAction::Sign | LetterAction::Refuse | LetterAction::File)
            | (Self::Filed, _) => None,
        }
    }

    /// Whether the city has signed.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Signed | Self::Filed)
    }

    /// Whether the cohort still waits for the city's word.
    #[must_use]
    pub const fn is_unsigned(self) -> bool {
        matches!(self, Self::Drafted | Self::Sent)
    }

    /// Its place in lists: what waits comes first.
    #[must_use]
    pub const fn place(self) -> i32 {
        match self {
            Self::Sent => 0,
            Self::Drafted => 1,
            Self::Refused => 2,
            Self::Signed => 3,
            Self::Filed => 4,
        }
    }
}

/// Whether a letter that was signed then came after the cohort had closed.
#[must_use]
pub fn is_late(signed_at: Option<DateTime<Utc>>, closes_at: DateTime<Utc>) -> bool {
    signed_at.is_some_and(|signed_at| signed_at > closes_at)
}

/// What a letter's text can have filled in.
pub const LETTER_PLACES: [&str; 8] = [
    "city",
    "cohort",
    "programme",
    "networks",
    "way",
    "levels",
    "partner",
    "closing_day",
];

/// The places of a text that nothing fills in: `{town}`, or a brace that does not end.
#[must_use]
pub fn unknown_places(text: &str) -> Vec<String> {
    let pieces = text.split('{').skip(1);
    let places = pieces.map(|piece| piece.split_once('}').map_or(piece, |(place, _)| place));
    places
        .filter(|place| !LETTER_PLACES.contains(place))
        .map(|place| place.chars().take(40).collect())
        .collect()
}

/// How many cities there are, by where their letter stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LetterCounts {
    /// Letters that nobody has sent.
    pub drafted: u32,
    /// Letters that were sent and wait.
    pub sent: u32,
    /// Letters that are signed and not filed.
    pub signed: u32,
    /// Letters that are filed.
    pub filed: u32,
    /// Letters that were refused.
    pub refused: u32,
    /// Of those that are signed or filed: how many came after the cohort had closed.
    pub late: u32,
}

impl LetterCounts {
    /// How many cities have signed, be it late.
    #[must_use]
    pub const fn signatures(&self) -> u32 {
        self.signed + self.filed
    }

    /// How many cities have neither signed nor refused.
    #[must_use]
    pub const fn unsigned(&self) -> u32 {
        self.drafted + self.sent
    }

    /// How many cities there are.
    #[must_use]
    pub const fn all(&self) -> u32 {
        self.signatures() + self.unsigned() + self.refused
    }

    /// How many there are of one state.
    #[must_use]
    pub const fn of(&self, state: LetterState) -> u32 {
        match state {
            LetterState::Drafted => self.drafted,
            LetterState::Sent => self.sent,
            LetterState::Signed => self.signed,
            LetterState::Filed => self.filed,
            LetterState::Refused => self.refused,
        }
    }

    /// Notes how many there are of one state.
    pub const fn set(&mut self, state: LetterState, count: u32) {
        match state {
            LetterState::Drafted => self.drafted = count,
            LetterState::Sent => self.sent = count,
            LetterState::Signed => self.signed = count,
            LetterState::Filed => self.filed = count,
            LetterState::Refused => self.refused = count,
        }
    }
}

/// Who signed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LetterSignature {
    /// The name of who signed.
    pub name: String,
    /// In which function.
    pub function: String,
    /// The day that stands under the letter.
    #[serde(with = "crate::time::day")]
    pub on: NaiveDate,
    /// When it came in: this says whether it came in time.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
}

/// A step of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LetterStep {
    /// The state that it came to.
    pub state: LetterState,
    /// When.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
    /// Why, where it was refused or taken back; the reference, where it was filed.
    pub note: Option<String>,
}

/// A letter in a list. Signatory, reference and steps are told to the city and to who leads the cohort only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LetterView {
    /// Where it stands.
    pub state: LetterState,
    /// Whether it was signed after the cohort had closed.
    pub late: bool,
    /// When it was sent last.
    #[serde(default, with = "crate::time::option")]
    pub sent_at: Option<DateTime<Utc>>,
    /// Who signed it.
    pub signature: Option<LetterSignature>,
    /// Under which reference it is filed.
    pub reference: Option<String>,
    /// What became of it, the first step first.
    pub steps: Vec<LetterStep>,
}

/// A letter as it is read and printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EngagementLetter {
    /// Whose letter.
    pub member_id: CohortMemberId,
    /// Of which cohort.
    pub cohort_id: CohortId,
    /// Grows by one with each step.
    pub version: i64,
    /// What it says, by language, filled in: of a draft as it would be sent now, else as it was sent.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
    /// Where it stands.
    pub state: LetterState,
    /// Whether it was signed after the cohort had closed.
    pub late: bool,
    /// Who signed it.
    pub signature: Option<LetterSignature>,
    /// Under which reference it is filed.
    pub reference: Option<String>,
}

/// A city's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// The name of who signs.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// In which function: mayor, president, deputy.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub function: String,
    /// The day that stands under the letter: not before it was sent, and not in the future.
    #[serde(with = "crate::time::day")]
    pub on: NaiveDate,
}

/// The filing of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// The reference under which it is found.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, example = "INSPIRE-2022-007")
    )]
    pub reference: String,
}

/// Why a letter is refused or taken back, or a city goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct LetterReason {
    /// In a sentence.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub reason: String,
}

/// What became of sending all drafted letters of a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendingReport {
    /// How many letters were sent.
    pub sent: u32,
    /// How many people got a mail.
    pub told: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_drawn_transitions_pass() {
        use LetterAction as A;
        use LetterState as S;
        let mut drawn = Vec::new();
        for &state in S::ALL {
            for &action in A::ALL {
                drawn.extend(state.after(action).map(|to| (state, action, to)));
            }
        }
        let wanted = [
            (S::Drafted, A::Send, S::Sent),
            (S::Sent, A::Sign, S::Signed),
            (S::Sent, A::Refuse, S::Refused),
            (S::Sent, A::Withdraw, S::Drafted),
            (S::Signed, A::File, S::Filed),
            (S::Refused, A::Withdraw, S::Drafted),
        ];
        assert_eq!(drawn, wanted);
    }

    #[test]
    fn a_letter_is_late_from_the_first_millisecond_after_the_close() {
        let closes_at = DateTime::from_timestamp_millis(1_667_257_199_999).unwrap_or_default();
        assert!(!is_late(None, closes_at) && !is_late(Some(closes_at), closes_at));
        assert!(is_late(Some(closes_at + chrono::TimeDelta::milliseconds(1)), closes_at));
    }

    #[test]
    fn a_place_that_nothing_fills_in_is_named() {
        assert_eq!(unknown_places("{city} joins {cohort}."), Vec::<String>::new());
        assert_eq!(unknown_places("{town} and {city"), ["town"]);
        assert_eq!(unknown_places("A { alone"), [" alone"]);
    }
}
