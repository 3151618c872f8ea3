//! What a profile has to be. Pure: every rule gives the places that break it.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use shared::cities::registers::CityCodeDraft;
use shared::cities::{
    CONTACT_TEXT_MAX, CONTACTS_MAX, CityDraft, CityPatch, Contact, ContactsDraft, DESCRIPTION_MAX, LIST_MAX,
    LookingFor, NAME_MAX, PHONE_MAX, PLACE_MAX, POPULATION_MAX, SENTENCE_MAX, STATEMENTS_MAX, SUBDIVISION_MAX,
    Statement, WEBSITE_MAX,
};
use shared::countries::is_country;
use shared::language::Texts;
use shared::problem::{FieldCode, FieldError};

use crate::http::valid::escape_pointer;

/// What is wrong with a draft.
#[must_use]
pub fn check_draft(draft: &CityDraft) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.line("/name", &draft.name, 1, NAME_MAX);
    faults.country("/country", &draft.country);
    if let Some(code) = &draft.subdivision {
        let is_code = code.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        });
        if !is_code || code.len() as u64 > SUBDIVISION_MAX {
            faults.add("/subdivision", FieldCode::Format);
        } else if !code.starts_with(&format!("{}-", draft.country)) {
            faults.add("/subdivision", FieldCode::Inconsistent);
        }
    }
    if draft
        .population
        .is_some_and(|population| !(0..=POPULATION_MAX).contains(&population))
    {
        faults.found.push(
            FieldError::new("/population", FieldCode::Range)
                .with("min", 0)
                .with("max", POPULATION_MAX),
        );
    }
    if let Some(point) = draft.location {
        for (pointer, value, max) in [("/location/lat", point.lat, 90.0), ("/location/lng", point.lng, 180.0)] {
            if !(-max..=max).contains(&value) {
                faults.found.push(
                    FieldError::new(pointer, FieldCode::Range)
                        .with("min", -max)
                        .with("max", max),
                );
            }
        }
    }
    faults.count("/labels", draft.labels.len(), LIST_MAX);
    for (language, label) in &draft.labels {
        let pointer = format!("/labels/{}", escape_pointer(language));
        faults.language(&pointer, language);
        faults.line(&pointer, label, 1, NAME_MAX);
    }
    faults.codes(&draft.codes, &draft.country);
    faults.found
}

/// What is wrong with a patch.
#[must_use]
pub fn check_patch(patch: &CityPatch) -> Vec<FieldError> {
    let mut faults = Faults::default();
    if let Some(descriptions) = &patch.descriptions {
        faults.count("/descriptions", descriptions.len(), LIST_MAX);
        for (language, description) in descriptions {
            let pointer = format!("/descriptions/{}", escape_pointer(language));
            faults.language(&pointer, language);
            if let Some(text) = description {
                faults.paragraphs(&pointer, text, DESCRIPTION_MAX);
            }
        }
    }
    if let Some(languages) = &patch.languages {
        faults.count("/languages", languages.len(), LIST_MAX);
        for (index, language) in languages.iter().enumerate() {
            faults.language(&format!("/languages/{index}"), language);
        }
        faults.distinct(
            "/languages",
            languages.iter().map(|language| language.to_ascii_lowercase()),
        );
    }
    for (pointer, statements) in [
        ("/need_statements", &patch.need_statements),
        ("/offer_statements", &patch.offer_statements),
    ] {
        if let Some(statements) = statements {
            faults.statements(pointer, statements);
        }
    }
    if let Some(looking_for) = &patch.looking_for {
        faults.looking_for(looking_for);
    }
    if let Some(Some(website)) = &patch.website {
        faults.website("/website", website);
    }
    faults.found
}

/// What is wrong with a list of contact persons.
#[must_use]
pub fn check_contacts(draft: &ContactsDraft, today: NaiveDate) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.count("/items", draft.items.len(), CONTACTS_MAX);
    for (index, contact) in draft.items.iter().enumerate() {
        faults.contact(&format!("/items/{index}"), contact, today);
    }
    let emails = draft.items.iter().map(|contact| contact.email.to_lowercase());
    faults.distinct_at(emails, |index| format!("/items/{index}/email"));
    faults.found
}

/// The descriptions after a patch: null removes a language, the others stay.
#[must_use]
pub fn merge_descriptions(mut current: Texts, changes: &BTreeMap<String, Option<String>>) -> Texts {
    for (language, text) in changes {
        match text {
            Some(text) => {
                current.insert(language.clone(), text.trim().to_owned());
            }
            None => {
                current.remove(language);
            }
        }
    }
    current
}

/// Whether this has the shape of a BCP 47 tag: a language, then what narrows it down.
#[must_use]
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_language = parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    is_language
        && tag.len() <= 35
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[derive(Debug, Default)]
struct Faults {
    found: Vec<FieldError>,
}

