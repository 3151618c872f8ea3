//! Cohorts: made and kept by who leads them, read by anybody.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::audit::Resource;
use shared::cohorts::{
    CITIES_MIN, CohortDraft, CohortPage, CohortPatch, CohortState, CohortView, LetterCounts, LetterState, OwnMember,
};
use shared::ids::{CityId, CohortId, NetworkId};
use shared::language::Texts;
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::letters::text;
use super::members::store::{self as members, Member};
use super::store::{self, Cohort, CohortFilter};
use super::views::{self, scope_of};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action, CohortFacts};
use crate::programmes;
use crate::restoring::is_over;
use crate::zone::end_of_day;

/// A page of cohorts, those that close last first: five statements, and one more for who works for cities.
///
/// # Errors
/// `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &CohortFilter,
    paging: &Paging,
) -> Result<CohortPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let (conn, scope) = (platform.db.read(), scope_of(&caller.actor));
    let after: Option<(DateTime<Utc>, CohortId)> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, filter, &scope, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.closes_at, last.id));
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let ids: Vec<CohortId> = found.iter().map(|of| of.id).collect();
    let mut counts = store::counts(conn, &ids).await?;
    let cities: Vec<_> = caller.actor.cities().collect();
    let mut own: HashMap<CohortId, Vec<OwnMember>> = HashMap::new();
    for member in members::of_cities(conn, &ids, &cities).await? {
        own.entry(member.cohort_id).or_default().push(views::own(&member));
    }
    let items = found.into_iter().map(|of| {
        let (counts, own) = (counts.remove(&of.id), own.remove(&of.id));
        views::cohort(
            platform,
            caller,
            of,
            counts.unwrap_or_default(),
            own.unwrap_or_default(),
        )
    });
    let items = items.collect();
    let total = if paging.count {
        Some(store::count(&platform.db, filter, &scope).await?)
    } else {
        None
    };
    Ok(CohortPage { items, next, total })
}

/// A cohort.
///
/// # Errors
/// `NotFound`.
pub async fn read(platform: &Platform, caller: &Caller, id: CohortId) -> Result<CohortView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let of = store::find(conn, id).await?;
    let of = of.filter(|of| of.deleted_at.is_none()).ok_or(Error::NotFound)?;
    let cities: Vec<CityId> = caller.actor.cities().collect();
    let standing = store::standing(conn, id, &cities).await?;
    Ok(view(platform, caller, of, standing))
}

fn view(
    platform: &Platform,
    caller: &Caller,
    of: Cohort,
    (counts, members): (LetterCounts, Vec<Member>),
) -> CohortView {
    views::cohort(platform, caller, of, counts, members.iter().map(views::own).collect())
}

/// A cohort as it now is.
async fn whole(platform: &Platform, tx: &Tx<'_>, of: Cohort) -> Result<CohortView, Error> {
    let cities: Vec<CityId> = tx.caller().actor.cities().collect();
    let standing = store::standing(tx.conn(), of.id, &cities).await?;
    Ok(view(platform, tx.caller(), of, standing))
}

/// Makes a cohort.
///
/// # Errors
/// `Denied` for who leads none of its networks nor its programme, `Invalid`.
pub async fn create(platform: &Platform, caller: &Caller, draft: &CohortDraft) -> Result<Answer<CohortView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let facts = CohortFacts {
                programme: draft.programme_id,
                networks: draft.network_ids.clone(),
            };
            policy::require(&caller.actor, &Action::ManageCohort { cohort: &facts })?;
            let mut faults = draft.faults();
            let programme = programmes::store::programme(tx.conn(), draft.programme_id).await?;
            let Some(programme) = programme else {
                faults.push(FieldError::new("/programme_id", FieldCode::Reference));
                return Err(Error::Invalid(faults));
            };
            let made = Cohort {
                id: CohortId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                programme_id: programme.id,
                programme_name: programme.name,
                name: trimmed(&draft.name),
                about: trimmed(&draft.about),
                networks: draft.network_ids.clone(),
                minimum_cities: draft.minimum_cities,
                levels: draft.levels.clone(),
                letter: Some(trimmed(&draft.letter))
                    .filter(|letter| !letter.is_empty())
                    .unwrap_or_else(text::usual),
                closes_on: draft.closes_on,
                zone: draft.zone.clone(),
                closes_at: end_of_day(draft.closes_on, &draft.zone).unwrap_or(tx.now()),
                source: None,
                deleted_at: None,
            };
            faults.extend(network_faults(platform, &made.networks));
            faults.extend(closing_fault(tx, &made, None));
            faults.extend(minimum_fault(tx, &made).await?);
            refuse(faults)?;
            store::insert(tx, &made).await?;
            record(tx, "create", &made, json!({ "networks": made.networks })).await?;
            whole(platform, tx, made).await
        })
        .await
}

