//! What a serving process tidies up every ten minutes: unanswered interests and proposals of rounds, answers kept for repeated requests,
//! sessions that are over, counted attempts, and rate limits of addresses that have gone. It also keeps the index of matches
//! in the data folder, for the next start, marks contacts whose mandate is over, reminds of reports, writes the digests that are due, and looks for doubles where cities or partnerships
//! changed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use crate::accounts::{store, throttle};
use crate::applications::attachments::service as attachments;
use crate::applications::{comments, presence};
use crate::caller::Caller;
use crate::config::MailArgs;
use crate::db::idempotency;
use crate::doubles;
use crate::error::Error;
use crate::grants::reminders;
use crate::http::limits::Limits;
use crate::mail::{digest, store as mail};
use crate::mandates;
use crate::matches;
use crate::platform::Platform;
use crate::rounds;
use crate::stories;

/// When first: once a start has settled.
const SOON: Duration = Duration::from_secs(30);
/// How long it is known of a letter that it was sent.
const LETTERS_KEPT: TimeDelta = TimeDelta::days(30);
/// How often.
const EVERY: Duration = Duration::from_secs(600);

/// Tidies up again and again. Never ends.
pub async fn run(platform: Platform, limits: Arc<Limits>, folder: Option<PathBuf>, letters: MailArgs) {
    tokio::time::sleep(SOON).await;
    let mut looked_at = None;
    loop {
        let state = (platform.directory.cities().changes(), platform.atlas.generation());
        if looked_at.replace(state) != Some(state)
            && let Err(error) = doubles::search::run(&platform, &Caller::system(platform.clock.now())).await
        {
            tracing::warn!(%error, "could not look for doubles; the next time comes");
        }
        if let Some(folder) = &folder
            && let Err(error) = platform.matches.keep(&platform.db, folder).await
        {
            tracing::warn!(%error, "could not keep the index of matches; the next start takes longer");
        }
        tokio::time::sleep(EVERY).await;
        limits.sweep();
        match tidy_up(&platform).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "tidied up"),
            Err(error) => tracing::warn!(%error, "could not tidy up; the next time comes"),
        }
        if letters.smtp_url.is_some()
            && let Err(error) = digest::write_due(&platform, &letters.public_url).await
        {
            tracing::warn!(%error, "could not write all digests; the next time comes");
        }
    }
}

/// Deletes what nobody needs any more, ends interests and proposals that nobody answered, marks contacts whom nobody confirmed after
/// a mandate or an election, and reminds of reports; says how many rows that were.
///
/// # Errors
/// Those of the database.
pub async fn tidy_up(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let db = &platform.db;
    // A transaction each: others write between them.
    let answers = db.write(&caller, idempotency::sweep).await?;
    let sessions = db.write(&caller, store::sweep).await?;
    let attempts = db.write(&caller, throttle::store::sweep).await?;
    let expired = matches::service::expire_overdue(db, &platform.clock).await?;
    let lapsed = rounds::pairs::service::lapse_overdue(db, &platform.clock).await?;
    let before = caller.now - LETTERS_KEPT;
    let letters = db.write(&caller, async |tx| mail::sweep(tx, before).await).await?;
    let documents = attachments::sweep(platform).await?;
    let pictures = stories::pictures::sweep(platform).await?;
    let said = comments::service::sweep(platform).await?;
    let signs = presence::service::sweep(platform).await?;
    let links = mandates::service::sweep(platform).await?;
    let marked = mandates::marks::mark_due(platform).await?;
    let reminded = reminders::remind_due(platform).await?;
    let rows = [
        answers, sessions, attempts, letters, documents, pictures, said, signs, links, marked, reminded,
    ];
    Ok(rows.iter().sum::<u64>() + (expired + lapsed) as u64)
}