impl Faults {
    fn add(&mut self, pointer: &str, code: FieldCode) {
        self.found.push(FieldError::new(pointer, code));
    }

    fn length(&mut self, pointer: &str, min: u64, max: u64) {
        self.found.push(
            FieldError::new(pointer, FieldCode::Length)
                .with("min", min)
                .with("max", max),
        );
    }

    fn count(&mut self, pointer: &str, count: usize, max: u64) {
        if count as u64 > max {
            self.length(pointer, 0, max);
        }
    }

    /// One line of text; `min` of 1 also means that it must say something.
    fn line(&mut self, pointer: &str, text: &str, min: u64, max: u64) {
        if min > 0 && text.trim().is_empty() {
            self.add(pointer, FieldCode::Required);
        } else if text.chars().count() as u64 > max {
            self.length(pointer, min, max);
        } else if text.chars().any(char::is_control) {
            self.add(pointer, FieldCode::Format);
        }
    }

    fn paragraphs(&mut self, pointer: &str, text: &str, max: u64) {
        if text.trim().is_empty() {
            self.add(pointer, FieldCode::Required);
        } else if text.chars().count() as u64 > max {
            self.length(pointer, 1, max);
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.add(pointer, FieldCode::Format);
        }
    }

    /// Each list gives a city one code, in its own form.
    fn codes(&mut self, codes: &[CityCodeDraft], country: &str) {
        let mut seen = HashSet::new();
        for (index, CityCodeDraft { scheme, value }) in codes.iter().enumerate() {
            if !seen.insert(*scheme) {
                self.add(&format!("/codes/{index}/scheme"), FieldCode::Duplicate);
            } else if !scheme.has_form(value) {
                self.add(&format!("/codes/{index}/value"), FieldCode::Format);
            } else if !scheme.fits_country(value, country) {
                self.add(&format!("/codes/{index}/value"), FieldCode::Inconsistent);
            }
        }
    }

    fn country(&mut self, pointer: &str, code: &str) {
        if !is_country(code) {
            self.add(pointer, FieldCode::Choice);
        }
    }

    fn language(&mut self, pointer: &str, tag: &str) {
        if !is_language_tag(tag) {
            self.add(pointer, FieldCode::Format);
        }
    }

    fn distinct<T: Eq + std::hash::Hash>(&mut self, pointer: &str, items: impl Iterator<Item = T>) {
        self.distinct_at(items, |index| format!("{pointer}/{index}"));
    }

    fn distinct_at<T: Eq + std::hash::Hash>(
        &mut self,
        items: impl Iterator<Item = T>,
        pointer: impl Fn(usize) -> String,
    ) {
        let mut seen = HashSet::new();
        for (index, item) in items.enumerate() {
            if !seen.insert(item) {
                self.add(&pointer(index), FieldCode::Duplicate);
            }
        }
    }

    fn statements(&mut self, pointer: &str, statements: &[Statement]) {
        self.count(pointer, statements.len(), STATEMENTS_MAX);
        for (index, statement) in statements.iter().enumerate() {
            self.line(
                &format!("{pointer}/{index}/sentence"),
                &statement.sentence,
                0,
                SENTENCE_MAX,
            );
            if let Some(place) = &statement.place {
                self.line(&format!("{pointer}/{index}/place"), place, 0, PLACE_MAX);
            }
        }
        self.distinct_at(statements.iter().map(|statement| statement.theme), |index| {
            format!("{pointer}/{index}/theme")
        });
    }

    fn looking_for(&mut self, looking_for: &LookingFor) {
        let countries = "/looking_for/countries";
        self.count(countries, looking_for.countries.len(), LIST_MAX);
        for (index, country) in looking_for.countries.iter().enumerate() {
            self.country(&format!("{countries}/{index}"), country);
        }
        self.distinct(countries, looking_for.countries.iter());
        self.distinct("/looking_for/levels", looking_for.levels.iter());
    }