/// The texts without blanks around them; languages that say nothing are left out.
fn trimmed(texts: &Texts) -> Texts {
    let said = texts.iter().filter(|(_, text)| !text.trim().is_empty());
    said.map(|(tag, text)| (tag.clone(), text.trim().to_owned())).collect()
}

fn network_faults(platform: &Platform, ids: &[NetworkId]) -> Vec<FieldError> {
    let cities = platform.directory.cities();
    let unknown = ids.iter().enumerate().filter(|(_, id)| {
        let mut networks = cities.networks().iter();
        networks.all(|network| network.id != **id)
    });
    unknown
        .map(|(index, _)| FieldError::new(format!("/network_ids/{index}"), FieldCode::Reference))
        .collect()
}

/// The day ends in a zone that there is and is not over; cities that have a letter can trust the day that it names.
fn closing_fault(tx: &Tx<'_>, of: &Cohort, trusted: Option<&Cohort>) -> Option<FieldError> {
    let Some(end) = end_of_day(of.closes_on, &of.zone) else {
        return Some(FieldError::new("/zone", FieldCode::Choice));
    };
    if end < tx.now() {
        let today = crate::zone::day_in(tx.now(), &of.zone);
        return Some(FieldError::new("/closes_on", FieldCode::Range).with("min", today));
    }
    trusted
        .filter(|before| end < before.closes_at)
        .map(|before| FieldError::new("/closes_on", FieldCode::Range).with("min", before.closes_on))
}

/// It takes as many cities as a turnkey programme, and as the programme's rules of the day.
async fn minimum_fault(tx: &Tx<'_>, of: &Cohort) -> Result<Option<FieldError>, Error> {
    let rules = store::cities_min(tx, of.programme_id, of.closes_on).await?;
    let least = rules.unwrap_or(CITIES_MIN).max(CITIES_MIN);
    // What is below three is told already.
    let fits = of.minimum_cities >= least || of.minimum_cities < CITIES_MIN;
    Ok((!fits).then(|| FieldError::new("/minimum_cities", FieldCode::Range).with("min", least)))
}

/// Changes a cohort. Where what its letters say changes, those that were sent and are not signed are drafted again.
///
/// # Errors
/// Those of [`begin`], `Invalid`; `CohortClosed` for another day once it is closed.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: CohortId,
    patch: &CohortPatch,
) -> Result<CohortView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let before = begin(tx, id).await?;
            let mut after = before.clone();
            let CohortPatch {
                name,
                about,
                network_ids,
                minimum_cities,
                levels,
                letter,
                closes_on,
                zone,
            } = patch;
            after.name = name.as_ref().map_or(after.name, trimmed);
            after.about = about.as_ref().map_or(after.about, trimmed);
            after.networks = network_ids.clone().unwrap_or(after.networks);
            after.minimum_cities = minimum_cities.unwrap_or(after.minimum_cities);
            after.levels = levels.clone().unwrap_or(after.levels);
            after.letter = letter.as_ref().map_or(after.letter, trimmed);
            after.closes_on = closes_on.unwrap_or(after.closes_on);
            after.zone = zone.clone().unwrap_or(after.zone);
            let mut faults = patch.faults();
            if after.networks != before.networks {
                faults.extend(network_faults(platform, &after.networks));
            }
            let cities = members::all_for_update(tx, id).await?;
            if (after.closes_on, &after.zone) != (before.closes_on, &before.zone) {
                before.expect_open(tx)?;
                let trusts = cities.iter().any(|city| city.letter_state != LetterState::Drafted);
                faults.extend(closing_fault(tx, &after, Some(&before).filter(|_| trusts)));
                after.closes_at = end_of_day(after.closes_on, &after.zone).unwrap_or(before.closes_at);
            }
            if (after.minimum_cities, after.closes_on) != (before.minimum_cities, before.closes_on) {
                faults.extend(minimum_fault(tx, &after).await?);
            }
            let chosen = |key: &str| cities.iter().any(|city| city.levels.iter().any(|own| own == key));
            let kept = |key: &str| after.levels.iter().any(|level| level.key == key);
            let gone = before
                .levels
                .iter()
                .any(|level| chosen(&level.key) && !kept(&level.key));
            faults.extend(gone.then(|| FieldError::new("/levels", FieldCode::Fixed)));
            refuse(faults)?;
            if after != before {
                after.version += 1;
                after.updated_at = tx.now();
                store::save(tx, &after, after.networks != before.networks).await?;
                let mut again = 0;
                if (&after.name, &after.levels, &after.letter) != (&before.name, &before.levels, &before.letter) {
                    for mut city in cities.into_iter().filter(|city| city.letter_state == LetterState::Sent) {
                        super::letters::service::draft_again(tx, &mut city).await?;
                        again += 1;
                    }
                }
                let details =
                    json!({ "closes_on": after.closes_on, "zone": after.zone, "letters_drafted_again": again });
                record(tx, "update", &after, details).await?;
            }
            whole(platform, tx, after).await
        })
        .await
}

