//! Recommending, by who holds a meeting, and telling what became of it.

use std::collections::HashSet;

use serde_json::json;
use shared::accounts::Grant;
use shared::audit::Resource;
use shared::ids::{ListedLessonId, MeetingId, RecommendationId};
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::recommendations::{
    RecommendationAction, RecommendationAdvance, RecommendationDraft, RecommendationPage, RecommendationPatch,
    RecommendationSource, RecommendationState, RecommendationStep, RecommendationView, TEXT_MAX,
};
use uuid::Uuid;

use super::store::{self, DraftScope, Recommendation, RecommendationFilter, Sources};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::lessons::listed::store as meetings;
use crate::lessons::{check, store as lessons};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::restoring::is_over;

/// A page of recommendations, the oldest first; drafts only to who holds their meeting.
///
/// # Errors
/// `NotFound` for a meeting that is not there, `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &RecommendationFilter,
    paging: &Paging,
) -> Result<RecommendationPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let after: Option<RecommendationId> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let drafts = drafts_of(caller);
    let mut found = store::list(&platform.db, filter, &drafts, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| last.id);
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let mut items = Vec::with_capacity(found.len());
    if found.is_empty() {
        if let Some(id) = filter.meeting_id {
            meetings::meeting(conn, id).await?.ok_or(Error::NotFound)?;
        }
    } else {
        let ids: Vec<RecommendationId> = found.iter().map(|one| one.id).collect();
        let mut sources = store::sources_of(conn, &ids).await?;
        for of in found {
            let own = sources.remove(&of.id).unwrap_or_default();
            items.push(view(caller, of, own));
        }
    }
    let total = if paging.count {
        Some(store::count(&platform.db, filter, &drafts).await?)
    } else {
        None
    };
    Ok(RecommendationPage { items, next, total })
}

fn drafts_of(caller: &Caller) -> DraftScope {
    if caller.actor.is_admin() {
        return DraftScope::All;
    }
    let networks = caller.actor.grants().iter().filter_map(|grant| match grant {
        Grant::NetworkCoordinator { network_id } => Some(*network_id),
        _ => None,
    });
    DraftScope::Of(caller.actor.cities().collect(), networks.collect())
}

/// A recommendation.
///
/// # Errors
/// `NotFound`, also for a draft of somebody else's meeting.
pub async fn read(platform: &Platform, caller: &Caller, id: RecommendationId) -> Result<RecommendationView, Error> {
    let conn = platform.db.read();
    let of = store::find(conn, id)
        .await?
        .filter(|of| of.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &reading(&of))?;
    let own = store::sources_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(view(caller, of, own))
}

/// Writes a recommendation of a meeting, as a draft.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    meeting: MeetingId,
    draft: &RecommendationDraft,
) -> Result<Answer<RecommendationView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = meetings::meeting(tx.conn(), meeting).await?.ok_or(Error::NotFound)?;
            policy::require(&caller.actor, &Action::HoldMeeting { host: of.host })?;
            let made = Recommendation {
                id: RecommendationId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                meeting_id: of.id,
                meeting_name: of.name,
                host: of.host,
                addressee: draft.addressee,
                addressee_name: draft.addressee_name.trim().to_owned(),
                text: draft.text.clone(),
                state: RecommendationState::Draft,
                steps: vec![RecommendationStep {
                    state: RecommendationState::Draft,
                    at: tx.now(),
                    reason: None,
                }],
                source_key: None,
                deleted_at: None,
            };
            let sources = Sources {
                lessons: draft.lesson_ids.clone(),
                listed: draft.listed_lesson_ids.clone(),
            };
            refuse(faults_of(tx, &made, Some(&sources)).await?)?;
            store::insert(tx, &made, &sources).await?;
            record(tx, "create", &made).await?;
            whole(tx, made).await
        })
        .await
}

/// Changes a draft.
///
/// # Errors
/// Those of [`begin_change`], `Invalid`; `StateConflict` once it is adopted.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: RecommendationId,
    patch: &RecommendationPatch,
) -> Result<RecommendationView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let before = begin_change(tx, id).await?;
            if before.state != RecommendationState::Draft {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let mut after = before.clone();
            after.addressee = patch.addressee.unwrap_or(before.addressee);
            if let Some(name) = &patch.addressee_name {
                name.trim().clone_into(&mut after.addressee_name);
            }
            if let Some(text) = &patch.text {
                after.text.clone_from(text);
            }
            let known = known_sources(tx, id).await?;
            let sources = Sources {
                lessons: patch.lesson_ids.clone().unwrap_or_else(|| known.lessons.clone()),
                listed: patch.listed_lesson_ids.clone().unwrap_or_else(|| known.listed.clone()),
            };
            let changed = Some(&sources).filter(|sources| **sources != known);
            refuse(faults_of(tx, &after, changed).await?)?;
            if after != before || changed.is_some() {
                after.version += 1;
                after.updated_at = tx.now();
                store::save(tx, &after, changed).await?;
                record(tx, "update", &after).await?;
            }
            whole(tx, after).await
        })
        .await
}

/// Moves a recommendation to its next state.
///
/// # Errors
/// Those of [`begin_change`]; `StateConflict` for a step that is not drawn, `Invalid` for one without its reason.
pub async fn advance(
    platform: &Platform,
    caller: &Caller,
    id: RecommendationId,
    step: &RecommendationAdvance,
) -> Result<Answer<RecommendationView>, Error> {
    platform
        .db
        .write_once(caller, step, async |tx| {
            let mut of = begin_change(tx, id).await?;
            if !of.state.next().contains(&step.to) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let reason = step
                .reason
                .as_deref()
                .map(str::trim)
                .filter(|reason| !reason.is_empty());
            if step.to.needs_reason() && reason.is_none() {
                return Err(Error::field(FieldError::new("/reason", FieldCode::Required)));
            }
            of.state = step.to;
            of.steps.push(RecommendationStep {
                state: step.to,
                at: tx.now(),
                reason: reason.map(str::to_owned),
            });
            of.version += 1;
            of.updated_at = tx.now();
            store::save(tx, &of, None).await?;
            record(tx, "advance", &of).await?;
            whole(tx, of).await
        })
        .await
}

