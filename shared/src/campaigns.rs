//! Campaigns: the calls of a programme's year together, with the figures that are computed from their files.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{CallId, CampaignId, ProgrammeId};
use crate::language::Texts;
use crate::money::FULL_BP;
use crate::problem::{FieldCode, FieldError};
use crate::programmes::{CallState, TITLE_MAX, text_faults};

/// Most calls of a campaign.
pub const CALLS_MAX: usize = 100;
/// First and last year of a campaign.
pub const YEARS: (i32, i32) = (1990, 2100);
/// Longest source of a claim, in characters.
pub const SOURCE_MAX: u64 = 1_000;

/// What somebody says of a campaign, kept beside what is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CampaignClaim {
    /// Who says it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub author: String,
    /// The share of supported applications that is claimed, in basis points.
    #[cfg_attr(feature = "openapi", schema(maximum = 10000, example = 6000))]
    pub rate_bp: u32,
    /// Where it is said, and when.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub source: String,
}

/// A campaign to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct CampaignDraft {
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// Its year.
    #[cfg_attr(feature = "openapi", schema(minimum = 1990, maximum = 2100, example = 2025))]
    pub year: i32,
    /// Its name by language; at least one.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
    /// Its calls: of the programme, and in no other campaign.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub call_ids: Vec<CallId>,
    /// What somebody says of it.
    #[serde(default)]
    pub claim: Option<CampaignClaim>,
}

impl CampaignDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = text_faults("/name", &self.name, TITLE_MAX, true);
        if !(YEARS.0..=YEARS.1).contains(&self.year) {
            let fault = FieldError::new("/year", FieldCode::Range);
            faults.push(fault.with("min", YEARS.0).with("max", YEARS.1));
        }
        if !(1..=CALLS_MAX).contains(&self.call_ids.len()) {
            let fault = FieldError::new("/call_ids", FieldCode::Length);
            faults.push(fault.with("min", 1).with("max", CALLS_MAX));
        }
        for (index, call) in self.call_ids.iter().enumerate() {
            if self.call_ids[..index].contains(call) {
                faults.push(FieldError::new(format!("/call_ids/{index}"), FieldCode::Duplicate));
            }
        }
        let Some(claim) = &self.claim else { return faults };
        for (pointer, text, max) in [
            ("/claim/author", &claim.author, TITLE_MAX),
            ("/claim/source", &claim.source, SOURCE_MAX),
        ] {
            if text.trim().is_empty() {
                faults.push(FieldError::new(pointer, FieldCode::Required));
            } else if text.chars().count() as u64 > max {
                let fault = FieldError::new(pointer, FieldCode::Length);
                faults.push(fault.with("min", 1).with("max", max));
            }
        }
        if claim.rate_bp > FULL_BP {
            let fault = FieldError::new("/claim/rate_bp", FieldCode::Range);
            faults.push(fault.with("min", 0).with("max", FULL_BP));
        }
        faults
    }
}

/// A campaign in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignSummary {
    /// The campaign's id.
    pub id: CampaignId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// Its year.
    pub year: i32,
    /// Its name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub name: Texts,
}

crate::page!(
    /// Campaigns, the latest year first.
    CampaignPage of CampaignSummary
);

/// Counts and sums of applications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileFigures {
    /// Applications that were handed in.
    pub applications: u64,
    /// Those of them that were accepted.
    pub supported: u64,
    /// Supported of all, in basis points; null where there are none.
    pub rate_bp: Option<u32>,
    /// What all asked for, in minor units.
    pub asked_minor: i64,
    /// What was awarded, in minor units.
    pub awarded_minor: i64,
    /// What of it has been paid, in minor units.
    pub disbursed_minor: i64,
}

impl FileFigures {
    /// The figures with their rate.
    #[must_use]
    pub fn with_rate(mut self) -> Self {
        self.rate_bp = rate_bp(self.supported, self.applications);
        self
    }

    /// The figures of two sets of files together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            applications: self.applications + other.applications,
            supported: self.supported + other.supported,
            rate_bp: None,
            asked_minor: self.asked_minor.saturating_add(other.asked_minor),
            awarded_minor: self.awarded_minor.saturating_add(other.awarded_minor),
            disbursed_minor: self.disbursed_minor.saturating_add(other.disbursed_minor),
        }
        .with_rate()
    }
}

/// A part of a whole in basis points, rounded to the nearest.
#[must_use]
pub fn rate_bp(part: u64, whole: u64) -> Option<u32> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let rate = (part * u128::from(FULL_BP) + whole / 2).checked_div(whole)?;
    u32::try_from(rate).ok()
}

/// The figures of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallFigures {
    /// The call.
    pub call_id: CallId,
    /// Its title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub title: Texts,
    /// Where it stands.
    pub state: CallState,
    /// Its figures.
    #[serde(flatten)]
    pub figures: FileFigures,
}

/// The applications with an authority of a country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountryFigures {
    /// The country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Applications that were handed in.
    pub applications: u64,
    /// Those of them that were accepted.
    pub supported: u64,
}

/// A campaign with its figures, computed from the files when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignView {
    /// What stands in lists.
    #[serde(flatten)]
    pub summary: CampaignSummary,
    /// The currency of all sums, ISO 4217.
    pub currency: String,
    /// All calls together.
    pub total: FileFigures,
    /// Call by call, the most applications first.
    pub calls: Vec<CallFigures>,
    /// By country, that of the programme's own authorities left out; the most applications first. An application with two
    /// countries counts for both.
    pub countries: Vec<CountryFigures>,
    /// What somebody says of it.
    pub claim: Option<CampaignClaim>,
    /// Whether the claim is something else than what the files say, rounded to whole percents.
    pub claim_differs: bool,
    /// When the figures were computed.
    #[serde(with = "crate::time")]
    pub computed_at: DateTime<Utc>,
}

/// Whether a claimed rate differs from the computed one, both rounded to whole percents.
#[must_use]
pub fn differs(claimed_bp: u32, computed_bp: Option<u32>) -> bool {
    let percent = |bp: u32| (bp + 50) / 100;
    computed_bp.is_none_or(|computed| percent(computed) != percent(claimed_bp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_one_of_a_hundred_and_fifty_eight_is_not_sixty_percent() {
        let rate = rate_bp(91, 158);
        assert_eq!(rate, Some(5_759));
        assert!(differs(6_000, rate));
        assert!(!differs(5_800, rate) && !differs(5_760, rate));
        assert_eq!(rate_bp(0, 0), None);
        assert!(differs(6_000, None));
    }
}
