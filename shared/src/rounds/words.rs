//! The words of rounds: what is sent and received, states and their moves.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::cities::{CityKind, CitySummary, Level, codes};
use crate::ids::{CityId, JobId, PartnershipId, ProgrammeId, RoundId, RoundPairId};
use crate::jobs::JobState;
use crate::language::Texts;
use crate::scoring::Weights;

/// Most places of one city.
pub const PLACES_MAX: u32 = 50;
/// Most places of a saturated country.
pub const CAP_MAX: u32 = 1_000_000;
/// Most wishes of a city.
pub const WISHES_MAX: u32 = 20;
/// Most members of a side.
pub const MEMBERS_MAX: u32 = 200_000;
/// Most members that one request names.
pub const MEMBERS_AT_ONCE: usize = 5_000;
/// Most points of a priority.
pub const PRIORITY_MAX: u32 = 100;
/// Most priorities, saturated countries, or excluded pairs.
pub const RULES_MAX: usize = 500;

codes!(
    /// How a round is matched.
    RoundMode {
        /// No pair is left that would rather have each other.
        Stable = "stable",
        /// The most cities matched, then the best total.
        Maximum = "maximum",
    }
);

codes!(
    /// A side of a round.
    RoundSide {
        /// The side that proposes, or the only one.
        First = "first",
        /// The other side.
        Second = "second",
    }
);

codes!(
    /// Where a round stands.
    RoundState {
        /// Being prepared by its officers.
        Draft = "draft",
        /// Its cities may wish.
        Open = "open",
        /// Matched; only its officers see the result.
        Ran = "ran",
        /// Its cities see their pairs and answer.
        Published = "published",
        /// Over.
        Closed = "closed",
        /// Given up.
        Cancelled = "cancelled",
    }
);

codes!(
    /// What somebody may do with a round.
    RoundAction {
        /// Change what it says.
        Update = "update",
        /// Add and take out members.
        ManageMembers = "manage_members",
        /// Let its cities wish.
        Open = "open",
        /// Match on trial.
        Simulate = "simulate",
        /// Match, or match the places again that were declined.
        Run = "run",
        /// See the result.
        ReadResult = "read_result",
        /// Show the result to its cities.
        Publish = "publish",
        /// End it.
        Close = "close",
        /// Give it up.
        Cancel = "cancel",
        /// Wish, for one of one's cities.
        Wish = "wish",
    }
);

codes!(
    /// Where a pair of a round stands.
    RoundPairState {
        /// Made by a trial.
        Trial = "trial",
        /// Made, and not shown yet.
        Made = "made",
        /// Shown to its two cities.
        Proposed = "proposed",
        /// One of them has accepted.
        Accepted = "accepted",
        /// Both have: it is a partnership.
        Agreed = "agreed",
        /// One of them has declined.
        Declined = "declined",
        /// The one that had accepted took it back.
        Withdrawn = "withdrawn",
        /// Not answered by both in time.
        Lapsed = "lapsed",
    }
);

codes!(
    /// What a city does with its pair.
    RoundPairAction {
        /// Say yes.
        Accept = "accept",
        /// Say no, neutrally.
        Decline = "decline",
        /// Take one's yes back, while the other has not answered.
        Withdraw = "withdraw",
    }
);

codes!(
    /// In which order a result comes.
    RoundPairSort {
        /// The best total first.
        TotalDescending = "-total",
        /// The least total first.
        Total = "total",
        /// By the name of the first side's city.
        First = "first",
        /// The same, backwards.
        FirstDescending = "-first",
        /// By the name of the second side's city.
        Second = "second",
        /// The same, backwards.
        SecondDescending = "-second",
    }
);

impl RoundState {
    /// Whether only its officers know of it.
    #[must_use]
    pub const fn is_hidden(self) -> bool {
        matches!(self, Self::Draft | Self::Cancelled)
    }

    /// Whether what it says, and who is in it, may be changed.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Open | Self::Ran)
    }

    /// Whether it may be matched; `window_over` says that nobody may wish any more.
    #[must_use]
    pub const fn may_run(self, window_over: bool) -> bool {
        match self {
            Self::Draft | Self::Ran | Self::Published => true,
            Self::Open => window_over,
            Self::Closed | Self::Cancelled => false,
        }
    }

    /// Whether it may be matched on trial.
    #[must_use]
    pub const fn may_simulate(self) -> bool {
        matches!(self, Self::Draft | Self::Open)
    }

    /// The state after an officer's move; none where it is not drawn.
    #[must_use]
    pub const fn after(self, action: RoundAction) -> Option<Self> {
        match (self, action) {
            (Self::Draft, RoundAction::Open) => Some(Self::Open),
            (Self::Ran, RoundAction::Publish) | (Self::Published, RoundAction::Publish) => Some(Self::Published),
            (Self::Published, RoundAction::Close) => Some(Self::Closed),
            (Self::Draft | Self::Open | Self::Ran, RoundAction::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }
}

impl RoundPairState {
    /// The state after an answer; `accepted_here` says that this side has accepted, `accepted_there` that the other has.
    #[must_use]
    pub const fn after(self, action: RoundPairAction, accepted_here: bool, accepted_there: bool) -> Option<Self> {
        match (self, action) {
            (Self::Proposed, RoundPairAction::Accept) => Some(Self::Accepted),
            (Self::Accepted, RoundPairAction::Accept) if accepted_there => Some(Self::Agreed),
            (Self::Proposed, RoundPairAction::Decline) => Some(Self::Declined),
            (Self::Accepted, RoundPairAction::Decline) if accepted_there => Some(Self::Declined),
            (Self::Accepted, RoundPairAction::Withdraw) if accepted_here => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether an answer is still missing.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Proposed | Self::Accepted)
    }

    /// Whether its places are taken.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Proposed | Self::Accepted | Self::Agreed)
    }

    /// Whether its two cities see it.
    #[must_use]
    pub const fn is_shown(self) -> bool {
        !matches!(self, Self::Trial | Self::Made)
    }
}

