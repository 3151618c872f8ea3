//! What the cities of a file do while they write it.
//!
//! Whatever changes what the file says takes back all agreements, in the same transaction ([`save`]).

use serde_json::{Value, json};
use shared::applications::{
    ApplicationAction, ApplicationPartiesDraft, ApplicationPatch, ApplicationState, ApplicationView,
};
use shared::audit::Resource;
use shared::ids::{ApplicationId, CityId};
use shared::partnerships::PartyRole;
use shared::problem::{FieldCode, FieldError, ProblemCode};

use super::content::content;
use super::ready::settle;
use super::store::{self, ApplicationRecord, PartyRecord, SearchWords};
use super::versions;
use super::view::{facts, view};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::directory::Directory;
use crate::directory::fold::fold;
use crate::error::{Error, refuse};
use crate::grants;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::{self, CallRecord};
use crate::restoring::is_over;

/// A file, as the caller sees it.
///
/// # Errors
/// `NotFound`, also for what is not the caller's to see, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: ApplicationId) -> Result<ApplicationView, Error> {
    let (record, call) = readable(platform, caller, id).await?;
    let mut view = view(&platform.directory, &record, &call, caller)?;
    let may_reopen = view.allowed.contains(&ApplicationAction::Reopen);
    // A contract binds the decision: who cannot reopen it is not offered to.
    if may_reopen && grants::store::is_granted(platform.db.read(), id).await? {
        view.allowed.retain(|&action| action != ApplicationAction::Reopen);
    }
    Ok(view)
}

/// A file that the caller may read, with its call.
pub(super) async fn readable(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
) -> Result<(ApplicationRecord, CallRecord), Error> {
    let conn = platform.db.read();
    let record = store::application(conn, id).await?.filter(is_there);
    let mut record = record.ok_or(Error::NotFound)?;
    let call = programmes::calls::store::call(conn, record.call_id).await?;
    let call = call.ok_or(Error::NotFound)?;
    let file = facts(&record, &call, caller.now);
    policy::require(&caller.actor, &Action::ReadApplication { file: &file })?;
    record.at(caller.now);
    if policy::allows(&caller.actor, &Action::ReadCorrection { file: &file }) {
        record.open_correction();
    }
    Ok((record, call))
}

fn is_there(record: &ApplicationRecord) -> bool {
    record.deleted_at.is_none()
}

/// A file with its call, locked; nothing is judged yet.
pub(super) async fn found(tx: &Tx<'_>, id: ApplicationId) -> Result<(ApplicationRecord, CallRecord), Error> {
    let record = store::application_for_update(tx, id).await?.filter(is_there);
    let mut record = record.ok_or(Error::NotFound)?;
    record.at(tx.now());
    let call = programmes::calls::store::call(tx.conn(), record.call_id).await?;
    Ok((record, call.ok_or(Error::NotFound)?))
}

/// A file that is to be changed: locked, and the caller may do `action` with the version that it knows.
pub(super) async fn opened(
    tx: &Tx<'_>,
    id: ApplicationId,
    action: ApplicationAction,
) -> Result<(ApplicationRecord, CallRecord), Error> {
    let (mut record, call) = found(tx, id).await?;
    let file = facts(&record, &call, tx.now());
    policy::require(&tx.caller().actor, &Action::ActOnApplication { action, file: &file })?;
    tx.caller().expect_version(record.version)?;
    if corrects(action) {
        record.open_correction();
    }
    Ok((record, call))
}

/// Whether the action is about the correction of a file, while one is being made.
const fn corrects(action: ApplicationAction) -> bool {
    matches!(
        action,
        ApplicationAction::Update | ApplicationAction::SignOff | ApplicationAction::Submit
    )
}

/// Requires that the parties may still write in it.
pub(super) fn require_editable(record: &ApplicationRecord) -> Result<(), Error> {
    require_state(record, ApplicationAction::Update).map(drop)
}

/// The state after `action`, where that is drawn.
pub(super) fn require_state(record: &ApplicationRecord, action: ApplicationAction) -> Result<ApplicationState, Error> {
    record.state.after(action).ok_or_else(|| {
        Error::conflict(if corrects(action) && record.has_missed_correction() {
            ProblemCode::CorrectionOver
        } else {
            ProblemCode::StateConflict
        })
    })
}

