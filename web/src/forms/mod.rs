//! What a call asks: the questions where they are answered, their answers in words, and the officer's editor.

pub mod ask;
mod card;
pub mod edit;
mod question;
mod rows;

use crate::ui::prelude::*;
use crate::{i18n, text, textf};
use shared::forms::{FormSection, NO, Question, QuestionKind, YES, chosen};

/// An answer in words; tracked. What cannot be read is told as it is.
pub fn answer_words(question: &Question, answer: &str, currency: &str) -> String {
    let choice = |key: &str| {
        let option = question.options.iter().find(|option| option.key == key);
        option.map_or_else(|| key.to_owned(), |option| i18n::own_text(&option.label))
    };
    let words = match question.kind {
        QuestionKind::ShortText | QuestionKind::LongText => None,
        QuestionKind::Number => answer.parse().ok().map(intl::count),
        QuestionKind::Money => answer.parse().ok().map(|amount| intl::money_short(amount, currency)),
        QuestionKind::Date => answer.parse().ok().map(intl::date),
        QuestionKind::YesNo => match answer {
            YES | NO => Some(textf!("answer.", answer)),
            _ => None,
        },
        QuestionKind::OneChoice => Some(choice(answer)),
        QuestionKind::SeveralChoices => Some(intl::list(&chosen(answer).map(choice).collect::<Vec<_>>())),
    };
    words.unwrap_or_else(|| answer.to_owned())
}

/// Questions by the section that they are in; without a section where the form has none.
pub fn by_section<'a>(
    sections: &'a [FormSection],
    questions: Vec<&'a Question>,
) -> Vec<(Option<&'a FormSection>, Vec<&'a Question>)> {
    let mut groups: Vec<(Option<&FormSection>, Vec<&Question>)> = Vec::new();
    for question in questions {
        let section = sections
            .iter()
            .find(|section| question.section.as_ref() == Some(&section.key));
        match groups.last_mut() {
            Some((known, group)) if known.map(|known| &known.key) == section.map(|section| &section.key) => {
                group.push(question);
            }
            _ => groups.push((section, vec![question])),
        }
    }
    groups
}

/// How long, how many or how much an answer may be, in words; tracked. Nothing where nothing is told.
pub fn limit_words(question: &Question, currency: &str) -> Option<String> {
    let told = |bound: i64| match question.kind {
        QuestionKind::Money => intl::money_short(bound, currency),
        _ => intl::count(bound),
    };
    if question.kind.has_length() {
        return Some(text!("call.max_length", count = question.max_length));
    }
    match (question.min, question.max) {
        (None, None) => None,
        (Some(min), None) => Some(text!("ask.at_least", min = told(min))),
        (None, Some(max)) => Some(text!("ask.at_most", max = told(max))),
        (Some(min), Some(max)) => Some(text!("ask.between", min = told(min), max = told(max))),
    }
}
