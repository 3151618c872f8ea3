//! `cargo xtask bench`: the server's benchmarks, built for release.

use anyhow::Result;
use clap::Args;

use crate::process;
use crate::test::postgres;
use crate::workspace::Workspace;

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// Which benchmark: http, matching, matching-quality …; all of them when none is named
    name: Option<String>,
    /// Passed on to the benchmark
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Runs one benchmark of `api/benches`, or all.
pub(crate) fn perform(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--package", "api"]);
    match &options.name {
        Some(name) => {
            process::step(format_args!("benchmark {name}"));
            cargo.args(["--bench", name]);
        }
        None => {
            process::step("all benchmarks");
            cargo.arg("--benches");
        }
    }
    cargo.arg("--").args(&options.arguments);
    // Suggestions are measured beside PostgreSQL, where the machine has it.
    let beside = match options.name.as_deref() {
        Some("matching") => postgres::start_if_there(workspace)?,
        _ => None,
    };
    if let Some(server) = &beside {
        cargo.args(["--postgres", &server.url()]);
    }
    process::run(&mut cargo)
}
