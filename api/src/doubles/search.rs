//! Looking for doubles, and keeping what was found as proposals: what a person decided stays decided.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use shared::doubles::{DoubleHint, DoubleSearchReport, DoubleState, DoubleSubject, SCORE_MIN};
use shared::ids::{CityId, DoubleId, PartnershipId};
use shared::jobs::JobState;
use uuid::Uuid;

use super::find::{self, Known, Pair, Place};
use super::links::{self, Named};
use super::store::{self, Double};
use crate::caller::Caller;
use crate::db::Tx;
use crate::error::Error;
use crate::jobs::worker::Carried;
use crate::jobs::{self, Held, Progress};
use crate::platform::Platform;

/// What was found of two.
struct Found {
    subject: DoubleSubject,
    low: Uuid,
    high: Uuid,
    country: String,
    score: u8,
    hints: Vec<DoubleHint>,
}

/// Compares all cities and all partnerships, and keeps what is likely one.
///
/// # Errors
/// Those of the database.
pub async fn run(platform: &Platform, caller: &Caller) -> Result<DoubleSearchReport, Error> {
    let Some((found, cities)) = compare(platform, Arc::default()).await? else {
        // Nobody stops it.
        return Err(Error::Busy);
    };
    platform
        .db
        .write(caller, async |tx| keep(tx, &found, cities).await)
        .await
}

/// The same as the work of a job: what was found is kept together with the end of the job, or nothing is.
///
/// # Errors
/// Those of the database.
pub async fn carry_out(platform: &Platform, held: &Held) -> Result<Carried, Error> {
    let Some((found, cities)) = compare(platform, Arc::clone(&held.progress)).await? else {
        return Ok(Carried::Stopped);
    };
    platform
        .db
        .write(&Caller::system(platform.clock.now()), async |tx| {
            let Some(mut job) = jobs::service::own_for_update(tx, held).await? else {
                return Ok(Carried::Done);
            };
            if job.cancel_asked {
                return Ok(Carried::Stopped);
            }
            job.report = Some(keep(tx, &found, cities).await?);
            let (_, goal) = held.progress.told();
            job.goal = i64::try_from(goal).unwrap_or(i64::MAX);
            jobs::service::end(tx, job, JobState::Done, None).await?;
            Ok(Carried::Done)
        })
        .await
}

/// Compares all with each other on a thread of its own: what is likely one, and how many cities there are; none where the work was
/// stopped.
async fn compare(platform: &Platform, progress: Arc<Progress>) -> Result<Option<(Vec<Found>, u64)>, Error> {
    let places = places(platform);
    let cities = places.len() as u64;
    let pairs =
        tokio::task::spawn_blocking(move || find::pairs_watched(&places, |done, goal| progress.tell(done, goal)));
    let Some(pairs) = pairs.await.map_err(Error::internal)? else {
        return Ok(None);
    };
    let mut found = learned(platform, pairs).await?;
    found.extend(partnerships(platform).await?);
    Ok(Some((found, cities)))
}

fn places(platform: &Platform) -> Vec<Place> {
    let mut places: Vec<Place> = platform
        .directory
        .cities()
        .with_keys()
        .map(|(summary, keys)| Place {
            id: summary.id,
            name: summary.name.clone(),
            keys: keys.clone(),
            country: summary.country.clone(),
            population: summary.population,
            location: summary.location,
            partners: HashSet::new(),
        })
        .collect();
    for place in &mut places {
        place.partners = platform.atlas.partners_of(place.id);
    }
    places
}

/// Takes in codes and parents, which few cities are asked for.
async fn learned(platform: &Platform, mut pairs: Vec<Pair>) -> Result<Vec<Found>, Error> {
    let mut ids: Vec<CityId> = pairs.iter().flat_map(|pair| [pair.low, pair.high]).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = store::known(&platform.db, &ids).await?;
    let nothing = Known::default();
    for pair in &mut pairs {
        let of = |id| known.get(&id).unwrap_or(&nothing);
        let (low, high) = (of(pair.low), of(pair.high));
        pair.learn(low, high);
    }
    let likely = pairs.into_iter().filter(|pair| pair.score() >= SCORE_MIN);
    Ok(likely.map(Found::from).collect())
}

