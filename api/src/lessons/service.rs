//! Proposing lessons: what a partnership has learned from what it did and achieved.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::{LessonId, PartnershipId};
use shared::lessons::{LessonAction, LessonDraft, LessonGround, LessonPage, LessonPatch, LessonView};
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::check;
use super::store::{self, Grounds, Lesson, LessonFilter};
use crate::activities;
use crate::activities::service::parties_in;
use crate::activities::views::{authorities, lead, require_change};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::partnerships::store::{self as partnerships, Party, parties_of};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::recommendations::store as recommendations;
use crate::restoring::is_over;

/// A page of lessons, the oldest first.
///
/// # Errors
/// `NotFound` for a partnership that is not there, `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &LessonFilter,
    paging: &Paging,
) -> Result<LessonPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let after: Option<LessonId> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, filter, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| last.id);
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let mut items = Vec::with_capacity(found.len());
    if found.is_empty() {
        if let Some(id) = filter.partnership_id {
            let name = activities::store::partnership_name(&platform.db, id).await?;
            name.ok_or(Error::NotFound)?;
        }
    } else {
        let ids: Vec<LessonId> = found.iter().map(|lesson| lesson.id).collect();
        let whose: Vec<PartnershipId> = found.iter().map(|lesson| lesson.partnership_id).collect();
        let parties = parties_of(conn, &whose).await?;
        let mut grounds = store::grounds_of(conn, &ids).await?;
        let mut listed = store::listed_from(conn, &ids).await?;
        let mut used = store::renewed_with(conn, &ids).await?;
        let mut recommended = recommendations::from_lessons(conn, &ids).await?;
        for lesson in found {
            let parties = parties.get(&lesson.partnership_id).map(Vec::as_slice);
            let id = lesson.id;
            let mut told = view(caller, lesson, parties.unwrap_or_default());
            told.rests_on = grounds.remove(&id).unwrap_or_default();
            told.listed_in = listed.remove(&id).unwrap_or_default();
            told.used_by = used.remove(&id).unwrap_or_default();
            told.recommendations = recommended.remove(&id).unwrap_or_default();
            items.push(told);
        }
    }
    let total = if paging.count {
        Some(store::count(&platform.db, filter).await?)
    } else {
        None
    };
    Ok(LessonPage { items, next, total })
}

/// A lesson, as anybody may read it.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: LessonId) -> Result<LessonView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let found = store::find(conn, id)
        .await?
        .filter(|lesson| lesson.deleted_at.is_none());
    let found = found.ok_or(Error::NotFound)?;
    let parties = parties_of(conn, &[found.partnership_id]).await?;
    let parties = parties.get(&found.partnership_id).map(Vec::as_slice);
    store::with_links(conn, view(caller, found, parties.unwrap_or_default())).await
}

/// Proposes a lesson in a partnership's name.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &LessonDraft,
) -> Result<Answer<LessonView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = partnerships::for_update(tx, partnership)
                .await?
                .filter(|partnership| partnership.deleted_at.is_none())
                .ok_or(Error::NotFound)?;
            require_change(caller, &of.parties)?;
            let made = Lesson {
                id: LessonId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                partnership_id: of.id,
                partnership_name: of.name,
                theme: draft.theme,
                text: draft.text.trim().to_owned(),
                language: draft.language,
                source_key: None,
                deleted_at: None,
            };
            let grounds = Grounds {
                results: draft.result_ids.clone(),
                activities: draft.activity_ids.clone(),
            };
            refuse(faults_of(tx, &made, Some(&grounds)).await?)?;
            store::insert(tx, &made, &grounds).await?;
            record(tx, "create", &made).await?;
            store::with_links(tx.conn(), view(caller, made, &of.parties)).await
        })
        .await
}

/// Changes what a lesson says, or what it rests on.
///
/// # Errors
/// Those of [`begin_change`], `Invalid`.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: LessonId,
    patch: &LessonPatch,
) -> Result<LessonView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (before, parties) = begin_change(tx, id).await?;
            let mut after = before.clone();
            after.theme = patch.theme.unwrap_or(before.theme);
            after.language = patch.language.unwrap_or(before.language);
            if let Some(text) = &patch.text {
                text.trim().clone_into(&mut after.text);
            }
            let known = known_grounds(tx, id).await?;
            let grounds = Grounds {
                results: patch.result_ids.clone().unwrap_or_else(|| known.results.clone()),
                activities: patch.activity_ids.clone().unwrap_or_else(|| known.activities.clone()),
            };
            let changed = Some(&grounds).filter(|grounds| **grounds != known);
            refuse(faults_of(tx, &after, changed).await?)?;
            if after != before || changed.is_some() {
                after.version += 1;
                after.updated_at = tx.now();
                store::save(tx, &after, changed).await?;
                record(tx, "update", &after).await?;
            }
            store::with_links(tx.conn(), view(caller, after, &parties)).await
        })
        .await
}

