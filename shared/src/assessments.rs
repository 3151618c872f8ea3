//! Self-assessment of a partnership on the ten G20 Rome High-Level Principles on city-to-city partnerships for localising
//! the Sustainable Development Goals, each scored from 1 to 5 with evidence, as the OECD tried it with 27 partnerships.
//!
//! Each authority judges for itself, once a year. A draft is its own; what is filed is read by those who have filed theirs,
//! and by anybody once every side has: whoever comes late cannot copy. What others can read does not change any more.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{AssessmentId, CityId, PartnershipId};
use crate::language::Texts;
use crate::problem::{FieldCode, FieldError};

/// The lowest score: nothing of it is there.
pub const SCORE_MIN: u8 = 1;
/// The highest score: it is there, and works.
pub const SCORE_MAX: u8 = 5;
/// The difference between two sides from which it is told.
pub const GAP_TOLD: u8 = 2;
/// Longest evidence of a score, in characters.
pub const EVIDENCE_MAX: u64 = 1_000;
/// The first year that can be judged: that of the 2030 Agenda.
pub const YEAR_MIN: i32 = 2015;
/// How many principles there are.
pub const PRINCIPLES: u64 = 10;

codes!(
    /// A G20 Rome High-Level Principle, in the principles' order.
    Principle {
        /// City-to-city partnerships serve a territorial approach.
        TerritorialApproach = "territorial_approach",
        /// Levels of government work together.
        MultiLevelGovernance = "multi_level_governance",
        /// Town and country are linked.
        RuralUrbanConnectivity = "rural_urban_connectivity",
        /// Money is found, and spent well and fairly.
        Financing = "financing",
        /// Data and indicators show where things stand.
        DataAndIndicators = "data_and_indicators",
        /// Digital means serve the partnership.
        Digitalisation = "digitalisation",
        /// Both sides learn from each other.
        PeerToPeerLearning = "peer_to_peer_learning",
        /// People and administrations grow in what they can do.
        CapacityDevelopment = "capacity_development",
        /// What is done is followed and judged.
        MonitoringAndEvaluation = "monitoring_and_evaluation",
        /// Inhabitants, associations and firms take part.
        StakeholderEngagement = "stakeholder_engagement",
    }
);

codes!(
    /// Where an assessment stands.
    AssessmentState {
        /// Being written: only its own side sees it.
        Draft = "draft",
        /// Filed: read by the sides that have filed theirs.
        Filed = "filed",
        /// Every side has filed: anybody reads it.
        Shared = "shared",
    }
);

codes!(
    /// What the caller may do with an assessment.
    AssessmentAction {
        /// Write the scores.
        Save = "save",
        /// File it.
        File = "file",
        /// Take it back to write on, as long as nobody else can read it.
        TakeBack = "take_back",
    }
);

impl AssessmentState {
    /// The state after `action`; none where the state does not allow it. `is_read` says whether another side can read it,
    /// because that has filed its own.
    #[must_use]
    pub const fn after(self, action: AssessmentAction, is_read: bool) -> Option<Self> {
        match (self, action) {
            (Self::Draft, AssessmentAction::Save) => Some(Self::Draft),
            (Self::Draft, AssessmentAction::File) => Some(Self::Filed),
            (Self::Filed, AssessmentAction::TakeBack) if !is_read => Some(Self::Draft),
            _ => None,
        }
    }

    /// Whether its side has handed it in.
    #[must_use]
    pub const fn is_filed(self) -> bool {
        matches!(self, Self::Filed | Self::Shared)
    }
}

/// A score with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PrincipleScore {
    /// The principle.
    pub principle: Principle,
    /// From 1 (nothing of it is there) to 5 (it is there, and works); null as long as it is not judged.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 5))]
    pub value: Option<u8>,
    /// What shows it, in the writer's words.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub evidence: String,
}

/// The scores of one side; it need not be complete until it is filed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct AssessmentSheet {
    /// Each principle at most once; those that are left out are not judged.
    #[cfg_attr(feature = "validate", validate(length(max = PRINCIPLES)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub scores: Vec<PrincipleScore>,
}

