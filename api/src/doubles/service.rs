//! Reviewing likely doubles.

use serde_json::json;
use shared::audit::Resource;
use shared::doubles::{
    DoubleDraft, DoubleHint, DoubleHintKind, DoubleMerge, DoublePage, DoubleRejection, DoubleSearchView, DoubleState,
    DoubleSubject, DoubleView,
};
use shared::ids::{CityId, DoubleId, PartnershipId};
use shared::jobs::{JobKind, JobView};
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::merging::{self, record::Record};
use super::store::{self, Double, DoubleFilter, Place};
use super::successions;
use super::views::{networks, views};
use crate::accounts::store as accounts;
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::jobs::{self, Job};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};

/// A page of proposals, the most likely first.
///
/// # Errors
/// `Denied` for all but networks and administrators, `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &DoubleFilter,
    paging: &Paging,
) -> Result<DoublePage, Error> {
    policy::require(&caller.actor, &Action::ReviewDoubles)?;
    let after: Option<Place> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, filter, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.score, last.id));
    let total = if paging.count {
        Some(store::count(&platform.db, filter).await?)
    } else {
        None
    };
    Ok(DoublePage {
        items: views(platform, caller, found).await?,
        next: next.map(|place| page::cursor(&place)).transpose()?,
        total,
    })
}

/// A proposal.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn read(platform: &Platform, caller: &Caller, id: DoubleId) -> Result<DoubleView, Error> {
    policy::require(&caller.actor, &Action::ReviewDoubles)?;
    let found = store::find(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    view(platform, caller, found).await
}

async fn view(platform: &Platform, caller: &Caller, double: Double) -> Result<DoubleView, Error> {
    let mut views = views(platform, caller, vec![double]).await?;
    views.pop().ok_or(Error::NotFound)
}

/// Asks for a search among all cities and partnerships; where one waits or goes on already, that one is answered.
///
/// # Errors
/// `Denied`, and those of the database.
pub async fn ask_for_search(platform: &Platform, caller: &Caller) -> Result<Answer<JobView>, Error> {
    policy::require(&caller.actor, &Action::SearchDoubles)?;
    platform
        .db
        .write_once(caller, &(), async |tx| {
            match jobs::store::latest(tx.conn(), JobKind::SearchDoubles).await? {
                Some(job) if job.state.is_open() && !job.cancel_asked => Ok(jobs::service::view(caller, &job)),
                _ => jobs::service::ask(tx, &Job::alone(JobKind::SearchDoubles, tx.now())).await,
            }
        })
        .await
}

/// The search that was asked for last.
///
/// # Errors
/// `Denied`, and those of the database.
pub async fn latest_search(platform: &Platform, caller: &Caller) -> Result<DoubleSearchView, Error> {
    policy::require(&caller.actor, &Action::ReviewDoubles)?;
    let job = jobs::store::latest(platform.db.read(), JobKind::SearchDoubles).await?;
    Ok(DoubleSearchView {
        last: job.map(|job| jobs::service::view(caller, &job)),
    })
}

/// Proposes two by hand.
///
/// # Errors
/// `Denied`, `Invalid` where they are not two, or not there; `AlreadyExists` where they are proposed already.
pub async fn create(platform: &Platform, caller: &Caller, draft: &DoubleDraft) -> Result<Answer<DoubleView>, Error> {
    policy::require(&caller.actor, &Action::SearchDoubles)?;
    let (low, high) = (draft.a.min(draft.b), draft.a.max(draft.b));
    let mut faults = Vec::new();
    for (pointer, id) in [("/a", draft.a), ("/b", draft.b)] {
        let is_there = match draft.subject {
            DoubleSubject::City => platform.directory.summary(CityId(id)).is_some(),
            DoubleSubject::Partnership => platform.atlas.bond(PartnershipId(id)).is_some_and(|bond| !bond.deleted),
        };
        if !is_there {
            faults.push(FieldError::new(pointer, FieldCode::Reference));
        }
    }
    if low == high {
        faults.push(FieldError::new("/b", FieldCode::Duplicate));
    }
    refuse(faults)?;
    let country = platform.directory.summary(CityId(low)).map(|city| city.country.clone());
    let made = platform
        .db
        .write_once(caller, draft, async |tx| {
            if store::of_pair(tx, draft.subject, low, high).await?.is_some() {
                return Err(Error::conflict(ProblemCode::AlreadyExists));
            }
            let double = Double {
                id: DoubleId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                subject: draft.subject,
                low,
                high,
                country: country.clone().unwrap_or_default(),
                score: 100,
                hints: vec![DoubleHint {
                    kind: DoubleHintKind::ByHand,
                    speaks_for: true,
                    value: None,
                }],
                state: DoubleState::Proposed,
                by_hand: true,
                kept: None,
                reason: None,
                note: draft.note.trim().to_owned(),
                decided_at: None,
                decided_by: None,
                undo: None,
            };
            store::insert(tx, std::slice::from_ref(&double)).await?;
            record(tx, "create", &double).await?;
            Ok(double.id)
        })
        .await?;
    answered(platform, caller, made).await
}

