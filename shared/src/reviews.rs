//! Reviews: what the applications of a call are judged by, who judges them, and what the committee makes of it.
//!
//! [`total`] weighs a sheet, [`ranking`] puts files in order, [`envelope`] says what the money affords: pure functions in
//! whole numbers, which the server and the browser run alike.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::applications::{ApplicationState, Outcome};
use crate::budget::Budget;
use crate::cities::codes;
use crate::forms::FormSection;
use crate::ids::{AccountId, ApplicationId, CallId, ReviewId};
use crate::language::Texts;
use crate::programmes::{CallState, Question};
use crate::themes::Theme;

pub mod envelope;
mod faults;
pub mod ranking;
pub mod total;

pub use envelope::Affordability;
pub use total::{Tally, tally};

/// Most criteria of a call.
pub const CRITERIA_MAX: usize = 12;
/// Heaviest weight of a criterion.
pub const WEIGHT_MAX: u32 = 1_000;
/// Highest step that a scale may have.
pub const SCALE_MAX: u32 = 100;
/// Most reviewers of one file.
pub const REVIEWERS_MAX: u32 = 10;
/// Longest comment on a criterion, in characters.
pub const COMMENT_MAX: u64 = 4_000;
/// Longest opinion on a file, in characters.
pub const OPINION_MAX: u64 = 8_000;
/// Most files that are decided, or given to reviewers, at once.
pub const BULK_MAX: usize = 500;

/// What a file is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReviewCriterion {
    /// The key of its score.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40, example = "relevance"))]
    pub key: String,
    /// What it asks, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub label: Texts,
    /// How much it counts, beside the others.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000))]
    pub weight: u32,
    /// The lowest score.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 99))]
    pub scale_min: u32,
    /// The highest score.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100))]
    pub scale_max: u32,
}

/// How the files of a call are judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ReviewPlan {
    /// The criteria.
    #[cfg_attr(feature = "openapi", schema(max_items = 12))]
    pub criteria: Vec<ReviewCriterion>,
    /// Whether reviewers are not told whose file it is.
    pub blind: bool,
    /// How many reviewers a file gets, where they are given automatically.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10))]
    pub reviewers_per_file: u32,
}

/// How the files of a call are judged, with the version of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewPlanView {
    /// The call.
    pub call_id: CallId,
    /// The version of the call, for `If-Match`.
    pub version: i64,
    /// What is judged, and how.
    pub plan: ReviewPlan,
    /// Whether you may change it now.
    pub can_update: bool,
}

codes!(
    /// Where a review stands.
    ReviewState {
        /// Given to its reviewer, nothing written yet.
        Assigned = "assigned",
        /// Being written.
        Begun = "begun",
        /// Filed: it counts, and is not changed any more.
        Filed = "filed",
        /// Its reviewer has declared a conflict of interest.
        Conflict = "conflict",
    }
);

impl ReviewState {
    /// The state after `action`; none where the state does not allow it.
    #[must_use]
    pub const fn after(self, action: ReviewAction) -> Option<Self> {
        match (self, action) {
            (Self::Assigned | Self::Begun, ReviewAction::Save) => Some(Self::Begun),
            (Self::Assigned | Self::Begun, ReviewAction::File) => Some(Self::Filed),
            (Self::Assigned | Self::Begun, ReviewAction::DeclareConflict) => Some(Self::Conflict),
            (Self::Assigned | Self::Begun, ReviewAction::Delete) => Some(self),
            _ => None,
        }
    }
}

codes!(
    /// What can be done with a review.
    ReviewAction {
        /// Write its sheet.
        Save = "save",
        /// File it.
        File = "file",
        /// Say that one is not free to judge.
        DeclareConflict = "declare_conflict",
        /// Take the file from its reviewer.
        Delete = "delete",
    }
);

codes!(
    /// Why somebody may not judge a file.
    ConflictReason {
        /// The reviewer works for a city of the file.
        OwnCity = "own_city",
        /// The reviewer coordinates the network of a city of the file.
        OwnNetwork = "own_network",
        /// The reviewer has declared it.
        Declared = "declared",
    }
);

/// A score with its comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CriterionScore {
    /// The score, on the scale of its criterion; null while there is none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub value: Option<u32>,
    /// Why.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 4000))]
    pub comment: String,
}

/// What a reviewer makes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ScoreSheet {
    /// Scores by the key of their criterion.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, CriterionScore>))]
    pub scores: BTreeMap<String, CriterionScore>,
    /// What the reviewer thinks of the whole.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 8000))]
    pub opinion: String,
}

/// Why the reviewer is not free to judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ConflictDraft {
    /// Why; only the programme's officers read it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub reason: String,
}

