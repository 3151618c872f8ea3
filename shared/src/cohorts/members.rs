//! The cities of a cohort.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CohortWay, LetterAction, LetterView};
use crate::cities::codes;
use crate::cities::kin::CityRef;
use crate::geo::Point;
use crate::ids::{CityId, CohortId, CohortMemberId};
use crate::language::Texts;
use crate::patch::nullable;

codes!(
    /// What you may do with a city's place in a cohort.
    CohortMemberAction {
        /// Change way, levels, partner or referent, until the letter is signed.
        Update = "update",
        /// Leave, until the letter is signed (it can be restored for 30 days): by the city.
        Leave = "leave",
        /// Take the city out, with the reason, until the letter is signed: by who leads the cohort.
        Remove = "remove",
    }
);

/// Who answers for a city in a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Referent {
    /// The person's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// What the person does there.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub function: String,
    /// E-mail address.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub email: String,
}

/// A city's place in a cohort, with its letter. Anybody sees those that have signed; the others are seen by the city's staff
/// and by who leads the cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CohortMemberView {
    /// The place's id.
    pub id: CohortMemberId,
    /// Grows by one with each change, and with each step of the letter.
    pub version: i64,
    /// The cohort.
    pub cohort_id: CohortId,
    /// The cohort's name, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub cohort_name: Texts,
    /// The city.
    pub city: CityRef,
    /// Its country, ISO 3166-1 alpha-2; empty for a moment where it has just been added.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "UA"))]
    pub country: String,
    /// Where it is, where known.
    #[serde(default)]
    pub location: Option<Point>,
    /// The way in which it comes in.
    pub way: CohortWay,
    /// The keys of the levels at which it engages itself.
    pub levels: Vec<String>,
    /// Its partner; none where it has none (yet).
    pub partner: Option<CityRef>,
    /// Who answers for it: told to the city and to who leads the cohort only.
    pub referent: Option<Referent>,
    /// Its letter.
    pub letter: LetterView,
    /// What you may do with it.
    pub allowed: Vec<CohortMemberAction>,
    /// What you may do with its letter.
    pub letter_actions: Vec<LetterAction>,
    /// Whether it has left, or was taken out: only in the answer to that.
    pub has_left: bool,
    /// When it joined.
    #[serde(with = "crate::time")]
    pub joined_at: DateTime<Utc>,
    /// When it or its letter last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of cities of a cohort: those whose letter waits come first.
    CohortMemberPage of CohortMemberView
);

/// A city that joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CohortMemberDraft {
    /// The city.
    pub city_id: CityId,
    /// The way in which it comes in.
    pub way: CohortWay,
    /// The keys of the levels at which it engages itself; at least one.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12, example = json!(["network"])))]
    pub levels: Vec<String>,
    /// Its partner; absent or null where it has none (yet).
    #[serde(default)]
    pub partner_id: Option<CityId>,
    /// Who answers for it.
    pub referent: Referent,
}

/// Changes to a city's place: an absent field stays as it is. A letter that was sent is drafted again where what it says
/// changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CohortMemberPatch {
    /// The way in which it comes in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<CohortWay>,
    /// All levels, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 12))]
    pub levels: Option<Vec<String>>,
    /// Its partner; null for none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<CityId>))]
    pub partner_id: Option<Option<CityId>>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referent: Option<Referent>,
}
