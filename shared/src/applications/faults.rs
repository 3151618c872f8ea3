//! What is wrong with what comes in about applications, for the server and for forms alike.

use std::collections::BTreeSet;

use super::{
    ApplicationDraft, ApplicationPartiesDraft, ApplicationPatch, DecisionDraft, Outcome, PARTIES_MAX, REASON_MAX,
    TITLE_MAX,
};
use crate::money::AMOUNT_MAX;
use crate::partnerships::PartyRole;
use crate::problem::{FieldCode, FieldError, reason_fault};
use crate::programmes::Question;

impl ApplicationPartiesDraft {
    /// What is wrong with it: how many, cities that stand twice, and not exactly one lead.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.items.is_empty() || self.items.len() as u64 > PARTIES_MAX {
            faults.push(
                FieldError::new("/items", FieldCode::Length)
                    .with("min", 1)
                    .with("max", PARTIES_MAX),
            );
        }
        let mut seen = BTreeSet::new();
        for (index, party) in self.items.iter().enumerate() {
            if !seen.insert(party.city_id) {
                faults.push(FieldError::new(format!("/items/{index}/city_id"), FieldCode::Duplicate));
            }
        }
        let leads = self.items.iter().filter(|party| party.role == PartyRole::Lead).count();
        if leads != 1 {
            faults.push(FieldError::new("/items", FieldCode::Inconsistent).with("leads", leads));
        }
        faults
    }
}

impl DecisionDraft {
    /// What is wrong with it, before it is held against the file.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults: Vec<FieldError> = reason_fault(&self.reason, REASON_MAX).into_iter().collect();
        if let Some(granted) = self.granted_minor {
            if !(0..=AMOUNT_MAX).contains(&granted) {
                faults.push(
                    FieldError::new("/granted_minor", FieldCode::Range)
                        .with("min", 0)
                        .with("max", AMOUNT_MAX),
                );
            } else if self.outcome != Outcome::Accepted {
                faults.push(FieldError::new("/granted_minor", FieldCode::Inconsistent));
            }
        }
        faults
    }
}

fn title_fault(title: &str) -> Option<FieldError> {
    if title.trim().is_empty() {
        return Some(FieldError::new("/title", FieldCode::Required));
    }
    (title.chars().count() as u64 > TITLE_MAX)
        .then(|| FieldError::new("/title", FieldCode::Length).with("max", TITLE_MAX))
}

impl ApplicationDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        title_fault(&self.title).into_iter().collect()
    }
}

impl ApplicationPatch {
    /// What is wrong with it, held against the call's questions.
    #[must_use]
    pub fn faults(&self, questions: &[Question]) -> Vec<FieldError> {
        let mut faults: Vec<FieldError> = self.title.as_deref().and_then(title_fault).into_iter().collect();
        let mut seen = BTreeSet::new();
        for (index, theme) in self.themes.iter().flatten().enumerate() {
            if !seen.insert(theme) {
                faults.push(FieldError::new(format!("/themes/{index}"), FieldCode::Duplicate));
            }
        }
        for (key, answer) in self.answers.iter().flatten() {
            let pointer = format!("/answers/{}", key.replace('~', "~0").replace('/', "~1"));
            match questions.iter().find(|question| question.key == *key) {
                None => faults.push(FieldError::new(pointer, FieldCode::Unknown)),
                Some(question) => {
                    faults.extend(answer.as_deref().and_then(|answer| question.fault(answer, &pointer)));
                }
            }
        }
        faults
    }
}
