//! Cities join a cohort, change their place, and leave.

use serde_json::json;
use shared::audit::Resource;
use shared::cohorts::{
    CohortMemberDraft, CohortMemberPage, CohortMemberPatch, CohortMemberView, LetterReason, LetterState, LetterStep,
    MEMBERS_MAX, Referent,
};
use shared::ids::{CityId, CohortId, CohortMemberId};
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Member, MemberFilter};
use crate::caller::Caller;
use crate::cohorts::store as cohorts;
use crate::cohorts::views::{self, scope_of};
use crate::cohorts::{Cohort, letters};
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::restoring::is_over;

/// A page of a cohort's cities, those whose letter waits first: as far as the caller sees them.
///
/// # Errors
/// `NotFound`, `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &MemberFilter,
    paging: &Paging,
) -> Result<CohortMemberPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let scope = scope_of(&caller.actor);
    let after: Option<(i32, CohortMemberId)> = paging.cursor.as_deref().map(page::position).transpose()?;
    let cohort = cohorts::find(platform.db.read(), filter.cohort_id).await?;
    let cohort = cohort
        .filter(|cohort| cohort.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, filter, &scope, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.letter_state.place(), last.id));
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let total = if paging.count {
        Some(store::count(&platform.db, filter, &scope).await?)
    } else {
        None
    };
    let items = found.into_iter().map(|of| views::member(platform, caller, of, &cohort));
    let items = items.collect();
    Ok(CohortMemberPage { items, next, total })
}

/// A city's place in a cohort.
///
/// # Errors
/// `NotFound`, also for a place that the caller does not see.
pub async fn read(platform: &Platform, caller: &Caller, id: CohortMemberId) -> Result<CohortMemberView, Error> {
    let conn = platform.db.read();
    let of = store::find(conn, id).await?.filter(|of| of.left_at.is_none());
    let of = of.ok_or(Error::NotFound)?;
    let cohort = cohorts::find(conn, of.cohort_id).await?;
    let cohort = cohort
        .filter(|cohort| cohort.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let reading = Action::ReadCohortMember {
        city: of.city_id,
        signed: of.letter_state.is_signed(),
        cohort: &cohort.facts(),
    };
    policy::require(&caller.actor, &reading)?;
    Ok(views::member(platform, caller, of, &cohort))
}

/// A city joins: its staff asks for it, or who leads the cohort adds it. A city that left comes back with a new letter.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`; `CohortClosed`, `AlreadyMember`, `CohortFull`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    id: CohortId,
    draft: &CohortMemberDraft,
) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let cohort = cohorts::for_update(tx, id).await?;
            let cohort = cohort
                .filter(|cohort| cohort.deleted_at.is_none())
                .ok_or(Error::NotFound)?;
            let joining = Action::JoinCohort {
                city: draft.city_id,
                cohort: &cohort.facts(),
            };
            policy::require(&caller.actor, &joining)?;
            let mut faults = draft.faults();
            faults.extend(city_fault(platform, "/city_id", draft.city_id));
            faults.extend(place_faults(platform, &cohort, Some(&draft.levels), draft.partner_id));
            refuse(faults)?;
            cohort.expect_open(tx)?;
            let former = store::of_city(tx, id, draft.city_id).await?;
            if former.as_ref().is_some_and(|former| former.left_at.is_none()) {
                return Err(Error::conflict(ProblemCode::AlreadyMember));
            }
            if store::members(tx, id).await? >= MEMBERS_MAX {
                return Err(Error::conflict(ProblemCode::CohortFull));
            }
            let mut made = Member {
                id: CohortMemberId(Uuid::now_v7()),
                version: 0,
                created_at: tx.now(),
                updated_at: tx.now(),
                cohort_id: id,
                city_id: draft.city_id,
                way: draft.way,
                levels: draft.levels.clone(),
                partner_id: draft.partner_id,
                referent: trimmed(&draft.referent),
                joined_at: tx.now(),
                letter_state: LetterState::Drafted,
                letter: None,
                sent_at: None,
                signature: None,
                reference: None,
                steps: vec![LetterStep {
                    state: LetterState::Drafted,
                    at: tx.now(),
                    note: None,
                }],
                left_at: None,
                left_why: None,
            };
            match former {
                Some(former) => {
                    (made.id, made.version, made.created_at) = (former.id, former.version, former.created_at);
                    // What became of its former letter is remembered.
                    made.steps = former.steps.into_iter().chain(made.steps).collect();
                    save(tx, &mut made, "join").await?;
                }
                None => {
                    made.version = 1;
                    store::insert(tx, &made).await?;
                    record(tx, "join", &made).await?;
                }
            }
            Ok(views::member(platform, caller, made, &cohort))
        })
        .await
}

