//! `cargo xtask bench`: the server's benchmarks, built for release.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::process;
use crate::python;
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
    // Suggestions are measured beside PostgreSQL and FAISS, where the machine has them or can get them.
    let is_matching = options.name.as_deref() == Some("matching");
    let beside = if is_matching {
        postgres::start_if_there(workspace)?
    } else {
        None
    };
    if let Some(server) = &beside {
        cargo.args(["--postgres", &server.url()]);
    }
    if is_matching {
        match faiss(workspace) {
            Ok(milliseconds) => {
                cargo.args(["--faiss", &milliseconds]);
            }
            Err(error) => eprintln!("FAISS is not asked: {error:#}"),
        }
    }
    process::run(&mut cargo)
}

/// Milliseconds that FAISS takes on this machine.
fn faiss(workspace: &Workspace) -> Result<String> {
    let folder = workspace.root().join("api/benches/matching");
    let home = python::environment(workspace, "faiss", &folder.join("requirements.txt"))?;
    process::step("asking FAISS");
    let told = process::capture(Command::new(home.join("bin/python")).arg(folder.join("faiss_flat.py")))?;
    Ok(told.trim().to_owned())
}
