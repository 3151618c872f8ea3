//! What partnerships learn: lessons that they propose, resting on what they did and achieved, and the list of at most ten
//! that a meeting makes of them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{ActivityId, LessonId, ListedLessonId, MeetingId, PartnershipId, ResultId};
use crate::language::{Language, Texts};
use crate::partnerships::PartyRef;
use crate::recommendations::RecommendationRef;
use crate::themes::Theme;

/// Longest text of a lesson, in characters.
pub const TEXT_MAX: u64 = 600;
/// Longest name of a meeting, in characters of each language.
pub const MEETING_NAME_MAX: u64 = 200;
/// Longest place of a meeting, in characters.
pub const PLACE_MAX: u64 = 200;
/// Longest source of a meeting's facts, in characters.
pub const SOURCE_MAX: u64 = 500;
/// Most results, and most activities, that a lesson rests on.
pub const RESTS_ON_MAX: u64 = 20;
/// Most proposed lessons that one of a meeting's list comes from.
pub const SOURCES_MAX: u64 = 30;
/// Most lessons on a meeting's list.
pub const LISTED_MAX: u64 = 10;

/// How many lessons a list can still take.
#[must_use]
pub const fn places_left(listed: usize) -> usize {
    (LISTED_MAX as usize).saturating_sub(listed)
}

/// Something that a lesson rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LessonGround {
    /// What the partnership achieved.
    Result {
        /// Which result.
        result_id: ResultId,
        /// Its title.
        title: String,
    },
    /// What it did.
    Activity {
        /// Which activity.
        activity_id: ActivityId,
        /// Its title.
        title: String,
    },
}

/// A meeting's lesson that comes from a proposed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedLessonRef {
    /// Which one.
    pub id: ListedLessonId,
    /// Whose list it is on.
    pub meeting_id: MeetingId,
    /// What it says, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
}

/// A proposed lesson that one of a meeting's list comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LessonRef {
    /// Which one.
    pub id: LessonId,
    /// The partnership that proposes it.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// What it says.
    pub text: String,
    /// The language that it is written in.
    pub language: Language,
}

/// A partnership that was renewed with a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RenewalRef {
    /// Which one.
    pub partnership_id: PartnershipId,
    /// Its name.
    pub partnership_name: String,
    /// When it was renewed.
    #[serde(with = "crate::time")]
    pub renewed_at: DateTime<Utc>,
}

/// What the caller may do with a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LessonAction {
    /// Change what it says.
    Update,
    /// Delete it (it can be restored for 30 days).
    Delete,
}

/// A lesson that a partnership proposes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LessonView {
    /// The lesson's id.
    pub id: LessonId,
    /// Grows by one with each change.
    pub version: i64,
    /// The partnership that proposes it.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// What it is about.
    pub theme: Theme,
    /// What was learned, in the writer's language.
    pub text: String,
    /// That language.
    pub language: Language,
    /// The results and activities that it rests on.
    pub rests_on: Vec<LessonGround>,
    /// The lessons on meetings' lists that come from it.
    pub listed_in: Vec<ListedLessonRef>,
    /// The partnerships that were renewed with it.
    pub used_by: Vec<RenewalRef>,
    /// What meetings recommend because of it, without drafts.
    pub recommendations: Vec<RecommendationRef>,
    /// What you may do with it.
    pub allowed: Vec<LessonAction>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of proposed lessons.
    LessonPage of LessonView
);

/// A lesson to be proposed: it rests on something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct LessonDraft {
    /// What it is about.
    pub theme: Theme,
    /// What was learned, in the writer's language.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = TEXT_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 600))]
    pub text: String,
    /// That language.
    pub language: Language,
    /// Results of the partnership that it rests on.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = RESTS_ON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub result_ids: Vec<ResultId>,
    /// Activities of the partnership that it rests on.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = RESTS_ON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub activity_ids: Vec<ActivityId>,
}

/// Changes to a proposed lesson: an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct LessonPatch {
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// What was learned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = TEXT_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 600))]
    pub text: Option<String>,
    /// The language that it is written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// All results that it rests on, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = RESTS_ON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub result_ids: Option<Vec<ResultId>>,
    /// All activities that it rests on, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = RESTS_ON_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub activity_ids: Option<Vec<ActivityId>>,
}

