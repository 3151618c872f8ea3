//! What a lesson and a meeting must be. Pure.

use std::collections::HashSet;
use std::hash::Hash;

use shared::language::{Language, Texts};
use shared::problem::{FieldCode, FieldError};

/// What is wrong with ids that each stand once: `missing` says which of them name nothing that can be named here.
pub fn ids<T: Copy + Eq + Hash>(pointer: &str, ids: &[T], is_known: impl Fn(T) -> bool) -> Vec<FieldError> {
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (index, &id) in ids.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        if !seen.insert(id) {
            faults.push(FieldError::new(pointer, FieldCode::Duplicate));
        } else if !is_known(id) {
            faults.push(FieldError::new(pointer, FieldCode::Reference));
        }
    }
    faults
}

/// What is wrong with a text in the languages of the interface.
#[must_use]
pub fn texts(pointer: &str, texts: &Texts, max: u64) -> Vec<FieldError> {
    if texts.values().all(|text| text.trim().is_empty()) {
        return vec![FieldError::new(pointer, FieldCode::Required)];
    }
    let mut faults = Vec::new();
    for (tag, text) in texts {
        // A language becomes part of the pointer only where it is one.
        if !Language::ALL.iter().any(|language| language.tag() == tag) {
            faults.push(FieldError::new(pointer, FieldCode::Choice));
        } else if text.chars().count() as u64 > max {
            faults.push(FieldError::new(format!("{pointer}/{tag}"), FieldCode::Length).with("max", max));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_in_a_language_of_the_interface_and_not_too_long() {
        let told = |tag: &str, text: &str| {
            let all = Texts::from([(tag.to_owned(), text.to_owned())]);
            texts("/text", &all, 3)
                .first()
                .map(|fault| (fault.pointer.clone(), fault.code))
        };
        assert_eq!(told("uk", "Так"), None);
        assert_eq!(told("fr", " "), Some(("/text".to_owned(), FieldCode::Required)));
        assert_eq!(told("de", "Ja"), Some(("/text".to_owned(), FieldCode::Choice)));
        assert_eq!(told("en", "four"), Some(("/text/en".to_owned(), FieldCode::Length)));
    }

    #[test]
    fn ids_stand_once_and_are_known() {
        let codes: Vec<FieldCode> = ids("/ids", &[1, 1, 9], |id| id < 5)
            .into_iter()
            .map(|fault| fault.code)
            .collect();
        assert_eq!(codes, [FieldCode::Duplicate, FieldCode::Reference]);
    }
}
