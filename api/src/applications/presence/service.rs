//! Giving a sign of oneself, and hearing who else is there.

use chrono::TimeDelta;
use shared::applications::{PRESENT_SECONDS, PresenceDraft, PresenceView, Present};
use shared::ids::ApplicationId;

use super::store::{self, Sign};
use crate::applications::comments::service::{check_place, city_name, city_of};
use crate::applications::decisions::account_of;
use crate::applications::service::readable;
use crate::applications::view::facts;
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Most others that are told.
const MOST: u64 = 50;

/// Says that the caller has a file open, and tells who else has.
///
/// # Errors
/// `NotFound`, also for who is not of the file's cities; `Denied` for programs, which are nowhere; `Invalid`.
pub async fn replace(
    platform: &Platform,
    caller: &Caller,
    id: ApplicationId,
    draft: &PresenceDraft,
) -> Result<PresenceView, Error> {
    let (file, call) = readable(platform, caller, id).await?;
    let facts = facts(&file, &call, caller.now);
    policy::require(&caller.actor, &Action::BePresent { file: &facts })?;
    check_place(draft.place.as_deref(), &call)?;
    let account_id = account_of(&caller.actor).ok_or(Error::NotFound)?;
    let city_id = city_of(&caller.actor, &file).ok_or(Error::NotFound)?;
    let sign = Sign {
        account_id,
        city_id,
        place: draft.place.clone(),
    };
    let since = caller.now - TimeDelta::seconds(PRESENT_SECONDS);
    let others = platform
        .db
        .write(caller, async |tx| {
            store::put(tx, id, sign).await?;
            store::others(tx, id, account_id, since, MOST).await
        })
        .await?;
    let others = others.into_iter().map(|(name, city, place, seen_at)| Present {
        name,
        city_name: city_name(&platform.directory, city),
        place,
        seen_at,
    });
    Ok(PresenceView {
        others: others.collect(),
        version: file.version,
    })
}

/// Forgets who was there; says how many signs that were.
///
/// # Errors
/// Those of the database.
pub async fn sweep(platform: &Platform) -> Result<u64, Error> {
    let caller = Caller::system(platform.clock.now());
    let before = caller.now - TimeDelta::seconds(PRESENT_SECONDS);
    platform
        .db
        .write(&caller, async |tx| store::forget(tx, before).await)
        .await
}
