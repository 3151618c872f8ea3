//! What is wrong with a form, for the server and for the editor alike.

use super::{
    ANSWER_MAX, CallForm, FormSection, LABEL_MAX, NO, NUMBER_MAX, OPTIONS_MAX, QUESTIONS_MAX, Question, QuestionKind,
    SECTIONS_MAX, SHORT_ANSWER_MAX, YES,
};
use crate::budget::is_code;
use crate::language::{Language, Texts};
use crate::money::AMOUNT_MAX;
use crate::problem::{FieldCode, FieldError};
use crate::programmes::{TEXT_MAX, text_faults};

impl CallForm {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.sections.len() > SECTIONS_MAX {
            faults.push(FieldError::new("/sections", FieldCode::Length).with("max", SECTIONS_MAX));
        }
        for (index, section) in self.sections.iter().enumerate() {
            let at = |field: &str| format!("/sections/{index}/{field}");
            faults.extend(key_faults(
                &section.key,
                self.sections[..index].iter().map(|other| other.key.as_str()),
                &at("key"),
            ));
            faults.extend(text_faults(&at("title"), &section.title, LABEL_MAX, false));
            faults.extend(untranslated(&at("title"), &section.title));
            faults.extend(text_faults(&at("about"), &section.about, TEXT_MAX, false));
            faults.extend(untranslated_hint(&at("about"), &section.about));
        }
        faults.extend(question_faults(&self.sections, &self.questions));
        for (index, question) in self.questions.iter().enumerate() {
            let at = |field: &str| format!("/questions/{index}/{field}");
            faults.extend(untranslated(&at("label"), &question.label));
            faults.extend(untranslated_hint(&at("hint"), &question.hint));
            for (place, option) in question.options.iter().enumerate() {
                faults.extend(untranslated(&at(&format!("options/{place}/label")), &option.label));
            }
        }
        faults
    }
}

/// The languages in which every text of a form has to be there.
const NEEDED: [Language; 2] = [Language::Fr, Language::En];

fn untranslated(pointer: &str, texts: &Texts) -> Vec<FieldError> {
    NEEDED
        .iter()
        .filter(|language| !texts.contains_key(language.tag()))
        .map(|language| FieldError::new(format!("{pointer}/{}", language.tag()), FieldCode::Required))
        .collect()
}

/// A hint may be missing, but not in one language only.
fn untranslated_hint(pointer: &str, texts: &Texts) -> Vec<FieldError> {
    if texts.is_empty() {
        Vec::new()
    } else {
        untranslated(pointer, texts)
    }
}

fn key_faults<'a>(key: &str, mut before: impl Iterator<Item = &'a str>, pointer: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if !is_code(key) {
        faults.push(FieldError::new(pointer, FieldCode::Format));
    }
    if before.any(|other| other == key) {
        faults.push(FieldError::new(pointer, FieldCode::Duplicate));
    }
    faults
}

/// What is wrong with questions that are in these sections.
#[must_use]
pub fn question_faults(sections: &[FormSection], questions: &[Question]) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if questions.len() > QUESTIONS_MAX {
        faults.push(FieldError::new("/questions", FieldCode::Length).with("max", QUESTIONS_MAX));
    }
    let mut last_place = 0;
    for (index, question) in questions.iter().enumerate() {
        let before = &questions[..index];
        let at = |field: &str| format!("/questions/{index}/{field}");
        faults.extend(key_faults(
            &question.key,
            before.iter().map(|other| other.key.as_str()),
            &at("key"),
        ));
        let place = sections
            .iter()
            .position(|known| Some(&known.key) == question.section.as_ref());
        match (place, &question.section) {
            (None, None) if sections.is_empty() => {}
            (None, None) => faults.push(FieldError::new(at("section"), FieldCode::Required)),
            (None, Some(_)) => faults.push(FieldError::new(at("section"), FieldCode::Reference)),
            // One goes through a form section by section.
            (Some(place), _) if place < last_place => {
                faults.push(FieldError::new(at("section"), FieldCode::Inconsistent));
            }
            (Some(place), _) => last_place = place,
        }
        let longest = match question.kind {
            QuestionKind::ShortText => SHORT_ANSWER_MAX,
            _ => ANSWER_MAX,
        };
        if !(1..=longest).contains(&question.max_length) {
            faults.push(
                FieldError::new(at("max_length"), FieldCode::Range)
                    .with("min", 1)
                    .with("max", longest),
            );
        }
        faults.extend(text_faults(&at("label"), &question.label, TEXT_MAX, true));
        faults.extend(text_faults(&at("hint"), &question.hint, TEXT_MAX, false));
        faults.extend(option_faults(question, &at("options")));
        faults.extend(bound_faults(question, &at("")));
        faults.extend(condition_faults(question, before, &at("shown_when")));
        if question.prefill.is_some_and(|prefill| !prefill.fits(question.kind)) {
            faults.push(FieldError::new(at("prefill"), FieldCode::Inconsistent));
        }
    }
    faults
}

