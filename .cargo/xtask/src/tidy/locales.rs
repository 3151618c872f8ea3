//! The three languages have the same keys with the same placeholders.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// The languages of the house.
const LANGUAGES: [&str; 3] = ["fr", "en", "uk"];

/// Categories of plural of `Intl.PluralRules`: each language has its own set of them.
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Faults between the files of words.
pub(super) fn faults(directory: &Path) -> Result<Vec<String>> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let mut words = BTreeMap::new();
    for language in LANGUAGES {
        let path = directory.join(format!("{language}.json"));
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read web/locales/{language}.json"))?;
        let value = serde_json::from_str(&text).with_context(|| format!("web/locales/{language}.json is not JSON"))?;
        words.insert(language, flatten(&value));
    }
    Ok(differences(&words))
}

/// Every text by its path of keys. The forms of a plural are one text.
fn flatten(value: &Value) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    collect("", value, &mut texts);
    texts
}

fn collect(path: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) if !entries.is_empty() && entries.keys().all(|key| PLURALS.contains(&key.as_str())) => {
            let forms: Vec<&str> = entries.values().filter_map(Value::as_str).collect();
            texts.insert(path.to_owned(), forms.join("\n"));
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                collect(&path, value, texts);
            }
        }
        Value::Array(entries) => {
            for (index, value) in entries.iter().enumerate() {
                collect(&format!("{path}[{index}]"), value, texts);
            }
        }
        Value::String(text) => {
            texts.insert(plural_base(path).to_owned(), text.clone());
        }
        other => {
            texts.insert(path.to_owned(), other.to_string());
        }
    }
}

/// `cities_one` and `cities_other` are forms of `cities`.
fn plural_base(path: &str) -> &str {
    match path.rsplit_once('_') {
        Some((base, form)) if PLURALS.contains(&form) => base,
        _ => path,
    }
}

fn differences(words: &BTreeMap<&str, BTreeMap<String, String>>) -> Vec<String> {
    let mut faults = Vec::new();
    let keys: BTreeSet<&String> = words.values().flat_map(BTreeMap::keys).collect();
    for key in keys {
        let mut seen: Option<BTreeSet<String>> = None;
        for (language, texts) in words {
            let Some(text) = texts.get(key) else {
                faults.push(format!("web/locales/{language}.json: `{key}` is missing"));
                continue;
            };
            if text.trim().is_empty() {
                faults.push(format!("web/locales/{language}.json: `{key}` is empty"));
            }
            let own = placeholders(text);
            match &seen {
                Some(others) if *others != own => {
                    faults.push(format!(
                        "web/locales/{language}.json: `{key}` has other placeholders than the languages before it"
                    ));
                }
                Some(_) => {}
                None => seen = Some(own),
            }
        }
    }
    faults
}

/// The names in braces.
fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.trim_matches(['{', '}', ' ']).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults_of(fr: Value, uk: Value) -> Vec<String> {
        differences(&BTreeMap::from([("fr", flatten(&fr)), ("uk", flatten(&uk))]))
    }

    #[test]
    fn a_key_that_one_language_lacks_is_named_with_the_language() {
        let faults = faults_of(json!({ "home": { "title": "Accueil" } }), json!({ "home": {} }));
        assert_eq!(faults, ["web/locales/uk.json: `home.title` is missing"]);
    }

    #[test]
    fn each_language_has_its_own_plural_forms() {
        let fr = json!({ "cities": { "one": "{n} ville", "other": "{n} villes" }, "links_one": "lien", "links_other": "liens" });
        let uk = json!({ "cities": { "one": "{n} місто", "few": "{n} міста", "many": "{n} міст" }, "links_many": "зв’язків" });
        assert!(faults_of(fr, uk).is_empty());
    }

    #[test]
    fn a_lost_placeholder_is_a_fault() {
        let faults = faults_of(json!({ "hello": "Bonjour {name}" }), json!({ "hello": "Вітаємо" }));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("placeholders"), "{faults:?}");
    }
}
