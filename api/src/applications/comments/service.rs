//! What can be done with comments.

use serde_json::json;
use shared::applications::{CommentAction, CommentDraft, CommentPage, CommentPatch, CommentView};
use shared::audit::Resource;
use shared::ids::{ApplicationId, CityId, CommentId};
use shared::page::LIMIT_MAX;
use shared::partnerships::PartyRole;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Comment, CommentFilter};
use crate::applications::decisions::account_of;
use crate::applications::service::{found, readable};
use crate::applications::store::ApplicationRecord;
use crate::applications::view::facts;
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::directory::Directory;
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor, FileFacts};
use crate::programmes::CallRecord;
use crate::restoring::{RESTORED_WITHIN, is_over};

/// Parts of a file that are no questions of its call.
const PARTS: [&str; 5] = ["title", "themes", "parties", "budget", "documents"];

/// Refuses a place that the file does not have.
pub(in crate::applications) fn check_place(place: Option<&str>, call: &CallRecord) -> Result<(), Error> {
    let is_there = |place: &str| PARTS.contains(&place) || call.questions.iter().any(|question| question.key == place);
    refuse(match place {
        Some(place) if !is_there(place) => vec![FieldError::new("/place", FieldCode::Reference)],
        _ => Vec::new(),
    })
}

/// The city of a file for which somebody speaks: the one that leads where it is several.
pub(in crate::applications) fn city_of(actor: &Actor, file: &ApplicationRecord) -> Option<CityId> {
    let own = file.parties.iter().filter(|party| actor.is_staff_of(party.city_id));
    own.min_by_key(|party| party.role != PartyRole::Lead)
        .map(|party| party.city_id)
}

/// A page of a file's comments, the oldest first.
///
/// # Errors
/// `NotFound`, also for who is not of the file's cities; `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &CommentFilter,
    paging: &Paging,
) -> Result<CommentPage, Error> {
    let (file, call) = readable(platform, caller, filter.application_id).await?;
    let facts = facts(&file, &call, caller.now);
    policy::require(&caller.actor, &Action::ReadComments { file: &facts })?;
    let after: Option<CommentId> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, filter, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| last.id);
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let total = if paging.count {
        Some(store::count(&platform.db, filter).await?)
    } else {
        None
    };
    let items = found.into_iter().map(|of| view(platform, caller, of, &facts)).collect();
    Ok(CommentPage { items, next, total })
}

/// A comment.
///
/// # Errors
/// `NotFound`, also for who is not of the file's cities.
pub async fn read(platform: &Platform, caller: &Caller, id: CommentId) -> Result<CommentView, Error> {
    let of = store::find(platform.db.read(), id).await?;
    let of = of.filter(|of| of.deleted_at.is_none()).ok_or(Error::NotFound)?;
    let (file, call) = readable(platform, caller, of.application_id).await?;
    let facts = facts(&file, &call, caller.now);
    policy::require(&caller.actor, &Action::ReadComments { file: &facts })?;
    Ok(view(platform, caller, of, &facts))
}

/// Says something about a file, or answers.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`; `StateConflict` for an answer in a conversation that is settled.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: &CommentDraft,
) -> Result<Answer<CommentView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let (file, call) = found(tx, id).await?;
            let facts = facts(&file, &call, tx.now());
            policy::require(&caller.actor, &Action::Comment { file: &facts })?;
            let city_id = city_of(&caller.actor, &file).ok_or(Error::NotFound)?;
            check_text(&draft.text)?;
            check_place(draft.place.as_deref(), &call)?;
            let place = match draft.reply_to {
                Some(first) => answered(tx, id, first).await?.place,
                None => draft.place.clone(),
            };
            let made = Comment {
                id: CommentId(Uuid::now_v7()),
                version: 1,
                application_id: id,
                reply_to: draft.reply_to,
                place,
                text: draft.text.trim().to_owned(),
                city_id,
                author_id: account_of(&caller.actor),
                author_name: None,
                created_at: tx.now(),
                edited_at: None,
                settled_at: None,
                settled_by: None,
                settled_by_name: None,
                deleted_at: None,
            };
            store::insert(tx, &made).await?;
            record(tx, "create", &made).await?;
            told(platform, tx, made.id, &facts).await
        })
        .await
}

fn check_text(text: &str) -> Result<(), Error> {
    refuse(match text.trim() {
        "" => vec![FieldError::new("/text", FieldCode::Required)],
        _ => Vec::new(),
    })
}

/// The comment that is answered: it begins a conversation of the same file, which is not settled.
async fn answered(tx: &Tx<'_>, file: ApplicationId, id: CommentId) -> Result<Comment, Error> {
    let first = store::for_update(tx, id)
        .await?
        .filter(|first| first.application_id == file && first.reply_to.is_none() && first.deleted_at.is_none());
    let first = first.ok_or_else(|| Error::field(FieldError::new("/reply_to", FieldCode::Reference)))?;
    if first.settled_at.is_some() {
        return Err(Error::conflict(ProblemCode::StateConflict));
    }
    Ok(first)
}

/// A comment that is to be changed, locked, with what its file is judged on.
async fn opened(tx: &Tx<'_>, id: CommentId, action: CommentAction) -> Result<(Comment, FileFacts), Error> {
    let known = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let (file, call) = found(tx, known.application_id).await?;
    // Again, after its file as everywhere, now that nobody else changes it.
    let of = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let facts = facts(&file, &call, tx.now());
    let author = of.author_id;
    policy::require(
        &tx.caller().actor,
        &Action::ActOnComment {
            action,
            author,
            file: &facts,
        },
    )?;
    tx.caller().expect_version(of.version)?;
    Ok((of, facts))
}