fn trimmed(of: &Referent) -> Referent {
    Referent {
        name: of.name.trim().to_owned(),
        function: of.function.trim().to_owned(),
        email: of.email.trim().to_owned(),
    }
}

fn city_fault(platform: &Platform, pointer: &str, id: CityId) -> Option<FieldError> {
    let there = platform.directory.summary(id).is_some();
    (!there).then(|| FieldError::new(pointer, FieldCode::Reference))
}

/// The cohort offers the levels, and the partner is in the register.
fn place_faults(
    platform: &Platform,
    cohort: &Cohort,
    levels: Option<&[String]>,
    partner: Option<CityId>,
) -> Vec<FieldError> {
    let offered = |key: &str| cohort.levels.iter().any(|level| level.key == key);
    let unknown = levels.unwrap_or_default().iter().enumerate();
    let mut faults: Vec<FieldError> = unknown
        .filter(|(_, key)| !offered(key))
        .map(|(index, _)| FieldError::new(format!("/levels/{index}"), FieldCode::Choice))
        .collect();
    faults.extend(partner.and_then(|partner| city_fault(platform, "/partner_id", partner)));
    faults
}

/// Changes a city's place. A letter that was sent is drafted again where what it says changes.
///
/// # Errors
/// Those of [`begin`], `Invalid`.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: CohortMemberId,
    patch: &CohortMemberPatch,
) -> Result<CohortMemberView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (before, cohort) = begin(tx, id).await?;
            let mut after = before.clone();
            after.way = patch.way.unwrap_or(before.way);
            after.levels = patch.levels.clone().unwrap_or(after.levels);
            after.partner_id = patch.partner_id.unwrap_or(before.partner_id);
            after.referent = patch.referent.as_ref().map_or(after.referent, trimmed);
            let mut faults = patch.faults();
            let partner = after.partner_id.filter(|_| after.partner_id != before.partner_id);
            faults.extend(place_faults(platform, &cohort, patch.levels.as_deref(), partner));
            if after.partner_id == Some(after.city_id) {
                faults.push(FieldError::new("/partner_id", FieldCode::Inconsistent));
            }
            refuse(faults)?;
            if after != before {
                let says = |of: &Member| letters::service::text_of(platform, of, &cohort);
                if before.letter_state == LetterState::Sent && says(&after) != says(&before) {
                    after.draft_again(tx.now(), None);
                }
                save(tx, &mut after, "update").await?;
            }
            Ok(views::member(platform, caller, after, &cohort))
        })
        .await
}

/// A city leaves a cohort. It can be restored for 30 days. Answers with its new version.
///
/// # Errors
/// Those of [`begin`]; `Denied` for who leads the cohort: they say why, by [`remove`].
pub async fn leave(platform: &Platform, caller: &Caller, id: CohortMemberId) -> Result<i64, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut of, _) = begin(tx, id).await?;
            if !caller.actor.is_staff_of(of.city_id) {
                return Err(Error::Denied("who leads the cohort takes a city out with a reason"));
            }
            of.left_at = Some(tx.now());
            save(tx, &mut of, "leave").await?;
            Ok(of.version)
        })
        .await
}