/// Who may be on a side; an empty list means that any will do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SideRules {
    /// What the side is called, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Ukrainian communities"})))]
    pub name: Texts,
    /// Countries, ISO 3166-1 alpha-2.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = json!(["UA"])))]
    pub countries: Vec<String>,
    /// Kinds of authority.
    #[serde(default)]
    pub kinds: Vec<CityKind>,
    /// Levels of authority.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// At least so many inhabitants.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub population_min: Option<i64>,
    /// At most so many inhabitants.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub population_max: Option<i64>,
    /// Only who says that it looks for partners.
    #[serde(default)]
    pub only_open: bool,
    /// Places of a member where none are told.
    #[serde(default = "one_place")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 50, default = 1))]
    pub places: u32,
}

const fn one_place() -> u32 {
    1
}

impl SideRules {
    /// Whether a city may be on the side.
    #[must_use]
    pub fn takes(&self, city: &CitySummary) -> bool {
        let has = |least: Option<i64>, fits: fn(i64, i64) -> bool| {
            least.is_none_or(|bound| city.population.is_some_and(|population| fits(population, bound)))
        };
        (self.countries.is_empty() || self.countries.contains(&city.country))
            && (self.kinds.is_empty() || self.kinds.contains(&city.kind))
            && (self.levels.is_empty() || self.levels.contains(&city.kind.level()))
            && (!self.only_open || city.open_to_partners)
            && has(self.population_min, |population, least| population >= least)
            && has(self.population_max, |population, most| population <= most)
    }
}

/// A region whose cities are worth more to everybody: a weight, not a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// A country or a subdivision, such as `UA` or `UA-74`.
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 10, example = "UA-74"))]
    pub region: String,
    /// How much, like the weight of a criterion that is met in full.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100))]
    pub points: u32,
}

/// The points of a city's priority: the most of any region that it is in.
#[must_use]
pub fn priority_of(priorities: &[Priority], country: &str, subdivision: Option<&str>) -> u32 {
    let of = |priority: &&Priority| priority.region == country || Some(priority.region.as_str()) == subdivision;
    let points = priorities.iter().filter(of).map(|priority| priority.points);
    points.max().unwrap_or(0)
}

/// A saturated country: all its cities of a side together have so many places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountryCap {
    /// The country, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(example = "PL"))]
    pub country: String,
    /// Its places.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000))]
    pub places: u32,
}

/// What the officers say of a round's matching.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoundRules {
    /// How it is matched.
    pub mode: RoundMode,
    /// Its two sides, the one that proposes first; or its only side, any with any.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 2))]
    pub sides: Vec<SideRules>,
    /// Whether two cities of one country may be matched.
    #[serde(default)]
    pub same_country: bool,
    /// How much each criterion counts.
    #[serde(default)]
    pub weights: Weights,
    /// Regions whose cities are worth more.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub priorities: Vec<Priority>,
    /// Saturated countries.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub caps: Vec<CountryCap>,
    /// Pairs that the programme excludes.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub excluded: Vec<[CityId; 2]>,
    /// What the lots between equals are drawn from.
    #[serde(default)]
    pub seed: u32,
}

impl RoundRules {
    /// The rules of a side.
    #[must_use]
    pub fn side(&self, side: RoundSide) -> Option<&SideRules> {
        self.sides.get(side as usize)
    }
}

/// A round to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct RoundDraft {
    /// Whose round it is.
    pub programme_id: ProgrammeId,
    /// Its name by language; at least one.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// What it is about, by language.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// How it is matched.
    pub rules: RoundRules,
    /// Until when its cities may wish, once it is open.
    #[serde(default, with = "crate::time::option")]
    pub wishes_until: Option<DateTime<Utc>>,
    /// Until when its cities may answer, once it is published; later than `wishes_until`.
    #[serde(default, with = "crate::time::option")]
    pub answers_until: Option<DateTime<Utc>>,
}

