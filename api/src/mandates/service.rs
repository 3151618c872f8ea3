//! Reading, entering, deleting and restoring elections.

use chrono::NaiveDate;
use serde_json::json;
use shared::audit::Resource;
use shared::countries::is_country;
use shared::ids::{CityId, ElectionId};
use shared::mandates::{ELECTION_TEXT_MAX, ElectionAction, ElectionDraft, ElectionPage, ElectionView};
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Election, ElectionFilter, Place};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::restoring::{RESTORED_WITHIN, is_over};

/// A page of elections, the latest first; those of one city where it is named.
///
/// # Errors
/// `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    countries: Vec<String>,
    held_in: Option<CityId>,
    paging: &Paging,
) -> Result<ElectionPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let mut filter = ElectionFilter {
        countries,
        held_in: None,
    };
    if let Some(id) = held_in {
        // In a city that is not there nothing is elected.
        let Some(city) = platform.directory.summary(id) else {
            return Ok(ElectionPage {
                items: Vec::new(),
                next: None,
                total: paging.count.then_some(0),
            });
        };
        filter.held_in = Some((id, city.country.clone(), city.kind));
    }
    let after: Option<Place> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, &filter, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| Place {
        day: last.day,
        id: last.id,
    });
    let total = if paging.count {
        Some(store::count(&platform.db, &filter).await?)
    } else {
        None
    };
    Ok(ElectionPage {
        items: found.into_iter().map(|of| view(caller, of)).collect(),
        next: next.map(|place| page::cursor(&place)).transpose()?,
        total,
    })
}

/// An election.
///
/// # Errors
/// `NotFound`, also where it is deleted.
pub async fn read(platform: &Platform, caller: &Caller, id: ElectionId) -> Result<ElectionView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let of = store::find(platform.db.read(), id).await?;
    let of = of.filter(|of| of.deleted_at.is_none()).ok_or(Error::NotFound)?;
    Ok(view(caller, of))
}

/// Enters an election.
///
/// # Errors
/// `Denied`, `Invalid`; `AlreadyExists` where it is entered already.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    draft: &ElectionDraft,
) -> Result<Answer<ElectionView>, Error> {
    policy::require(&caller.actor, &Action::RecordElection { city: draft.city_id })?;
    refuse(faults(platform, draft, caller.now.date_naive()))?;
    let of_city = draft.city_id.and_then(|id| platform.directory.summary(id));
    let country = match (&of_city, &draft.country) {
        (Some(city), _) => city.country.clone(),
        (None, Some(country)) => country.clone(),
        (None, None) => return Err(Error::field(FieldError::new("/country", FieldCode::Required))),
    };
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = Election {
                id: ElectionId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                day: draft.day,
                name: draft.name.trim().to_owned(),
                country: country.clone(),
                kind: draft.kind,
                city_id: draft.city_id,
                source: draft.source.trim().to_owned(),
                applied_at: None,
                deleted_at: None,
            };
            if store::is_known(tx, &of).await? {
                return Err(Error::conflict(ProblemCode::AlreadyExists));
            }
            store::insert(tx, &of).await?;
            record(tx, "create", &of).await?;
            Ok(view(caller, of))
        })
        .await
}

