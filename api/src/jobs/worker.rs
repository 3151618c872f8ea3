//! Carrying out: takes a job, keeps telling that it lives and how far it is, and lets it stop where somebody cancels.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use shared::jobs::{JobKind, JobState};
use shared::problem::ProblemCode;

use super::{Held, Job, service, store};
use crate::caller::Caller;
use crate::doubles;
use crate::error::Error;
use crate::platform::Platform;
use crate::rounds;

/// How often a process looks for work.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often it tells that it is at work.
const TELL_EVERY: Duration = Duration::from_millis(500);
/// How long a job is its own without that.
const HOLD: TimeDelta = TimeDelta::seconds(15);
/// Attempts after which a job has failed: whoever began it always went away.
const ATTEMPTS_MAX: i64 = 5;

/// Carries out whatever work there is, one job at a time. Never ends.
pub async fn run(platform: Platform) {
    loop {
        match work_one(&platform).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "work could not be taken; the next look comes"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Carries out one job; false where there is none.
///
/// # Errors
/// Those of the database. What the work itself fails with is kept in the job.
pub async fn work_one(platform: &Platform) -> Result<bool, Error> {
    let Some(held) = take(platform).await? else {
        return Ok(false);
    };
    if held.job.cancel_asked {
        end(platform, &held, JobState::Cancelled, None).await?;
        return Ok(true);
    }
    // Both go on beside each other: what one waits for may be what the other holds.
    let outcome = tokio::select! {
        outcome = carry_out(platform, &held) => outcome,
        never = keep_telling(platform, &held) => match never {},
    };
    match outcome {
        Ok(Carried::Done) => {}
        Ok(Carried::Stopped) => end(platform, &held, JobState::Cancelled, None).await?,
        Err(error) => {
            tracing::error!(job = %held.job.id, %error, "work failed");
            end(platform, &held, JobState::Failed, Some(error.code())).await?;
        }
    }
    Ok(true)
}

/// How work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// It wrote what it found, and ended its job, in one transaction.
    Done,
    /// It stopped before.
    Stopped,
}

/// The one list of kinds.
async fn carry_out(platform: &Platform, held: &Held) -> Result<Carried, Error> {
    match held.job.kind {
        JobKind::SimulateRound | JobKind::RunRound => rounds::work::carry_out(platform, held).await,
        JobKind::SearchDoubles => doubles::search::carry_out(platform, held).await,
    }
}

async fn take(platform: &Platform) -> Result<Option<Held>, Error> {
    let now = platform.clock.now();
    // Looking costs no writer anything.
    if !store::has_free(&platform.db, now).await? {
        return Ok(None);
    }
    let job = platform
        .db
        .write(&Caller::system(now), async |tx| {
            let Some(mut job) = store::next_for_update(tx).await?.filter(|job| job.is_free(tx.now())) else {
                return Ok(None);
            };
            if job.attempts >= ATTEMPTS_MAX {
                service::end(tx, job, JobState::Failed, Some(ProblemCode::Internal)).await?;
                return Ok(None);
            }
            job.version += 1;
            job.attempts += 1;
            job.state = JobState::Running;
            job.started_at = Some(tx.now());
            job.held_until = Some(tx.now() + HOLD);
            store::save(tx, &job).await?;
            Ok(Some(job))
        })
        .await?;
    Ok(job.map(|job| Held {
        job,
        progress: Arc::default(),
    }))
}

async fn keep_telling(platform: &Platform, held: &Held) -> Infallible {
    loop {
        tokio::time::sleep(TELL_EVERY).await;
        tell(platform, held).await;
    }
}

/// Tells that the job is at work. Where it is not ours any more, or somebody cancels it, it is stopped.
async fn tell(platform: &Platform, held: &Held) {
    let now = platform.clock.now();
    let (done, goal) = held.progress.told();
    let told = (
        i64::try_from(done).unwrap_or(i64::MAX),
        i64::try_from(goal).unwrap_or(i64::MAX),
    );
    let kept: Result<Option<Job>, Error> = platform
        .db
        .write(&Caller::system(now), async |tx| {
            if !store::keep(tx, &held.job, told, now + HOLD).await? {
                return Ok(None);
            }
            store::find(tx.conn(), held.job.id).await
        })
        .await;
    match kept {
        Ok(Some(job)) if !job.cancel_asked => {}
        Ok(_) => held.progress.stop(),
        // The next time it is told again; if that fails too long, another process takes it and this one's end does not count.
        Err(error) => tracing::warn!(job = %held.job.id, %error, "could not tell that work goes on"),
    }
}

async fn end(platform: &Platform, held: &Held, state: JobState, problem: Option<ProblemCode>) -> Result<(), Error> {
    let caller = Caller::system(platform.clock.now());
    platform
        .db
        .write(&caller, async |tx| match service::own_for_update(tx, held).await? {
            Some(job) => service::end(tx, job, state, problem).await,
            None => Ok(()),
        })
        .await
}
