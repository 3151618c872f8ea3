//! The three files and the sources say the same keys.

use super::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type File = Vec<(String, Value)>;

/// Reads a locale as ordered pairs: a map would hide a key that stands twice.
fn locale(code: &str) -> File {
    struct Pairs(File);
    impl<'de> serde::Deserialize<'de> for Pairs {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Pairs;
                fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                    formatter.write_str("a flat object")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                    let mut pairs = Vec::new();
                    while let Some(pair) = map.next_entry()? {
                        pairs.push(pair);
                    }
                    Ok(Pairs(pairs))
                }
            }
            deserializer.deserialize_map(Visitor)
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("locales")
        .join(format!("{code}.json"));
    serde_json::from_str::<Pairs>(&fs::read_to_string(path).unwrap())
        .unwrap()
        .0
}

fn sources(directory: &Path, out: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path
                .file_name()
                .is_some_and(|name| name != "tests.rs" && name != "i18n.rs")
        {
            for line in fs::read_to_string(path).unwrap().lines() {
                if !line.trim_start().starts_with("//") {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
    }
}

/// The literals that follow a macro's opening bracket, with the names of the parameters given.
fn uses(source: &str, name: &str) -> Vec<(String, BTreeSet<String>)> {
    let opening = format!("{name}!(");
    let mut found = Vec::new();
    for (at, _) in source.match_indices(&opening) {
        if source[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let rest = source[at + opening.len()..].trim_start();
        let Some(rest) = rest.strip_prefix('"') else { continue };
        let Some(end) = rest.find('"') else { continue };
        let key = rest[..end].to_owned();
        let mut depth = 1;
        let mut names = BTreeSet::new();
        let tail = &rest[end + 1..];
        let mut start = 0;
        let mut in_text = false;
        for (position, character) in tail.char_indices() {
            match character {
                '"' => in_text = !in_text,
                '(' | '[' | '{' if !in_text => depth += 1,
                ')' | ']' | '}' if !in_text => depth -= 1,
                _ => {}
            }
            if depth == 0 || (depth == 1 && character == ',' && !in_text) {
                let argument = tail[start..position].trim_start_matches(',').trim();
                if let Some((name, value)) = argument.split_once('=')
                    && !value.starts_with('=')
                    && name
                        .trim()
                        .chars()
                        .all(|letter| letter.is_alphanumeric() || letter == '_')
                {
                    names.insert(name.trim().to_owned());
                }
                start = position;
            }
            if depth == 0 {
                break;
            }
        }
        found.push((key, names));
    }
    found
}

fn places(value: &Value) -> BTreeSet<String> {
    let collect = |text: &str| {
        let mut names = BTreeSet::new();
        for piece in text.split('{').skip(1) {
            names.insert(piece.split('}').next().unwrap().to_owned());
        }
        names
    };
    match value {
        Value::String(text) => collect(text),
        Value::Object(forms) => forms
            .values()
            .flat_map(|form| collect(form.as_str().unwrap()))
            .collect(),
        other => panic!("a text or its plural forms, not {other}"),
    }
}

fn all_sources() -> String {
    let mut source = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    source
}

#[test]
fn files_have_the_same_keys_and_parameters() {
    let french: BTreeMap<_, _> = locale("fr").into_iter().collect();
    for code in ["en", "uk"] {
        let other: BTreeMap<_, _> = locale(code).into_iter().collect();
        let missing: Vec<_> = french.keys().filter(|key| !other.contains_key(*key)).collect();
        let extra: Vec<_> = other.keys().filter(|key| !french.contains_key(*key)).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{code}: missing {missing:?}, not in fr {extra:?}"
        );
        for (key, value) in &french {
            assert_eq!(places(value), places(&other[key]), "{code}: parameters of {key}");
            assert_eq!(
                value.is_object(),
                other[key].is_object(),
                "{code}: plural forms of {key}"
            );
        }
    }
}

#[test]
fn files_are_sorted_without_repeats() {
    for language in Language::ALL {
        let keys: Vec<_> = locale(language.tag()).into_iter().map(|(key, _)| key).collect();
        for pair in keys.windows(2) {
            assert!(
                pair[0] < pair[1],
                "{}: {} stands before {}",
                language.tag(),
                pair[0],
                pair[1]
            );
        }
    }
}

#[test]
fn plurals_have_every_form_of_their_language() {
    for (code, forms) in [
        ("fr", &["one", "other"][..]),
        ("en", &["one", "other"]),
        ("uk", &["one", "few", "many", "other"]),
    ] {
        for (key, value) in locale(code) {
            if let Value::Object(given) = value {
                for form in forms {
                    assert!(given.contains_key(*form), "{code}: {key} has no form {form}");
                }
            }
        }
    }
}

#[test]
fn every_key_used_exists_with_its_parameters() {
    let french: BTreeMap<_, _> = locale("fr").into_iter().collect();
    let source = all_sources();
    let mut faults = Vec::new();
    for (key, given) in uses(&source, "t").into_iter().chain(uses(&source, "text")) {
        match french.get(&key) {
            None => faults.push(format!("{key} is missing")),
            Some(value) => {
                let mut wanted = places(value);
                if value.is_object() {
                    wanted.insert("count".to_owned());
                }
                if wanted != given {
                    faults.push(format!("{key} has the places {wanted:?} and is given {given:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_key_is_left_over() {
    let source = all_sources();
    let used: BTreeSet<_> = uses(&source, "t")
        .into_iter()
        .chain(uses(&source, "text"))
        .map(|(key, _)| key)
        .collect();
    let families: BTreeSet<_> = uses(&source, "tf")
        .into_iter()
        .chain(uses(&source, "textf"))
        .map(|(prefix, _)| prefix)
        .collect();
    let left: Vec<_> = locale("fr")
        .into_iter()
        .map(|(key, _)| key)
        .filter(|key| !used.contains(key) && !families.iter().any(|prefix| key.starts_with(prefix.as_str())))
        .collect();
    assert!(left.is_empty(), "not used: {left:#?}");
    let empty: Vec<_> = families
        .iter()
        .filter(|prefix| !locale("fr").iter().any(|(key, _)| key.starts_with(prefix.as_str())))
        .collect();
    assert!(empty.is_empty(), "families without a word: {empty:#?}");
}

#[test]
fn places_are_filled_and_unknown_ones_stay() {
    let params = [("name", Param::from("Lviv")), ("count", Param::from(3))];
    assert_eq!(
        fill("{count} × {name} {other} {", &params, |number| format!("{number:.0}")),
        "3 × Lviv {other} {"
    );
}

#[test]
fn every_problem_field_code_and_theme_has_a_word() {
    let french: BTreeSet<_> = locale("fr").into_iter().map(|(key, _)| key).collect();
    let problems = shared::problem::ProblemCode::ALL
        .iter()
        .map(|code| format!("problem.{}", code.code()));
    let fields = shared::problem::FieldCode::ALL
        .iter()
        .map(|code| format!("field_error.{}", code.code()));
    let themes = shared::themes::Theme::ALL
        .iter()
        .map(|theme| format!("theme.{}", theme.slug()));
    let kinds = shared::cities::CityKind::ALL
        .iter()
        .map(|kind| format!("city_kind.{}", kind.code()));
    let missing: Vec<_> = problems
        .chain(fields)
        .chain(themes)
        .chain(kinds)
        .filter(|key| !french.contains(key))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
