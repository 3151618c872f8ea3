//! Who else has a file open: told to its cities alone, and forgotten within a minute.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// For how long after its last sign a person counts as present, in seconds.
pub const PRESENT_SECONDS: i64 = 45;

/// A sign that one has a file open; to be given again every 15 seconds or so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct PresenceDraft {
    /// Where one is: `title`, `themes`, `parties`, `budget`, `documents`, or the key of a question; null for nowhere in particular.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = super::COMMENT_PLACE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80, example = "budget"))]
    pub place: Option<String>,
}

/// Somebody else who has the file open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Present {
    /// Name.
    pub name: String,
    /// The name of the city for which they are here.
    pub city_name: String,
    /// Where in the file, as they told it.
    pub place: Option<String>,
    /// The last sign of them.
    #[serde(with = "crate::time")]
    pub seen_at: DateTime<Utc>,
}

/// Who else has the file open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresenceView {
    /// The others, by name; at most 50.
    pub others: Vec<Present>,
    /// The file's version: where it is greater than the one that is shown, somebody has changed it.
    pub version: i64,
}
