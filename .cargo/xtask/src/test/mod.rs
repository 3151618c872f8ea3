//! `cargo xtask test`: every check of the project, part by part.
//!
//! A failed part does not stop the others; the table at the end tells which failed, and so does the exit code. What the runners of
//! a part write is shown as it is.

mod browser;
mod contract;
mod fuzz;
mod licences;
pub(crate) mod postgres;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::process;
use crate::tidy;
use crate::web;
use crate::workspace::Workspace;

/// Options of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these parts, in the usual order
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
}

/// The parts, in the order in which they run: what is quick and often wrong comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// rustfmt
    Fmt,
    /// clippy, warnings denied
    Clippy,
    /// The rules of the house
    Tidy,
    /// Unit and property tests
    Unit,
    /// HTTP tests on SQLite and on PostgreSQL
    Http,
    /// Drift and lint of the API document, and a client made from it
    Openapi,
    /// Requests made from the API document, as everybody who may call, on SQLite and on PostgreSQL
    Fuzz,
    /// The web app: size budget, journeys in Chromium, accessibility
    Web,
    /// Licences and sources of what we depend on
    Deny,
}

impl Part {
    fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    fn perform(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Fmt => process::run(workspace.cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => clippy(workspace),
            Self::Tidy => tidy::perform(workspace),
            Self::Unit => unit(workspace),
            Self::Http => http(workspace),
            Self::Openapi => contract::perform(workspace),
            Self::Fuzz => fuzz::perform(workspace),
            Self::Web => web_app(workspace),
            Self::Deny => licences::perform(workspace),
        }
    }
}

/// How a part ended.
struct Outcome {
    part: Part,
    took: Duration,
    error: Option<String>,
}

/// Runs the parts and sums up.
pub(crate) fn perform(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut outcomes = Vec::new();
    for part in Part::value_variants()
        .iter()
        .copied()
        .filter(|part| options.only.is_empty() || options.only.contains(part))
    {
        println!("\n==== {} ====", part.name());
        let begun = Instant::now();
        let error = part.perform(workspace).err().map(|error| format!("{error:#}"));
        let took = begun.elapsed();
        if let Some(error) = &error {
            eprintln!("{} failed: {error}", part.name());
        }
        println!(
            "---- {}: {} ({})",
            part.name(),
            if error.is_none() { "ok" } else { "FAILED" },
            minutes(took)
        );
        outcomes.push(Outcome { part, took, error });
    }
    println!("\n{}", table(&outcomes));
    let failed = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
    if failed > 0 {
        bail!("{failed} of {} parts failed", outcomes.len());
    }
    Ok(())
}

fn table(outcomes: &[Outcome]) -> String {
    let mut table = format!("{:<10}{:>10}  result", "part", "time");
    for outcome in outcomes {
        let first_line = outcome.error.as_deref().and_then(|error| error.lines().next());
        let result = first_line.map_or_else(|| "ok".to_owned(), |line| format!("FAILED: {line}"));
        let _ = write!(
            table,
            "\n{:<10}{:>10}  {result}",
            outcome.part.name(),
            minutes(outcome.took)
        );
    }
    let total = outcomes.iter().map(|outcome| outcome.took).sum();
    let _ = write!(table, "\n{:<10}{:>10}", "all", minutes(total));
    table
}

fn minutes(time: Duration) -> String {
    format!("{}:{:02} min", time.as_secs() / 60, time.as_secs() % 60)
}

/// The default members are always built together, so that every part finds the dependencies that an earlier part compiled. The web
/// app and the tasks are apart: built together, their features would mix into those of the server.
fn clippy(workspace: &Workspace) -> Result<()> {
    for selection in [&[] as &[&str], &["--package", "web"], &["--package", "xtask"]] {
        let mut cargo = workspace.cargo();
        cargo
            .arg("clippy")
            .args(selection)
            .args(["--all-targets", "--", "--deny", "warnings"]);
        process::step(process::words(&cargo));
        process::run(&mut cargo)?;
    }
    Ok(())
}

fn unit(workspace: &Workspace) -> Result<()> {
    for selection in [
        &["--lib", "--bins"] as &[&str],
        &["--package", "web", "--lib"],
        &["--package", "xtask"],
    ] {
        let mut cargo = workspace.cargo();
        cargo.arg("test").args(selection);
        process::step(process::words(&cargo));
        process::run(&mut cargo)?;
    }
    Ok(())
}

/// A build that is too heavy can still be tried out: both faults are told.
fn web_app(workspace: &Workspace) -> Result<()> {
    web::perform(workspace, &web::Options::default())?;
    let weight = web::check_budget(&workspace.dist());
    if let Err(error) = &weight {
        eprintln!("{error:#}");
    }
    browser::perform(workspace)?;
    weight
}

fn http(workspace: &Workspace) -> Result<()> {
    let tests = || {
        let mut cargo = workspace.cargo();
        cargo.args(["test", "--test", "it"]).env_remove("TEST_DATABASE_URL");
        cargo
    };
    process::step("HTTP tests on SQLite");
    let on_sqlite = process::run(&mut tests());
    let server = postgres::start(workspace)?;
    process::step(format_args!("HTTP tests on PostgreSQL ({})", server.url()));
    let on_postgres = process::run(tests().env("TEST_DATABASE_URL", server.url()));
    match (on_sqlite, on_postgres) {
        (Ok(()), Ok(())) => Ok(()),
        (Err(_), Err(_)) => bail!("the HTTP tests failed on both databases"),
        (Err(_), Ok(())) => bail!("the HTTP tests failed on SQLite"),
        (Ok(()), Err(_)) => bail!("the HTTP tests failed on PostgreSQL"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_each_part_with_its_result_and_the_first_line_of_its_error() {
        let outcome = |part, error: Option<&str>| Outcome {
            part,
            took: Duration::from_secs(61),
            error: error.map(str::to_owned),
        };
        let table = table(&[outcome(Part::Fmt, None), outcome(Part::Tidy, Some("2 faults\nmore"))]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "fmt         1:01 min  ok");
        assert_eq!(lines[2], "tidy        1:01 min  FAILED: 2 faults");
        assert_eq!(lines[3], "all         2:02 min");
    }
}
