//! Likely doubles: two cities, or two partnerships, that may be one. The system proposes with what speaks for and against it;
//! a person merges or rejects, and can undo either.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::cities::codes;
use crate::ids::DoubleId;
use crate::jobs::JobView;
use crate::language::Texts;

/// Longest note of a decision, in characters.
pub const NOTE_MAX: u64 = 500;
/// The least score that is proposed, in percent.
pub const SCORE_MIN: u8 = 30;

codes!(
    /// Of what there may be two.
    DoubleSubject {
        /// Cities.
        City = "city",
        /// Partnerships.
        Partnership = "partnership",
    }
);

codes!(
    /// Where a proposal stands.
    DoubleState {
        /// It waits for a person.
        Proposed = "proposed",
        /// One went into the other.
        Merged = "merged",
        /// They are two; it is not proposed again.
        Rejected = "rejected",
    }
);

codes!(
    /// What can be done about it.
    DoubleAction {
        /// Keep one and let the other go into it.
        Merge = "merge",
        /// Say that they are two.
        Reject = "reject",
        /// Take the decision back.
        Undo = "undo",
    }
);

impl DoubleState {
    /// What can be done in this state.
    #[must_use]
    pub const fn actions(self) -> &'static [DoubleAction] {
        match self {
            Self::Proposed => &[DoubleAction::Merge, DoubleAction::Reject],
            Self::Merged | Self::Rejected => &[DoubleAction::Undo],
        }
    }
}

codes!(
    /// Why one took the place of another.
    SuccessionReason {
        /// It stood twice.
        Double = "double",
        /// The authorities were merged.
        Merger = "merger",
        /// It was renamed.
        Renaming = "renaming",
    }
);

codes!(
    /// What speaks for or against two being one.
    DoubleHintKind {
        /// One name, whatever accents, capitals and punctuation.
        NameSame = "name_same",
        /// One name in two spellings or transliterations.
        NameSpelling = "name_spelling",
        /// One name, with what it lies in beside it.
        NameWithin = "name_within",
        /// One name, of a town and of its community.
        NameCommunity = "name_community",
        /// Names a slip of the pen apart; `value` is the share of letters that agree, in percent.
        NameSimilar = "name_similar",
        /// One is the longer form of the other.
        NameLonger = "name_longer",
        /// Another name of one is the name of the other; `value` is that name.
        NameOther = "name_other",
        /// Other names.
        NameDifferent = "name_different",
        /// How far apart; `value` is in kilometres.
        Distance = "distance",
        /// It is not known where one of them is.
        PlaceUnknown = "place_unknown",
        /// As many inhabitants; `value` is their number.
        PopulationSame = "population_same",
        /// About as many inhabitants.
        PopulationNear = "population_near",
        /// Other numbers of inhabitants; `value` is how many times as many.
        PopulationDiffers = "population_differs",
        /// Partners of both; `value` is their number.
        PartnersShared = "partners_shared",
        /// They are partners of each other.
        PartnersOfEachOther = "partners_of_each_other",
        /// Other codes in one official list; `value` is the list.
        CodesDiffer = "codes_differ",
        /// One lies in the other.
        Parent = "parent",
        /// The same authorities take part.
        PartiesSame = "parties_same",
        /// The same kind of bond.
        KindSame = "kind_same",
        /// A twinning and a friendship.
        KindNear = "kind_near",
        /// They began on the same day.
        StartSame = "start_same",
        /// A person proposed it.
        ByHand = "by_hand",
    }
);

/// One thing that speaks for or against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoubleHint {
    /// What.
    pub kind: DoubleHintKind,
    /// Whether it speaks for it.
    pub speaks_for: bool,
    /// Its figure or name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// One of the two, with what tells it from the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoubleSide {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its name for readers of `fr`, `en`, `uk`, where it differs.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub labels: Texts,
    /// What kind of authority, or of bond, it is.
    #[cfg_attr(feature = "openapi", schema(example = "municipality"))]
    pub kind: String,
    /// Country of an authority, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Inhabitants, where known.
    pub population: Option<i64>,
    /// Other names of an authority, at most ten.
    pub names: Vec<String>,
    /// Codes of an authority in official lists, such as `fr:insee:38185`.
    pub codes: Vec<String>,
    /// Partnerships of an authority, or authorities of a partnership.
    pub bonds: u32,
    /// Whether it has gone into the other one.
    pub gone: bool,
}

/// Two that are likely one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoubleView {
    /// The proposal's id.
    pub id: DoubleId,
    /// Grows by one with each change.
    pub version: i64,
    /// Of what there may be two.
    pub subject: DoubleSubject,
    /// How likely it is, in percent.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100, example = 98))]
    pub score: u8,
    /// What speaks for it, and what against.
    pub hints: Vec<DoubleHint>,
    /// One of the two: the one that would usually be kept.
    pub a: DoubleSide,
    /// The other.
    pub b: DoubleSide,
    /// Where it stands.
    pub state: DoubleState,
    /// Which one was kept.
    pub kept: Option<Uuid>,
    /// Why it was merged.
    pub reason: Option<SuccessionReason>,
    /// What was said with the decision, or with the proposal.
    pub note: String,
    /// When it was decided.
    #[serde(default, with = "crate::time::option")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What you may do with it.
    pub allowed: Vec<DoubleAction>,
}

crate::page!(
    /// A page of likely doubles, the most likely first.
    DoublePage of DoubleView
);

/// Two that a person takes for one: two communes that merged, or what the system did not see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct DoubleDraft {
    /// Of what there are two.
    pub subject: DoubleSubject,
    /// One of them.
    pub a: Uuid,
    /// The other.
    pub b: Uuid,
    /// Why.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = NOTE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: String,
}

/// Which one is kept, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct DoubleMerge {
    /// The one that is kept.
    pub keep: Uuid,
    /// Why the other one goes into it.
    pub reason: SuccessionReason,
    /// More about it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = NOTE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: String,
}

/// Why they are two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct DoubleRejection {
    /// More about it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = NOTE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: String,
}

/// What a search for doubles found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoubleSearchReport {
    /// Cities that were compared.
    pub cities: u64,
    /// Proposals that wait for a person now.
    pub proposed: u64,
    /// Those of them that are new.
    pub added: u64,
    /// Proposals that no longer hold and were taken back.
    pub withdrawn: u64,
}

/// The search that somebody asked for last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoubleSearchView {
    /// Where it stands, how far it is, and what it found; none as long as nobody has asked for one.
    pub last: Option<JobView>,
}

/// What is there no more, and what took its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuccessionView {
    /// What is there no more.
    pub from_id: Uuid,
    /// What took its place.
    pub to_id: Uuid,
    /// The name that it had.
    pub name: String,
    /// Why.
    pub reason: SuccessionReason,
    /// More about it.
    pub note: String,
    /// When it was entered.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
}

/// What something took the place of, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuccessionList {
    /// The former ones.
    pub items: Vec<SuccessionView>,
}
