//! A decision that is taken back, by an administrator and with a reason, so that it is made again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Outcome, REASON_MAX};
use crate::ids::AccountId;
use crate::problem::{FieldError, reason_fault};

/// A decision to be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ReopeningDraft {
    /// Why; the cities of the file and its funder read it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub reason: String,
}

impl ReopeningDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        reason_fault(&self.reason, REASON_MAX).into_iter().collect()
    }
}

/// A decision that was taken back, with the one that it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReopeningView {
    /// When it was taken back.
    #[serde(with = "crate::time")]
    pub reopened_at: DateTime<Utc>,
    /// By whom; only the funder sees it.
    pub reopened_by: Option<AccountId>,
    /// Why.
    pub reason: String,
    /// Whether the call's results were public already.
    pub after_publication: bool,
    /// How the decision had ended.
    pub outcome: Outcome,
    /// What it had granted, in minor units; null for a rejection.
    pub granted_minor: Option<i64>,
    /// The reason that it had given.
    pub decision_reason: String,
    /// When it had been made.
    #[serde(with = "crate::time")]
    pub decided_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::FieldCode;

    #[test]
    fn taking_back_needs_a_reason() {
        let told = |reason: String| -> Vec<FieldCode> {
            let faults = ReopeningDraft { reason }.faults();
            faults.into_iter().map(|fault| fault.code).collect()
        };
        assert_eq!(told(" ".into()), [FieldCode::Required]);
        assert_eq!(told("é".repeat(REASON_MAX as usize)), []);
        assert_eq!(told("é".repeat(REASON_MAX as usize + 1)), [FieldCode::Length]);
    }
}
