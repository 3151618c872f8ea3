//! Answers: how each kind is written, and which questions are asked at all.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{NO, NUMBER_MAX, Question, QuestionKind, YES};
use crate::money::AMOUNT_MAX;
use crate::problem::{FieldCode, FieldError};

/// The choices of an answer to a question of several.
pub fn chosen(answer: &str) -> impl Iterator<Item = &str> {
    answer.split(',').filter(|key| !key.is_empty())
}

impl Question {
    /// What is wrong with an answer to it, at this pointer; a blank answer is none, and never wrong.
    #[must_use]
    pub fn fault(&self, answer: &str, pointer: &str) -> Option<FieldError> {
        if answer.trim().is_empty() {
            return None;
        }
        let fault = |code| Some(FieldError::new(pointer, code));
        match self.kind {
            QuestionKind::ShortText if answer.contains('\n') => fault(FieldCode::Format),
            QuestionKind::ShortText | QuestionKind::LongText => (answer.chars().count() > self.max_length as usize)
                .then(|| FieldError::new(pointer, FieldCode::Length).with("max", self.max_length)),
            QuestionKind::Number => match whole(answer) {
                None => fault(FieldCode::Format),
                Some(number) => self.out_of_bounds(number, (-NUMBER_MAX, NUMBER_MAX), pointer),
            },
            QuestionKind::Money => match whole(answer) {
                None => fault(FieldCode::Format),
                Some(amount) => self.out_of_bounds(amount, (0, AMOUNT_MAX), pointer),
            },
            QuestionKind::Date => {
                let day = NaiveDate::parse_from_str(answer, "%Y-%m-%d").ok();
                let is_plain = day.is_some_and(|day| day.to_string() == answer && answer.len() == 10);
                (!is_plain).then(|| FieldError::new(pointer, FieldCode::Format))
            }
            QuestionKind::YesNo => (![YES, NO].contains(&answer)).then(|| FieldError::new(pointer, FieldCode::Choice)),
            QuestionKind::OneChoice => self
                .place(answer)
                .is_none()
                .then(|| FieldError::new(pointer, FieldCode::Choice)),
            QuestionKind::SeveralChoices => self.choices_fault(answer, pointer),
        }
    }

    fn choices_fault(&self, answer: &str, pointer: &str) -> Option<FieldError> {
        let fault = |code| Some(FieldError::new(pointer, code));
        let mut last = None;
        let mut count = 0;
        for key in answer.split(',') {
            let Some(place) = self.place(key) else {
                return fault(FieldCode::Choice);
            };
            // In the order of the question, so that the same choice is the same text.
            if last.is_some_and(|last| place <= last) {
                return fault(FieldCode::Format);
            }
            last = Some(place);
            count += 1;
        }
        self.out_of_bounds(count, (1, self.options.len() as i64), pointer)
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.options.iter().position(|option| option.key == key)
    }

    fn out_of_bounds(&self, value: i64, (least, most): (i64, i64), pointer: &str) -> Option<FieldError> {
        let (min, max) = (self.min.unwrap_or(least), self.max.unwrap_or(most));
        (!(min..=max).contains(&value)).then(|| {
            let fault = FieldError::new(pointer, FieldCode::Range);
            // A bound that nobody has set is not told, unless it is the one that is broken.
            let fault = if self.min.is_some() || value < min {
                fault.with("min", min)
            } else {
                fault
            };
            if self.max.is_some() || value > max {
                fault.with("max", max)
            } else {
                fault
            }
        })
    }
}

/// A whole number as it is written here: no sign but a minus, no zero before it.
fn whole(answer: &str) -> Option<i64> {
    answer.parse::<i64>().ok().filter(|number| number.to_string() == answer)
}

/// The questions that are asked with these answers, in their order: those whose condition holds. A question that is not
/// asked has no answer on which another could depend.
#[must_use]
pub fn shown<'a>(questions: &'a [Question], answers: &BTreeMap<String, String>) -> Vec<&'a Question> {
    let mut asked: Vec<&Question> = Vec::with_capacity(questions.len());
    for question in questions {
        let holds = question.shown_when.as_ref().is_none_or(|when| {
            let leads = asked.iter().any(|other| other.key == when.question);
            let given = answers.get(&when.question).map_or("", String::as_str);
            leads && chosen(given).any(|key| when.answers.iter().any(|answer| answer == key))
        });
        if holds {
            asked.push(question);
        }
    }
    asked
}

/// The answers to the questions that are asked: what a file says. Others are kept while it is written, and are no part of it.
#[must_use]
pub fn shown_answers(questions: &[Question], answers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    shown(questions, answers)
        .into_iter()
        .filter_map(|question| Some((question.key.clone(), answers.get(&question.key)?.clone())))
        .collect()
}
