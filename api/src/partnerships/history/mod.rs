//! What once was: the journal keeps, with each change of a partnership, how it stood before. A past state is what the first
//! change after that moment found; where none came after, it is the present one.
//!
//! So a partnership that never changed costs nothing, and one that comes from an import of thousands neither.

pub mod store;

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::ids::PartnershipId;
use shared::partnerships::past::{
    CHANGES_MAX, KindChange, NameChange, PartnershipChange, PartnershipChangeList, StateChange,
};

use super::store::{self as partnerships, Partnership};
use super::views::{authorities_of, lead};
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

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

/// Changes that are looked at: most of them change neither kind nor state nor name.
const LOOK_MAX: u64 = 500;

/// What became of a partnership: when its kind, its state and its name changed, the latest first. Who changed it is told to who
/// may change it.
///
/// # Errors
/// `NotFound` where there is none.
pub async fn list(platform: &Platform, caller: &Caller, id: PartnershipId) -> Result<PartnershipChangeList, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let conn = platform.db.read();
    let now = partnerships::find(conn, id)
        .await?
        .filter(|partnership| partnership.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let update = Action::UpdatePartnership {
        cities: &authorities_of(&now),
        lead: lead(&now)?,
    };
    let tells_who = policy::allows(&caller.actor, &update);
    let created_at = now.created_at;
    let mut after = now;
    let mut items = Vec::new();
    for (at, version, by_name, before) in store::changes(conn, id, LOOK_MAX).await? {
        let change = difference(&before, &after);
        if let Some(change) = change.filter(|_| items.len() < CHANGES_MAX) {
            items.push(PartnershipChange {
                at,
                version,
                by_name: by_name.filter(|_| tells_who),
                ..change
            });
        }
        after = before;
    }
    Ok(PartnershipChangeList { items, created_at })
}

/// What of kind, state and name is another one; none where all is the same.
fn difference(before: &Partnership, after: &Partnership) -> Option<PartnershipChange> {
    let kind = (before.kind != after.kind).then_some(KindChange {
        from: before.kind,
        to: after.kind,
    });
    let state = (before.state != after.state).then_some(StateChange {
        from: before.state,
        to: after.state,
    });
    let name = (before.name != after.name).then(|| NameChange {
        from: before.name.clone(),
        to: after.name.clone(),
    });
    let changed = kind.is_some() || state.is_some() || name.is_some();
    changed.then(|| PartnershipChange {
        at: after.updated_at,
        version: after.version,
        kind,
        reason: after.state_reason.clone().filter(|_| state.is_some()),
        state,
        name,
        by_name: None,
    })
}
