//! What a partnership achieves: results by theme, each with its evidence: an indicator that is measured over time, or a
//! document.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{PartnershipId, ResultId};
use crate::themes::Theme;

/// Longest title, in characters.
pub const TITLE_MAX: u64 = 200;
/// Longest description, in characters.
pub const ABOUT_MAX: u64 = 2_000;
/// Longest unit, in characters.
pub const UNIT_MAX: u64 = 40;
/// Longest name of who measured or wrote, in characters.
pub const AUTHOR_MAX: u64 = 200;
/// Longest address of a document, in characters.
pub const URL_MAX: u64 = 500;
/// Most measures of an indicator.
pub const MEASURES_MAX: usize = 200;
/// Largest value of an indicator, to either side.
pub const VALUE_MAX: f64 = 1e12;
/// Most Sustainable Development Goals of a result.
pub const SDGS_MAX: u64 = 17;

/// A value on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The day.
    #[serde(with = "crate::time::day")]
    pub measured_on: NaiveDate,
    /// The value, in the indicator's unit.
    #[cfg_attr(feature = "openapi", schema(minimum = -1e12, maximum = 1e12, example = 412.5))]
    #[cfg_attr(feature = "validate", validate(range(min = -VALUE_MAX, max = VALUE_MAX)))]
    pub value: f64,
    /// Who measured: a service or an organisation.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = AUTHOR_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub author: String,
}

/// What shows that a result is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Evidence {
    /// A value that is measured over time.
    Indicator {
        /// In what it is counted.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40, example = "m³"))]
        unit: String,
        /// Where it began.
        #[cfg_attr(feature = "openapi", schema(minimum = -1e12, maximum = 1e12))]
        baseline: f64,
        /// Where it is to go.
        #[cfg_attr(feature = "openapi", schema(minimum = -1e12, maximum = 1e12))]
        target: f64,
    },
    /// Something that can be read.
    Document {
        /// Its title.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
        title: String,
        /// Where it is read: an `https` address.
        #[cfg_attr(
            feature = "openapi",
            schema(max_length = 500, example = "https://example.org/guide.pdf")
        )]
        url: String,
        /// Its date.
        #[serde(with = "crate::time::day")]
        dated_on: NaiveDate,
        /// Who wrote it.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
        author: String,
    },
}

/// How far an indicator has come from its baseline to its target, as a share: 0 at the baseline, 1 at the target.
#[must_use]
pub fn progress(baseline: f64, target: f64, actual: f64) -> Option<f64> {
    let way = target - baseline;
    (way != 0.0).then(|| (actual - baseline) / way)
}

/// What the caller may do with a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResultAction {
    /// Change what it says.
    Update,
    /// Add or correct a measure.
    Measure,
    /// Delete it.
    Delete,
}

/// A result of a partnership.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultView {
    /// The result's id.
    pub id: ResultId,
    /// Grows by one with each change.
    pub version: i64,
    /// The partnership that achieves it.
    pub partnership_id: PartnershipId,
    /// What it is about.
    pub theme: Theme,
    /// What is achieved.
    pub title: String,
    /// More about it.
    pub about: String,
    /// Sustainable Development Goals, 1 to 17.
    pub sdgs: Vec<u8>,
    /// What shows it.
    pub evidence: Evidence,
    /// What was measured, the earliest first; empty for a document.
    pub measures: Vec<Measure>,
    /// The latest measure's value.
    pub actual: Option<f64>,
    /// What you may do with it.
    pub allowed: Vec<ResultAction>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

crate::page!(
    /// A page of results.
    ResultPage of ResultView
);

/// A result to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ResultDraft {
    /// What it is about.
    pub theme: Theme,
    /// What is achieved.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = TITLE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// More about it.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = ABOUT_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub about: String,
    /// Sustainable Development Goals, 1 to 17; those of the theme where none are told.
    #[serde(default)]
    #[cfg_attr(feature = "validate", validate(length(max = SDGS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 17))]
    pub sdgs: Vec<u8>,
    /// What shows it.
    pub evidence: Evidence,
}

/// Changes to a result: an absent field stays as it is. An indicator stays an indicator, a document a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ResultPatch {
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// What is achieved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = TITLE_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: Option<String>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = ABOUT_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub about: Option<String>,
    /// All goals, in place of the former ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = SDGS_MAX)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 17))]
    pub sdgs: Option<Vec<u8>>,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_goes_either_way_and_no_way_has_none() {
        assert_eq!(progress(10.0, 20.0, 15.0), Some(0.5));
        // Less waste is more progress.
        assert_eq!(progress(100.0, 60.0, 70.0), Some(0.75));
        assert_eq!(progress(5.0, 5.0, 5.0), None);
    }
}
