//! Holding a meeting and keeping its list. Who changes a list holds the meeting's row, so that of two who want the tenth
//! place one is told no.

use chrono::NaiveDate;
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{LessonId, ListedLessonId, MeetingId};
use shared::lessons::{
    LISTED_MAX, LessonOrder, ListedLessonDraft, ListedLessonPatch, ListedLessonView, MEETING_NAME_MAX, MeetingAction,
    MeetingDraft, MeetingPage, MeetingPatch, MeetingSummary, MeetingView, TEXT_MAX, places_left,
};
use shared::page::LIMIT_MAX;
use shared::partnerships::PartyRef;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Links, ListedLesson, Meeting};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::lessons::{check, store as lessons};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A page of meetings, the latest first.
///
/// # Errors
/// `Unreadable` for a cursor of another list.
pub async fn list(platform: &Platform, caller: &Caller, paging: &Paging) -> Result<MeetingPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let after: Option<(NaiveDate, MeetingId)> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::meetings(&platform.db, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.days.0, last.id));
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let ids: Vec<MeetingId> = found.iter().map(|meeting| meeting.id).collect();
    let counts = store::counts(&platform.db, &ids).await?;
    let summaries = found.into_iter().map(|meeting| {
        let listed = counts.get(&meeting.id).copied().unwrap_or_default();
        summary(meeting, listed)
    });
    Ok(MeetingPage {
        items: summaries.collect(),
        next,
        total: None,
    })
}

/// A meeting with its list.
///
/// # Errors
/// `NotFound`.
pub async fn read(platform: &Platform, caller: &Caller, id: MeetingId) -> Result<MeetingView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let of = store::meeting(conn, id).await?.ok_or(Error::NotFound)?;
    let listed = store::list(conn, id).await?;
    let ids: Vec<ListedLessonId> = listed.iter().map(|lesson| lesson.id).collect();
    let links = store::links(conn, &ids).await?;
    let told = listed.into_iter().map(|lesson| view(lesson, &links));
    Ok(meeting_view(caller, of, told.collect()))
}

/// Adds a meeting, with an empty list.
///
/// # Errors
/// `Denied` for who does not act for its host, `Invalid`.
pub async fn create(platform: &Platform, caller: &Caller, draft: &MeetingDraft) -> Result<Answer<MeetingView>, Error> {
    policy::require(&caller.actor, &Action::HoldMeeting { host: draft.host })?;
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let known = match draft.host {
                PartyRef::City { city_id } => platform.directory.cities().get(city_id).is_some(),
                PartyRef::Network { network_id } => store::has_network(tx, network_id).await?,
                PartyRef::Actor { .. } => false,
            };
            let mut faults = check::texts("/name", &draft.name, MEETING_NAME_MAX);
            if !known {
                faults.push(FieldError::new("/host", FieldCode::Reference));
            }
            if draft.ends_on < draft.starts_on {
                faults.push(FieldError::new("/ends_on", FieldCode::Inconsistent));
            }
            refuse(faults)?;
            let made = Meeting {
                id: MeetingId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                name: draft.name.clone(),
                host: draft.host,
                place: draft.place.trim().to_owned(),
                days: (draft.starts_on, draft.ends_on),
                source: draft.source.clone(),
                source_key: None,
            };
            store::insert_meeting(tx, &made).await?;
            record(tx, "create", &made).await?;
            Ok(meeting_view(caller, made, Vec::new()))
        })
        .await
}

/// Changes what is said of a meeting.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `Invalid`.
pub async fn update_meeting(
    platform: &Platform,
    caller: &Caller,
    id: MeetingId,
    patch: &MeetingPatch,
) -> Result<MeetingView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let before = held(tx, id).await?;
            caller.expect_version(before.version)?;
            let mut after = before.clone();
            if let Some(name) = &patch.name {
                after.name.clone_from(name);
            }
            if let Some(place) = &patch.place {
                place.trim().clone_into(&mut after.place);
            }
            after.days = (
                patch.starts_on.unwrap_or(before.days.0),
                patch.ends_on.unwrap_or(before.days.1),
            );
            if let Some(source) = &patch.source {
                after.source.clone_from(source);
            }
            let mut faults = check::texts("/name", &after.name, MEETING_NAME_MAX);
            if after.days.1 < after.days.0 {
                faults.push(FieldError::new("/ends_on", FieldCode::Inconsistent));
            }
            refuse(faults)?;
            if after == before {
                return Ok(());
            }
            save_meeting(tx, after, "change").await
        })
        .await?;
    read(platform, caller, id).await
}

