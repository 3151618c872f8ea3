//! What once was: the journal keeps, with each change of a partnership, how it stood before. A past state is what the first
//! change after that moment found; where none came after, it is the present one.
//!
//! So a partnership that never changed costs nothing, and one that comes from an import of thousands neither.

pub mod store;

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::ids::PartnershipId;

use super::store::{self as partnerships, Partnership};
use crate::error::Error;
use crate::platform::Platform;

/// Where the journal keeps how a partnership stood.
const BEFORE: &str = "before";

/// The facts of a change, with how the partnership stood before it.
///
/// # Errors
/// Internal, where it cannot be written as JSON.
pub fn facts(before: &Partnership, mut facts: Value) -> Result<Value, Error> {
    if let Some(facts) = facts.as_object_mut() {
        facts.insert(BEFORE.to_owned(), serde_json::to_value(before)?);
    }
    Ok(facts)
}

/// How a partnership stood before a change, where the journal tells.
#[must_use]
pub fn before(mut facts: Value) -> Option<Partnership> {
    serde_json::from_value(facts.get_mut(BEFORE)?.take()).ok()
}

/// Whether it was there: made by then, and not deleted.
#[must_use]
pub fn was_there(of: &Partnership, at: DateTime<Utc>) -> bool {
    of.created_at <= at && of.deleted_at.is_none()
}

/// A partnership as it stood at a moment.
///
/// # Errors
/// `NotFound` where there was none, and those of the database.
pub async fn at(platform: &Platform, id: PartnershipId, at: DateTime<Utc>) -> Result<Partnership, Error> {
    let found = match store::before_next(platform.db.read(), id, at).await? {
        Some(past) => Some(past),
        None => partnerships::find(platform.db.read(), id).await?,
    };
    found
        .filter(|partnership| was_there(partnership, at))
        .ok_or(Error::NotFound)
}