/// A filed sheet, as others read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FiledSheet {
    /// The review.
    pub id: ReviewId,
    /// Who has filed it.
    pub reviewer_name: String,
    /// What it says.
    pub sheet: ScoreSheet,
    /// What it adds up to, in hundredths of a point of 100.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10000))]
    pub total: u32,
    /// When it was filed.
    #[serde(with = "crate::time")]
    pub filed_at: DateTime<Utc>,
}

/// A review in its reviewer's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewSummary {
    /// The review's id.
    pub id: ReviewId,
    /// Grows by one with each change.
    pub version: i64,
    /// Where it stands.
    pub state: ReviewState,
    /// The file.
    pub application_id: ApplicationId,
    /// The project's title; of a blind call without the names of its cities.
    pub title: String,
    /// Where the file stands.
    pub application_state: ApplicationState,
    /// The call.
    pub call_id: CallId,
    /// The call's title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub call_title: Texts,
    /// Whether the reviewer is not told whose file it is.
    pub blind: bool,
    /// The cities, the lead first; empty where the call is blind.
    pub city_names: Vec<String>,
    /// Countries of all cities.
    pub countries: Vec<String>,
    /// The grant asked for, in minor units.
    pub grant_asked_minor: i64,
    /// The currency, ISO 4217.
    pub currency: String,
    /// Criteria that have a score.
    pub scored: u32,
    /// Criteria of the call.
    pub criteria: u32,
    /// What the scores add up to so far, in hundredths of a point of 100; null while there are none.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10000))]
    pub total: Option<u32>,
    /// When it was filed.
    #[serde(default, with = "crate::time::option")]
    pub filed_at: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of reviews: those that are still to be done first.
    ReviewPage of ReviewSummary
);

/// A review with the file that it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewView {
    /// What stands in lists.
    #[serde(flatten)]
    pub summary: ReviewSummary,
    /// Who judges.
    pub reviewer_id: AccountId,
    /// The reviewer's name.
    pub reviewer_name: String,
    /// What is judged, and how much it counts.
    pub plan: ReviewPlan,
    /// The parts that the call's questions are in, in their order.
    #[serde(default)]
    pub form_sections: Vec<FormSection>,
    /// The call's questions.
    pub questions: Vec<Question>,
    /// Answers by the key of their question; of a blind call without the names of its cities.
    pub answers: BTreeMap<String, String>,
    /// Themes.
    pub themes: Vec<Theme>,
    /// Costs, contributions and the grant asked for; of a blind call without who pays.
    pub budget: Budget,
    /// What the reviewer has written.
    pub sheet: ScoreSheet,
    /// Sheets of others on the same file, once this one is filed.
    pub others: Vec<FiledSheet>,
    /// Why the reviewer is not free to judge, where that was declared.
    pub conflict: Option<String>,
    /// What you may do now.
    pub allowed: Vec<ReviewAction>,
}

/// A file to be given to a reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignmentDraft {
    /// The file.
    pub application_id: ApplicationId,
    /// The reviewer.
    pub reviewer_id: AccountId,
}

/// Files to be given to reviewers: all of them, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct AssignmentsDraft {
    /// Who gets what.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub items: Vec<AssignmentDraft>,
}

/// How files are given to reviewers automatically.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct BalanceDraft {
    /// How many reviewers each file has afterwards; as the plan says where it is absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10))]
    pub reviewers_per_file: Option<u32>,
}

/// A file that has fewer reviewers than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shortage {
    /// The file.
    pub application_id: ApplicationId,
    /// How many reviewers it lacks: all others have a conflict of interest.
    pub missing: u32,
}

/// What was given to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentReport {
    /// What was given now.
    pub items: Vec<AssignmentDraft>,
    /// Files that lack reviewers.
    pub short: Vec<Shortage>,
}

/// A reviewer of the call's programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewerView {
    /// The account.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// Files of this call that the reviewer has to judge or has judged.
    pub assigned: u32,
    /// Sheets that are filed.
    pub filed: u32,
    /// Files that the reviewer has declared a conflict for.
    pub conflicts: u32,
}

/// The reviewers of a call's programme, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewerList {
    /// The reviewers.
    pub items: Vec<ReviewerView>,
}

/// A reviewer of a file, on the committee's sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommitteeReview {
    /// The review.
    pub id: ReviewId,
    /// Its version.
    pub version: i64,
    /// The reviewer.
    pub reviewer_id: AccountId,
    /// The reviewer's name.
    pub reviewer_name: String,
    /// Where it stands.
    pub state: ReviewState,
    /// What it adds up to, in hundredths of a point of 100; null until it is filed.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10000))]
    pub total: Option<u32>,
    /// Why the reviewer is not free to judge, where that was declared.
    pub conflict: Option<String>,
}

