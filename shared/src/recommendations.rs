//! What meetings recommend: to whom, which lessons it comes from, and what became of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{LessonId, ListedLessonId, MeetingId, RecommendationId};
use crate::language::Texts;
use crate::lessons::LessonRef;

/// Longest text of a recommendation, in characters of each language.
pub const TEXT_MAX: u64 = 600;
/// Longest name of an addressee, in characters.
pub const ADDRESSEE_MAX: u64 = 200;
/// Longest reason or outcome of a step, in characters.
pub const REASON_MAX: u64 = 1_000;
/// Most lessons of a kind that a recommendation comes from.
pub const SOURCES_MAX: u64 = 30;

codes!(
    /// Who is to act.
    Addressee {
        /// Cities and their partnerships.
        Cities = "cities",
        /// Delegations of the European Union in the countries.
        Delegation = "delegation",
        /// Headquarters of the European Union.
        Headquarters = "headquarters",
        /// Ministries, funders, networks and all others.
        Others = "others",
    }
);

codes!(
    /// Where a recommendation stands.
    RecommendationState {
        /// Being written: only who holds the meeting sees it.
        Draft = "draft",
        /// The meeting has adopted it; what it says does not change any more.
        Adopted = "adopted",
        /// Its addressee has got it.
        Addressed = "addressed",
        /// The addressee does it.
        TakenUp = "taken_up",
        /// The addressee will not, with the reason.
        Declined = "declined",
    }
);

impl RecommendationState {
    /// The states that can follow.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Adopted],
            Self::Adopted => &[Self::Addressed],
            Self::Addressed => &[Self::TakenUp, Self::Declined],
            Self::TakenUp | Self::Declined => &[],
        }
    }

    /// Whether moving here needs a reason.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Declined)
    }
}

codes!(
    /// What the caller may do with a recommendation.
    RecommendationAction {
        /// Change what it says, while it is a draft.
        Update = "update",
        /// Move it to its next state.
        Advance = "advance",
        /// Delete it, while it is a draft (it can be restored for 30 days).
        Delete = "delete",
    }
);

/// A step of a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecommendationStep {
    /// The state that it came to.
    pub state: RecommendationState,
    /// When.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
    /// Why, or what came of it.
    pub reason: Option<String>,
}

/// A lesson that a recommendation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RecommendationSource {
    /// One that a partnership proposes.
    Proposed {
        /// The lesson.
        lesson: LessonRef,
    },
    /// One on the meeting's list.
    Listed {
        /// Which one.
        id: ListedLessonId,
        /// What it says, by language.
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
        text: Texts,
    },
}

/// A recommendation as a lesson names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecommendationRef {
    /// Which one.
    pub id: RecommendationId,
    /// Which meeting recommends it.
    pub meeting_id: MeetingId,
    /// What it says, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
    /// Where it stands.
    pub state: RecommendationState,
}

/// What a meeting recommends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecommendationView {
    /// The recommendation's id.
    pub id: RecommendationId,
    /// Grows by one with each change.
    pub version: i64,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The meeting's name, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub meeting_name: Texts,
    /// Who is to act.
    pub addressee: Addressee,
    /// Its name, where it has one.
    pub addressee_name: String,
    /// What it says, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
    /// Where it stands.
    pub state: RecommendationState,
    /// What became of it, the first step first.
    pub steps: Vec<RecommendationStep>,
    /// The lessons that it comes from.
    pub sources: Vec<RecommendationSource>,
    /// The states that can follow.
    pub next_states: Vec<RecommendationState>,
    /// What you may do with it.
    pub allowed: Vec<RecommendationAction>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of recommendations.
    RecommendationPage of RecommendationView
);

/// A recommendation to be: it comes from at least one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct RecommendationDraft {
    /// Who is to act.
    pub addressee: Addressee,
    /// Its name, where it has one.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = ADDRESSEE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub addressee_name: String,
    /// What it says, by language: at least one of `fr`, `en`, `uk`; each up to 600 characters.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
    /// Lessons that partnerships propose and that it comes from.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub lesson_ids: Vec<LessonId>,
    /// Lessons on the meeting's list that it comes from.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub listed_lesson_ids: Vec<ListedLessonId>,
}

/// Changes to a draft: an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct RecommendationPatch {
    /// Who is to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<Addressee>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = ADDRESSEE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub addressee_name: Option<String>,
    /// What it says, in place of all former texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub text: Option<Texts>,
    /// All proposed lessons that it comes from, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub lesson_ids: Option<Vec<LessonId>>,
    /// All lessons of the meeting's list that it comes from, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub listed_lesson_ids: Option<Vec<ListedLessonId>>,
}

/// A step to be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct RecommendationAdvance {
    /// The state to come to: one of `next_states`.
    pub to: RecommendationState,
    /// Why, or what came of it; a recommendation that is declined needs it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = REASON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_drawn_transitions_pass() {
        use RecommendationState as S;
        let drawn: Vec<(S, S)> = S::ALL
            .iter()
            .flat_map(|&from| from.next().iter().map(move |&to| (from, to)))
            .collect();
        let wanted = [
            (S::Draft, S::Adopted),
            (S::Adopted, S::Addressed),
            (S::Addressed, S::TakenUp),
            (S::Addressed, S::Declined),
        ];
        assert_eq!(drawn, wanted);
        assert!(S::ALL.iter().filter(|state| state.needs_reason()).eq([&S::Declined]));
    }
}
