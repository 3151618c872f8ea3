//! The levels of a cohort as lines of text, one a level, beside each other in three languages. Pure.

use shared::cohorts::CohortLevel;
use shared::language::{Language, Texts};

/// The names of levels in a language, a line each.
pub fn lines(levels: &[CohortLevel], language: Language) -> String {
    let names: Vec<&str> = levels
        .iter()
        .map(|level| level.name.get(language.tag()).map_or("", String::as_str))
        .collect();
    // Empty lines at the end say nothing; those between keep the others in their places.
    names.join("\n").trim_end().to_owned()
}

/// The levels of three texts, in the order of [`Language::ALL`]. One that has kept a name in some language is the known one,
/// with its key and what is told about it; others get new keys.
pub fn levels(texts: &[String; 3], known: &[CohortLevel]) -> Vec<CohortLevel> {
    let columns: Vec<Vec<&str>> = texts.iter().map(|text| text.lines().map(str::trim).collect()).collect();
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let mut found: Vec<CohortLevel> = Vec::new();
    for row in 0..rows {
        let name: Texts = Language::ALL
            .iter()
            .zip(&columns)
            .filter_map(|(language, column)| {
                let text = column.get(row).filter(|text| !text.is_empty())?;
                Some((language.tag().to_owned(), (*text).to_owned()))
            })
            .collect();
        if name.is_empty() {
            continue;
        }
        let same = |level: &&CohortLevel| {
            name.iter().any(|(tag, text)| level.name.get(tag) == Some(text))
                && found.iter().all(|other| other.key != level.key)
        };
        let before = known.iter().find(same);
        let level = match before {
            Some(level) => CohortLevel { name, ..level.clone() },
            None => CohortLevel {
                key: new_key(known, &found),
                name,
                about: Texts::new(),
            },
        };
        found.push(level);
    }
    found
}

fn new_key(known: &[CohortLevel], found: &[CohortLevel]) -> String {
    let is_free = |key: &String| known.iter().chain(found).all(|level| level.key != *key);
    let keys = (1..).map(|number| format!("level_{number}"));
    let free = keys.take(known.len() + found.len() + 1).find(is_free);
    free.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(fr: &str, en: &str, uk: &str) -> [String; 3] {
        [fr.to_owned(), en.to_owned(), uk.to_owned()]
    }

    #[test]
    fn lines_become_levels_and_known_ones_keep_their_keys() {
        let first = levels(&texts("Réseau\nÉvénements", "Network\nEvents", "\nПодії"), &[]);
        let keys: Vec<&str> = first.iter().map(|level| level.key.as_str()).collect();
        assert_eq!(keys, ["level_1", "level_2"]);
        assert_eq!(first[1].name["uk"], "Події");
        assert_eq!(lines(&first, Language::Uk), "\nПодії");
        // One is put before them, and one is renamed in one language: they are the known ones still.
        let again = levels(
            &texts("Soutien\nRéseau de villes\nÉvénements", "Support\nNetwork\nEvents", ""),
            &first,
        );
        let keys: Vec<&str> = again.iter().map(|level| level.key.as_str()).collect();
        assert_eq!(keys, ["level_3", "level_1", "level_2"]);
        assert_eq!(again[1].name["fr"], "Réseau de villes");
        assert_eq!(levels(&texts(" \n", "", ""), &first), []);
    }
}