/// Takes a city out of a cohort, with the reason. It can be restored for 30 days, by who leads the cohort.
///
/// # Errors
/// Those of [`begin`]; `Denied` for the city's staff, `Invalid`.
pub async fn remove(
    platform: &Platform,
    caller: &Caller,
    id: CohortMemberId,
    told: &LetterReason,
) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, told, async |tx| {
            let (mut of, cohort) = begin(tx, id).await?;
            let lead = Action::ManageCohort {
                cohort: &cohort.facts(),
            };
            policy::require(&caller.actor, &lead)?;
            refuse(told.faults())?;
            of.left_at = Some(tx.now());
            of.left_why = Some(told.reason.trim().to_owned());
            save(tx, &mut of, "remove").await?;
            Ok(views::member(platform, caller, of, &cohort))
        })
        .await
}

/// Brings a city back that left not long ago, with its letter as it stood.
///
/// # Errors
/// `NotFound` once its time is over, `Denied`, `Stale`; `StateConflict` where it has not left, `CohortFull`, `CohortClosed`.
pub async fn restore(
    platform: &Platform,
    caller: &Caller,
    id: CohortMemberId,
) -> Result<Answer<CohortMemberView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut of, cohort) = opened(tx, id).await?;
            let left_at = of.left_at;
            if left_at.is_some_and(|at| is_over(at, tx.now())) {
                return Err(Error::NotFound);
            }
            caller.expect_version(of.version)?;
            if left_at.is_none() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            // Whom the network took out does not bring itself back.
            let lead = Action::ManageCohort {
                cohort: &cohort.facts(),
            };
            if of.left_why.is_some() {
                policy::require(&caller.actor, &lead)?;
            }
            cohort.expect_open(tx)?;
            if store::members(tx, of.cohort_id).await? >= MEMBERS_MAX {
                return Err(Error::conflict(ProblemCode::CohortFull));
            }
            // What the letter said may be the cohort's word no more.
            if of.letter_state == LetterState::Sent
                && of.letter.as_ref() != Some(&letters::service::text_of(platform, &of, &cohort))
            {
                of.draft_again(tx.now(), None);
            }
            (of.left_at, of.left_why) = (None, None);
            save(tx, &mut of, "restore").await?;
            Ok(views::member(platform, caller, of, &cohort))
        })
        .await
}

/// A city's place, locked after its cohort, for who speaks for it and knows its version; its letter is not signed.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `LetterSigned`.
async fn begin(tx: &Tx<'_>, id: CohortMemberId) -> Result<(Member, Cohort), Error> {
    let (of, cohort) = opened(tx, id).await?;
    if of.left_at.is_some() {
        return Err(Error::NotFound);
    }
    tx.caller().expect_version(of.version)?;
    if of.letter_state.is_signed() {
        return Err(Error::conflict(ProblemCode::LetterSigned));
    }
    Ok((of, cohort))
}

/// A city's place, left or not, locked after its cohort, for who speaks for it.
///
/// # Errors
/// `NotFound`, `Denied`.
async fn opened(tx: &Tx<'_>, id: CohortMemberId) -> Result<(Member, Cohort), Error> {
    let known = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let cohort = cohorts::for_update(tx, known.cohort_id).await?;
    let cohort = cohort
        .filter(|cohort| cohort.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let of = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let (actor, facts, city) = (&tx.caller().actor, cohort.facts(), of.city_id);
    let reading = Action::ReadCohortMember {
        city,
        signed: of.letter_state.is_signed(),
        cohort: &facts,
    };
    policy::require(actor, &reading)?;
    policy::require(actor, &Action::JoinCohort { city, cohort: &facts })?;
    Ok((of, cohort))
}

async fn save(tx: &Tx<'_>, of: &mut Member, verb: &str) -> Result<(), Error> {
    of.version += 1;
    of.updated_at = tx.now();
    store::save(tx, of).await?;
    record(tx, verb, of).await
}

/// Names of people are not for the journal.
async fn record(tx: &Tx<'_>, verb: &str, of: &Member) -> Result<(), Error> {
    let details = json!({
        "cohort_id": of.cohort_id, "city_id": of.city_id, "way": of.way, "levels": of.levels,
        "partner_id": of.partner_id, "letter": of.letter_state, "reason": of.left_why,
    });
    tx.record(verb, Resource::CohortMember, of.id.0, of.version, details)
        .await
}
