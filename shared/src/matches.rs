//! Matches: from a ranked suggestion to mutual interest and a partnership.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::{CitySummary, codes};
use crate::history::Judgement;
use crate::history::precedents::PrecedentView;
use crate::ids::{BanId, CityId, MatchId, PartnershipId};
use crate::scoring::raise::Raise;
use crate::scoring::{Facts, Score, Weights};

/// Longest message, in characters.
pub const MESSAGE_MAX: u64 = 2_000;
/// Longest reason of a ban, in characters.
pub const BAN_REASON_MAX: u64 = 1_000;
/// Days that an interest waits for an answer.
pub const EXPIRY_DAYS: i64 = 60;
/// Days for which a decline is final.
pub const DECLINE_DAYS: i64 = 180;

/// A ranked partner with the reasons for its rank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// The partner.
    pub city: CitySummary,
    /// The score and its reasons.
    pub score: Score,
    /// What existing twinnings teach of the pair: the value of the criterion `history`, with the points that make it up.
    pub history: Option<Judgement>,
    /// What either side could state to raise the score most: at most three.
    pub raise: Vec<Raise>,
    /// Existing partnerships near the two that speak for the pair: at most one of each kind.
    pub precedents: Vec<PrecedentView>,
    /// What the score was made of, to recompute it.
    pub facts: Facts,
    /// Whole kilometres between the two, where both places are known.
    pub distance_km: Option<u32>,
    /// The match that the two already have, if any.
    pub match_id: Option<MatchId>,
}

/// How well two cities fit, with all that it was computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairScore {
    /// The other city, as it would stand in the ranking: both directions, the reasons and what would raise the score.
    #[serde(flatten)]
    pub suggestion: Suggestion,
    /// What the score knows of the asking city.
    pub our_facts: Facts,
    /// The weights that were used.
    pub weights: Weights,
    /// The day on which history was learned from existing twinnings.
    #[cfg_attr(feature = "openapi", schema(example = "2026-11-26"))]
    pub history_learned_on: String,
    /// When the data was current.
    #[serde(with = "crate::time")]
    pub computed_at: DateTime<Utc>,
}

/// Ranked partners of a city, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestionPage {
    /// The partners.
    pub items: Vec<Suggestion>,
    /// The cursor of the next page; null on the last one.
    pub next: Option<String>,
    /// How many partners passed the filters.
    pub total: u64,
    /// What the score knows of the asking city.
    pub facts: Facts,
    /// The weights that were used.
    pub weights: Weights,
    /// The day on which history was learned from existing twinnings.
    #[cfg_attr(feature = "openapi", schema(example = "2026-11-26"))]
    pub history_learned_on: String,
    /// When the data was current.
    #[serde(with = "crate::time")]
    pub computed_at: DateTime<Utc>,
}

codes!(
    /// Where a match stands.
    MatchState {
        /// One side has told interest.
        Interested = "interested",
        /// Both have: each sees the other's contact persons.
        ContactOpened = "contact_opened",
        /// They made a partnership.
        Agreed = "agreed",
        /// The other side declined.
        Declined = "declined",
        /// The side that began took it back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Expired = "expired",
    }
);

codes!(
    /// What can be done with a match.
    MatchAction {
        /// Answer an interest with one's own.
        Accept = "accept",
        /// Say no, neutrally.
        Decline = "decline",
        /// Take one's interest back, or leave the contact.
        Withdraw = "withdraw",
        /// Make it a partnership.
        Agree = "agree",
    }
);

codes!(
    /// Which matches a list asks for, seen from one's own cities.
    MatchBox {
        /// The other city began.
        Incoming = "incoming",
        /// One's own city began.
        Outgoing = "outgoing",
    }
);

/// Which side of a match acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The city that told interest first.
    Initiator,
    /// The other one.
    Responder,
}

impl MatchState {
    /// The state after `action` by `side`; none where the state does not allow it.
    #[must_use]
    pub const fn after(self, action: MatchAction, side: Side) -> Option<Self> {
        match (self, action, side) {
            (Self::Interested, MatchAction::Accept, Side::Responder) => Some(Self::ContactOpened),
            (Self::Interested, MatchAction::Decline, Side::Responder) => Some(Self::Declined),
            (Self::Interested, MatchAction::Withdraw, Side::Initiator) => Some(Self::Withdrawn),
            (Self::ContactOpened, MatchAction::Agree, _) => Some(Self::Agreed),
            (Self::ContactOpened, MatchAction::Decline | MatchAction::Withdraw, _) => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether something can still come of it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Interested | Self::ContactOpened)
    }
}

/// Interest of one city in another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct MatchDraft {
    /// Your city.
    pub from_city_id: CityId,
    /// The city that you would like to work with.
    pub to_city_id: CityId,
    /// What you say to it.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = MESSAGE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub message: String,
}

/// An answer to an interest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct MatchReply {
    /// What you say; when declining, it stays with you and the platform's team.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = MESSAGE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub message: Option<String>,
}

/// The name of the partnership to be made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct AgreementDraft {
    /// Its name; the two cities' names where it is absent.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = 200)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
}

/// A match, as either side sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatchView {
    /// The match's id.
    pub id: MatchId,
    /// Grows by one with each change.
    pub version: i64,
    /// Where it stands.
    pub state: MatchState,
    /// The city that told interest first.
    pub initiator: CitySummary,
    /// The other one.
    pub responder: CitySummary,
    /// The first side's message.
    pub message: String,
    /// The other side's, when it accepted.
    pub reply: Option<String>,
    /// When the interest was told.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
    /// When an unanswered interest ends.
    #[serde(with = "crate::time")]
    pub expires_at: DateTime<Utc>,
    /// The partnership that came of it.
    pub partnership_id: Option<PartnershipId>,
    /// What you may do now.
    pub allowed: Vec<MatchAction>,
}

crate::page!(
    /// A page of matches, latest change first.
    MatchPage of MatchView
);

/// A city that another one is never to be matched with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct BanDraft {
    /// The city to be banned.
    pub city_id: CityId,
    /// Why; your own staff and the platform's team see it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = BAN_REASON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000, example = "A conflict of interest"))]
    pub reason: Option<String>,
}

/// A ban, as the city that made it sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BanView {
    /// The ban's id.
    pub id: BanId,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// The city that is banned.
    pub city: CitySummary,
    /// Why, where a reason was told.
    pub reason: Option<String>,
    /// Since when.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}

crate::page!(
    /// A page of bans, the latest first.
    BanPage of BanView
);
