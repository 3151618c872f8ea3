//! The sustainability plan of a partnership: what keeps it alive when a programme's funding ends. It has the three parts of
//! the Barcelona meeting's concept note: what the cities do themselves, what a delegation of the European Union in the
//! country does, what headquarters and others do. Each change makes a new edition; the former ones stay to be read.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::ids::{CityId, PartnershipId};
use crate::language::Texts;
use crate::problem::{FieldCode, FieldError};

/// Longest text of a part, in characters.
pub const PART_MAX: u64 = 4_000;
/// Longest word on what is to be done, and on who does it, in characters.
pub const COMMITMENT_MAX: u64 = 300;
/// Most commitments of a part.
pub const COMMITMENTS_MAX: usize = 20;

codes!(
    /// A part of a sustainability plan.
    PlanPartName {
        /// What the cities do themselves.
        Cities = "cities",
        /// What a delegation of the European Union does.
        Delegation = "delegation",
        /// What headquarters and others do.
        Headquarters = "headquarters",
    }
);

/// Something that somebody does by a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanCommitment {
    /// What is to be done.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 300))]
    pub what: String,
    /// Who does it: a service or an organisation, not a person.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 300))]
    pub who: String,
    /// By when, where a day is set.
    #[serde(default, with = "crate::time::day_option")]
    pub due_on: Option<NaiveDate>,
}

/// A part of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanPart {
    /// What is planned, in the writer's language; empty where nothing is said yet.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 4000))]
    pub text: String,
    /// Who does what by when.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub commitments: Vec<PlanCommitment>,
}

impl PlanPart {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.commitments.is_empty()
    }
}

/// What a plan says: each of its three parts, at least one of them with something in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct SustainabilityPlanDraft {
    /// What the cities do themselves.
    pub cities: PlanPart,
    /// What a delegation of the European Union does.
    pub delegation: PlanPart,
    /// What headquarters and others do.
    pub headquarters: PlanPart,
}

impl SustainabilityPlanDraft {
    /// Its parts with their names.
    #[must_use]
    pub const fn parts(&self) -> [(PlanPartName, &PlanPart); 3] {
        [
            (PlanPartName::Cities, &self.cities),
            (PlanPartName::Delegation, &self.delegation),
            (PlanPartName::Headquarters, &self.headquarters),
        ]
    }

    /// The parts that say nothing yet.
    #[must_use]
    pub fn missing(&self) -> Vec<PlanPartName> {
        let empty = self.parts().into_iter().filter(|(_, part)| part.is_empty());
        empty.map(|(name, _)| name).collect()
    }

    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.missing().len() == PlanPartName::ALL.len() {
            faults.push(FieldError::new("/cities/text", FieldCode::Required));
        }
        for (name, part) in self.parts() {
            let at = |field: &str| format!("/{}/{field}", name.code());
            faults.extend(length(at("text"), &part.text, PART_MAX));
            if part.commitments.len() > COMMITMENTS_MAX {
                faults.push(FieldError::new(at("commitments"), FieldCode::Length).with("max", COMMITMENTS_MAX));
            }
            for (index, commitment) in part.commitments.iter().enumerate() {
                for (field, words) in [("what", &commitment.what), ("who", &commitment.who)] {
                    let at = at(&format!("commitments/{index}/{field}"));
                    if words.trim().is_empty() {
                        faults.push(FieldError::new(at, FieldCode::Required));
                    } else {
                        faults.extend(length(at, words, COMMITMENT_MAX));
                    }
                }
            }
        }
        faults
    }
}

fn length(pointer: String, words: &str, max: u64) -> Option<FieldError> {
    let is_long = words.chars().count() as u64 > max;
    is_long.then(|| FieldError::new(pointer, FieldCode::Length).with("max", max))
}

codes!(
    /// What the caller may do with a plan.
    SustainabilityPlanAction {
        /// Write the next edition.
        Update = "update",
    }
);

/// An edition of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SustainabilityPlanEdition {
    /// Which one: 1 for the first; the version that `If-Match` names.
    pub version: i64,
    /// When it was written.
    #[serde(with = "crate::time")]
    pub written_at: DateTime<Utc>,
    /// The authority for which it was written; none where the network that leads, or an administrator, wrote it.
    pub city_id: Option<CityId>,
    /// That authority's official name.
    pub city_name: Option<String>,
    /// Its name for readers of `fr`, `en`, `uk`, where it differs.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub city_labels: Texts,
    /// What it says.
    pub plan: SustainabilityPlanDraft,
    /// The parts that say nothing yet.
    pub missing: Vec<PlanPartName>,
}

/// The plan of a partnership as it now is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SustainabilityPlanView {
    /// Whose plan it is.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// The latest edition.
    #[serde(flatten)]
    pub edition: SustainabilityPlanEdition,
    /// What you may do with it.
    pub allowed: Vec<SustainabilityPlanAction>,
}

crate::page!(
    /// A page of a plan's editions, the latest first.
    SustainabilityPlanPage of SustainabilityPlanEdition
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_says_something_and_a_commitment_names_who() {
        let mut plan = SustainabilityPlanDraft::default();
        assert_eq!(plan.faults()[0].pointer, "/cities/text");
        plan.delegation.text = "Keep us in the country portfolio".to_owned();
        assert!(plan.faults().is_empty());
        assert_eq!(plan.missing(), [PlanPartName::Cities, PlanPartName::Headquarters]);
        plan.headquarters.commitments.push(PlanCommitment {
            what: "A call for second phases".to_owned(),
            who: " ".to_owned(),
            due_on: None,
        });
        assert_eq!(plan.faults()[0].pointer, "/headquarters/commitments/0/who");
    }
}
