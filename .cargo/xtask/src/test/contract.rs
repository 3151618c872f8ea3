//! The API document: current, clean for two linters, and good for a typed client.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::npm;
use crate::process;
use crate::test::browser;
use crate::workspace::Workspace;

/// Checks the committed document from four sides.
pub(super) fn perform(workspace: &Workspace) -> Result<()> {
    npm::install(workspace)?;
    browser::build_server(workspace)?;
    let mut faults = Vec::new();
    let mut note = |what: &str, result: Result<()>| {
        if let Err(error) = result {
            eprintln!("{error:#}");
            faults.push(what.to_owned());
        }
    };
    process::step("comparing openapi/openapi.json with the code");
    let generator = workspace
        .target()
        .join(format!("debug/openapi{}", std::env::consts::EXE_SUFFIX));
    note(
        "drift",
        process::run(Command::new(generator).current_dir(workspace.root()).arg("--check")),
    );

    process::step("spectral");
    let mut spectral = npm::tool(workspace, "spectral")?;
    spectral.args([
        "lint",
        "--ruleset",
        "../openapi/spectral.yaml",
        "--fail-severity",
        "warn",
        "../openapi/openapi.json",
    ]);
    note("spectral", process::run(&mut spectral));

    process::step("redocly");
    let mut redocly = npm::tool(workspace, "redocly")?;
    redocly.args([
        "lint",
        "--config",
        "../openapi/redocly.yaml",
        "--max-problems",
        "50",
        "../openapi/openapi.json",
    ]);
    note("redocly", process::run(&mut redocly));

    process::step("a TypeScript client made from the document");
    note(
        "client",
        generate_client(workspace).and_then(|()| compile_client(workspace)),
    );

    if !faults.is_empty() {
        bail!("the API document fails: {}", faults.join(", "));
    }
    Ok(())
}

/// Writes the types that the client of `web/e2e/client` is checked against.
pub(super) fn generate_client(workspace: &Workspace) -> Result<()> {
    let document = workspace.root().join("openapi/openapi.json");
    fs::metadata(&document).context("openapi/openapi.json is missing: `cargo xtask openapi` writes it")?;
    let mut generator = npm::tool(workspace, "openapi-typescript")?;
    process::run(generator.arg(document).args(["--output", "e2e/client/api.ts"]))
}

fn compile_client(workspace: &Workspace) -> Result<()> {
    process::run(npm::tool(workspace, "tsc")?.args(["--project", "e2e/client/tsconfig.json"]))
}
