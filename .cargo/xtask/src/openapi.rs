//! `cargo xtask openapi`: the committed document, written again or checked against the code.

use anyhow::Result;
use clap::Args;

use crate::process;
use crate::workspace::Workspace;

/// Options of `cargo xtask openapi`.
#[derive(Args)]
pub(crate) struct Options {
    /// Change nothing; fail when openapi/openapi.json is not what the code says
    #[arg(long)]
    check: bool,
}

/// Writes `openapi/openapi.json`, or fails when it is stale.
pub(crate) fn perform(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--package", "openapi"]);
    if options.check {
        process::step("comparing openapi/openapi.json with the code");
        cargo.args(["--", "--check"]);
    } else {
        process::step("writing openapi/openapi.json");
    }
    process::run(&mut cargo)
}