/// A meeting of several partnerships, without its list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeetingSummary {
    /// The meeting's id.
    pub id: MeetingId,
    /// Grows by one with each change, also of its list.
    pub version: i64,
    /// Its name, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// The city or the network that holds it.
    pub host: PartyRef,
    /// Where it is.
    pub place: String,
    /// Its first day.
    #[serde(with = "crate::time::day")]
    pub starts_on: NaiveDate,
    /// Its last day.
    #[serde(with = "crate::time::day")]
    pub ends_on: NaiveDate,
    /// Where the facts come from.
    pub source: Option<String>,
    /// How many lessons its list has.
    #[cfg_attr(feature = "openapi", schema(maximum = 10))]
    pub listed: u32,
    /// How many it can still take.
    #[cfg_attr(feature = "openapi", schema(maximum = 10))]
    pub places_left: u32,
}

crate::page!(
    /// A page of meetings.
    MeetingPage of MeetingSummary
);

/// What the caller may do with a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeetingAction {
    /// Put a lesson on its list, change or take out one, and order them.
    Consolidate,
    /// Change what is said of it.
    Update,
}

/// A meeting with its list of lessons, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeetingView {
    /// What stands in lists.
    #[serde(flatten)]
    pub summary: MeetingSummary,
    /// The lessons of its list, at most ten, the first one first.
    pub lessons: Vec<ListedLessonView>,
    /// What you may do with it.
    pub allowed: Vec<MeetingAction>,
}

/// A meeting to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct MeetingDraft {
    /// Its name, by language: at least one of `fr`, `en`, `uk`; each up to 200 characters.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// The city or the network that holds it.
    pub host: PartyRef,
    /// Where it is.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = PLACE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub place: String,
    /// Its first day.
    #[serde(with = "crate::time::day")]
    pub starts_on: NaiveDate,
    /// Its last day.
    #[serde(with = "crate::time::day")]
    pub ends_on: NaiveDate,
    /// Where the facts come from.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub source: Option<String>,
}

/// Changes to a meeting: an absent field stays as it is, null clears it. Who holds it stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct MeetingPatch {
    /// Its name, by language: at least one of `fr`, `en`, `uk`; each up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub name: Option<Texts>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = PLACE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub place: Option<String>,
    /// Its first day.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::time::day_option")]
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::time::day_option")]
    pub ends_on: Option<NaiveDate>,
    /// Where the facts come from; null clears it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::patch::nullable"
    )]
    #[cfg_attr(feature = "validate", validate(length(max = SOURCE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub source: Option<Option<String>>,
}

/// A lesson on a meeting's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedLessonView {
    /// The lesson's id.
    pub id: ListedLessonId,
    /// Grows by one with each change.
    pub version: i64,
    /// Whose list it is on.
    pub meeting_id: MeetingId,
    /// Its place on the list, from 1 to 10; null where it was taken out.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10))]
    pub place: Option<u32>,
    /// What it is about.
    pub theme: Theme,
    /// What it says, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
    /// The proposed lessons that it comes from.
    pub sources: Vec<LessonRef>,
    /// What its meeting recommends because of it, without drafts.
    pub recommendations: Vec<RecommendationRef>,
}

/// A lesson to be put on a meeting's list, at its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ListedLessonDraft {
    /// What it is about.
    pub theme: Theme,
    /// What it says, by language: at least one of `fr`, `en`, `uk`; each up to 600 characters.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub text: Texts,
    /// The proposed lessons that it comes from, at least one.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = SOURCES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 30))]
    pub lesson_ids: Vec<LessonId>,
}

/// Changes to a lesson of a meeting's list: an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ListedLessonPatch {
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// What it says, in place of all former texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, String>>))]
    pub text: Option<Texts>,
    /// All proposed lessons that it comes from, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = SOURCES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 30))]
    pub lesson_ids: Option<Vec<LessonId>>,
}

/// The order of a meeting's list: each of its lessons once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct LessonOrder {
    /// The lessons, the first one first.
    #[cfg_attr(feature = "validate", validate(length(max = LISTED_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub ids: Vec<ListedLessonId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_takes_ten() {
        assert_eq!(
            [places_left(0), places_left(7), places_left(10), places_left(11)],
            [10, 3, 0, 0]
        );
    }
}