/// The words under which the file is found.
pub(super) fn words_of(directory: &Directory, record: &ApplicationRecord) -> SearchWords {
    let cities = record
        .parties
        .iter()
        .filter_map(|party| directory.summary(party.city_id));
    let names = cities.flat_map(|city| {
        let labels: Vec<String> = city.labels.values().cloned().collect();
        std::iter::once(city.name.clone()).chain(labels)
    });
    words(record.handed_in_title(), names)
}

/// The words under which a file with this title and cities of these names is found.
pub(crate) fn words(title: &str, names: impl IntoIterator<Item = String>) -> SearchWords {
    let title_key = fold(title);
    let mut search_key = title_key.clone();
    for name in names {
        search_key.push('\n');
        search_key.push_str(&fold(&name));
    }
    SearchWords { title_key, search_key }
}

/// What is wrong with a city whose level the rules leave out.
pub(super) fn wrong_level(platform: &Platform, call: &CallRecord, city: CityId, pointer: String) -> Option<FieldError> {
    let level = platform.directory.summary(city)?.kind.level();
    (!call.rules.allows_level(level)).then(|| {
        FieldError::new(pointer, FieldCode::Rule)
            .with("rule", "level")
            .with("level", level.code())
    })
}

pub(super) fn unsigned(city_id: CityId, role: PartyRole) -> PartyRecord {
    PartyRecord {
        city_id,
        role,
        signed_off_at: None,
        signed_sha256: None,
    }
}

/// Writes in a file: title, answers one by one, themes.
///
/// # Errors
/// `NotFound`, not its staff, a stale version, invalid fields, a file that is handed in, and those of the database.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    patch: ApplicationPatch,
) -> Result<ApplicationView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut record, call) = opened(tx, id, ApplicationAction::Update).await?;
            refuse(patch.faults(&call.questions))?;
            require_editable(&record)?;
            let before = content(&record, &call)?;
            let kept = (record.answers.clone(), record.prefilled.clone());
            write(&mut record, &patch);
            let answered: Vec<&String> = patch.answers.iter().flatten().map(|(key, _)| key).collect();
            let details =
                json!({"title": patch.title.is_some(), "themes": patch.themes.is_some(), "answers": answered});
            let is_other = kept.0 != record.answers || kept.1 != record.prefilled;
            if is_other && content(&record, &call)? == before {
                // It says the same: an answer that is not asked for now, or one that somebody has looked at.
                advance(tx, platform, &mut record, "update", details).await?;
            } else {
                save(tx, platform, &mut record, &call, &before, "update", details).await?;
            }
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// Puts what somebody writes in the file.
pub(super) fn write(record: &mut ApplicationRecord, patch: &ApplicationPatch) {
    if let Some(title) = &patch.title {
        record.title = title.trim().to_owned();
    }
    if let Some(themes) = &patch.themes {
        record.themes.clone_from(themes);
    }
    for (key, answer) in patch.answers.iter().flatten() {
        // Somebody has written it, or looked at it.
        record.prefilled.remove(key);
        match answer.as_ref().filter(|answer| !answer.trim().is_empty()) {
            Some(answer) => record.answers.insert(key.clone(), answer.clone()),
            None => record.answers.remove(key),
        };
    }
}

/// Saves what the file says now, if it says something else than `before`: then it has a new version and nobody has agreed
/// to it yet.
pub(super) async fn save(
    tx: &Tx<'_>,
    platform: &Platform,
    record: &mut ApplicationRecord,
    call: &CallRecord,
    before: &str,
    verb: &str,
    details: Value,
) -> Result<(), Error> {
    let now = content(record, call)?;
    if now == before {
        return Ok(());
    }
    let before = (before, record.updated_at);
    record.version += 1;
    record.updated_at = tx.now();
    let had_signed = record.parties.iter().any(|party| party.signed_sha256.is_some());
    for party in &mut record.parties {
        *party = unsigned(party.city_id, party.role);
    }
    settle(record, call);
    store::save_application(tx, record, words_of(&platform.directory, record)).await?;
    if had_signed {
        store::clear_sign_offs(tx, record.id).await?;
    }
    versions::keep(tx, record, before, &now, verb).await?;
    tx.record(verb, Resource::Application, record.id.0, record.version, details)
        .await
}

