//! What became of what is there no more: a double, a commune that merged, an authority of another name.

pub mod store;

use shared::doubles::{DoubleSubject, SuccessionList, SuccessionView};
use uuid::Uuid;

use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Steps that are followed from one to the next.
const STEPS_MAX: usize = 20;

/// What took the place of something in the end, with the first reason; none where nothing did.
///
/// # Errors
/// Those of the database.
pub async fn successor(platform: &Platform, subject: DoubleSubject, id: Uuid) -> Result<Option<SuccessionView>, Error> {
    let Some(mut found) = store::of(platform.db.read(), subject, id).await? else {
        return Ok(None);
    };
    for _ in 0..STEPS_MAX {
        match store::of(platform.db.read(), subject, found.to_id).await? {
            Some(next) => found.to_id = next.to_id,
            None => break,
        }
    }
    Ok(Some(found))
}

/// What something took the place of.
///
/// # Errors
/// Those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    subject: DoubleSubject,
    id: Uuid,
) -> Result<SuccessionList, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let items = store::into(platform.db.read(), subject, id).await?;
    Ok(SuccessionList { items })
}