    fn website(&mut self, pointer: &str, text: &str) {
        if text.chars().count() as u64 > WEBSITE_MAX {
            self.length(pointer, 1, WEBSITE_MAX);
            return;
        }
        let is_site = url::Url::parse(text).is_ok_and(|url| {
            url.scheme() == "https"
                && url.username().is_empty()
                && url.password().is_none()
                && url.host_str().is_some_and(|host| host.contains('.'))
        });
        if !is_site || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            self.add(pointer, FieldCode::Format);
        }
    }

    fn contact(&mut self, pointer: &str, contact: &Contact, today: NaiveDate) {
        self.line(&format!("{pointer}/name"), &contact.name, 1, CONTACT_TEXT_MAX);
        self.line(&format!("{pointer}/function"), &contact.function, 0, CONTACT_TEXT_MAX);
        let email = format!("{pointer}/email");
        if contact.email.trim().is_empty() {
            self.add(&email, FieldCode::Required);
        } else if contact.email.chars().count() as u64 > CONTACT_TEXT_MAX {
            self.length(&email, 3, CONTACT_TEXT_MAX);
        } else if !is_email(&contact.email) {
            self.add(&email, FieldCode::Format);
        }
        if let Some(phone) = &contact.phone {
            let phone_pointer = format!("{pointer}/phone");
            self.line(&phone_pointer, phone, 0, PHONE_MAX);
            if !phone.chars().all(|c| c.is_ascii_digit() || "+-./() ext".contains(c)) {
                self.add(&phone_pointer, FieldCode::Format);
            }
        }
        // A date centuries away is a slip of the keyboard, and databases differ in what they take.
        let is_far = |date: NaiveDate| (date - today).num_days().abs() > 36_525;
        if contact.mandate_ends_on.is_some_and(is_far) {
            self.add(&format!("{pointer}/mandate_ends_on"), FieldCode::Range);
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    !local.is_empty()
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"".contains(c))
}

#[cfg(test)]
mod tests {
    use shared::cities::registers::CityScheme;
    use shared::cities::{CityKind, Urgency};
    use shared::themes::Theme;

    use super::*;

    fn pointers(faults: &[FieldError]) -> Vec<String> {
        faults
            .iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.code.code()))
            .collect()
    }

    #[test]
    fn every_fault_of_a_draft_is_told_at_once() {
        let draft = CityDraft {
            kind: CityKind::Municipality,
            name: "  ".to_owned(),
            country: "ZZ".to_owned(),
            subdivision: Some("FR-38".to_owned()),
            population: Some(-1),
            location: Some(shared::geo::Point { lat: 91.0, lng: 0.0 }),
            labels: Texts::from([("francais".to_owned(), "x".to_owned())]),
            codes: [
                (CityScheme::FrInsee, "38185"),
                (CityScheme::FrInsee, "38186"),
                (CityScheme::Geonames, "Grenoble"),
            ]
            .map(|(scheme, value)| CityCodeDraft {
                scheme,
                value: value.to_owned(),
            })
            .to_vec(),
        };
        assert_eq!(
            pointers(&check_draft(&draft)),
            [
                "/name required",
                "/country choice",
                "/subdivision inconsistent",
                "/population range",
                "/location/lat range",
                "/labels/francais format",
                "/codes/0/value inconsistent",
                "/codes/1/scheme duplicate",
                "/codes/2/value format"
            ]
        );
    }

    #[test]
    fn a_patch_names_what_stands_twice_and_what_is_no_language() {
        let statement = |theme| Statement {
            theme,
            urgency: Urgency::High,
            sentence: String::new(),
            place: None,
        };
        let patch = CityPatch {
            descriptions: Some(BTreeMap::from([("FR".to_owned(), Some("x".to_owned()))])),
            languages: Some(vec!["fr".to_owned(), "uk".to_owned(), "fr".to_owned()]),
            need_statements: Some(vec![statement(Theme::Youth), statement(Theme::Youth)]),
            looking_for: Some(LookingFor {
                countries: vec!["UA".to_owned(), "UA".to_owned(), "uk".to_owned()],
                ..LookingFor::default()
            }),
            website: Some(Some("http://grenoble.fr".to_owned())),
            ..CityPatch::default()
        };
        assert_eq!(
            pointers(&check_patch(&patch)),
            [
                "/descriptions/FR format",
                "/languages/2 duplicate",
                "/need_statements/1/theme duplicate",
                "/looking_for/countries/2 choice",
                "/looking_for/countries/1 duplicate",
                "/website format"
            ]
        );
    }

    #[test]
    fn null_removes_one_language_and_leaves_the_others() {
        let current = Texts::from([
            ("fr".to_owned(), "Ville".to_owned()),
            ("en".to_owned(), "Town".to_owned()),
        ]);
        let changes = BTreeMap::from([("fr".to_owned(), None), ("uk".to_owned(), Some(" Місто ".to_owned()))]);
        assert_eq!(
            merge_descriptions(current, &changes),
            Texts::from([
                ("en".to_owned(), "Town".to_owned()),
                ("uk".to_owned(), "Місто".to_owned())
            ])
        );
    }

    #[test]
    fn language_tags_have_their_shape() {
        for tag in ["fr", "uk", "pt-BR", "sr-Latn", "zh-Hant-TW"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in ["", "f", "FR", "french", "fr_FR", "fr-", "fr-toolonglong"] {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }
}