/// Says who takes part, in place of the former cities. The city that leads now stays in the file.
///
/// # Errors
/// `NotFound`, not the lead's staff, a stale version, invalid fields, a file that is handed in, and those of the database.
pub async fn replace_parties(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: ApplicationPartiesDraft,
) -> Result<ApplicationView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut record, call) = opened(tx, id, ApplicationAction::ManageParties).await?;
            let mut faults = draft.faults();
            for (index, party) in draft.items.iter().enumerate() {
                if platform.directory.summary(party.city_id).is_none() {
                    faults.push(FieldError::new(format!("/items/{index}/city_id"), FieldCode::Reference));
                }
                if party.role != PartyRole::Associated {
                    let pointer = format!("/items/{index}/city_id");
                    faults.extend(wrong_level(platform, &call, party.city_id, pointer));
                }
            }
            let lead = record.lead();
            if !draft.items.iter().any(|party| Some(party.city_id) == lead) {
                faults.push(FieldError::new("/items", FieldCode::Inconsistent).with("city_id", LeadStays(lead)));
            }
            refuse(faults)?;
            require_state(&record, ApplicationAction::ManageParties)?;
            let before = content(&record, &call)?;
            let mut items = draft.items.clone();
            items.sort_by_key(|party| party.role);
            let agreed = std::mem::take(&mut record.parties);
            record.parties = items
                .into_iter()
                .map(|party| unsigned(party.city_id, party.role))
                .collect();
            if content(&record, &call)? == before {
                record.parties = agreed;
                return view(&platform.directory, &record, &call, caller);
            }
            store::replace_parties(tx, &record).await?;
            let details = json!({"cities": draft.items});
            save(tx, platform, &mut record, &call, &before, "replace_parties", details).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// The city that has to stay, for the sentence of an error.
struct LeadStays(Option<CityId>);

impl std::fmt::Display for LeadStays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |city| city.fmt(f))
    }
}

/// Deletes a draft; it can be restored for 30 days. Answers with its new version.
///
/// # Errors
/// `NotFound`, not the lead's staff, a stale version, a file that is handed in, and those of the database.
pub async fn delete(platform: &Platform, caller: &Caller, id: ApplicationId) -> Result<i64, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut record, _) = opened(tx, id, ApplicationAction::Delete).await?;
            require_state(&record, ApplicationAction::Delete)?;
            record.deleted_at = Some(tx.now());
            advance(tx, platform, &mut record, "delete", json!({})).await?;
            Ok(record.version)
        })
        .await
}

/// Restores a draft that was deleted.
///
/// # Errors
/// `NotFound`, also where it was not deleted or too long ago, a stale version, and those of the database.
pub async fn restore(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
) -> Result<Answer<ApplicationView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut record = store::application_for_update(tx, id).await?.ok_or(Error::NotFound)?;
            let call = programmes::calls::store::call(tx.conn(), record.call_id).await?;
            let call = call.ok_or(Error::NotFound)?;
            let file = facts(&record, &call, tx.now());
            let action = ApplicationAction::Delete;
            policy::require(&caller.actor, &Action::ActOnApplication { action, file: &file })?;
            caller.expect_version(record.version)?;
            let deleted_at = record.deleted_at.ok_or(Error::conflict(ProblemCode::StateConflict))?;
            if is_over(deleted_at, tx.now()) {
                return Err(Error::NotFound);
            }
            record.deleted_at = None;
            advance(tx, platform, &mut record, "restore", json!({})).await?;
            view(&platform.directory, &record, &call, caller)
        })
        .await
}

/// Saves a file whose content stays as it is under its next version.
pub(super) async fn advance(
    tx: &Tx<'_>,
    platform: &Platform,
    record: &mut ApplicationRecord,
    verb: &str,
    details: Value,
) -> Result<(), Error> {
    record.version += 1;
    record.updated_at = tx.now();
    store::save_application(tx, record, words_of(&platform.directory, record)).await?;
    tx.record(verb, Resource::Application, record.id.0, record.version, details)
        .await
}
