//! What may still change in a form once applicants rely on it: it may ask less, never more or something else.

use super::{CallForm, Question, QuestionOption};
use crate::language::Texts;
use crate::problem::{FieldCode, FieldError};

/// What of `after` asks more than `before`, or something else: questions, choices and sections that are gone, words that
/// say something else, answers that were free and are required, tighter limits. What is free: hints, another language, new
/// questions that need no answer, new choices, wider limits, another order.
#[must_use]
pub fn eased(before: &CallForm, after: &CallForm) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for section in &before.sections {
        match after.sections.iter().position(|known| known.key == section.key) {
            None => faults.push(FieldError::new("/sections", FieldCode::Fixed).with("key", &section.key)),
            Some(at) => faults.extend(words(
                &section.title,
                &after.sections[at].title,
                &format!("/sections/{at}/title"),
            )),
        }
    }
    for question in &before.questions {
        if !after.questions.iter().any(|known| known.key == question.key) {
            faults.push(FieldError::new("/questions", FieldCode::Fixed).with("key", &question.key));
        }
    }
    for (at, question) in after.questions.iter().enumerate() {
        let pointer = format!("/questions/{at}");
        match before.questions.iter().find(|known| known.key == question.key) {
            Some(known) => faults.extend(same_question(known, question, &pointer)),
            None if question.required => {
                faults.push(FieldError::new(format!("{pointer}/required"), FieldCode::Fixed));
            }
            None => {}
        }
    }
    faults
}

fn same_question(before: &Question, after: &Question, pointer: &str) -> Vec<FieldError> {
    let mut faults = words(&before.label, &after.label, &format!("{pointer}/label"));
    let mut stays = |holds: bool, field: &str| {
        if !holds {
            faults.push(FieldError::new(format!("{pointer}/{field}"), FieldCode::Fixed));
        }
    };
    stays(after.kind == before.kind, "kind");
    stays(after.section == before.section, "section");
    stays(before.required || !after.required, "required");
    stays(
        !before.kind.has_length() || after.max_length >= before.max_length,
        "max_length",
    );
    stays(is_wider(before.min, after.min, |old, new| new <= old), "min");
    stays(is_wider(before.max, after.max, |old, new| new >= old), "max");
    stays(after.shown_when == before.shown_when, "shown_when");
    for option in &before.options {
        match after.options.iter().position(|known| known.key == option.key) {
            None => {
                faults.push(FieldError::new(format!("{pointer}/options"), FieldCode::Fixed).with("key", &option.key))
            }
            Some(at) => {
                let QuestionOption { label, .. } = &after.options[at];
                faults.extend(words(&option.label, label, &format!("{pointer}/options/{at}/label")));
            }
        }
    }
    faults
}

fn is_wider(before: Option<i64>, after: Option<i64>, wider: fn(i64, i64) -> bool) -> bool {
    match (before, after) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => wider(old, new),
    }
}

/// Words of each language that was there have to stay; another language may come.
fn words(before: &Texts, after: &Texts, pointer: &str) -> Vec<FieldError> {
    before
        .iter()
        .filter(|(tag, text)| after.get(*tag) != Some(text))
        .map(|(tag, _)| FieldError::new(format!("{pointer}/{tag}"), FieldCode::Fixed))
        .collect()
}