impl AssessmentSheet {
    /// What is wrong with it; it may be incomplete.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (index, score) in self.scores.iter().enumerate() {
            let at = |field: &str| format!("/scores/{index}/{field}");
            if self.scores[..index]
                .iter()
                .any(|other| other.principle == score.principle)
            {
                faults.push(FieldError::new(at("principle"), FieldCode::Duplicate));
            }
            if score
                .value
                .is_some_and(|value| !(SCORE_MIN..=SCORE_MAX).contains(&value))
            {
                let range = FieldError::new(at("value"), FieldCode::Range);
                faults.push(range.with("min", SCORE_MIN).with("max", SCORE_MAX));
            }
            if score.evidence.chars().count() as u64 > EVIDENCE_MAX {
                faults.push(FieldError::new(at("evidence"), FieldCode::Length).with("max", EVIDENCE_MAX));
            }
        }
        faults
    }

    /// The same with all ten principles in their order.
    #[must_use]
    pub fn whole(&self) -> Self {
        let told = |principle| self.scores.iter().find(|score| score.principle == principle);
        let scores = Principle::ALL.iter().map(|&principle| PrincipleScore {
            principle,
            value: told(principle).and_then(|score| score.value),
            evidence: told(principle).map_or_else(String::new, |score| score.evidence.trim().to_owned()),
        });
        Self {
            scores: scores.collect(),
        }
    }

    /// What a whole sheet lacks before it can be filed: a score, or what it rests on.
    #[must_use]
    pub fn missing(&self) -> Vec<FieldError> {
        let mut missing = Vec::new();
        for (index, score) in self.scores.iter().enumerate() {
            if score.value.is_none() {
                missing.push(FieldError::new(format!("/scores/{index}/value"), FieldCode::Required));
            }
            if score.evidence.is_empty() {
                missing.push(FieldError::new(
                    format!("/scores/{index}/evidence"),
                    FieldCode::Required,
                ));
            }
        }
        missing
    }
}

/// How far the sides are apart on a principle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrincipleGap {
    /// The principle.
    pub principle: Principle,
    /// The lowest score of a side.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 5))]
    pub lowest: u8,
    /// The highest score of a side.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 5))]
    pub highest: u8,
    /// Whether they are two or more apart: something to talk about.
    pub is_wide: bool,
}

/// How far the sheets of several sides are apart, in the principles' order; a principle that fewer than two have judged is
/// left out.
#[must_use]
pub fn gaps(sheets: &[&[PrincipleScore]]) -> Vec<PrincipleGap> {
    let gap = |&principle: &Principle| {
        let told = sheets.iter().filter_map(|sheet| {
            let score = sheet.iter().find(|score| score.principle == principle)?;
            score.value
        });
        let values: Vec<u8> = told.collect();
        let (lowest, highest) = (*values.iter().min()?, *values.iter().max()?);
        (values.len() > 1).then_some(PrincipleGap {
            principle,
            lowest,
            highest,
            is_wide: highest - lowest >= GAP_TOLD,
        })
    };
    Principle::ALL.iter().filter_map(gap).collect()
}

/// One side's assessment of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssessmentView {
    /// The assessment's id.
    pub id: AssessmentId,
    /// Grows by one with each change.
    pub version: i64,
    /// What is judged.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// Who judges.
    pub city_id: CityId,
    /// That authority's official name.
    pub city_name: String,
    /// Its name for readers of `fr`, `en`, `uk`, where it differs.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub city_labels: Texts,
    /// The year that is judged.
    #[cfg_attr(feature = "openapi", schema(minimum = 2015, example = 2026))]
    pub year: i32,
    /// Where it stands.
    pub state: AssessmentState,
    /// The ten principles in their order.
    pub scores: Vec<PrincipleScore>,
    /// When it was filed.
    #[serde(with = "crate::time::option")]
    pub filed_at: Option<DateTime<Utc>>,
    /// What you may do with it.
    pub allowed: Vec<AssessmentAction>,
    /// When it last changed.
    #[serde(with = "crate::time")]
    pub updated_at: DateTime<Utc>,
}

/// An assessment to be begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct AssessmentDraft {
    /// Who judges: an authority that takes part.
    pub city_id: CityId,
    /// The year that is judged, up to this one.
    #[cfg_attr(feature = "openapi", schema(minimum = 2015, example = 2026))]
    pub year: i32,
}

