//! Matching: what a round's job does. It reads, thinks on a thread of its own, and writes what it found together with the
//! end of its job, in one transaction.
//!
//! What was shown already holds: those pairs keep their places (of their cities and of saturated countries), a declined one
//! is not made again, and only what is left is matched. The certificate is that of what is left.

mod prepare;
pub mod service;
mod store;

use std::sync::Arc;

use serde_json::json;
use shared::audit::Resource;
use shared::ids::{RoundId, RoundPairId};
use shared::jobs::{JobKind, JobState};
use shared::rounds::{
    Cohort, RoundCertificate, RoundOutcome, RoundPairState, RoundSide, RoundState, Stopped, Totals, Watch,
};
use uuid::Uuid;

use super::pairs::{self, RoundPair, store::NewPair};
use super::{Round, members, store as rounds};
use crate::caller::Caller;
use crate::db::Tx;
use crate::directory::fold::fold;
use crate::error::Error;
use crate::jobs::worker::Carried;
use crate::jobs::{self, Held, Progress};
use crate::platform::Platform;

/// What was found.
struct Found {
    certificate: RoundCertificate,
    cohort: Cohort,
    outcome: RoundOutcome,
}

/// Watches for a job.
struct Told(Arc<Progress>);

impl Watch for Told {
    fn goes_on(&self, done: u64, of: u64) -> bool {
        self.0.tell(done, of)
    }
}

/// Matches the round of a job.
///
/// # Errors
/// `NotFound` for a round that is gone, and those of the database.
pub async fn carry_out(platform: &Platform, held: &Held) -> Result<Carried, Error> {
    let id = RoundId(held.job.subject_id);
    // What was not answered in time holds no places any more.
    pairs::service::lapse_overdue(&platform.db, &platform.clock).await?;
    let round = rounds::round(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    let cities = members::store::all(&platform.db, id).await?;
    let shown = pairs::store::shown(platform.db.read(), id).await?;
    let now = platform.clock.now();
    let certificate = prepare::certificate(platform, &round, cities, &shown, now);
    let is_trial = held.job.kind == JobKind::SimulateRound;
    let watch = Told(Arc::clone(&held.progress));
    let found = tokio::task::spawn_blocking(move || find(certificate, is_trial, now, &watch))
        .await
        .map_err(Error::internal)?;
    let Ok(found) = found else {
        return Ok(Carried::Stopped);
    };
    let body = store::pack(&found.certificate)?;
    let caller = Caller::system(platform.clock.now());
    platform
        .db
        .write(&caller, async |tx| write(tx, platform, held, &found, &body).await)
        .await
}

/// Matches, and compares every possible pair with the result.
fn find(
    mut certificate: RoundCertificate,
    is_trial: bool,
    now: chrono::DateTime<chrono::Utc>,
    watch: &dyn Watch,
) -> Result<Found, Stopped> {
    let cohort = certificate.cohort();
    certificate.solve(&cohort, watch)?;
    let verdict = certificate.check_with(&cohort, watch)?;
    let (total, matched) = cohort.sums(&certificate.pairs);
    let mut members = [0; 2];
    for entrant in certificate.entrants.iter().filter(|entrant| entrant.places > 0) {
        members[entrant.side as usize] += 1;
    }
    let outcome = RoundOutcome {
        trial: is_trial,
        mode: certificate.mode,
        pairs: u32::try_from(certificate.pairs.len()).unwrap_or(u32::MAX),
        members,
        matched,
        total,
        verdict,
        made_at: now,
    };
    Ok(Found {
        certificate,
        cohort,
        outcome,
    })
}

/// Writes what was found, unless the job is not ours any more: then another process writes it.
async fn write(tx: &Tx<'_>, platform: &Platform, held: &Held, found: &Found, body: &[u8]) -> Result<Carried, Error> {
    let Some(mut job) = jobs::service::own_for_update(tx, held).await? else {
        return Ok(Carried::Stopped);
    };
    // Who cancels at the last moment is right still.
    if job.cancel_asked {
        return Ok(Carried::Stopped);
    }
    let id = RoundId(job.subject_id);
    let mut round = rounds::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    pairs::store::delete_unshown(tx, id).await?;
    pairs::store::insert(tx, pairs_of(tx, platform, &round, found)).await?;
    store::put(tx, id, body).await?;
    if !found.outcome.trial && round.state.is_editable() {
        round.state = RoundState::Ran;
    }
    round.outcome = Some(found.outcome.clone());
    round.version += 1;
    round.updated_at = tx.now();
    rounds::save(tx, &round).await?;
    let details = json!({
        "job_id": job.id,
        "trial": found.outcome.trial,
        "pairs": found.outcome.pairs,
        "blocking": found.outcome.verdict.blocking,
        "total": found.outcome.total,
    });
    tx.record("match", Resource::Round, id.0, round.version, details)
        .await?;
    job.goal = i64::try_from(held.progress.told().1).unwrap_or(i64::MAX);
    jobs::service::end(tx, job, JobState::Done, None).await?;
    Ok(Carried::Done)
}

fn pairs_of(tx: &Tx<'_>, platform: &Platform, round: &Round, found: &Found) -> Vec<NewPair> {
    let cohort = &found.cohort;
    let wish = |side, pair| cohort.wish(side, pair).map(|place| place + 1);
    let made = found.certificate.pairs.iter().filter_map(|made| {
        let pair = (
            cohort.number(RoundSide::First, made.first)?,
            cohort.number(RoundSide::Second, made.second)?,
        );
        let cities = [
            platform.directory.summary(made.first)?,
            platform.directory.summary(made.second)?,
        ];
        Some(NewPair {
            names: [fold(&cities[0].name), fold(&cities[1].name)],
            countries: [cities[0].country.clone(), cities[1].country.clone()],
            pair: RoundPair {
                id: RoundPairId(Uuid::now_v7()),
                version: 1,
                round_id: round.id,
                state: if found.outcome.trial {
                    RoundPairState::Trial
                } else {
                    RoundPairState::Made
                },
                first: made.first,
                second: made.second,
                gain_to_first: cohort.gain(RoundSide::First, pair),
                gain_to_second: cohort.gain(RoundSide::Second, pair),
                total: cohort.total(pair),
                wish_of_first: wish(RoundSide::First, pair),
                wish_of_second: wish(RoundSide::Second, pair),
                accepted_by: None,
                partnership_id: None,
                updated_at: tx.now(),
            },
        })
    });
    made.collect()
}
