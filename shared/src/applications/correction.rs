//! A correction: what a funder asks the parties of a file to mend, until the end of a day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::REASON_MAX;
use crate::ids::AccountId;
use crate::problem::{FieldError, reason_fault};

/// Days within which a correction is to be made, at most.
pub const CORRECTION_DAYS_MAX: i64 = 366;

/// A correction to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CorrectionDraft {
    /// What is to be corrected, and why; the cities of the file read it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub reason: String,
    /// The last day, in the call's time zone: the correction is taken until its last millisecond.
    pub until_on: NaiveDate,
}

impl CorrectionDraft {
    /// What is wrong with it, before its day is held against the clock.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        reason_fault(&self.reason, REASON_MAX).into_iter().collect()
    }
}

/// A correction that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectionView {
    /// When it was asked for.
    #[serde(with = "crate::time")]
    pub asked_at: DateTime<Utc>,
    /// By whom; only the funder sees it.
    pub asked_by: Option<AccountId>,
    /// What is to be corrected, and why.
    pub reason: String,
    /// The last millisecond at which it is taken.
    #[serde(with = "crate::time")]
    pub until: DateTime<Utc>,
    /// When it was handed in; null while it is not, and where it never was: then the file counts as it was before.
    #[serde(default, with = "crate::time::option")]
    pub handed_in_at: Option<DateTime<Utc>>,
}