/// A side in a year, as far as the caller may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssessmentSide {
    /// Which authority.
    pub city_id: CityId,
    /// Its official name.
    pub city_name: String,
    /// Its name for readers of `fr`, `en`, `uk`, where it differs.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub city_labels: Texts,
    /// Whether it has filed.
    pub has_filed: bool,
    /// When it filed.
    #[serde(with = "crate::time::option")]
    pub filed_at: Option<DateTime<Utc>>,
    /// Its assessment, where you may read it.
    pub assessment_id: Option<AssessmentId>,
    /// Where that stands.
    pub state: Option<AssessmentState>,
    /// Its scores, where you may read them: the ten principles in their order.
    pub scores: Vec<PrincipleScore>,
    /// Whether you may begin its assessment of this year.
    pub can_begin: bool,
}

/// What the sides of a partnership have judged of a year, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssessmentYear {
    /// The year.
    #[cfg_attr(feature = "openapi", schema(minimum = 2015, example = 2026))]
    pub year: i32,
    /// The authorities that take part, and those that did and have filed.
    pub sides: Vec<AssessmentSide>,
    /// How far those that have filed are apart, as far as you may read them.
    pub gaps: Vec<PrincipleGap>,
}

crate::page!(
    /// Years of a partnership's assessments, this year first.
    AssessmentYearPage of AssessmentYear
);

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(values: &[Option<u8>]) -> AssessmentSheet {
        let told = Principle::ALL.iter().zip(values);
        let scores = told.map(|(&principle, &value)| PrincipleScore {
            principle,
            value,
            evidence: "Report".to_owned(),
        });
        AssessmentSheet {
            scores: scores.collect(),
        }
    }

    #[test]
    fn only_the_drawn_transitions_pass() {
        use AssessmentAction as A;
        use AssessmentState as S;
        let mut passed = Vec::new();
        for &state in S::ALL {
            for &action in A::ALL {
                for is_read in [false, true] {
                    if let Some(next) = state.after(action, is_read) {
                        passed.push((state, action, is_read, next));
                    }
                }
            }
        }
        let drawn = [
            (S::Draft, A::Save, false, S::Draft),
            (S::Draft, A::Save, true, S::Draft),
            (S::Draft, A::File, false, S::Filed),
            (S::Draft, A::File, true, S::Filed),
            (S::Filed, A::TakeBack, false, S::Draft),
        ];
        assert_eq!(passed, drawn);
    }

    #[test]
    fn sides_that_are_two_apart_are_told() {
        let (a, b) = (
            sheet(&[Some(5), Some(3), None, Some(2)]),
            sheet(&[Some(3), Some(2), Some(4), Some(2)]),
        );
        let told = gaps(&[&a.scores, &b.scores]);
        let told: Vec<_> = told.iter().map(|gap| (gap.lowest, gap.highest, gap.is_wide)).collect();
        assert_eq!(told, [(3, 5, true), (2, 3, false), (2, 2, false)]);
        assert!(gaps(&[&a.scores]).is_empty(), "one side is not apart from itself");
    }

    #[test]
    fn a_sheet_is_whole_once_every_principle_has_a_score_and_evidence() {
        assert_eq!(Principle::ALL.len() as u64, PRINCIPLES);
        let whole = sheet(&[Some(5), Some(3)]).whole();
        assert_eq!(whole.scores.len() as u64, PRINCIPLES);
        // Eight principles lack both.
        assert_eq!(whole.missing().len(), 16);
        assert!(sheet(&[Some(1); PRINCIPLES as usize]).missing().is_empty());
        let codes = |sheet: AssessmentSheet| sheet.faults().iter().map(|fault| fault.code).collect::<Vec<_>>();
        assert_eq!(codes(sheet(&[Some(0), Some(6)])), [FieldCode::Range, FieldCode::Range]);
        let mut twice = sheet(&[Some(1), Some(2)]);
        twice.scores[1].principle = twice.scores[0].principle;
        assert_eq!(codes(twice), [FieldCode::Duplicate]);
    }
}
