//! What is wrong with what comes in about cohorts, for the server and for forms alike. What only the register or the clock
//! knows (networks, cities, time zones, days) is judged by the server.

use std::collections::HashSet;

use super::{
    ABOUT_MAX, CITIES_MIN, CohortDraft, CohortLevel, CohortMemberDraft, CohortMemberPatch, CohortPatch, Filing,
    LEADERS_MAX, LETTER_MAX, LEVELS_MAX, LetterReason, MEMBERS_MAX, NAME_MAX, REASON_MAX, Referent, Signing, WORD_MAX,
    unknown_places,
};
use crate::ids::NetworkId;
use crate::language::{Language, Texts};
use crate::problem::{FieldCode, FieldError};

/// Longest key of a level.
const KEY_MAX: usize = 40;

impl CohortDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = texts("/name", &self.name, NAME_MAX, true);
        faults.extend(texts("/about", &self.about, ABOUT_MAX, false));
        faults.extend(networks(&self.network_ids));
        faults.extend(minimum(self.minimum_cities));
        faults.extend(levels(&self.levels));
        faults.extend(letter(&self.letter, false));
        faults
    }
}

impl CohortPatch {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        faults.extend(self.name.iter().flat_map(|name| texts("/name", name, NAME_MAX, true)));
        faults.extend(
            self.about
                .iter()
                .flat_map(|about| texts("/about", about, ABOUT_MAX, false)),
        );
        faults.extend(self.network_ids.iter().flat_map(|ids| networks(ids)));
        faults.extend(self.minimum_cities.and_then(minimum));
        faults.extend(self.levels.iter().flat_map(|own| levels(own)));
        faults.extend(self.letter.iter().flat_map(|text| letter(text, true)));
        faults
    }
}

impl CohortMemberDraft {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = chosen(&self.levels);
        if self.partner_id == Some(self.city_id) {
            faults.push(FieldError::new("/partner_id", FieldCode::Inconsistent));
        }
        faults.extend(self.referent.faults());
        faults
    }
}

impl CohortMemberPatch {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults: Vec<FieldError> = self.levels.iter().flat_map(|keys| chosen(keys)).collect();
        faults.extend(self.referent.iter().flat_map(Referent::faults));
        faults
    }
}

impl Referent {
    fn faults(&self) -> Vec<FieldError> {
        let mut faults = words("/referent/name", &self.name, WORD_MAX, true);
        faults.extend(words("/referent/function", &self.function, WORD_MAX, false));
        faults.extend(words("/referent/email", &self.email, WORD_MAX, false));
        let email = self.email.trim();
        let is_address = email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace));
        if !email.is_empty() && !is_address {
            faults.push(FieldError::new("/referent/email", FieldCode::Format));
        }
        faults
    }
}

impl Signing {
    /// What is wrong with it, apart from its day.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = words("/name", &self.name, WORD_MAX, true);
        faults.extend(words("/function", &self.function, WORD_MAX, true));
        faults
    }
}

impl Filing {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        words("/reference", &self.reference, WORD_MAX, true)
    }
}

impl LetterReason {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        words("/reason", &self.reason, REASON_MAX, true)
    }
}

fn words(pointer: &str, text: &str, max: u64, required: bool) -> Vec<FieldError> {
    let text = text.trim();
    if text.is_empty() {
        let missing = required.then(|| FieldError::new(pointer, FieldCode::Required));
        return missing.into_iter().collect();
    }
    let fits = text.chars().count() as u64 <= max;
    let fault = (!fits).then(|| FieldError::new(pointer, FieldCode::Length).with("max", max));
    fault.into_iter().collect()
}

/// Texts in the languages of the interface.
fn texts(pointer: &str, texts: &Texts, max: u64, required: bool) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if required && texts.values().all(|text| text.trim().is_empty()) {
        faults.push(FieldError::new(pointer, FieldCode::Required));
    }
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

fn letter(letter: &Texts, required: bool) -> Vec<FieldError> {
    let mut faults = texts("/letter", letter, LETTER_MAX, required);
    for language in Language::ALL {
        let text = letter.get(language.tag()).map_or("", String::as_str);
        faults.extend(
            unknown_places(text)
                .first()
                .map(|_| FieldError::new(format!("/letter/{}", language.tag()), FieldCode::Format)),
        );
    }
    faults
}