/// What is wrong with a draft.
fn faults(platform: &Platform, draft: &ElectionDraft, today: NaiveDate) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (pointer, text) in [("/name", &draft.name), ("/source", &draft.source)] {
        if text.trim().is_empty() {
            faults.push(FieldError::new(pointer, FieldCode::Required));
        } else if text.chars().count() as u64 > ELECTION_TEXT_MAX {
            let fault = FieldError::new(pointer, FieldCode::Length);
            faults.push(fault.with("min", 1).with("max", ELECTION_TEXT_MAX));
        } else if text.chars().any(char::is_control) {
            faults.push(FieldError::new(pointer, FieldCode::Format));
        }
    }
    // A date centuries away is a slip of the keyboard, and databases differ in what they take.
    if (draft.day - today).num_days().abs() > 36_525 {
        faults.push(FieldError::new("/day", FieldCode::Range));
    }
    match (draft.city_id, draft.country.as_deref()) {
        (Some(city), _) if platform.directory.summary(city).is_none() => {
            faults.push(FieldError::new("/city_id", FieldCode::Reference));
        }
        (Some(_), Some(_)) => faults.push(FieldError::new("/country", FieldCode::Inconsistent)),
        (None, None) => faults.push(FieldError::new("/country", FieldCode::Required)),
        (None, Some(code)) if !is_country(code) => {
            faults.push(FieldError::new("/country", FieldCode::Choice));
        }
        _ => {}
    }
    if draft.city_id.is_some() && draft.kind.is_some() {
        faults.push(FieldError::new("/kind", FieldCode::Inconsistent));
    }
    faults
}

/// Takes an election out of the list: nobody is marked because of it any more. Who is marked already stays so, until somebody
/// confirms.
///
/// # Errors
/// `NotFound`, `Denied`, `PreconditionRequired` or `Stale`.
pub async fn delete(platform: &Platform, caller: &Caller, id: ElectionId) -> Result<i64, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut of = opened(tx, id).await?;
            if of.deleted_at.is_some() {
                return Err(Error::NotFound);
            }
            of.deleted_at = Some(tx.now());
            save(tx, &mut of, "delete").await?;
            Ok(of.version)
        })
        .await
}

/// Brings a deleted election back.
///
/// # Errors
/// `NotFound`, `Denied`, `PreconditionRequired` or `Stale`; `StateConflict` where it is not deleted, `AlreadyExists` where it was
/// entered again.
pub async fn restore(platform: &Platform, caller: &Caller, id: ElectionId) -> Result<Answer<ElectionView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut of = opened(tx, id).await?;
            let since = of
                .deleted_at
                .ok_or_else(|| Error::conflict(ProblemCode::StateConflict))?;
            if is_over(since, tx.now()) {
                return Err(Error::NotFound);
            }
            if store::is_known(tx, &of).await? {
                return Err(Error::conflict(ProblemCode::AlreadyExists));
            }
            of.deleted_at = None;
            save(tx, &mut of, "restore").await?;
            Ok(view(caller, of))
        })
        .await
}

/// The election, locked, for who may change it and knows its version.
async fn opened(tx: &Tx<'_>, id: ElectionId) -> Result<Election, Error> {
    let of = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    policy::require(&tx.caller().actor, &Action::RecordElection { city: of.city_id })?;
    tx.caller().expect_version(of.version)?;
    Ok(of)
}

async fn save(tx: &Tx<'_>, of: &mut Election, verb: &str) -> Result<(), Error> {
    of.version += 1;
    store::save(tx, of).await?;
    record(tx, verb, of).await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Election) -> Result<(), Error> {
    let details = json!({ "day": of.day, "country": of.country, "kind": of.kind, "city_id": of.city_id });
    tx.record(verb, Resource::Election, of.id.0, of.version, details).await
}

fn view(caller: &Caller, of: Election) -> ElectionView {
    let may = policy::allows(&caller.actor, &Action::RecordElection { city: of.city_id });
    ElectionView {
        allowed: may.then_some(ElectionAction::Delete).into_iter().collect(),
        id: of.id,
        version: of.version,
        day: of.day,
        name: of.name,
        country: of.country,
        kind: of.kind,
        city_id: of.city_id,
        source: of.source,
        entered_at: of.created_at,
        applied_at: of.applied_at,
    }
}

/// Forgets links that ended, and elections that were deleted, more than 30 days ago; says how many rows that were.
///
/// # Errors
/// Those of the database.
pub async fn sweep(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let before = caller.now - RESTORED_WITHIN;
    platform
        .db
        .write(&caller, async |tx| store::sweep(tx, before).await)
        .await
}