fn option_faults(question: &Question, pointer: &str) -> Vec<FieldError> {
    let options = &question.options;
    if !question.kind.has_options() {
        return (!options.is_empty())
            .then(|| FieldError::new(pointer, FieldCode::Inconsistent))
            .into_iter()
            .collect();
    }
    let mut faults = Vec::new();
    if !(2..=OPTIONS_MAX).contains(&options.len()) {
        faults.push(
            FieldError::new(pointer, FieldCode::Length)
                .with("min", 2)
                .with("max", OPTIONS_MAX),
        );
    }
    for (index, option) in options.iter().enumerate() {
        faults.extend(key_faults(
            &option.key,
            options[..index].iter().map(|other| other.key.as_str()),
            &format!("{pointer}/{index}/key"),
        ));
        faults.extend(text_faults(
            &format!("{pointer}/{index}/label"),
            &option.label,
            LABEL_MAX,
            true,
        ));
    }
    faults
}

fn bound_faults(question: &Question, below: &str) -> Vec<FieldError> {
    let (least, most) = match question.kind {
        QuestionKind::Number => (-NUMBER_MAX, NUMBER_MAX),
        QuestionKind::Money => (0, AMOUNT_MAX),
        QuestionKind::SeveralChoices => (1, question.options.len().max(1) as i64),
        _ => {
            return [("min", question.min), ("max", question.max)]
                .into_iter()
                .filter(|(_, bound)| bound.is_some())
                .map(|(field, _)| FieldError::new(format!("{below}{field}"), FieldCode::Inconsistent))
                .collect();
        }
    };
    let mut faults = Vec::new();
    for (field, bound) in [("min", question.min), ("max", question.max)] {
        if bound.is_some_and(|bound| !(least..=most).contains(&bound)) {
            faults.push(
                FieldError::new(format!("{below}{field}"), FieldCode::Range)
                    .with("min", least)
                    .with("max", most),
            );
        }
    }
    if question.min.zip(question.max).is_some_and(|(min, max)| min > max) {
        faults.push(FieldError::new(format!("{below}max"), FieldCode::Inconsistent));
    }
    faults
}

fn condition_faults(question: &Question, before: &[Question], pointer: &str) -> Vec<FieldError> {
    let Some(when) = &question.shown_when else {
        return Vec::new();
    };
    let Some(other) = before
        .iter()
        .find(|other| other.key == when.question && other.kind.can_lead())
    else {
        return vec![FieldError::new(format!("{pointer}/question"), FieldCode::Reference)];
    };
    let mut faults = Vec::new();
    if when.answers.is_empty() || when.answers.len() > OPTIONS_MAX {
        faults.push(
            FieldError::new(format!("{pointer}/answers"), FieldCode::Length)
                .with("min", 1)
                .with("max", OPTIONS_MAX),
        );
    }
    for (index, answer) in when.answers.iter().enumerate() {
        let is_known = match other.kind {
            QuestionKind::YesNo => answer == YES || answer == NO,
            _ => other.options.iter().any(|option| option.key == *answer),
        };
        if !is_known {
            faults.push(FieldError::new(format!("{pointer}/answers/{index}"), FieldCode::Choice));
        }
    }
    faults
}