fn networks(ids: &[NetworkId]) -> Vec<FieldError> {
    let mut faults = bounds("/network_ids", ids.len(), LEADERS_MAX);
    let mut seen = HashSet::new();
    faults.extend(ids.iter().enumerate().filter_map(|(index, id)| {
        let is_new = seen.insert(id);
        (!is_new).then(|| FieldError::new(format!("/network_ids/{index}"), FieldCode::Duplicate))
    }));
    faults
}

fn minimum(cities: u32) -> Option<FieldError> {
    let fits = cities >= CITIES_MIN && u64::from(cities) <= MEMBERS_MAX;
    (!fits).then(|| {
        FieldError::new("/minimum_cities", FieldCode::Range)
            .with("min", CITIES_MIN)
            .with("max", MEMBERS_MAX)
    })
}

fn levels(levels: &[CohortLevel]) -> Vec<FieldError> {
    let mut faults = bounds("/levels", levels.len(), LEVELS_MAX);
    let mut seen = HashSet::new();
    for (index, level) in levels.iter().enumerate() {
        let at = format!("/levels/{index}");
        let is_key = !level.key.is_empty()
            && level.key.len() <= KEY_MAX
            && level
                .key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_key {
            faults.push(FieldError::new(format!("{at}/key"), FieldCode::Format));
        } else if !seen.insert(level.key.as_str()) {
            faults.push(FieldError::new(format!("{at}/key"), FieldCode::Duplicate));
        }
        faults.extend(texts(&format!("{at}/name"), &level.name, NAME_MAX, true));
        faults.extend(texts(&format!("{at}/about"), &level.about, ABOUT_MAX, false));
    }
    faults
}

/// Keys of levels: at least one, each once.
fn chosen(keys: &[String]) -> Vec<FieldError> {
    let mut faults = bounds("/levels", keys.len(), LEVELS_MAX);
    let mut seen = HashSet::new();
    faults.extend(keys.iter().enumerate().filter_map(|(index, key)| {
        let is_new = seen.insert(key.as_str());
        (!is_new).then(|| FieldError::new(format!("/levels/{index}"), FieldCode::Duplicate))
    }));
    faults
}

fn bounds(pointer: &str, count: usize, max: usize) -> Vec<FieldError> {
    let fault = match count {
        0 => Some(FieldError::new(pointer, FieldCode::Required)),
        count if count > max => Some(FieldError::new(pointer, FieldCode::Length).with("max", max)),
        _ => None,
    };
    fault.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(faults: Vec<FieldError>) -> Vec<(String, FieldCode)> {
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    fn in_french(text: &str) -> Texts {
        Texts::from([("fr".to_owned(), text.to_owned())])
    }

    #[test]
    fn a_cohort_offers_levels_that_are_told_apart() {
        let level = |key: &str| CohortLevel {
            key: key.to_owned(),
            name: in_french("Intégrer un réseau"),
            about: Texts::new(),
        };
        let of = |levels: Vec<CohortLevel>| {
            told(
                CohortPatch {
                    levels: Some(levels),
                    ..CohortPatch::default()
                }
                .faults(),
            )
        };
        assert_eq!(of(vec![level("network"), level("events")]), []);
        assert_eq!(of(Vec::new()), [("/levels".to_owned(), FieldCode::Required)]);
        assert_eq!(
            of(vec![level("network"), level("network"), level("Événements")]),
            [
                ("/levels/1/key".to_owned(), FieldCode::Duplicate),
                ("/levels/2/key".to_owned(), FieldCode::Format)
            ]
        );
    }

    #[test]
    fn a_letter_fills_in_what_there_is_and_a_turnkey_programme_takes_three_cities() {
        let patch = CohortPatch {
            letter: Some(in_french("La ville de {town} s'engage.")),
            minimum_cities: Some(2),
            ..CohortPatch::default()
        };
        assert_eq!(
            told(patch.faults()),
            [
                ("/minimum_cities".to_owned(), FieldCode::Range),
                ("/letter/fr".to_owned(), FieldCode::Format)
            ]
        );
    }

    #[test]
    fn a_city_chooses_a_level_and_names_who_answers_for_it() {
        let patch = CohortMemberPatch {
            levels: Some(vec!["network".to_owned(), "network".to_owned()]),
            referent: Some(Referent {
                name: " ".to_owned(),
                function: String::new(),
                email: "nowhere".to_owned(),
            }),
            ..CohortMemberPatch::default()
        };
        assert_eq!(
            told(patch.faults()),
            [
                ("/levels/1".to_owned(), FieldCode::Duplicate),
                ("/referent/name".to_owned(), FieldCode::Required),
                ("/referent/email".to_owned(), FieldCode::Format)
            ]
        );
    }
}
