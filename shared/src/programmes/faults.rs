//! What is wrong with what comes in about programmes and calls, for the server and for forms alike.

use chrono::Datelike;

use super::{CallDraft, CallPatch, CallWindow, FUNDERS_MAX, GRACE_MAX_S, ProgrammeDraft, TEXT_MAX, TITLE_MAX};
use crate::forms::question_faults;
use crate::language::Texts;
use crate::money::AMOUNT_MAX;
use crate::problem::{FieldCode, FieldError};

/// Most languages of a text.
const LANGUAGES_MAX: usize = 40;
/// The years in which a call may lie.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2200;

impl CallWindow {
    /// What is wrong with it, apart from the time zone's name, which only the server knows all of.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (time, pointer) in [
            (self.opens_at, "/window/opens_at"),
            (self.closes_at, "/window/closes_at"),
        ] {
            if !YEARS.contains(&time.year()) {
                faults.push(
                    FieldError::new(pointer, FieldCode::Range)
                        .with("min", YEARS.start())
                        .with("max", YEARS.end()),
                );
            }
        }
        if self.opens_at >= self.closes_at {
            faults.push(FieldError::new("/window/closes_at", FieldCode::Inconsistent));
        }
        if self.grace_s > GRACE_MAX_S {
            faults.push(FieldError::new("/window/grace_s", FieldCode::Range).with("max", GRACE_MAX_S));
        }
        faults
    }
}

impl ProgrammeDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = text_faults("/name", &self.name, TITLE_MAX, true);
        faults.extend(text_faults("/about", &self.about, TEXT_MAX, false));
        if self.funders.len() > FUNDERS_MAX {
            faults.push(FieldError::new("/funders", FieldCode::Length).with("max", FUNDERS_MAX));
        }
        if self.funder_ids.len() > FUNDERS_MAX {
            faults.push(FieldError::new("/funder_ids", FieldCode::Length).with("max", FUNDERS_MAX));
        }
        faults.extend(self.funders.iter().enumerate().filter_map(|(index, funder)| {
            let fits = !funder.trim().is_empty() && funder.chars().count() as u64 <= TITLE_MAX;
            (!fits).then(|| {
                FieldError::new(format!("/funders/{index}"), FieldCode::Length)
                    .with("min", 1)
                    .with("max", TITLE_MAX)
            })
        }));
        faults
    }
}

impl CallDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = text_faults("/title", &self.title, TITLE_MAX, true);
        faults.extend(text_faults("/about", &self.about, TEXT_MAX, false));
        faults.extend(self.window.faults());
        faults.extend(question_faults(&[], &self.questions));
        faults.extend(envelope_fault(self.envelope_minor));
        faults
    }
}

fn envelope_fault(envelope_minor: Option<i64>) -> Option<FieldError> {
    let is_wrong = envelope_minor.is_some_and(|amount| !(0..=AMOUNT_MAX).contains(&amount));
    is_wrong.then(|| FieldError::new("/envelope_minor", FieldCode::Range).with("max", AMOUNT_MAX))
}

impl CallPatch {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if let Some(title) = &self.title {
            faults.extend(text_faults("/title", title, TITLE_MAX, true));
        }
        if let Some(about) = &self.about {
            faults.extend(text_faults("/about", about, TEXT_MAX, false));
        }
        faults.extend(self.window.iter().flat_map(CallWindow::faults));
        faults.extend(envelope_fault(self.envelope_minor.flatten()));
        faults
    }
}

/// What is wrong with texts by language: tags, lengths, and whether one is there at all.
#[must_use]
pub fn text_faults(pointer: &str, texts: &Texts, max: u64, required: bool) -> Vec<FieldError> {
    let is_tag = |tag: &str| {
        (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let mut faults = Vec::new();
    if required && texts.is_empty() {
        faults.push(FieldError::new(pointer, FieldCode::Required));
    }
    if texts.len() > LANGUAGES_MAX {
        faults.push(FieldError::new(pointer, FieldCode::Length).with("max", LANGUAGES_MAX));
    }
    for (tag, text) in texts {
        if !is_tag(tag) {
            faults.push(FieldError::new(pointer, FieldCode::Format));
        } else if text.trim().is_empty() || text.chars().count() as u64 > max {
            faults.push(
                FieldError::new(format!("{pointer}/{tag}"), FieldCode::Length)
                    .with("min", 1)
                    .with("max", max),
            );
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_need_a_language_a_tag_and_bounds() {
        let pointers = |texts: &[(&str, &str)]| -> Vec<String> {
            let texts = texts
                .iter()
                .map(|&(tag, text)| (tag.to_owned(), text.to_owned()))
                .collect();
            text_faults("/title", &texts, 5, true)
                .into_iter()
                .map(|fault| fault.pointer)
                .collect()
        };
        assert_eq!(pointers(&[]), ["/title"]);
        assert_eq!(pointers(&[("fr", "Appel")]), Vec::<String>::new());
        assert_eq!(pointers(&[("fr", " "), ("uk", "Конкурс")]), ["/title/fr", "/title/uk"]);
        assert_eq!(pointers(&[("f/r", "a")]), ["/title"]);
    }
}