/// Deletes a draft. It can be restored for 30 days.
///
/// # Errors
/// Those of [`begin_change`]; `StateConflict` once it is adopted.
pub async fn delete(platform: &Platform, caller: &Caller, id: RecommendationId) -> Result<(), Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut gone = begin_change(tx, id).await?;
            if gone.state != RecommendationState::Draft {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            gone.version += 1;
            gone.updated_at = tx.now();
            gone.deleted_at = Some(tx.now());
            store::save(tx, &gone, None).await?;
            record(tx, "delete", &gone).await
        })
        .await
}

/// Restores a draft that was deleted not long ago.
///
/// # Errors
/// `NotFound` once its time is over, `Denied`, `Stale`, `StateConflict` where it is not deleted.
pub async fn restore(
    platform: &Platform,
    caller: &Caller,
    id: RecommendationId,
) -> Result<Answer<RecommendationView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut back = found_for_change(tx, id).await?;
            let deleted_at = back.deleted_at;
            if deleted_at.is_some_and(|at| is_over(at, tx.now())) {
                return Err(Error::NotFound);
            }
            caller.expect_version(back.version)?;
            if deleted_at.is_none() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            back.version += 1;
            back.updated_at = tx.now();
            back.deleted_at = None;
            store::save(tx, &back, None).await?;
            record(tx, "restore", &back).await?;
            whole(tx, back).await
        })
        .await
}

/// The recommendation, locked, for who holds its meeting and knows its version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
async fn begin_change(tx: &Tx<'_>, id: RecommendationId) -> Result<Recommendation, Error> {
    let of = found_for_change(tx, id).await?;
    if of.deleted_at.is_some() {
        return Err(Error::NotFound);
    }
    tx.caller().expect_version(of.version)?;
    Ok(of)
}

/// The recommendation, deleted or not, locked, for who holds its meeting.
///
/// # Errors
/// `NotFound`, `Denied`.
async fn found_for_change(tx: &Tx<'_>, id: RecommendationId) -> Result<Recommendation, Error> {
    let of = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let caller = tx.caller();
    policy::require(&caller.actor, &reading(&of))?;
    policy::require(&caller.actor, &Action::HoldMeeting { host: of.host })?;
    Ok(of)
}

const fn reading(of: &Recommendation) -> Action<'static> {
    Action::ReadRecommendation {
        host: of.host,
        hidden: matches!(of.state, RecommendationState::Draft),
    }
}

/// It says something, and comes from lessons that are there: of the list, from its own meeting's.
async fn faults_of(tx: &Tx<'_>, of: &Recommendation, sources: Option<&Sources>) -> Result<Vec<FieldError>, Error> {
    let mut faults = check::texts("/text", &of.text, TEXT_MAX);
    if let Some(Sources { lessons: own, listed }) = sources {
        if own.is_empty() && listed.is_empty() {
            faults.push(FieldError::new("/listed_lesson_ids", FieldCode::Required));
        }
        let known = lessons::named(tx.conn(), own).await?;
        faults.extend(check::ids("/lesson_ids", own, |id| known.contains_key(&id)));
        let known: HashSet<ListedLessonId> = meetings::list(tx.conn(), of.meeting_id)
            .await?
            .iter()
            .map(|lesson| lesson.id)
            .collect();
        faults.extend(check::ids("/listed_lesson_ids", listed, |id| known.contains(&id)));
    }
    Ok(faults)
}

async fn known_sources(tx: &Tx<'_>, id: RecommendationId) -> Result<Sources, Error> {
    let mut known = Sources::default();
    let all = store::sources_of(tx.conn(), &[id]).await?.remove(&id);
    for source in all.unwrap_or_default() {
        match source {
            RecommendationSource::Proposed { lesson } => known.lessons.push(lesson.id),
            RecommendationSource::Listed { id, .. } => known.listed.push(id),
        }
    }
    Ok(known)
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Recommendation) -> Result<(), Error> {
    let details = json!({ "meeting_id": of.meeting_id, "addressee": of.addressee, "state": of.state });
    tx.record(verb, Resource::Recommendation, of.id.0, of.version, details)
        .await
}

async fn whole(tx: &Tx<'_>, of: Recommendation) -> Result<RecommendationView, Error> {
    let own = store::sources_of(tx.conn(), &[of.id]).await?.remove(&of.id);
    Ok(view(tx.caller(), of, own.unwrap_or_default()))
}

fn view(caller: &Caller, of: Recommendation, sources: Vec<RecommendationSource>) -> RecommendationView {
    let may = policy::allows(&caller.actor, &Action::HoldMeeting { host: of.host });
    let mut allowed = Vec::new();
    if may && of.state == RecommendationState::Draft {
        allowed.extend([RecommendationAction::Update, RecommendationAction::Delete]);
    }
    if may && !of.state.next().is_empty() {
        allowed.push(RecommendationAction::Advance);
    }
    RecommendationView {
        id: of.id,
        version: of.version,
        meeting_id: of.meeting_id,
        meeting_name: of.meeting_name,
        addressee: of.addressee,
        addressee_name: of.addressee_name,
        text: of.text,
        state: of.state,
        steps: of.steps,
        sources,
        next_states: of.state.next().to_vec(),
        allowed,
        updated_at: of.updated_at,
    }
}
