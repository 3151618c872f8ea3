//! What is wrong with what comes in about reviews, for the server and for forms alike.

use std::collections::BTreeSet;

use super::{
    AssignmentsDraft, BULK_MAX, BalanceDraft, BulkDecisionDraft, COMMENT_MAX, CRITERIA_MAX, ConflictDraft, OPINION_MAX,
    REVIEWERS_MAX, ReviewCriterion, ReviewPlan, SCALE_MAX, ScoreSheet, ShortlistDraft, WEIGHT_MAX,
};
use crate::applications::{DecisionDraft, REASON_MAX};
use crate::budget::is_code;
use crate::problem::{FieldCode, FieldError, reason_fault};
use crate::programmes::{TITLE_MAX, text_faults};

impl ReviewPlan {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.criteria.len() > CRITERIA_MAX {
            faults.push(FieldError::new("/criteria", FieldCode::Length).with("max", CRITERIA_MAX));
        }
        for (index, criterion) in self.criteria.iter().enumerate() {
            let at = |field: &str| format!("/criteria/{index}/{field}");
            if !is_code(&criterion.key) {
                faults.push(FieldError::new(at("key"), FieldCode::Format));
            }
            if self.criteria[..index].iter().any(|other| other.key == criterion.key) {
                faults.push(FieldError::new(at("key"), FieldCode::Duplicate));
            }
            faults.extend(text_faults(&at("label"), &criterion.label, TITLE_MAX, true));
            if !(1..=WEIGHT_MAX).contains(&criterion.weight) {
                faults.push(range(at("weight"), 1, WEIGHT_MAX));
            }
            if criterion.scale_max > SCALE_MAX {
                faults.push(range(at("scale_max"), 1, SCALE_MAX));
            }
            if criterion.scale_min >= criterion.scale_max {
                faults.push(FieldError::new(at("scale_max"), FieldCode::Inconsistent));
            }
        }
        if self.reviewers_per_file > REVIEWERS_MAX {
            faults.push(range("/reviewers_per_file".to_owned(), 0, REVIEWERS_MAX));
        }
        faults
    }
}

fn range(pointer: String, min: u32, max: u32) -> FieldError {
    FieldError::new(pointer, FieldCode::Range)
        .with("min", min)
        .with("max", max)
}

fn pointer_to(key: &str, field: &str) -> String {
    format!("/scores/{}/{field}", key.replace('~', "~0").replace('/', "~1"))
}

impl ScoreSheet {
    /// What is wrong with it, held against the call's criteria: it may be incomplete.
    #[must_use]
    pub fn faults(&self, criteria: &[ReviewCriterion]) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (key, score) in &self.scores {
            let Some(criterion) = criteria.iter().find(|criterion| criterion.key == *key) else {
                let pointer = pointer_to(key, "value");
                faults.push(FieldError::new(pointer.trim_end_matches("/value"), FieldCode::Unknown));
                continue;
            };
            let scale = criterion.scale_min..=criterion.scale_max;
            if score.value.is_some_and(|value| !scale.contains(&value)) {
                faults.push(range(
                    pointer_to(key, "value"),
                    criterion.scale_min,
                    criterion.scale_max,
                ));
            }
            if score.comment.chars().count() as u64 > COMMENT_MAX {
                faults.push(FieldError::new(pointer_to(key, "comment"), FieldCode::Length).with("max", COMMENT_MAX));
            }
        }
        if self.opinion.chars().count() as u64 > OPINION_MAX {
            faults.push(FieldError::new("/opinion", FieldCode::Length).with("max", OPINION_MAX));
        }
        faults
    }

    /// What is missing before it can be filed: a score for each criterion.
    #[must_use]
    pub fn gaps(&self, criteria: &[ReviewCriterion]) -> Vec<FieldError> {
        criteria
            .iter()
            .filter(|criterion| self.scores.get(&criterion.key).and_then(|score| score.value).is_none())
            .map(|criterion| FieldError::new(pointer_to(&criterion.key, "value"), FieldCode::Required))
            .collect()
    }
}

impl ConflictDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        reason_fault(&self.reason, REASON_MAX).into_iter().collect()
    }
}

fn count_fault(count: usize) -> Option<FieldError> {
    (!(1..=BULK_MAX).contains(&count)).then(|| {
        FieldError::new("/items", FieldCode::Length)
            .with("min", 1)
            .with("max", BULK_MAX)
    })
}

/// What is wrong with a list: how many, and what stands twice, told at `field`.
fn list_faults<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K, field: &str) -> Vec<FieldError> {
    let mut seen = BTreeSet::new();
    let twice = items
        .iter()
        .enumerate()
        .filter(|(_, item)| !seen.insert(key(item)))
        .map(|(index, _)| FieldError::new(format!("/items/{index}/{field}"), FieldCode::Duplicate));
    count_fault(items.len()).into_iter().chain(twice).collect()
}

impl AssignmentsDraft {
    /// What is wrong with it: how many, and what stands twice.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        list_faults(
            &self.items,
            |item| (item.application_id, item.reviewer_id),
            "reviewer_id",
        )
    }
}

impl ShortlistDraft {
    /// What is wrong with it: how many, and what stands twice.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        list_faults(&self.items, |item| item.application_id, "application_id")
    }
}

impl BalanceDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        self.reviewers_per_file
            .filter(|count| !(1..=REVIEWERS_MAX).contains(count))
            .map(|_| range("/reviewers_per_file".to_owned(), 1, REVIEWERS_MAX))
            .into_iter()
            .collect()
    }
}

impl BulkDecisionDraft {
    /// What is wrong with it, before it is held against the files: each fault with its place.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults: Vec<FieldError> = count_fault(self.items.len()).into_iter().collect();
        let mut seen = BTreeSet::new();
        for (index, item) in self.items.iter().enumerate() {
            if !seen.insert(item.application_id) {
                let pointer = format!("/items/{index}/application_id");
                faults.push(FieldError::new(pointer, FieldCode::Duplicate));
            }
            let one = DecisionDraft {
                outcome: item.outcome,
                reason: item.reason.clone(),
                granted_minor: item.granted_minor,
            };
            faults.extend(one.faults().into_iter().map(|fault| FieldError {
                pointer: format!("/items/{index}{}", fault.pointer),
                ..fault
            }));
        }
        faults
    }
}
