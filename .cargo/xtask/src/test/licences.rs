//! What we depend on: under licences that we accept, from sources that we know, and nothing that we have banned.
//! `.cargo/deny.toml` says which.
//!
//! `cargo-deny` reads the same file and knows advisories too; it runs where it is installed. Where the advisory database
//! cannot be reached, one line says so, and all else is checked.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

use crate::process;
use crate::workspace::Workspace;

/// Where crates may come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every package of the build.
pub(super) fn perform(workspace: &Workspace) -> Result<()> {
    let policy =
        fs::read_to_string(workspace.root().join(".cargo/deny.toml")).context(".cargo/deny.toml is missing")?;
    let allowed = allowed_licences(&policy)?;
    let banned = banned_crates(&policy)?;
    let metadata = workspace.metadata()?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let mut faults = Vec::new();
    for package in packages {
        faults.extend(fault_of(package, &allowed));
        faults.extend(ban_of(package, &banned));
    }
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} packages break deny.toml", faults.len());
    }
    println!(
        "licences, bans and sources: {} packages from one registry, none of {}, all under one of {}",
        packages.len(),
        join(&banned),
        join(&allowed)
    );
    if process::find_program("cargo-deny").is_none() {
        println!("advisories: NOT checked, cargo-deny is not installed (`cargo install --locked cargo-deny`)");
        return Ok(());
    }
    process::step("cargo deny");
    process::run(workspace.cargo().args(["deny", "check", "bans", "licenses", "sources"]))?;
    if process::succeeds(workspace.cargo().args(["deny", "fetch", "db"])) {
        process::run(
            workspace
                .cargo()
                .args(["deny", "check", "--disable-fetch", "advisories"]),
        )
    } else {
        println!("advisories: NOT checked, the advisory database cannot be reached");
        Ok(())
    }
}

fn join(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The strings of `allow = [ … ]` below `[licenses]`. The file is ours and simple: no reader of the whole format is needed.
fn allowed_licences(policy: &str) -> Result<BTreeSet<String>> {
    let section = policy
        .split_once("[licenses]")
        .context("deny.toml has no [licenses]")?
        .1;
    let list = section
        .split_once("allow = [")
        .context("[licenses] has no `allow = [`")?
        .1;
    let list = list.split_once(']').context("the list of licences is not closed")?.0;
    let mut allowed = BTreeSet::new();
    for line in list.lines() {
        let code = line.split('#').next().unwrap_or_default();
        allowed.extend(code.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    Ok(allowed)
}

/// The crates in `deny = [ … ]` below `[bans]`.
fn banned_crates(policy: &str) -> Result<BTreeSet<String>> {
    let section = policy.split_once("[bans]").context("deny.toml has no [bans]")?.1;
    let section = section.split_once("\n[").map_or(section, |(section, _)| section);
    Ok(section
        .split("crate = \"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect())
}

fn ban_of(package: &Value, banned: &BTreeSet<String>) -> Option<String> {
    let name = package["name"].as_str()?;
    banned.contains(name).then(|| format!("{name}: is banned by deny.toml"))
}

fn fault_of(package: &Value, allowed: &BTreeSet<String>) -> Option<String> {
    let name = format!("{} {}", package["name"].as_str()?, package["version"].as_str()?);
    if let Some(source) = package["source"].as_str()
        && source != REGISTRY
    {
        return Some(format!("{name}: comes from {source}"));
    }
    let Some(licence) = package["license"].as_str() else {
        return Some(format!("{name}: names no licence"));
    };
    match is_allowed(licence, allowed) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name}: `{licence}` is not allowed")),
        Err(error) => Some(format!("{name}: {error:#}")),
    }
}

/// Whether the choices that the expression offers contain one that we accept.
fn is_allowed(licence: &str, allowed: &BTreeSet<String>) -> Result<bool> {
    let expression = Expression::parse_mode(licence, ParseMode::LAX)
        .with_context(|| format!("`{licence}` is not an SPDX expression"))?;
    Ok(expression.evaluate(|requirement: &LicenseReq| allowed.contains(&requirement.to_string())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn allowed() -> BTreeSet<String> {
        allowed_licences("[licenses]\nallow = [\n  \"MIT\", # the \"usual\" one\n  \"Apache-2.0\",\n]\n").unwrap()
    }

    #[test]
    fn the_list_is_read_without_its_comments() {
        assert_eq!(allowed(), BTreeSet::from(["MIT".to_owned(), "Apache-2.0".to_owned()]));
    }

    #[test]
    fn a_banned_crate_is_found_by_its_name() {
        let policy =
            "[bans]\ndeny = [\n  { crate = \"rsa\", reason = \"no fix\" },\n]\n\n[sources]\nx = { crate = \"y\" }\n";
        let banned = banned_crates(policy).unwrap();
        assert_eq!(banned, BTreeSet::from(["rsa".to_owned()]));
        assert!(ban_of(&json!({ "name": "rsa" }), &banned).is_some());
        assert!(ban_of(&json!({ "name": "rsa-more" }), &banned).is_none());
    }

    #[test]
    fn a_choice_with_one_accepted_licence_is_accepted() {
        assert!(is_allowed("MIT OR GPL-3.0-only", &allowed()).unwrap());
        assert!(is_allowed("MIT/Apache-2.0", &allowed()).unwrap());
    }

    #[test]
    fn a_licence_that_must_be_kept_too_is_not_overlooked() {
        assert!(!is_allowed("MIT AND GPL-3.0-only", &allowed()).unwrap());
        assert!(!is_allowed("Apache-2.0 WITH LLVM-exception", &allowed()).unwrap());
    }

    #[test]
    fn a_package_from_elsewhere_or_without_licence_is_a_fault() {
        let package = |source: Value, license: Value| json!({ "name": "a", "version": "1.0.0", "source": source, "license": license });
        assert!(fault_of(&package(json!(REGISTRY), json!("MIT")), &allowed()).is_none());
        assert!(fault_of(&package(json!("git+https://example.org/a"), json!("MIT")), &allowed()).is_some());
        assert!(fault_of(&package(json!(REGISTRY), Value::Null), &allowed()).is_some());
    }
}