/// Changes what a comment says; its author only.
///
/// # Errors
/// `NotFound`, `Denied`, a stale version, `Invalid`.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: CommentId,
    patch: &CommentPatch,
) -> Result<CommentView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut of, facts) = opened(tx, id, CommentAction::Update).await?;
            if of.deleted_at.is_some() {
                return Err(Error::NotFound);
            }
            check_text(&patch.text)?;
            let text = patch.text.trim();
            if text != of.text {
                text.clone_into(&mut of.text);
                of.edited_at = Some(tx.now());
                save(tx, &mut of, "update").await?;
            }
            told(platform, tx, id, &facts).await
        })
        .await
}

/// Settles the conversation that a comment begins, or takes that back.
///
/// # Errors
/// `NotFound`, `Denied`, a stale version; `StateConflict` where it begins none, or stands so already.
pub async fn settle(
    platform: &Platform,
    caller: &Caller,
    id: CommentId,
    settled: bool,
) -> Result<Answer<CommentView>, Error> {
    let action = if settled {
        CommentAction::Settle
    } else {
        CommentAction::Reopen
    };
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut of, facts) = opened(tx, id, action).await?;
            if of.deleted_at.is_some() {
                return Err(Error::NotFound);
            }
            if of.reply_to.is_some() || of.settled_at.is_some() == settled {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            of.settled_at = settled.then(|| tx.now());
            of.settled_by = account_of(&caller.actor).filter(|_| settled);
            save(tx, &mut of, action.code()).await?;
            told(platform, tx, id, &facts).await
        })
        .await
}

/// Deletes a comment; its author can restore it for 30 days. Answers with its new version.
///
/// # Errors
/// `NotFound`, `Denied`, a stale version.
pub async fn delete(platform: &Platform, caller: &Caller, id: CommentId) -> Result<i64, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut of, _) = opened(tx, id, CommentAction::Delete).await?;
            if of.deleted_at.is_some() {
                return Err(Error::NotFound);
            }
            of.deleted_at = Some(tx.now());
            save(tx, &mut of, "delete").await?;
            Ok(of.version)
        })
        .await
}

/// Brings a deleted comment back.
///
/// # Errors
/// `NotFound`, `Denied`, a stale version; `StateConflict` where it is not deleted.
pub async fn restore(platform: &Platform, caller: &Caller, id: CommentId) -> Result<Answer<CommentView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut of, facts) = opened(tx, id, CommentAction::Delete).await?;
            let since = of
                .deleted_at
                .ok_or_else(|| Error::conflict(ProblemCode::StateConflict))?;
            if is_over(since, tx.now()) {
                return Err(Error::NotFound);
            }
            of.deleted_at = None;
            save(tx, &mut of, "restore").await?;
            told(platform, tx, id, &facts).await
        })
        .await
}

/// Forgets what was deleted more than 30 days ago; says how many comments that were.
///
/// # Errors
/// Those of the database.
pub async fn sweep(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let before = caller.now - RESTORED_WITHIN;
    platform
        .db
        .write(&caller, async |tx| store::forget(tx, before).await)
        .await
}

async fn save(tx: &Tx<'_>, of: &mut Comment, verb: &str) -> Result<(), Error> {
    of.version += 1;
    store::save(tx, of).await?;
    record(tx, verb, of).await
}

/// What was said is not for the journal, only that it was.
async fn record(tx: &Tx<'_>, verb: &str, of: &Comment) -> Result<(), Error> {
    let details = json!({"application_id": of.application_id, "reply_to": of.reply_to, "place": of.place});
    tx.record(verb, Resource::Comment, of.id.0, of.version, details).await
}

/// A comment as it now is, with the names that belong to it.
async fn told(platform: &Platform, tx: &Tx<'_>, id: CommentId, file: &FileFacts) -> Result<CommentView, Error> {
    let of = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    Ok(view(platform, tx.caller(), of, file))
}

fn view(platform: &Platform, caller: &Caller, of: Comment, file: &FileFacts) -> CommentView {
    let author = of.author_id;
    let may = |action: CommentAction| {
        let makes_sense = match action {
            CommentAction::Update | CommentAction::Delete => true,
            CommentAction::Settle | CommentAction::Reply => of.reply_to.is_none() && of.settled_at.is_none(),
            CommentAction::Reopen => of.settled_at.is_some(),
        };
        makes_sense && policy::allows(&caller.actor, &Action::ActOnComment { action, author, file })
    };
    let allowed = CommentAction::ALL
        .iter()
        .copied()
        .filter(|&action| may(action))
        .collect();
    CommentView {
        id: of.id,
        version: of.version,
        application_id: of.application_id,
        reply_to: of.reply_to,
        place: of.place,
        text: of.text,
        city_id: of.city_id,
        city_name: city_name(&platform.directory, of.city_id),
        author_name: of.author_name,
        created_at: of.created_at,
        edited_at: of.edited_at,
        settled_at: of.settled_at,
        settled_by_name: of.settled_by_name,
        allowed,
    }
}

/// The name of a city.
pub(in crate::applications) fn city_name(directory: &Directory, id: CityId) -> String {
    directory.summary(id).map(|city| city.name.clone()).unwrap_or_default()
}
