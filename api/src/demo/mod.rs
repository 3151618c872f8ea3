//! The demonstration: the bundled directory and, on top of it, networks, people and what they do together. Each part
//! finds what is there by its natural keys and adds what is missing, so that it can be run again at any time.

pub mod accounts;
pub mod activities;
pub mod assessments;
pub mod cohorts;
pub mod documents;
pub mod doubles;
pub mod lessons;
pub mod mandates;
pub mod organisations;
pub mod partnerships;
pub mod programmes;
pub mod recommendations;
pub mod results;
pub mod rounds;
pub mod stories;
pub mod sustainability;

use std::io::Write as _;
use std::time::Instant;

use anyhow::Context as _;

use crate::clock::Clock;
use crate::db::Db;
use crate::directory::import::{Import, Report};
use crate::files::Files;

/// Loads what is missing, telling progress on standard error; ends with the accounts on standard output.
///
/// # Errors
/// Those of the database, or where a party of the demonstration is not in the directory.
pub async fn run(db: &Db, clock: &Clock, files: &Files) -> anyhow::Result<()> {
    load(db, clock, &|line| eprintln!("{line}")).await?;
    let added = documents::load(db, clock, files).await.context("loading documents")?;
    eprintln!("documents: {added} added");
    let added = stories::load(db, clock, files).await.context("loading stories")?;
    eprintln!("stories: {added} added");
    write!(std::io::stdout(), "{}", accounts::table()).context("writing the table of accounts")
}

/// Loads what is missing, part by part in this order, and tells `progress` a line for each.
///
/// # Errors
/// Those of the database, or where a party of the demonstration is not in the directory.
pub async fn load(db: &Db, clock: &Clock, progress: &(dyn Fn(String) + Sync)) -> anyhow::Result<()> {
    let began = Instant::now();
    let tell = |part: &str, what: String| progress(format!("{part}: {what} ({} ms)", began.elapsed().as_millis()));

    let reading = |report: &Report| progress(report.progress());
    let import = Import {
        db,
        clock,
        progress: &reading,
    };
    let what = match import.bundled().await.context("loading the directory")? {
        Some(report) => report.progress(),
        None => "loaded already".to_owned(),
    };
    tell("directory", what);

    let added = accounts::load(db, clock)
        .await
        .context("loading networks and accounts")?;
    tell("networks and accounts", format!("{added} added"));

    let added = partnerships::load(db, clock)
        .await
        .context("loading profiles, matches and partnerships")?;
    tell("profiles, matches and partnerships", format!("{added} added"));

    let added = activities::load(db, clock).await.context("loading activities")?;
    tell("activities", format!("{added} added"));

    let added = results::load(db, clock).await.context("loading results")?;
    tell("results", format!("{added} added"));

    let added = lessons::load(db, clock).await.context("loading lessons")?;
    tell("lessons", format!("{added} added"));

    let added = assessments::load(db, clock).await.context("loading self-assessments")?;
    tell("self-assessments", format!("{added} added"));

    let added = recommendations::load(db, clock)
        .await
        .context("loading recommendations")?;
    tell("recommendations", format!("{added} added"));

    let added = sustainability::load(db, clock)
        .await
        .context("loading a sustainability plan")?;
    tell("sustainability plan", format!("{added} editions added"));

    let added = programmes::load(db, clock)
        .await
        .context("loading programmes, calls and applications")?;
    tell("programmes, calls and applications", format!("{added} added"));

    let added = organisations::load(db, clock).await.context("loading organisations")?;
    tell("organisations", format!("{added} added"));

    let added = cohorts::load(db, clock).await.context("loading cohorts")?;
    tell("cohorts", format!("{added} added"));
    let added = mandates::load(db, clock).await.context("loading an election")?;
    tell("election and contact", format!("{added} added"));

    let added = rounds::load(db, clock).await.context("loading rounds")?;
    tell("rounds", format!("{added} added"));

    // After the rounds, which take in all towns there are: a member of one is not merged away.
    let added = doubles::load(db, clock).await.context("loading a double")?;
    tell("doubles", format!("{added} added"));

    // The officer's programme comes with the parts above this line.
    let added = accounts::attach_programmes(db, clock)
        .await
        .context("giving roles in programmes")?;
    tell("roles in programmes", format!("{added} added"));

    let added = programmes::load_reviews(db, clock).await.context("loading reviews")?;
    tell("reviews", format!("{added} added"));

    let added = programmes::load_grants(db, clock).await.context("loading grants")?;
    tell("grants", format!("{added} added"));

    let added = programmes::load_campaign(db, clock)
        .await
        .context("loading the campaign")?;
    tell("campaign", format!("{added} added"));
    Ok(())
}
