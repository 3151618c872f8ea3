//! What can be done with the documents of a file.

use chrono::TimeDelta;
use serde::Serialize;
use serde_json::json;
use shared::applications::{
    ATTACHMENT_BYTES_MAX, ATTACHMENT_NAME_MAX, ATTACHMENTS_MAX, ApplicationAction, AttachmentPurpose, AttachmentView,
    plain_name,
};
use shared::ids::{ApplicationId, AttachmentId, CityId};
use shared::partnerships::PartyRole;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, AttachmentRecord};
use crate::applications::content::content;
use crate::applications::decisions::account_of;
use crate::applications::service::{found, readable, require_editable, save};
use crate::applications::store::ApplicationRecord;
use crate::applications::view::facts;
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::files::{Pieces, Spooled, Stream};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::CallRecord;
use crate::restoring::{RESTORED_WITHIN, is_over};

/// After how long bytes that are on their way will not arrive any more.
const STUCK_AFTER: TimeDelta = TimeDelta::days(1);
/// Swept away at once.
const SWEPT_AT_ONCE: u64 = 100;

/// What is told of a document that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentDraft {
    /// What it is for.
    pub purpose: AttachmentPurpose,
    /// Whose letter it is.
    pub city_id: Option<CityId>,
    /// Its name.
    pub name: String,
}

impl AttachmentDraft {
    fn faults(&self, file: &ApplicationRecord) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if plain_name(&self.name).is_empty() {
            faults.push(FieldError::new("?name", FieldCode::Required));
        } else if self.name.chars().count() as u64 > ATTACHMENT_NAME_MAX {
            faults.push(FieldError::new("?name", FieldCode::Length).with("max", ATTACHMENT_NAME_MAX));
        }
        match (self.purpose, self.city_id) {
            (AttachmentPurpose::Annex, None) => {}
            (AttachmentPurpose::Annex, Some(_)) => {
                faults.push(FieldError::new("?city_id", FieldCode::Inconsistent));
            }
            (AttachmentPurpose::Letter, None) => faults.push(FieldError::new("?city_id", FieldCode::Required)),
            (AttachmentPurpose::Letter, Some(city)) => {
                if file.party(city).is_none_or(|party| party.role == PartyRole::Associated) {
                    faults.push(FieldError::new("?city_id", FieldCode::Reference));
                }
            }
        }
        faults
    }
}

/// Takes a document in, and makes it part of the file.
///
/// # Errors
/// `NotFound`, not the file's staff, a file that is handed in, invalid fields; a document that is too large, of another
/// kind, a bomb or infected; too many documents; and those of the database and of the store.
pub async fn add(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: AttachmentDraft,
    body: impl Pieces,
) -> Result<Answer<AttachmentView>, Error> {
    // Before anything of it is read, though it is judged again once it is here.
    let (file, call) = readable(platform, caller, id).await?;
    require_writable(caller, &file, &call)?;
    refuse(draft.faults(&file))?;
    require_room(&file)?;
    let spooled = Spooled::receive(body, ATTACHMENT_BYTES_MAX).await?;
    let kind = platform.files.look(&spooled).await?;
    let record = AttachmentRecord {
        id: AttachmentId(Uuid::now_v7()),
        version: 0,
        application_id: id,
        purpose: draft.purpose,
        city_id: draft.city_id,
        name: kind.named(&plain_name(&draft.name)),
        kind,
        size_bytes: i64::try_from(spooled.size).map_err(Error::internal)?,
        sha256: spooled.sha256.clone(),
        added_by: account_of(&caller.actor),
        added_at: caller.now,
        removed_at: Some(caller.now),
    };
    platform
        .db
        .write(caller, async |tx| store::insert(tx, &record).await)
        .await?;
    let answer = match platform.files.put(&record.key(), &spooled).await {
        Ok(()) => attach(platform, caller, &draft, &record).await,
        Err(error) => Err(error),
    };
    // What did not become part of the file goes again; where that fails too, it is swept away later.
    if !matches!(&answer, Ok(answer) if answer.value.id == record.id) {
        discard(platform, caller, &record).await.ok();
    }
    answer
}

async fn attach(
    platform: &Platform,
    caller: &Caller,
    draft: &AttachmentDraft,
    record: &AttachmentRecord,
) -> Result<Answer<AttachmentView>, Error> {
    platform
        .db
        .write_once(caller, &(draft, &record.sha256), async |tx| {
            let (mut file, call) = found(tx, record.application_id).await?;
            file.open_correction();
            require_writable(caller, &file, &call)?;
            refuse(draft.faults(&file))?;
            require_room(&file)?;
            let before = content(&file, &call)?;
            let attached = AttachmentRecord {
                version: 1,
                removed_at: None,
                ..record.clone()
            };
            store::save(tx, &attached).await?;
            file.attachments.push(attached.clone());
            note_added(&mut file, attached.id);
            let details = json!({"attachment_id": record.id, "name": record.name, "sha256": record.sha256});
            save(tx, platform, &mut file, &call, &before, "attach", details).await?;
            Ok(attached.view())
        })
        .await
}

fn require_writable(caller: &Caller, file: &ApplicationRecord, call: &CallRecord) -> Result<(), Error> {
    let facts = facts(file, call, caller.now);
    let action = ApplicationAction::Update;
    policy::require(&caller.actor, &Action::ActOnApplication { action, file: &facts })?;
    require_editable(file)
}

