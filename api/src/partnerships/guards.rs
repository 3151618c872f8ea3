//! What a step of a partnership's life asks for, and what is wrong where it is not told. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;
use shared::partnerships::life::BODY_MAX;
use shared::partnerships::{LINK_MAX, PartnershipAdvance, PartnershipState, PartyRef, PartyRole, Signature, StepNeed};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use url::Url;

use super::store::Partnership;
use crate::error::Error;

/// Refuses a step that does not follow from the present state, and names those that do.
///
/// # Errors
/// `StateConflict`.
pub fn follows(from: PartnershipState, to: PartnershipState) -> Result<(), Error> {
    if from.can_become(to) {
        return Ok(());
    }
    let possible: Vec<&str> = from.next().iter().map(|state| state.code()).collect();
    let fault = FieldError::new("/to", FieldCode::Choice)
        .with("from", from.code())
        .with("possible", possible.join(", "));
    Err(Error::Conflict {
        code: ProblemCode::StateConflict,
        errors: vec![fault],
    })
}

/// What is wrong with a step that follows: what it needs is told, what does not belong to it is not.
#[must_use]
pub fn step(of: &Partnership, step: &PartnershipAdvance, today: NaiveDate) -> Vec<FieldError> {
    let needs = step.to.needs();
    let mut faults = Vec::new();
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if needs.contains(&StepNeed::Reason) && !said(&step.reason) {
        faults.push(FieldError::new("/reason", FieldCode::Required));
    }
    match (needs.contains(&StepNeed::Condition), said(&step.condition)) {
        (true, false) => faults.push(FieldError::new("/condition", FieldCode::Required)),
        (false, true) => faults.push(FieldError::new("/condition", FieldCode::Inconsistent)),
        _ => {}
    }
    if needs.contains(&StepNeed::Signatures) {
        faults.extend(signatures(of, &step.signatures, today));
    } else if !step.signatures.is_empty() {
        faults.push(FieldError::new("/signatures", FieldCode::Inconsistent));
    }
    faults.extend(term(of, step, today));
    faults
}

/// The term: it cannot be over before its last day, a renewal of one with a last day tells the new one, and other steps
/// leave it alone.
fn term(of: &Partnership, step: &PartnershipAdvance, today: NaiveDate) -> Option<FieldError> {
    let begins = match step.to {
        PartnershipState::Signed => step.signatures.iter().map(|signature| signature.signed_on).max(),
        PartnershipState::Active if of.state == PartnershipState::Expired => Some(today),
        _ => None,
    };
    match (begins, step.ends_on) {
        (None, Some(_)) => Some(FieldError::new("/ends_on", FieldCode::Inconsistent)),
        (Some(begins), Some(ends_on)) if ends_on < begins => {
            Some(FieldError::new("/ends_on", FieldCode::Range).with("min", begins))
        }
        (Some(_), None) if of.state == PartnershipState::Expired && of.ends_on.is_some() => {
            Some(FieldError::new("/ends_on", FieldCode::Required))
        }
        _ => of
            .ends_on
            .filter(|day| step.to == PartnershipState::Expired && *day >= today)
            .map(|day| FieldError::new("/to", FieldCode::Inconsistent).with("ends_on", day)),
    }
}

fn signatures(of: &Partnership, signatures: &[Signature], today: NaiveDate) -> Vec<FieldError> {
    let country = |signature: &Signature| {
        let mut parties = of.parties.iter().filter(|party| party.role != PartyRole::Associated);
        let city_id = signature.city_id;
        let party = parties.find(|party| party.party == PartyRef::City { city_id })?;
        Some(party.country.as_str())
    };
    let mut faults = Vec::new();
    let (mut seen, mut countries) = (HashSet::new(), HashSet::new());
    for (index, signature) in signatures.iter().enumerate() {
        let at = |field: &str| format!("/signatures/{index}/{field}");
        match country(signature) {
            None => faults.push(FieldError::new(at("city_id"), FieldCode::Reference)),
            Some(_) if !seen.insert(signature.city_id) => {
                faults.push(FieldError::new(at("city_id"), FieldCode::Duplicate));
            }
            Some(country) => {
                countries.insert(country);
            }
        }
        if signature.body.trim().is_empty() {
            faults.push(FieldError::new(at("body"), FieldCode::Required));
        } else if signature.body.chars().count() as u64 > BODY_MAX {
            faults.push(
                FieldError::new(at("body"), FieldCode::Length)
                    .with("min", 1)
                    .with("max", BODY_MAX),
            );
        }
        if signature.signed_on > today {
            faults.push(FieldError::new(at("signed_on"), FieldCode::Range).with("max", today));
        }
        if let Some(document) = &signature.document {
            // Nobody is led to what a browser would run, or read without protection.
            let is_web = Url::parse(document).is_ok_and(|url| url.scheme() == "https" && url.has_host());
            if document.chars().count() as u64 > LINK_MAX {
                faults.push(FieldError::new(at("document"), FieldCode::Length).with("max", LINK_MAX));
            } else if !is_web {
                faults.push(FieldError::new(at("document"), FieldCode::Format));
            }
        }
    }
    if faults.is_empty() && countries.len() < 2 {
        faults.push(FieldError::new("/signatures", FieldCode::Inconsistent).with("countries", 2));
    }
    faults
}
