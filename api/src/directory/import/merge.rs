//! What the directory knows of an authority, and what an entry changes in it. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;
use shared::cities::{CityKind, NameKind};
use shared::geo::Point;
use shared::ids::CityId;
use shared::language::{Language, Texts};
use uuid::Uuid;

use super::entry::{Code, Entry, INSEE, Standing, TWIN};
use crate::directory::fold::{fold, keys};

/// An authority as the directory has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) id: CityId,
    pub(super) version: i64,
    pub(super) kind: CityKind,
    pub(super) name: String,
    pub(super) labels: Texts,
    pub(super) country: String,
    pub(super) subdivision: Option<String>,
    pub(super) population: Option<i64>,
    pub(super) location: Option<Point>,
    pub(super) parent: Option<CityId>,
    pub(super) names: Vec<KnownName>,
    pub(super) codes: Vec<KnownCode>,
    pub(super) state: State,
}

/// How an authority compares to its row in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As in the database.
    Stored,
    /// Another one than in the database.
    Changed,
    /// Not in the database yet.
    New,
}

/// One of its names, with the id of its row, and whether that has to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KnownName {
    pub(super) id: Uuid,
    pub(super) text: String,
    pub(super) language: Option<String>,
    pub(super) kind: NameKind,
    pub(super) state: State,
}

/// One of its codes, with the id of its row, and whether that has to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KnownCode {
    pub(super) id: Uuid,
    pub(super) scheme: String,
    pub(super) value: String,
    pub(super) until: Option<NaiveDate>,
    pub(super) state: State,
}

impl Known {
    /// The authority that an entry tells of, not in the database yet.
    pub(super) fn new(entry: &Entry) -> Self {
        Self {
            id: CityId(Uuid::now_v7()),
            version: 1,
            kind: entry.kind,
            name: entry.name.clone(),
            labels: Texts::new(),
            country: entry.country.clone(),
            subdivision: entry.subdivision.clone(),
            population: entry.population,
            location: entry.location,
            parent: None,
            names: Vec::new(),
            codes: Vec::new(),
            state: State::New,
        }
    }

    /// Takes in what `entry` tells; `is_free` says of a code that no other authority has it. Says whether anything changed.
    pub(super) fn take(
        &mut self,
        entry: &Entry,
        parent: Option<CityId>,
        seat: Option<Point>,
        is_free: impl Fn(&Code) -> bool,
    ) -> bool {
        let fields = self.take_fields(entry, parent, seat);
        let codes = self.take_codes(entry, is_free);
        let names = self.take_names(entry);
        let changed = fields || codes || names;
        if changed {
            self.touch();
        }
        changed
    }

    /// Marks the row to be written again.
    pub(super) fn touch(&mut self) {
        if self.state == State::Stored {
            self.state = State::Changed;
            self.version += 1;
        }
    }

    fn take_fields(&mut self, entry: &Entry, parent: Option<CityId>, seat: Option<Point>) -> bool {
        let has_register = self.code(INSEE).is_some();
        let holds = match entry.standing {
            Standing::Official => true,
            Standing::Describes => !has_register,
            Standing::Fills => false,
        };
        let mut changed = false;
        if entry.standing == Standing::Official && self.name != entry.name {
            let former = std::mem::replace(&mut self.name, entry.name.clone());
            self.add_name(former, None, NameKind::Former);
            changed = true;
        }
        changed |= set(&mut self.subdivision, entry.subdivision.as_ref(), holds);
        changed |= set(&mut self.population, entry.population.as_ref(), holds);
        changed |= set(&mut self.location, entry.location.as_ref(), holds);
        changed |= set(&mut self.location, seat.as_ref(), false);
        changed |= set(&mut self.parent, parent.as_ref(), entry.standing != Standing::Fills);
        changed
    }