async fn answered(platform: &Platform, caller: &Caller, made: Answer<DoubleId>) -> Result<Answer<DoubleView>, Error> {
    // What was done is told as it is now: the directory has taken it in.
    Ok(Answer {
        value: read(platform, caller, made.value).await?,
        replayed: made.replayed,
    })
}

/// Lets one of two go into the other.
///
/// # Errors
/// Those of [`begin`], `Invalid`, `MergeInUse` where what would go has work of its own.
pub async fn merge(
    platform: &Platform,
    caller: &Caller,
    id: DoubleId,
    told: &DoubleMerge,
) -> Result<Answer<DoubleView>, Error> {
    let done = platform
        .db
        .write_once(caller, told, async |tx| {
            let mut double = begin(platform, tx, id, DoubleState::Proposed).await?;
            let record = merging::merge(tx, &platform.directory, &double, told).await?;
            double.kept = Some(told.keep);
            double.reason = Some(told.reason);
            double.undo = Some(serde_json::to_value(record)?);
            decide(tx, double, DoubleState::Merged, &told.note).await
        })
        .await?;
    answered(platform, caller, done).await
}

/// Says that they are two: they are not proposed again.
///
/// # Errors
/// Those of [`begin`].
pub async fn reject(
    platform: &Platform,
    caller: &Caller,
    id: DoubleId,
    told: &DoubleRejection,
) -> Result<Answer<DoubleView>, Error> {
    let done = platform
        .db
        .write_once(caller, told, async |tx| {
            let double = begin(platform, tx, id, DoubleState::Proposed).await?;
            decide(tx, double, DoubleState::Rejected, &told.note).await
        })
        .await?;
    answered(platform, caller, done).await
}

/// Takes a decision back: what was merged is two again.
///
/// # Errors
/// Those of [`begin`], `StateConflict` where the kept one has gone into another since.
pub async fn undo(platform: &Platform, caller: &Caller, id: DoubleId) -> Result<Answer<DoubleView>, Error> {
    let done = platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut double = begin(platform, tx, id, DoubleState::Merged).await?;
            if let Some(undo) = double.undo.take() {
                let record: Record = serde_json::from_value(undo)?;
                merging::undo(tx, &platform.directory, &double, &record).await?;
            }
            double.kept = None;
            double.reason = None;
            double.state = DoubleState::Proposed;
            double.note = String::new();
            double.decided_at = None;
            double.decided_by = None;
            double.version += 1;
            double.updated_at = tx.now();
            store::save(tx, &double).await?;
            record(tx, "undo", &double).await?;
            Ok(double.id)
        })
        .await?;
    answered(platform, caller, done).await
}

/// The proposal, locked, for who may decide and knows its version; `Merged` stands for any decision.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `StateConflict`.
async fn begin(platform: &Platform, tx: &Tx<'_>, id: DoubleId, state: DoubleState) -> Result<Double, Error> {
    policy::require(&tx.caller().actor, &Action::ReviewDoubles)?;
    let double = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let networks = networks(platform, &double);
    policy::require(&tx.caller().actor, &Action::SettleDouble { networks: &networks })?;
    tx.caller().expect_version(double.version)?;
    if (double.state == DoubleState::Proposed) != (state == DoubleState::Proposed) {
        return Err(Error::conflict(ProblemCode::StateConflict));
    }
    Ok(double)
}

async fn decide(tx: &Tx<'_>, mut double: Double, state: DoubleState, note: &str) -> Result<DoubleId, Error> {
    double.state = state;
    double.note = note.trim().to_owned();
    double.decided_at = Some(tx.now());
    double.decided_by = who(tx).await?;
    double.version += 1;
    double.updated_at = tx.now();
    store::save(tx, &double).await?;
    record(
        tx,
        if state == DoubleState::Merged {
            "merge"
        } else {
            "reject"
        },
        &double,
    )
    .await?;
    Ok(double.id)
}

async fn who(tx: &Tx<'_>) -> Result<Option<String>, Error> {
    match &tx.caller().actor {
        Actor::Account { id, .. } => Ok(accounts::account(tx.conn(), *id).await?.map(|account| account.name)),
        Actor::Public | Actor::Client { .. } | Actor::System => Ok(None),
    }
}

async fn record(tx: &Tx<'_>, verb: &str, double: &Double) -> Result<(), Error> {
    let details = json!({
        "subject": double.subject, "low": double.low, "high": double.high, "kept": double.kept, "reason": double.reason,
    });
    tx.record(verb, Resource::Double, double.id.0, double.version, details)
        .await
}

/// What a city or a partnership took the place of; the latest first.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn predecessors(
    platform: &Platform,
    caller: &Caller,
    subject: DoubleSubject,
    id: Uuid,
) -> Result<shared::doubles::SuccessionList, Error> {
    let is_there = match subject {
        DoubleSubject::City => platform.directory.summary(CityId(id)).is_some(),
        DoubleSubject::Partnership => platform.atlas.bond(PartnershipId(id)).is_some_and(|bond| !bond.deleted),
    };
    if !is_there {
        return Err(Error::NotFound);
    }
    successions::list(platform, caller, subject, id).await
}