impl From<Pair> for Found {
    fn from(pair: Pair) -> Self {
        Self {
            subject: DoubleSubject::City,
            low: pair.low.0,
            high: pair.high.0,
            score: pair.score(),
            country: pair.country,
            hints: pair.hints,
        }
    }
}

/// Compares the cities of these names in a country with each other alone, and proposes what is likely one; says how many
/// proposals that were. All others are left to [`run`].
///
/// # Errors
/// Those of the database.
pub async fn among(tx: &Tx<'_>, country: &str, names: &[&str]) -> Result<usize, Error> {
    let places = store::places(tx, country, names).await?;
    let likely = find::pairs(&places)
        .into_iter()
        .filter(|pair| pair.score() >= SCORE_MIN);
    let fresh: Vec<Double> = likely.map(|pair| new(tx, &Found::from(pair))).collect();
    store::insert(tx, &fresh).await?;
    Ok(fresh.len())
}

async fn partnerships(platform: &Platform) -> Result<Vec<Found>, Error> {
    let bonds = platform.atlas.bonds();
    let groups = links::groups(&bonds);
    let ids: Vec<PartnershipId> = groups.iter().flatten().map(|bond| bond.id).collect();
    let named: HashMap<PartnershipId, Named> = store::partnerships(platform.db.read(), &ids)
        .await?
        .into_iter()
        .map(|(id, (named, _))| (id, named))
        .collect();
    let pairs = groups.iter().flat_map(|group| links::pairs(group, &named));
    Ok(pairs
        .map(|link| Found {
            subject: DoubleSubject::Partnership,
            low: link.low.0,
            high: link.high.0,
            country: String::new(),
            score: link.score,
            hints: link.hints,
        })
        .collect())
}

/// Adds what is new, brings up to date what is proposed, and takes back what holds no more.
async fn keep(tx: &Tx<'_>, found: &[Found], cities: u64) -> Result<DoubleSearchReport, Error> {
    let mut known: HashMap<(DoubleSubject, Uuid, Uuid), Double> = store::all(tx)
        .await?
        .into_iter()
        .map(|double| ((double.subject, double.low, double.high), double))
        .collect();
    let (mut fresh, mut proposed) = (Vec::new(), 0);
    for pair in found {
        match known.remove(&(pair.subject, pair.low, pair.high)) {
            None => fresh.push(new(tx, pair)),
            Some(mut double) if double.state == DoubleState::Proposed => {
                proposed += 1;
                if !double.by_hand && (double.score, &double.hints) != (pair.score, &pair.hints) {
                    double.score = pair.score;
                    double.hints.clone_from(&pair.hints);
                    double.version += 1;
                    double.updated_at = tx.now();
                    store::save(tx, &double).await?;
                }
            }
            Some(_) => {}
        }
    }
    let rest = known
        .into_values()
        .filter(|double| double.state == DoubleState::Proposed);
    let (by_hand, withdrawn): (Vec<Double>, Vec<Double>) = rest.partition(|double| double.by_hand);
    let ids: Vec<DoubleId> = withdrawn.iter().map(|double| double.id).collect();
    store::delete(tx, &ids).await?;
    store::insert(tx, &fresh).await?;
    Ok(DoubleSearchReport {
        cities,
        proposed: (proposed + by_hand.len() + fresh.len()) as u64,
        added: fresh.len() as u64,
        withdrawn: ids.len() as u64,
    })
}

fn new(tx: &Tx<'_>, pair: &Found) -> Double {
    Double {
        id: DoubleId(Uuid::now_v7()),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        subject: pair.subject,
        low: pair.low,
        high: pair.high,
        country: pair.country.clone(),
        score: pair.score,
        hints: pair.hints.clone(),
        state: DoubleState::Proposed,
        by_hand: false,
        kept: None,
        reason: None,
        note: String::new(),
        decided_at: None,
        decided_by: None,
        undo: None,
    }
}