/// Puts a lesson on a meeting's list, at its end.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`; `LessonListFull` for the eleventh.
pub async fn add(
    platform: &Platform,
    caller: &Caller,
    meeting: MeetingId,
    draft: &ListedLessonDraft,
) -> Result<Answer<ListedLessonView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = held(tx, meeting).await?;
            let made = ListedLesson {
                id: ListedLessonId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                meeting_id: meeting,
                position: None,
                theme: draft.theme,
                text: draft.text.clone(),
            };
            let mut faults = check::texts("/text", &made.text, TEXT_MAX);
            faults.extend(source_faults(tx, &draft.lesson_ids).await?);
            refuse(faults)?;
            let position = Some(free_place(tx, meeting).await?);
            let made = ListedLesson { position, ..made };
            store::insert(tx, &made, &draft.lesson_ids).await?;
            save_meeting(tx, of, "consolidate").await?;
            whole(tx, made).await
        })
        .await
}

/// Brings a meeting's list in another order.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `Invalid` where not each of its lessons stands once.
pub async fn order(
    platform: &Platform,
    caller: &Caller,
    meeting: MeetingId,
    order: &LessonOrder,
) -> Result<MeetingView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let of = held(tx, meeting).await?;
            caller.expect_version(of.version)?;
            let before: Vec<ListedLessonId> = store::list(tx.conn(), meeting)
                .await?
                .iter()
                .map(|one| one.id)
                .collect();
            let mut faults = check::ids("/ids", &order.ids, |id| before.contains(&id));
            if faults.is_empty() && order.ids.len() != before.len() {
                faults.push(FieldError::new("/ids", FieldCode::Inconsistent));
            }
            refuse(faults)?;
            if before == order.ids {
                return Ok(());
            }
            store::number(tx, meeting, &order.ids).await?;
            save_meeting(tx, of, "order").await
        })
        .await?;
    read(platform, caller, meeting).await
}

/// A lesson of a meeting's list.
///
/// # Errors
/// `NotFound`, also for one that was taken out.
pub async fn read_one(platform: &Platform, caller: &Caller, id: ListedLessonId) -> Result<ListedLessonView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let found = store::find(conn, id).await?.filter(|lesson| lesson.position.is_some());
    let found = found.ok_or(Error::NotFound)?;
    Ok(view(found, &store::links(conn, &[id]).await?))
}

/// Changes what a lesson of a list says, or what it comes from.
///
/// # Errors
/// Those of [`begin_change`], `Invalid`.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: ListedLessonId,
    patch: &ListedLessonPatch,
) -> Result<ListedLessonView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (of, before) = begin_change(tx, id).await?;
            before.position.ok_or(Error::NotFound)?;
            let mut after = before.clone();
            after.theme = patch.theme.unwrap_or(before.theme);
            let mut faults = Vec::new();
            if let Some(text) = &patch.text {
                faults.extend(check::texts("/text", text, TEXT_MAX));
                after.text.clone_from(text);
            }
            if let Some(ids) = &patch.lesson_ids {
                faults.extend(source_faults(tx, ids).await?);
            }
            refuse(faults)?;
            if after != before || patch.lesson_ids.is_some() {
                after.version += 1;
                after.updated_at = tx.now();
                store::save(tx, &after, patch.lesson_ids.as_deref()).await?;
                save_meeting(tx, of, "update").await?;
            }
            whole(tx, after).await
        })
        .await
}

/// Takes a lesson out of its list; the ones after it move up. It can be put back.
///
/// # Errors
/// Those of [`begin_change`].
pub async fn take_out(platform: &Platform, caller: &Caller, id: ListedLessonId) -> Result<(), Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (of, mut gone) = begin_change(tx, id).await?;
            gone.position.take().ok_or(Error::NotFound)?;
            gone.version += 1;
            gone.updated_at = tx.now();
            store::save(tx, &gone, None).await?;
            let rest: Vec<ListedLessonId> = store::list(tx.conn(), of.id).await?.iter().map(|one| one.id).collect();
            store::number(tx, of.id, &rest).await?;
            save_meeting(tx, of, "take_out").await
        })
        .await
}