/// A file on the committee's sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommitteeRow {
    /// The file.
    pub application_id: ApplicationId,
    /// Its version, for a decision.
    pub version: i64,
    /// Where it stands.
    pub state: ApplicationState,
    /// The project's title.
    pub title: String,
    /// The lead's name.
    pub lead_name: String,
    /// Names of the other cities.
    pub partner_names: Vec<String>,
    /// Countries of all cities.
    pub countries: Vec<String>,
    /// Themes.
    pub themes: Vec<Theme>,
    /// All costs, in minor units.
    pub cost_minor: i64,
    /// The grant asked for, in minor units.
    pub grant_asked_minor: i64,
    /// What was granted, in minor units; null where nothing was.
    pub granted_minor: Option<i64>,
    /// What a city in a priority region adds to its mean for its place, in points of 100; 0 where there is none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub priority_points: u32,
    /// Place by the mean of its filed sheets with its priority, ties sharing one; null without a sheet.
    pub rank: Option<u32>,
    /// Whether another file has the same place.
    pub tied: bool,
    /// The mean of its filed sheets, in hundredths of a point of 100.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10000))]
    pub mean: Option<u32>,
    /// How far its sheets lie apart: the highest less the lowest.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10000))]
    pub spread: Option<u32>,
    /// Sheets that are filed.
    pub filed: u32,
    /// Its reviews.
    pub reviews: Vec<CommitteeReview>,
    /// What is spent where all undecided files down to this one are accepted with what they ask for.
    pub cumulated_minor: i64,
    /// What the envelope says of it.
    pub affordability: Affordability,
    /// When it was handed in.
    #[serde(default, with = "crate::time::option")]
    pub submitted_at: Option<DateTime<Utc>>,
}

/// The committee's sheet of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommitteePage {
    /// The files of this page, in the order asked for.
    pub items: Vec<CommitteeRow>,
    /// The cursor of the next page; null on the last one.
    pub next: Option<String>,
    /// How many files there are on all pages; only where it was asked for with `count=true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Where the call stands.
    pub call_state: CallState,
    /// Whether the deadline, with its grace, is not over yet: until then nothing of the files is told.
    pub sealed: bool,
    /// Files that were handed in.
    pub handed_in: u32,
    /// Files that are not decided yet.
    pub undecided: u32,
    /// Files that were accepted.
    pub accepted: u32,
    /// Files that are on the waiting list.
    #[serde(default)]
    pub waitlisted: u32,
    /// The envelope in minor units; null where there is none.
    pub envelope_minor: Option<i64>,
    /// What was granted already, in minor units.
    pub committed_minor: i64,
    /// What undecided files within the envelope ask for, in minor units.
    pub affordable_minor: i64,
    /// What all undecided files ask for, in minor units.
    pub asked_minor: i64,
    /// The currency, ISO 4217.
    pub currency: String,
    /// Whether you may decide.
    pub can_decide: bool,
}

/// The decision on one file of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkDecision {
    /// The file.
    pub application_id: ApplicationId,
    /// The version that you know.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub version: i64,
    /// Accepted, on the waiting list, or rejected.
    pub outcome: Outcome,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub reason: String,
    /// What is granted, in minor units; the sum asked for where it is absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100_000_000_000_000_i64))]
    pub granted_minor: Option<i64>,
}

/// Decisions that are made together: all of them, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct BulkDecisionDraft {
    /// The decisions.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub items: Vec<BulkDecision>,
}

/// A file that is put on the shortlist, or taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShortlistedFile {
    /// The file.
    pub application_id: ApplicationId,
    /// The version that you know.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub version: i64,
}

/// Files that are put on the shortlist together, or taken off: all of them, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ShortlistDraft {
    /// The files.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub items: Vec<ShortlistedFile>,
    /// Whether they are put on it.
    pub shortlisted: bool,
}

/// A file that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecidedFile {
    /// The file.
    pub application_id: ApplicationId,
    /// Its version now.
    pub version: i64,
    /// Where it stands now.
    pub state: ApplicationState,
    /// What was granted, in minor units; null for a rejection.
    pub granted_minor: Option<i64>,
}

/// What was decided together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionReport {
    /// The files.
    pub items: Vec<DecidedFile>,
    /// What the call has granted now, in minor units.
    pub committed_minor: i64,
    /// The envelope in minor units; null where there is none.
    pub envelope_minor: Option<i64>,
}

#[cfg(test)]
mod tests;