/// Changes to a round: an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct RoundPatch {
    /// Its name by language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub name: Option<Texts>,
    /// What it is about, by language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub about: Option<Texts>,
    /// How it is matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RoundRules>,
    /// Until when its cities may wish; null for no window.
    #[serde(default, with = "crate::time::nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    pub wishes_until: Option<Option<DateTime<Utc>>>,
    /// Until when its cities may answer; null for no end. Can be moved while the round is published.
    #[serde(default, with = "crate::time::nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    pub answers_until: Option<Option<DateTime<Utc>>>,
}

/// What a computation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundOutcome {
    /// Whether it was on trial.
    pub trial: bool,
    /// How it was matched.
    pub mode: RoundMode,
    /// Pairs that it made.
    pub pairs: u32,
    /// Members of each side that could have been given a partner.
    pub members: [u32; 2],
    /// Of these, those that were.
    pub matched: [u32; 2],
    /// The total of all pairs.
    pub total: u64,
    /// What comparing every possible pair with the result found.
    pub verdict: Verdict,
    /// When it was made.
    #[serde(with = "crate::time")]
    pub made_at: DateTime<Utc>,
}

/// A round in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundView {
    /// The round's id.
    pub id: RoundId,
    /// Grows by one with each change.
    pub version: i64,
    /// Whose round it is.
    pub programme_id: ProgrammeId,
    /// The programme's name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub programme_name: Texts,
    /// Its name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// What it is about, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub about: Texts,
    /// Where it stands.
    pub state: RoundState,
    /// How it is matched.
    pub rules: RoundRules,
    /// Until when its cities may wish, once it is open.
    #[serde(default, with = "crate::time::option")]
    pub wishes_until: Option<DateTime<Utc>>,
    /// Whether they may now.
    pub takes_wishes: bool,
    /// Until when its cities may answer, once it is published: what is not answered by both then lapses.
    #[serde(default, with = "crate::time::option")]
    pub answers_until: Option<DateTime<Utc>>,
    /// Members of each side.
    pub members: [u32; 2],
    /// What the last computation found; for its officers.
    pub outcome: Option<RoundOutcome>,
    /// The last computation, for its officers.
    pub job_id: Option<JobId>,
    /// Where that one stands.
    pub job_state: Option<JobState>,
    /// When it was made.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
    /// What you may do with it.
    pub allowed: Vec<RoundAction>,
}

crate::page!(
    /// A page of rounds, the latest first.
    RoundPage of RoundView
);

/// A member to be added, or to be given other places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoundMemberDraft {
    /// The city.
    pub city_id: CityId,
    /// Its side.
    pub side: RoundSide,
    /// Its places; those of its side's rules where none are told, 0 to take it out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 50))]
    pub places: Option<u32>,
}

/// Members to be added, changed or taken out at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct RoundMembersDraft {
    /// Each city once.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 5000))]
    pub items: Vec<RoundMemberDraft>,
    /// Sides to which all cities of the directory are added that their rules allow.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 2))]
    pub all_of: Vec<RoundSide>,
}

/// A member of a round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundMemberView {
    /// Grows by one with each change of its wishes.
    pub version: i64,
    /// The city.
    pub city: CitySummary,
    /// Its side.
    pub side: RoundSide,
    /// Its places.
    pub places: u32,
    /// How many wishes it has; for the round's officers and its own staff.
    pub wish_count: Option<u32>,
    /// Its wishes, the first first; for its own staff, where one member is read.
    pub wishes: Option<Vec<CitySummary>>,
    /// Whether you may wish for it now.
    pub can_wish: bool,
}

crate::page!(
    /// A page of members, in the order of their ids.
    RoundMemberPage of RoundMemberView
);

/// Whom a city wishes for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct WishList {
    /// Members of the other side, the first wish first, in place of all former ones.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub city_ids: Vec<CityId>,
}

/// A pair of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundPairView {
    /// The pair's id.
    pub id: RoundPairId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its round.
    pub round_id: RoundId,
    /// The round's name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub round_name: Texts,
    /// Where it stands.
    pub state: RoundPairState,
    /// The city of the first side.
    pub first: CitySummary,
    /// The city of the second side.
    pub second: CitySummary,
    /// What the first city gets from the second: its contributions and the other's priority.
    pub gain_to_first: u32,
    /// What the second city gets from the first.
    pub gain_to_second: u32,
    /// The place among the first city's wishes, from 1; for the round's officers.
    pub wish_of_first: Option<u32>,
    /// The place among the second city's wishes, from 1; for the round's officers.
    pub wish_of_second: Option<u32>,
    /// What it is worth in all, wishes included; for the round's officers.
    pub total: Option<u32>,
    /// The side that has accepted while the other has not answered.
    pub accepted_by: Option<RoundSide>,
    /// Until when it can be answered, where that ends.
    #[serde(default, with = "crate::time::option")]
    pub answers_until: Option<DateTime<Utc>>,
    /// The partnership that came of it.
    pub partnership_id: Option<PartnershipId>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
    /// What you may do with it.
    pub allowed: Vec<RoundPairAction>,
}

crate::page!(
    /// A page of pairs.
    RoundPairPage of RoundPairView
);
