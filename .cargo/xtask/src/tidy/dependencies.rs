//! Which crate of ours may depend on which, and what never reaches the browser.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;
use crate::workspace::Workspace;

/// Rule 1 of the architecture: `web → shared ← api → migrations`, `openapi → api`.
const ALLOWED: [(&str, &[&str]); 6] = [
    ("shared", &[]),
    ("migrations", &[]),
    ("api", &["shared", "migrations"]),
    ("openapi", &["api"]),
    ("web", &["shared"]),
    ("xtask", &[]),
];

/// Rule 4: too heavy for the browser, or none of its business.
const NOT_IN_BROWSER: [&str; 8] = [
    "validator",
    "utoipa",
    "sea-orm",
    "sqlx",
    "regex",
    "regex-automata",
    "tokio",
    "icu_datetime",
];

/// `leptos_config` reads configuration files on servers, with `config` and `regex`. In the browser nothing calls it: the linker leaves it
/// and what it alone needs out, so it is left out here too.
const LEFT_OUT_BY_LINKER: &str = "leptos_config";

/// Faults in the directions of dependencies.
pub(super) fn faults(workspace: &Workspace) -> Result<Vec<String>> {
    let metadata = workspace.metadata()?;
    let mut faults = wrong_directions(&metadata)?;
    let mut cargo = workspace.cargo();
    cargo.args([
        "tree",
        "--package",
        "web",
        "--target",
        "wasm32-unknown-unknown",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]);
    cargo.args(["--format", "{p}", "--prune", LEFT_OUT_BY_LINKER]);
    faults.extend(unfit_for_browser(&process::capture(&mut cargo)?));
    Ok(faults)
}

fn wrong_directions(metadata: &Value) -> Result<Vec<String>> {
    let members: BTreeSet<&str> = metadata["workspace_members"]
        .as_array()
        .context("no workspace_members")?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let packages = metadata["packages"].as_array().context("no packages")?;
    let ours: Vec<&Value> = packages
        .iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| members.contains(id)))
        .collect();
    let names: BTreeSet<&str> = ours.iter().filter_map(|package| package["name"].as_str()).collect();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut faults = Vec::new();
    for package in ours {
        let name = package["name"].as_str().context("a package without name")?;
        let Some(allowed) = allowed.get(name) else {
            faults.push(format!(
                "{name}: a new crate; say in ALLOWED (tidy/dependencies.rs) what it may depend on"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            if names.contains(on) && on != name && !allowed.contains(&on) {
                faults.push(format!("{name}: may not depend on {on}"));
            }
        }
    }
    Ok(faults)
}

fn unfit_for_browser(tree: &str) -> Vec<String> {
    let crates: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    NOT_IN_BROWSER
        .iter()
        .filter(|name| crates.contains(**name))
        .map(|name| {
            format!("web: {name} would travel to the browser; `cargo tree -p web -i {name}` tells through whom")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(from: &str, on: &str) -> Value {
        let package =
            |name: &str, dependencies: Value| json!({ "id": name, "name": name, "dependencies": dependencies });
        json!({
            "workspace_members": [from, on],
            "packages": [package(from, json!([{ "name": on }, { "name": "serde" }])), package(on, json!([]))],
        })
    }

    #[test]
    fn the_browser_may_not_depend_on_the_server() {
        assert_eq!(
            wrong_directions(&metadata("web", "api")).unwrap(),
            ["web: may not depend on api"]
        );
        assert!(wrong_directions(&metadata("web", "shared")).unwrap().is_empty());
    }

    #[test]
    fn a_crate_that_nobody_placed_is_a_fault() {
        let faults = wrong_directions(&metadata("newcomer", "shared")).unwrap();
        assert!(faults[0].starts_with("newcomer: a new crate"), "{faults:?}");
    }

    #[test]
    fn a_heavy_crate_in_the_tree_of_the_browser_is_named() {
        let faults = unfit_for_browser("web v0.1.0\nserde v1.0.0\nregex v1.0.0 (*)\n");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("regex"), "{faults:?}");
    }
}
