//! Asking for work, looking at it, cancelling it, and ending it.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::JobId;
use shared::jobs::{JobKind, JobState, JobView};
use shared::problem::ProblemCode;

use super::{Held, Job, store};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Asks for work, in the transaction of whoever asks.
///
/// # Errors
/// Those of the database.
pub async fn ask(tx: &Tx<'_>, job: &Job) -> Result<JobView, Error> {
    store::insert(tx, job).await?;
    record(tx, "ask", job).await?;
    Ok(view(tx.caller(), job))
}

async fn record(tx: &Tx<'_>, verb: &str, job: &Job) -> Result<(), Error> {
    let details = json!({
        "kind": job.kind,
        "subject_id": job.subject_id,
        "state": job.state,
        "attempts": job.attempts,
        "problem": job.problem,
    });
    tx.record(verb, Resource::Job, job.id.0, job.version, details).await
}

/// Work, for the officers of its programme; a search for doubles for whoever reviews them.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn read(platform: &Platform, caller: &Caller, id: JobId) -> Result<JobView, Error> {
    signed_in(caller)?;
    let job = store::find(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    require(caller, &job)?;
    Ok(view(caller, &job))
}

/// Cancels work: at once where it waits, soon where it is being carried out.
///
/// # Errors
/// `NotFound`, `Denied` for who only reads, `Stale`, `StateConflict` where it has ended.
pub async fn cancel(platform: &Platform, caller: &Caller, id: JobId) -> Result<Answer<JobView>, Error> {
    signed_in(caller)?;
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut job = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
            require(caller, &job)?;
            if !caller.actor.can_write() {
                return Err(Error::Denied("this program only reads"));
            }
            caller.expect_version(job.version)?;
            match job.state {
                JobState::Queued => job.end(JobState::Cancelled, None, tx.now()),
                JobState::Running if !job.cancel_asked => {
                    job.cancel_asked = true;
                    job.version += 1;
                }
                _ => return Err(Error::conflict(ProblemCode::StateConflict)),
            }
            store::save(tx, &job).await?;
            record(tx, "cancel", &job).await?;
            Ok(view(caller, &job))
        })
        .await
}

/// The job that a process carries out, locked for what it writes at its end; none where it is not its own any more.
///
/// # Errors
/// Those of the database.
pub async fn own_for_update(tx: &Tx<'_>, held: &Held) -> Result<Option<Job>, Error> {
    let job = store::for_update(tx, held.job.id).await?;
    Ok(job.filter(|job| job.state == JobState::Running && job.attempts == held.job.attempts))
}

/// Ends a job that is locked.
///
/// # Errors
/// Those of the database.
pub async fn end(tx: &Tx<'_>, mut job: Job, state: JobState, problem: Option<ProblemCode>) -> Result<(), Error> {
    job.end(state, problem, tx.now());
    store::save(tx, &job).await?;
    record(tx, "end", &job).await
}

fn signed_in(caller: &Caller) -> Result<(), Error> {
    if caller.actor.is_public() {
        return Err(Error::Unauthenticated(ProblemCode::Unauthenticated));
    }
    Ok(())
}

fn require(caller: &Caller, job: &Job) -> Result<(), Error> {
    policy::require(
        &caller.actor,
        &Action::ManageJob {
            programme: job.programme_id,
            searches: job.kind == JobKind::SearchDoubles,
        },
    )
}

/// Work as the caller sees it.
#[must_use]
pub fn view(caller: &Caller, job: &Job) -> JobView {
    JobView {
        id: job.id,
        version: job.version,
        kind: job.kind,
        subject_id: job.subject_id,
        state: job.state,
        done: job.done,
        of: job.goal,
        attempts: job.attempts,
        report: job.report,
        problem: job.problem,
        created_at: job.created_at,
        started_at: job.started_at,
        finished_at: job.finished_at,
        can_cancel: job.state.is_open() && !job.cancel_asked && caller.actor.can_write(),
    }
}