/// A document of a correction counts once that is handed in.
fn note_added(file: &mut ApplicationRecord, id: AttachmentId) {
    let correction = file.correction.as_mut().filter(|_| file.is_correction);
    if let Some(correction) = correction.filter(|correction| !correction.added.contains(&id)) {
        correction.added.push(id);
    }
}

/// Whether the document was handed in with the file that is being corrected: it stays what the funder has read.
fn is_handed_in(file: &ApplicationRecord, id: AttachmentId) -> bool {
    let correction = file.correction.as_ref().filter(|_| file.is_correction);
    correction.is_some_and(|correction| !correction.added.contains(&id))
}

fn require_room(file: &ApplicationRecord) -> Result<(), Error> {
    if file.attachments.len() < ATTACHMENTS_MAX {
        return Ok(());
    }
    Err(Error::Conflict {
        code: ProblemCode::AttachmentsFull,
        errors: vec![FieldError::new("", FieldCode::Length).with("max", ATTACHMENTS_MAX)],
    })
}

/// Deletes bytes and row of a document.
async fn discard(platform: &Platform, caller: &Caller, record: &AttachmentRecord) -> Result<(), Error> {
    platform.files.delete(&record.key()).await?;
    platform
        .db
        .write(caller, async |tx| store::delete(tx, record.id).await)
        .await
}

/// A document that the caller may read.
async fn visible(platform: &Platform, caller: &Caller, id: AttachmentId) -> Result<AttachmentRecord, Error> {
    let record = store::find(platform.db.read(), id).await?;
    let record = record
        .filter(|record| record.removed_at.is_none())
        .ok_or(Error::NotFound)?;
    let (file, _) = readable(platform, caller, record.application_id).await?;
    if file.attachments.iter().any(|document| document.id == id) {
        Ok(record)
    } else {
        Err(Error::NotFound)
    }
}

/// What is told of a document.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: AttachmentId) -> Result<AttachmentView, Error> {
    Ok(visible(platform, caller, id).await?.view())
}

/// A document with its bytes.
///
/// # Errors
/// `NotFound`, and those of the database and of the store.
pub async fn open(platform: &Platform, caller: &Caller, id: AttachmentId) -> Result<(AttachmentView, Stream), Error> {
    let record = visible(platform, caller, id).await?;
    let bytes = platform.files.get(&record.key()).await?;
    Ok((record.view(), bytes))
}

/// A document that is to be changed, with its file, which is locked.
async fn opened(tx: &Tx<'_>, id: AttachmentId) -> Result<(AttachmentRecord, ApplicationRecord, CallRecord), Error> {
    let known = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let (mut file, call) = found(tx, known.application_id).await?;
    file.open_correction();
    require_writable(tx.caller(), &file, &call)?;
    // Again, now that nobody else changes it.
    let record = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    Ok((record, file, call))
}

/// Removes a document from its file; it can be restored for 30 days. Answers with its new version.
///
/// # Errors
/// `NotFound`, not the file's staff, a stale version, a file that is handed in, and those of the database.
pub async fn remove(platform: &Platform, caller: &Caller, id: AttachmentId) -> Result<i64, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut record, mut file, call) = opened(tx, id).await?;
            if record.removed_at.is_some() {
                return Err(Error::NotFound);
            }
            caller.expect_version(record.version)?;
            if is_handed_in(&file, id) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let before = content(&file, &call)?;
            record.removed_at = Some(tx.now());
            record.version += 1;
            store::save(tx, &record).await?;
            file.attachments.retain(|attachment| attachment.id != id);
            let details = json!({"attachment_id": id, "name": record.name});
            save(tx, platform, &mut file, &call, &before, "detach", details).await?;
            Ok(record.version)
        })
        .await
}

/// Makes a removed document part of its file again.
///
/// # Errors
/// `NotFound`, also where it was removed too long ago, not the file's staff, a stale version, one that is not removed, a
/// file that is handed in or full, a letter of a city that has left, and those of the database.
pub async fn restore(platform: &Platform, caller: &Caller, id: AttachmentId) -> Result<Answer<AttachmentView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut record, mut file, call) = opened(tx, id).await?;
            caller.expect_version(record.version)?;
            let removed_at = record.removed_at.ok_or(Error::conflict(ProblemCode::StateConflict))?;
            if is_over(removed_at, tx.now()) {
                return Err(Error::NotFound);
            }
            require_room(&file)?;
            if record.city_id.is_some_and(|city| file.party(city).is_none()) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let before = content(&file, &call)?;
            record.removed_at = None;
            record.version += 1;
            store::save(tx, &record).await?;
            file.attachments.push(record.clone());
            note_added(&mut file, id);
            file.attachments.sort_by_key(|attachment| attachment.id);
            let details = json!({"attachment_id": id, "name": record.name});
            save(tx, platform, &mut file, &call, &before, "restore_attachment", details).await?;
            Ok(record.view())
        })
        .await
}

/// Deletes for good what can no longer be restored: documents that were removed, those of deleted files, and what broke off
/// on its way in. Says how many.
///
/// # Errors
/// Those of the database and of the store.
pub async fn sweep(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let (before, stuck) = (caller.now - RESTORED_WITHIN, caller.now - STUCK_AFTER);
    let due = store::to_be_swept(platform.db.read(), before, stuck, SWEPT_AT_ONCE).await?;
    for record in &due {
        discard(platform, &caller, record).await?;
    }
    Ok(due.len() as u64)
}
