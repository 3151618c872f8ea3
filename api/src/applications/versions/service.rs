//! Reading what a file said before, and bringing it back.

use std::collections::BTreeMap;

use serde_json::json;
use shared::applications::{
    ApplicationAction, ApplicationPatch, ApplicationView, FileVersionPage, FileVersionParty, FileVersionView,
    VersionRestoreDraft,
};
use shared::ids::ApplicationId;
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError};

use super::{Said, store};
use crate::applications::content::content;
use crate::applications::service::{opened, readable, require_editable, save, write};
use crate::applications::view::{facts, view};
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::CallRecord;

/// Requires that the caller may know what the file said before.
async fn require_reader(platform: &Platform, caller: &Caller, id: ApplicationId) -> Result<(), Error> {
    let (file, call) = readable(platform, caller, id).await?;
    let file = facts(&file, &call, caller.now);
    policy::require(&caller.actor, &Action::ReadVersions { file: &file })
}

/// A page of what a file said, the latest first.
///
/// # Errors
/// `NotFound`, also for who is not of the file's cities; `Unreadable` for a cursor of another list; those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    paging: &Paging,
) -> Result<FileVersionPage, Error> {
    require_reader(platform, caller, id).await?;
    let before: Option<i64> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut items = store::list(&platform.db, id, before, limit as u64 + 1).await?;
    let next = page::cut(&mut items, limit, |last| last.version);
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let total = if paging.count {
        Some(store::count(&platform.db, id).await?)
    } else {
        None
    };
    Ok(FileVersionPage { items, next, total })
}

/// What a file said in a version.
///
/// # Errors
/// `NotFound`, also for a version that is not kept, and those of the database.
pub async fn read(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    version: i64,
) -> Result<FileVersionView, Error> {
    require_reader(platform, caller, id).await?;
    let found = store::find(platform.db.read(), id, version).await?;
    let (summary, content) = found.ok_or(Error::NotFound)?;
    let said: Said = serde_json::from_str(&content)?;
    let parties = said.parties.iter().filter_map(|party| {
        let city = platform.directory.summary(party.city_id)?;
        Some(FileVersionParty {
            city_id: party.city_id,
            city_name: city.name.clone(),
            role: party.role,
        })
    });
    Ok(FileVersionView {
        summary,
        parties: parties.collect(),
        title: said.title,
        themes: said.themes,
        answers: said.answers,
        budget: said.budget,
        documents: said.attachments.into_iter().map(|document| document.name).collect(),
    })
}

/// Parts that are no questions and can be as they were.
const PARTS: [&str; 3] = ["title", "themes", "budget"];

/// Makes parts of a file say what they said in a version. All agreements are taken back, as with any other change.
///
/// # Errors
/// `NotFound`, also for a version that is not kept; not its staff, a stale version, parts that the file does not have, answers
/// that its questions do not take any more, a file that is handed in, and those of the database.
pub async fn restore(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    version: i64,
    draft: &VersionRestoreDraft,
) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let (mut record, call) = opened(tx, id, ApplicationAction::Update).await?;
            let found = store::find(tx.conn(), id, version).await?;
            let (_, content_then) = found.ok_or(Error::NotFound)?;
            let said: Said = serde_json::from_str(&content_then)?;
            refuse(unknown_places(draft, &call))?;
            require_editable(&record)?;
            let wanted = |place: &str| {
                draft
                    .places
                    .as_ref()
                    .is_none_or(|places| places.iter().any(|one| one == place))
            };
            let asked = call.questions.iter().filter(|question| wanted(&question.key));
            let answers: BTreeMap<String, Option<String>> = asked
                .map(|question| (question.key.clone(), said.answers.get(&question.key).cloned()))
                .collect();
            let patch = ApplicationPatch {
                title: wanted("title").then(|| said.title.clone()),
                themes: wanted("themes").then(|| said.themes.clone()),
                answers: Some(answers),
            };
            refuse(patch.faults(&call.questions))?;
            let before = content(&record, &call)?;
            write(&mut record, &patch);
            if wanted("budget") {
                record.budget = said.budget;
            }
            let details = json!({"version": version, "places": draft.places});
            save(tx, platform, &mut record, &call, &before, "restore_version", details).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

fn unknown_places(draft: &VersionRestoreDraft, call: &CallRecord) -> Vec<FieldError> {
    let places = draft.places.iter().flatten().enumerate();
    let unknown = places.filter(|(_, place)| {
        !PARTS.contains(&place.as_str()) && call.questions.iter().all(|question| question.key != **place)
    });
    unknown
        .map(|(index, _)| FieldError::new(format!("/places/{index}"), FieldCode::Reference))
        .collect()
}