/// Puts a lesson that was taken out back on its list, at its end.
///
/// # Errors
/// Those of [`begin_change`], `StateConflict` for one that is on it, `LessonListFull` where ten are.
pub async fn put_back(
    platform: &Platform,
    caller: &Caller,
    id: ListedLessonId,
) -> Result<Answer<ListedLessonView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (of, mut back) = begin_change(tx, id).await?;
            if back.position.is_some() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            back.position = Some(free_place(tx, of.id).await?);
            back.version += 1;
            back.updated_at = tx.now();
            store::save(tx, &back, None).await?;
            save_meeting(tx, of, "put_back").await?;
            whole(tx, back).await
        })
        .await
}

/// The meeting, locked, for who holds it.
///
/// # Errors
/// `NotFound`, `Denied`.
async fn held(tx: &Tx<'_>, id: MeetingId) -> Result<Meeting, Error> {
    let of = store::meeting_for_update(tx, id).await?.ok_or(Error::NotFound)?;
    policy::require(&tx.caller().actor, &Action::HoldMeeting { host: of.host })?;
    Ok(of)
}

/// The lesson with its meeting, locked, for who holds that and knows the lesson's version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
async fn begin_change(tx: &Tx<'_>, id: ListedLessonId) -> Result<(Meeting, ListedLesson), Error> {
    let meeting = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?.meeting_id;
    let of = held(tx, meeting).await?;
    // Read again behind the lock: somebody may have changed it meanwhile.
    let found = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    tx.caller().expect_version(found.version)?;
    Ok((of, found))
}

/// The next place of the list of a meeting that is locked.
///
/// # Errors
/// `LessonListFull` where there is none.
async fn free_place(tx: &Tx<'_>, meeting: MeetingId) -> Result<i32, Error> {
    let listed = store::list(tx.conn(), meeting).await?.len();
    if places_left(listed) == 0 {
        return Err(Error::Conflict {
            code: ProblemCode::LessonListFull,
            errors: vec![FieldError::new("", FieldCode::Length).with("max", LISTED_MAX)],
        });
    }
    i32::try_from(listed + 1).map_err(Error::internal)
}

async fn source_faults(tx: &Tx<'_>, ids: &[LessonId]) -> Result<Vec<FieldError>, Error> {
    let known = lessons::named(tx.conn(), ids).await?;
    Ok(check::ids("/lesson_ids", ids, |id| known.contains_key(&id)))
}

async fn save_meeting(tx: &Tx<'_>, mut of: Meeting, verb: &str) -> Result<(), Error> {
    of.version += 1;
    of.updated_at = tx.now();
    store::save_meeting(tx, &of).await?;
    record(tx, verb, &of).await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Meeting) -> Result<(), Error> {
    tx.record(verb, Resource::Meeting, of.id.0, of.version, json!({ "host": of.host }))
        .await
}

async fn whole(tx: &Tx<'_>, of: ListedLesson) -> Result<ListedLessonView, Error> {
    let links = store::links(tx.conn(), &[of.id]).await?;
    Ok(view(of, &links))
}

fn view(of: ListedLesson, links: &Links) -> ListedLessonView {
    let own = links.sources.iter().filter(|(listed, _)| *listed == of.id);
    ListedLessonView {
        id: of.id,
        version: of.version,
        meeting_id: of.meeting_id,
        place: of.position.and_then(|place| u32::try_from(place).ok()),
        theme: of.theme,
        text: of.text,
        sources: own.filter_map(|(_, lesson)| links.named.get(lesson).cloned()).collect(),
        recommendations: links.recommended.get(&of.id).cloned().unwrap_or_default(),
    }
}

fn summary(of: Meeting, listed: usize) -> MeetingSummary {
    let count = |count: usize| u32::try_from(count).unwrap_or_default();
    MeetingSummary {
        id: of.id,
        version: of.version,
        name: of.name,
        host: of.host,
        place: of.place,
        starts_on: of.days.0,
        ends_on: of.days.1,
        source: of.source,
        listed: count(listed),
        places_left: count(places_left(listed)),
    }
}

fn meeting_view(caller: &Caller, of: Meeting, lessons: Vec<ListedLessonView>) -> MeetingView {
    let may = policy::allows(&caller.actor, &Action::HoldMeeting { host: of.host });
    MeetingView {
        summary: summary(of, lessons.len()),
        lessons,
        allowed: if may {
            vec![MeetingAction::Consolidate, MeetingAction::Update]
        } else {
            Vec::new()
        },
    }
}
