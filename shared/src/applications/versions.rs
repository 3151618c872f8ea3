//! What a file said before: who changed what, and the way back. Seen by the cities of the file alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::ids::CityId;
use crate::partnerships::PartyRole;
use crate::themes::Theme;

/// Most earlier versions of a file that are kept.
pub const VERSIONS_MAX: u64 = 200;
/// Most parts that are restored at once.
pub const RESTORED_PLACES_MAX: u64 = 200;

/// A version of a file among others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileVersionSummary {
    /// The version of the file that says so; the largest is what it says now.
    pub version: i64,
    /// When it was last saved.
    #[serde(with = "crate::time")]
    pub saved_at: DateTime<Utc>,
    /// Who wrote it; null where the account is no more, was a program, or where the file is older than its history.
    pub author_name: Option<String>,
    /// What changed: `title`, `themes`, `parties`, `budget`, `documents`, or keys of questions; none in the first.
    pub changed: Vec<String>,
}

crate::page!(
    /// A page of versions.
    FileVersionPage of FileVersionSummary
);

/// A city of the file at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileVersionParty {
    /// The city.
    pub city_id: CityId,
    /// Its name today.
    pub city_name: String,
    /// Lead, partner or associated.
    pub role: PartyRole,
}

/// What a file said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileVersionView {
    /// When, and by whom.
    #[serde(flatten)]
    pub summary: FileVersionSummary,
    /// The project's title.
    pub title: String,
    /// Themes.
    pub themes: Vec<Theme>,
    /// Answers by the key of their question.
    pub answers: BTreeMap<String, String>,
    /// The budget.
    pub budget: Budget,
    /// The cities.
    pub parties: Vec<FileVersionParty>,
    /// The names of the documents.
    pub documents: Vec<String>,
}

/// What is to be as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct VersionRestoreDraft {
    /// Only these parts: `title`, `themes`, `budget`, or keys of questions; absent for all of them. Cities and documents stay
    /// as they are.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = RESTORED_PLACES_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200, nullable = false))]
    pub places: Option<Vec<String>>,
}
