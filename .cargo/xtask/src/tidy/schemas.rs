//! Names in the OpenAPI document: two types of one name become one schema there without a word, so each has a name of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

/// Macros that make a type of the first name inside them.
const MAKERS: [&str; 2] = ["codes!", "page!"];

/// Faults of all files that can have types with a schema.
pub(super) fn faults(root: &Path, files: &[String]) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for path in files {
        let has_types = path.starts_with("shared/src/") || path.starts_with("api/src/");
        if has_types && path.ends_with(".rs") {
            texts.push((path.as_str(), fs::read_to_string(root.join(path))?));
        }
    }
    Ok(twice(&texts))
}

fn twice(texts: &[(&str, String)]) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in texts {
        for (line, name) in names(text) {
            places.entry(name).or_default().push(format!("{path}:{line}"));
        }
    }
    let shared = places.into_iter().filter(|(_, places)| places.len() > 1);
    shared
        .map(|(name, places)| {
            format!(
                "{}: the schema `{name}` is {} too: give one of them another name, or `schema(as = …)`",
                places[0],
                places[1..].join(", ")
            )
        })
        .collect()
}

/// The schemas that a file makes, each with its line.
fn names(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open = 0_usize;
    let mut has_schema = false;
    let mut alias = None;
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if open > 0 || line.starts_with("#[") {
            has_schema |= line.contains("ToSchema");
            alias = alias.or_else(|| said_as(line));
            open = (open + line.matches('[').count()).saturating_sub(line.matches(']').count());
            continue;
        }
        let maker = |maker: &&str| {
            line.split(['(', '{'])
                .next()
                .is_some_and(|start| start.trim_end().ends_with(*maker))
        };
        if MAKERS.iter().any(maker) {
            has_schema = true;
            continue;
        }
        if let Some(name) = type_name(line).or_else(|| has_schema.then(|| made_name(line)).flatten())
            && has_schema
        {
            found.push((number, alias.take().unwrap_or(name)));
        }
        (has_schema, alias) = (false, None);
    }
    found
}

/// The name that `schema(as = …)` gives.
fn said_as(line: &str) -> Option<String> {
    let (_, inside) = line.split_once("schema(")?;
    let (_, name) = inside.split_once("as = ")?;
    word(name)
}

/// The name of a struct or an enum that begins on this line.
fn type_name(line: &str) -> Option<String> {
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(')')?.1,
        Some(rest) => rest,
        None => line,
    };
    let line = line.trim_start();
    word(line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum "))?)
}

/// The name of what a macro makes: `Kind {`, `KindPage of Kind`.
fn made_name(line: &str) -> Option<String> {
    let name = word(line)?;
    let rest = line[name.len()..].trim_start();
    (rest.starts_with('{') || rest.starts_with("of ")).then_some(name)
}

fn word(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"
/// A step.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema)
)]
pub struct Step {
    kind: String,
}

codes!(
    /// A kind.
    StepKind {
        /// One.
        One = "one",
    }
);

crate::page!(
    /// A page.
    StepPage of Step
);

/// Never in the document.
pub(crate) struct Inner;
"#;

    #[test]
    fn types_with_a_schema_are_found_however_they_are_made() {
        let found: Vec<String> = names(ONE).into_iter().map(|(_, name)| name).collect();
        assert_eq!(found, ["Step", "StepKind", "StepPage"]);
        assert_eq!(names(ONE)[0].0, 8);
    }

    #[test]
    fn a_name_that_stands_twice_is_a_fault_unless_it_is_told_apart() {
        let other = "#[derive(ToSchema)]\npub(super) enum Step {\n}\nstruct StepKind;\n".to_owned();
        let both = [("shared/src/a.rs", ONE.to_owned()), ("api/src/b.rs", other)];
        let faults = twice(&both);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(
            faults[0].starts_with("shared/src/a.rs:8: the schema `Step` is api/src/b.rs:2"),
            "{faults:?}"
        );
        let apart = "#[derive(ToSchema)]\n#[schema(as = OtherStep)]\nstruct Step;\n".to_owned();
        assert!(twice(&[("a.rs", ONE.to_owned()), ("b.rs", apart.clone())]).is_empty());
        assert_eq!(twice(&[("a.rs", apart.clone()), ("b.rs", apart)]).len(), 1);
    }
}
