//! What is still missing in a file, once for the applicant's sections and for the refusal of a submission.

use std::collections::BTreeSet;

use shared::applications::{Section, SectionStatus};
use shared::budget::{Assessment, BrokenRule, Rule, assess};
use shared::forms::shown;
use shared::partnerships::PartyRole;
use shared::problem::{FieldCode, FieldError};

use super::store::ApplicationRecord;
use crate::programmes::CallRecord;

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// In which part of the file.
    pub section: Section,
    /// Its short name: a question's key, a city's id, a rule's code.
    pub name: String,
    /// Where it is, and by how much.
    pub error: FieldError,
}

/// What the rules make of the file's budget.
#[must_use]
pub fn assessment(record: &ApplicationRecord, call: &CallRecord) -> Assessment {
    let cities = record
        .parties
        .iter()
        .filter(|party| party.role != PartyRole::Associated)
        .count();
    assess(&call.rules, &record.budget, u32::try_from(cities).unwrap_or(u32::MAX))
}

/// Everything that is missing; `sha256` is the hash of what the file says now.
#[must_use]
pub fn gaps(record: &ApplicationRecord, call: &CallRecord, sha256: &str) -> Vec<Gap> {
    let mut gaps = project_gaps(record, call);
    let (about_cities, about_money): (Vec<_>, Vec<_>) = assessment(record, call)
        .broken
        .into_iter()
        .partition(|broken| broken.rule == Rule::Cities);
    gaps.extend(
        about_cities
            .iter()
            .map(|broken| rule_gap(Section::Parties, "/parties", broken)),
    );
    gaps.extend(
        about_money
            .iter()
            .map(|broken| rule_gap(Section::Budget, "/budget", broken)),
    );
    for (index, contribution) in record.budget.contributions.iter().enumerate() {
        if let Some(city) = contribution.city_id.filter(|&city| record.party(city).is_none()) {
            gaps.push(Gap {
                section: Section::Budget,
                name: city.to_string(),
                error: FieldError::new(format!("/budget/contributions/{index}/city_id"), FieldCode::Reference),
            });
        }
    }
    for (index, party) in record.parties.iter().enumerate() {
        if party.role != PartyRole::Associated && !party.has_signed(sha256) {
            gaps.push(Gap {
                section: Section::SignOff,
                name: party.city_id.to_string(),
                error: FieldError::new(format!("/parties/{index}/signed_off_at"), FieldCode::Required)
                    .with("city_id", party.city_id),
            });
        }
    }
    gaps
}

fn project_gaps(record: &ApplicationRecord, call: &CallRecord) -> Vec<Gap> {
    let gap = |name: String, error| Gap {
        section: Section::Project,
        name,
        error,
    };
    let mut gaps: Vec<Gap> = shown(&call.questions, &record.answers)
        .into_iter()
        .filter_map(|question| {
            let pointer = format!("/answers/{}", question.key);
            let error = match record.answers.get(&question.key) {
                // The question may have changed since it was answered.
                Some(answer) => question.fault(answer, &pointer)?,
                None if question.required => FieldError::new(pointer, FieldCode::Required),
                None => return None,
            };
            Some(gap(question.key.clone(), error))
        })
        .collect();
    if record.themes.is_empty() {
        gaps.push(gap("themes".into(), FieldError::new("/themes", FieldCode::Required)));
    }
    let served: BTreeSet<u8> = record.themes.iter().flat_map(|theme| theme.sdgs()).copied().collect();
    for goal in call.rules.required_sdgs.iter().filter(|goal| !served.contains(goal)) {
        gaps.push(gap(
            format!("sdg:{goal}"),
            FieldError::new("/themes", FieldCode::Rule).with("sdg", goal),
        ));
    }
    gaps
}

fn rule_gap(section: Section, prefix: &str, broken: &BrokenRule) -> Gap {
    let pointer = format!("{prefix}{}", broken.pointer.as_deref().unwrap_or_default());
    Gap {
        section,
        name: broken.rule.code().to_owned(),
        error: FieldError::new(pointer, FieldCode::Rule)
            .with("rule", broken.rule.code())
            .with("limit", broken.limit)
            .with("actual", broken.actual)
            .with("difference", broken.difference),
    }
}

/// The gaps as the state of each section.
#[must_use]
pub fn sections(gaps: &[Gap]) -> Vec<SectionStatus> {
    Section::ALL
        .iter()
        .map(|&section| {
            let mut missing: Vec<String> = Vec::new();
            for gap in gaps.iter().filter(|gap| gap.section == section) {
                if !missing.contains(&gap.name) {
                    missing.push(gap.name.clone());
                }
            }
            SectionStatus {
                section,
                complete: missing.is_empty(),
                missing,
            }
        })
        .collect()
}