/// Deletes a lesson; it can be restored for [`crate::restoring::RESTORED_WITHIN`]. Where it is a source of a meeting's lesson, it is shown there
/// no longer.
///
/// # Errors
/// Those of [`begin_change`].
pub async fn delete(platform: &Platform, caller: &Caller, id: LessonId) -> Result<(), Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut gone, _) = begin_change(tx, id).await?;
            gone.version += 1;
            gone.updated_at = tx.now();
            gone.deleted_at = Some(tx.now());
            store::save(tx, &gone, None).await?;
            record(tx, "delete", &gone).await
        })
        .await
}

/// Restores a lesson that was deleted not long ago.
///
/// # Errors
/// `NotFound` once its time is over, `Denied`, `Stale`, `StateConflict` where it is not deleted.
pub async fn restore(platform: &Platform, caller: &Caller, id: LessonId) -> Result<Answer<LessonView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut back = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
            let parties = parties_in(tx, back.partnership_id).await?;
            require_change(caller, &parties)?;
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
            store::with_links(tx.conn(), view(caller, back, &parties)).await
        })
        .await
}

/// It says something, and rests on what its own partnership did or achieved.
async fn faults_of(tx: &Tx<'_>, of: &Lesson, grounds: Option<&Grounds>) -> Result<Vec<FieldError>, Error> {
    let mut faults = Vec::new();
    if of.text.is_empty() {
        faults.push(FieldError::new("/text", FieldCode::Required));
    }
    if let Some(Grounds { results, activities }) = grounds {
        if results.is_empty() && activities.is_empty() {
            faults.push(FieldError::new("/result_ids", FieldCode::Required));
        }
        let known = store::results_of(tx, of.partnership_id).await?;
        faults.extend(check::ids("/result_ids", results, |id| known.contains(&id)));
        let known = store::activities_of(tx, of.partnership_id).await?;
        faults.extend(check::ids("/activity_ids", activities, |id| known.contains(&id)));
    }
    Ok(faults)
}

async fn known_grounds(tx: &Tx<'_>, id: LessonId) -> Result<Grounds, Error> {
    let mut grounds = Grounds::default();
    for ground in store::grounds_of(tx.conn(), &[id])
        .await?
        .remove(&id)
        .unwrap_or_default()
    {
        match ground {
            LessonGround::Result { result_id, .. } => grounds.results.push(result_id),
            LessonGround::Activity { activity_id, .. } => grounds.activities.push(activity_id),
        }
    }
    Ok(grounds)
}

/// The lesson, locked, with the parties of its partnership, for who may change it and knows its version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
async fn begin_change(tx: &Tx<'_>, id: LessonId) -> Result<(Lesson, Vec<Party>), Error> {
    let found = store::for_update(tx, id)
        .await?
        .filter(|lesson| lesson.deleted_at.is_none());
    let found = found.ok_or(Error::NotFound)?;
    let parties = parties_in(tx, found.partnership_id).await?;
    require_change(tx.caller(), &parties)?;
    tx.caller().expect_version(found.version)?;
    Ok((found, parties))
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Lesson) -> Result<(), Error> {
    let details = json!({ "partnership_id": of.partnership_id, "theme": of.theme });
    tx.record(verb, Resource::Lesson, of.id.0, of.version, details).await
}

fn view(caller: &Caller, of: Lesson, parties: &[Party]) -> LessonView {
    let may = lead(parties).is_ok_and(|lead| {
        let cities = authorities(parties);
        policy::allows(&caller.actor, &Action::UpdatePartnership { cities: &cities, lead })
    });
    LessonView {
        id: of.id,
        version: of.version,
        partnership_id: of.partnership_id,
        partnership_name: of.partnership_name,
        theme: of.theme,
        text: of.text,
        language: of.language,
        rests_on: Vec::new(),
        listed_in: Vec::new(),
        used_by: Vec::new(),
        recommendations: Vec::new(),
        allowed: if may {
            vec![LessonAction::Update, LessonAction::Delete]
        } else {
            Vec::new()
        },
        updated_at: of.updated_at,
    }
}
