//! `cargo xtask tidy`: the rules of the house that no compiler keeps.
//!
//! | rule | module |
//! |---|---|
//! | who may name which framework, how long a file may be, what a line may not say | `sources` |
//! | which crate may depend on which, what never reaches the browser | `dependencies` |
//! | what stands at the top level | `layout` |
//! | the three languages have the same words | `locales` |
//! | French marks stand after a blank that keeps the line together | `french` |
//! | no two types are one schema in the OpenAPI document | `schemas` |

mod dependencies;
mod french;
mod layout;
mod locales;
mod schemas;
mod sources;

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// Checks every rule and reports all that is wrong at once.
pub(crate) fn perform(workspace: &Workspace) -> Result<()> {
    let files = tracked_files(workspace.root())?;
    let mut faults = layout::faults(&files);
    faults.extend(sources::faults(workspace.root(), &files)?);
    faults.extend(schemas::faults(workspace.root(), &files)?);
    faults.extend(dependencies::faults(workspace)?);
    faults.extend(french::faults(workspace.root(), &files)?);
    faults.extend(locales::faults(&workspace.web().join("locales"))?);
    if faults.is_empty() {
        println!("tidy: {} files, no fault", files.len());
        return Ok(());
    }
    for fault in &faults {
        println!("{fault}");
    }
    bail!("{} faults", faults.len());
}

/// What git knows, and what it would know after `git add`.
fn tracked_files(root: &Path) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
    ]);
    let listed = process::capture(&mut git)?;
    Ok(listed
        .lines()
        .filter(|path| root.join(path).is_file())
        .map(str::to_owned)
        .collect())
}