/// Closes a cohort before its day is over: from now on nobody joins, and a signature is late.
///
/// # Errors
/// Those of [`begin`]; `CohortClosed` where it is closed already.
pub async fn close(platform: &Platform, caller: &Caller, id: CohortId) -> Result<Answer<CohortView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut of = begin(tx, id).await?;
            of.expect_open(tx)?;
            // The last millisecond at which it is open is over.
            of.closes_at = tx.now() - TimeDelta::milliseconds(1);
            settle(platform, tx, of, "close").await
        })
        .await
}

/// Opens a cohort again that was closed before its day, which is not over.
///
/// # Errors
/// Those of [`begin`]; `StateConflict` where it is open, `CohortClosed` where its day is over.
pub async fn reopen(platform: &Platform, caller: &Caller, id: CohortId) -> Result<Answer<CohortView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut of = begin(tx, id).await?;
            if CohortState::at(tx.now(), of.closes_at) == CohortState::Open {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            of.closes_at = end_of_day(of.closes_on, &of.zone).unwrap_or(of.closes_at);
            of.expect_open(tx)?;
            settle(platform, tx, of, "reopen").await
        })
        .await
}

/// Deletes a cohort while no letter was sent. It can be restored for 30 days. Answers with its new version.
///
/// # Errors
/// Those of [`begin`]; `LettersSent`.
pub async fn delete(platform: &Platform, caller: &Caller, id: CohortId) -> Result<i64, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut of = begin(tx, id).await?;
            let cities = members::all_for_update(tx, id).await?;
            if cities.iter().any(|city| city.letter_state != LetterState::Drafted) {
                return Err(Error::conflict(ProblemCode::LettersSent));
            }
            of.deleted_at = Some(tx.now());
            settle(platform, tx, of, "delete").await.map(|gone| gone.version)
        })
        .await
}

/// Restores a cohort that was deleted not long ago.
///
/// # Errors
/// `NotFound` once its time is over, `Denied`, `Stale`, `StateConflict` where it is not deleted.
pub async fn restore(platform: &Platform, caller: &Caller, id: CohortId) -> Result<Answer<CohortView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut of = managed(tx, id).await?;
            let deleted_at = of.deleted_at;
            if deleted_at.is_some_and(|at| is_over(at, tx.now())) {
                return Err(Error::NotFound);
            }
            caller.expect_version(of.version)?;
            if deleted_at.is_none() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            of.deleted_at = None;
            settle(platform, tx, of, "restore").await
        })
        .await
}

/// A cohort, locked, for who leads it and knows its version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
async fn begin(tx: &Tx<'_>, id: CohortId) -> Result<Cohort, Error> {
    let of = managed(tx, id).await?;
    if of.deleted_at.is_some() {
        return Err(Error::NotFound);
    }
    tx.caller().expect_version(of.version)?;
    Ok(of)
}

/// A cohort, deleted or not, locked, for who leads it.
///
/// # Errors
/// `NotFound`, `Denied`.
async fn managed(tx: &Tx<'_>, id: CohortId) -> Result<Cohort, Error> {
    let of = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    policy::require(&tx.caller().actor, &Action::ManageCohort { cohort: &of.facts() })?;
    Ok(of)
}

async fn settle(platform: &Platform, tx: &Tx<'_>, mut of: Cohort, verb: &str) -> Result<CohortView, Error> {
    of.version += 1;
    of.updated_at = tx.now();
    store::save(tx, &of, false).await?;
    record(tx, verb, &of, json!({ "closes_at": shared::time::text(&of.closes_at) })).await?;
    whole(platform, tx, of).await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Cohort, mut details: serde_json::Value) -> Result<(), Error> {
    details["programme_id"] = json!(of.programme_id);
    tx.record(verb, Resource::Cohort, of.id.0, of.version, details).await
}
