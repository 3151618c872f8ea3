//! Planning, changing and ending activities.

use serde_json::json;
use shared::activities::{ActivityAdvance, ActivityDraft, ActivityKind, ActivityPatch, ActivityState, ActivityView};
use shared::audit::Resource;
use shared::ids::{ActivityId, PartnershipId};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Activity};
use super::views::{require_change, view};
use super::{bookings, check};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::partnerships::store as partnerships;
use crate::partnerships::store::Party;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// An activity, as anybody may read it.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: ActivityId) -> Result<ActivityView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let found = store::find(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    let parties = partnerships::parties_of(platform.db.read(), &[found.partnership_id]).await?;
    let parties = parties.get(&found.partnership_id).map(Vec::as_slice);
    Ok(view(platform, caller, &found, parties.unwrap_or_default()))
}

/// Adds an activity to a partnership.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &ActivityDraft,
) -> Result<Answer<ActivityView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = partnerships::for_update(tx, partnership)
                .await?
                .filter(|partnership| partnership.deleted_at.is_none())
                .ok_or(Error::NotFound)?;
            require_change(caller, &of.parties)?;
            let made = Activity {
                id: ActivityId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                partnership_id: of.id,
                partnership_name: of.name,
                kind: draft.kind,
                state: draft.state,
                state_reason: None,
                title: draft.title.trim().to_owned(),
                days: (draft.starts_on, draft.ends_on),
                place: draft.place.trim().to_owned(),
                concerned: draft.concerned.clone(),
                people: draft.people,
                cost: draft.cost.clone(),
                notes: draft.notes.clone(),
                source_key: None,
            };
            let mut faults = check::activity(&made, &of.parties, tx.now().date_naive());
            if made.state == ActivityState::Cancelled {
                faults.push(FieldError::new("/state", FieldCode::Choice));
            }
            refuse(faults)?;
            store::insert(tx, &made).await?;
            record(tx, "create", &made).await?;
            Ok(view(platform, caller, &made, &of.parties))
        })
        .await
}

/// Changes what an activity says.
///
/// # Errors
/// Those of [`begin_change`], `Invalid`, `StateConflict` for one that is cancelled.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: ActivityId,
    patch: &ActivityPatch,
) -> Result<ActivityView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (before, parties) = begin_change(tx, id).await?;
            if before.state == ActivityState::Cancelled {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let mut after = before.clone();
            apply(patch, &mut after);
            let mut faults = check::activity(&after, &parties, tx.now().date_naive());
            let (moved, turned) = (after.days != before.days, after.kind != before.kind);
            if before.kind == ActivityKind::Exhibition && (moved || turned) {
                let outside = bookings::store::any_outside(tx, id, (!turned).then_some(after.days)).await?;
                let field = if turned { "/kind" } else { "/starts_on" };
                faults.extend(outside.then(|| FieldError::new(field, FieldCode::Inconsistent)));
            }
            refuse(faults)?;
            if after == before {
                return Ok(view(platform, caller, &before, &parties));
            }
            after.version += 1;
            after.updated_at = tx.now();
            store::save(tx, &after).await?;
            record(tx, "update", &after).await?;
            Ok(view(platform, caller, &after, &parties))
        })
        .await
}

fn apply(patch: &ActivityPatch, to: &mut Activity) {
    to.kind = patch.kind.unwrap_or(to.kind);
    to.days.0 = patch.starts_on.unwrap_or(to.days.0);
    to.days.1 = patch.ends_on.unwrap_or(to.days.1);
    to.people = patch.people.unwrap_or(to.people);
    if let Some(title) = &patch.title {
        title.trim().clone_into(&mut to.title);
    }
    if let Some(place) = &patch.place {
        place.trim().clone_into(&mut to.place);
    }
    if let Some(concerned) = &patch.concerned {
        to.concerned.clone_from(concerned);
    }
    if let Some(cost) = &patch.cost {
        to.cost.clone_from(cost);
    }
    if let Some(notes) = &patch.notes {
        to.notes.clone_from(notes);
    }
}

/// Moves an activity: held, cancelled, or planned again.
///
/// # Errors
/// Those of [`begin_change`], and a move that is not drawn: nothing is held before its first day.
pub async fn advance(
    platform: &Platform,
    caller: &Caller,
    id: ActivityId,
    advance: &ActivityAdvance,
) -> Result<Answer<ActivityView>, Error> {
    platform
        .db
        .write_once(caller, advance, async |tx| {
            let (mut moved, parties) = begin_change(tx, id).await?;
            let from = moved.state;
            let early = advance.to == ActivityState::Held && moved.days.0 > tx.now().date_naive();
            if early || !from.can_become(advance.to) {
                let errors = early.then(|| FieldError::new("/to", FieldCode::Inconsistent).with("min", moved.days.0));
                return Err(Error::Conflict {
                    code: ProblemCode::StateConflict,
                    errors: errors.into_iter().collect(),
                });
            }
            moved.state = advance.to;
            let reason = advance.reason.as_deref().map(str::trim);
            moved.state_reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
            moved.version += 1;
            moved.updated_at = tx.now();
            store::save(tx, &moved).await?;
            record(tx, "advance", &moved).await?;
            Ok(view(platform, caller, &moved, &parties))
        })
        .await
}

/// The activity, locked, with the parties of its partnership, for who may change it and knows its version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
async fn begin_change(tx: &Tx<'_>, id: ActivityId) -> Result<(Activity, Vec<Party>), Error> {
    let found = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let parties = parties_in(tx, found.partnership_id).await?;
    require_change(tx.caller(), &parties)?;
    tx.caller().expect_version(found.version)?;
    Ok((found, parties))
}

/// The parties of a partnership, as this transaction sees them.
///
/// # Errors
/// Those of the database.
pub async fn parties_in(tx: &Tx<'_>, partnership: PartnershipId) -> Result<Vec<Party>, Error> {
    let mut parties = partnerships::parties_of(tx.conn(), &[partnership]).await?;
    Ok(parties.remove(&partnership).unwrap_or_default())
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Activity) -> Result<(), Error> {
    let details = json!({
        "partnership_id": of.partnership_id,
        "kind": of.kind,
        "state": of.state,
        "reason": of.state_reason,
    });
    tx.record(verb, Resource::Activity, of.id.0, of.version, details).await
}