    fn take_codes(&mut self, entry: &Entry, is_free: impl Fn(&Code) -> bool) -> bool {
        let mut changed = false;
        for code in &entry.codes {
            // One authority may stand several times in a file of twins, but only once in an official list.
            let is_missing = if code.scheme == TWIN {
                !self.has(code)
            } else {
                self.code(code.scheme).is_none()
            };
            if is_missing && is_free(code) {
                self.add_code(code, None);
                changed = true;
            }
        }
        for (code, until) in &entry.former_codes {
            if !self.has(code) && is_free(code) {
                self.add_code(code, Some(*until));
                changed = true;
            }
        }
        changed
    }

    fn take_names(&mut self, entry: &Entry) -> bool {
        let mut changed = false;
        for name in &entry.names {
            if let Some(language) = name
                .language
                .as_deref()
                .filter(|tag| name.kind != NameKind::Former && Language::ALL.iter().any(|known| known.tag() == *tag))
                && name.text != self.name
                && !self.labels.contains_key(language)
            {
                self.labels.insert(language.to_owned(), name.text.clone());
                changed = true;
            }
            match self.names.iter_mut().find(|known| known.text == name.text) {
                Some(known) if known.language.is_none() && name.language.is_some() => {
                    known.language.clone_from(&name.language);
                    if known.state == State::Stored {
                        known.state = State::Changed;
                    }
                    changed = true;
                }
                Some(_) => {}
                None if name.text == self.name && name.language.is_none() => {}
                None => {
                    self.add_name(name.text.clone(), name.language.clone(), name.kind);
                    changed = true;
                }
            }
        }
        if entry.standing == Standing::Fills && !entry.name.is_empty() && !self.is_called(&entry.name) {
            self.add_name(entry.name.clone(), None, NameKind::Alternate);
            changed = true;
        }
        changed
    }

    fn add_name(&mut self, text: String, language: Option<String>, kind: NameKind) {
        self.names.push(KnownName {
            id: Uuid::now_v7(),
            text,
            language,
            kind,
            state: State::New,
        });
    }

    fn add_code(&mut self, code: &Code, until: Option<NaiveDate>) {
        self.codes.push(KnownCode {
            id: Uuid::now_v7(),
            scheme: code.scheme.to_owned(),
            value: code.value.clone(),
            until,
            state: State::New,
        });
    }

    pub(super) fn has(&self, code: &Code) -> bool {
        self.codes
            .iter()
            .any(|known| known.scheme == code.scheme && known.value == code.value)
    }

    /// Its present code in a list.
    pub(super) fn code(&self, scheme: &str) -> Option<&str> {
        self.codes
            .iter()
            .find(|known| known.scheme == scheme && known.until.is_none())
            .map(|known| known.value.as_str())
    }

    /// Whether one of its names folds to the same key.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let wanted = fold(name);
        fold(&self.name) == wanted
            || self
                .names
                .iter()
                .any(|known| known.text == name || fold(&known.text) == wanted)
            || self.labels.values().any(|label| fold(label) == wanted)
    }

    /// Whether it can be what `entry` tells of: an official code of another thing says no.
    pub(super) fn can_be(&self, entry: &Entry) -> bool {
        self.kind == entry.kind
            && (entry.standing == Standing::Fills
                || entry
                    .codes
                    .iter()
                    .all(|code| code.scheme == TWIN || self.code(code.scheme).is_none_or(|value| value == code.value)))
    }

    /// Every name and code folded for search, one a line.
    pub(super) fn search_keys(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        let texts = std::iter::once(self.name.as_str())
            .chain(self.labels.values().map(String::as_str))
            .chain(self.names.iter().map(|name| name.text.as_str()));
        let codes = self
            .codes
            .iter()
            .filter(|code| code.scheme != TWIN)
            .map(|code| fold(&code.value));
        for key in texts.flat_map(keys).chain(codes) {
            if seen.insert(key.clone()) {
                lines.push(key);
            }
        }
        lines.join("\n")
    }
}

/// Sets a field that is missing, or another value where the source holds.
fn set<T: Clone + PartialEq>(field: &mut Option<T>, value: Option<&T>, holds: bool) -> bool {
    match value {
        Some(value) if field.is_none() || (holds && field.as_ref() != Some(value)) => {
            *field = Some(value.clone());
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{GEONAMES, OtherName};
    use super::*;

    fn kremenchuk() -> Entry {
        let mut entry = Entry::new(2, Standing::Describes, CityKind::Municipality, "Kremenchuk", "UA");
        entry.population = Some(224_997);
        entry.codes.push(Code::new(GEONAMES, "704147"));
        entry.names.push(OtherName::alternate("Кременчуг"));
        entry
    }

    fn known() -> Known {
        let entry = kremenchuk();
        let mut known = Known::new(&entry);
        assert!(known.take(&entry, None, None, |_| true));
        known.state = State::Stored;
        for name in &mut known.names {
            name.state = State::Stored;
        }
        known
    }

    #[test]
    fn the_same_entry_again_changes_nothing() {
        let mut known = known();
        assert!(!known.take(&kremenchuk(), None, None, |_| true));
        assert_eq!((known.state, known.version), (State::Stored, 1));
    }

    #[test]
    fn a_source_that_fills_in_overwrites_nothing() {
        let mut known = known();
        let mut entry = Entry::new(1, Standing::Fills, CityKind::Municipality, "Kremenchug", "UA");
        entry.population = Some(1);
        entry.location = Some(Point { lat: 49.0, lng: 33.4 });
        entry.codes.push(Code::new(TWIN, "7"));
        assert!(known.take(&entry, None, None, |_| true));
        assert_eq!(
            (known.population, known.location, known.name.as_str()),
            (Some(224_997), entry.location, "Kremenchuk")
        );
        assert!(known.is_called("kremenchug") && known.version == 2 && known.state == State::Changed);
        assert!(!known.take(&entry, None, None, |_| true));
    }

    #[test]
    fn a_language_is_added_to_a_name_that_had_none_and_makes_a_label() {
        let mut known = known();
        let mut entry = Entry::new(1, Standing::Fills, CityKind::Municipality, "", "");
        entry.names = vec![
            OtherName::in_language("fr", "Krementchouk"),
            OtherName::in_language("ru", "Кременчуг"),
        ];
        assert!(known.take(&entry, None, None, |_| true));
        assert_eq!(known.labels.get("fr").map(String::as_str), Some("Krementchouk"));
        assert_eq!(
            (known.names[0].language.as_deref(), known.names[0].state),
            (Some("ru"), State::Changed)
        );
        assert_eq!(known.names.len(), 2);
    }

    #[test]
    fn a_renamed_commune_keeps_its_former_name() {
        let mut entry = Entry::new(1, Standing::Official, CityKind::Municipality, "Bâgé-la-Ville", "FR");
        entry.codes.push(Code::new(INSEE, "01025"));
        let mut known = Known::new(&entry);
        known.take(&entry, None, None, |_| true);
        entry.name = "Bâgé-Dommartin".to_owned();
        assert!(known.take(&entry, None, None, |_| true));
        assert_eq!(
            (known.name.as_str(), known.names[0].text.as_str(), known.names[0].kind),
            ("Bâgé-Dommartin", "Bâgé-la-Ville", NameKind::Former)
        );
    }

    #[test]
    fn a_code_of_another_authority_is_not_taken() {
        let mut known = known();
        let mut entry = Entry::new(1, Standing::Fills, CityKind::Municipality, "Kremenchuk", "UA");
        entry.codes.push(Code::new(TWIN, "7"));
        assert!(!known.take(&entry, None, None, |_| false));
        assert!(known.can_be(&entry));
        entry.standing = Standing::Describes;
        entry.codes.push(Code::new(GEONAMES, "1"));
        assert!(!known.can_be(&entry));
    }

    #[test]
    fn search_keys_hold_every_script_and_code_once() {
        assert_eq!(known().search_keys(), "kremenchuk\nkremenchuh\nкременчуг\n704147");
    }
}
