//! Listing, adding and lifting bans. The journal tells them as things of their own, which are not public: neither city's
//! version moves.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::{BanId, CityId};
use shared::matches::{BanDraft, BanPage, BanView};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Ban};
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::Error;
use crate::http::page;
use crate::matches::store as matches;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A ban is made and lifted, never changed.
const VERSION: i64 = 1;

/// The bans of a city, the latest first.
///
/// # Errors
/// `NotFound` without such a city, `Denied`, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    after: Option<BanId>,
    limit: u32,
) -> Result<BanPage, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ReadPrivate { city })?;
    let mut bans = store::list(&platform.db, city, after, u64::from(limit) + 1).await?;
    let next = page::cut(&mut bans, limit as usize, |ban| ban.id);
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let items = bans
        .into_iter()
        .map(|ban| view(platform, ban))
        .collect::<Result<_, _>>()?;
    Ok(BanPage {
        items,
        next,
        total: None,
    })
}

/// Bans a city in another one's name.
///
/// # Errors
/// `NotFound` without such a city, `Denied`, `Invalid`, `AlreadyExists`, and `StateConflict` while a match of the two is
/// open.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    draft: &BanDraft,
) -> Result<Answer<BanView>, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ManagePrivate { city })?;
    let other = draft.city_id;
    let fault = |code| Error::field(FieldError::new("/city_id", code));
    if other == city {
        return Err(fault(FieldCode::Inconsistent));
    }
    if platform.directory.summary(other).is_none() {
        return Err(fault(FieldCode::Reference));
    }
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let pair = matches::of_pair_for_update(tx, city, other).await?;
            if pair.is_some_and(|pair| pair.at(tx.now()).state.is_open()) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let ban = Ban {
                id: BanId(Uuid::now_v7()),
                banned_by: city,
                other,
                reason: draft.reason.clone().unwrap_or_default(),
                created_at: tx.now(),
            };
            if !store::insert(tx, &ban).await? {
                return Err(Error::conflict(ProblemCode::AlreadyExists));
            }
            // The reason stays in its table: the journal keeps nothing that people wrote.
            let details = json!({ "city_id": city, "banned_city_id": other });
            tx.record("ban", Resource::Ban, ban.id.0, VERSION, details).await?;
            view(platform, ban)
        })
        .await
}

/// Lifts a ban of a city.
///
/// # Errors
/// `NotFound` without such a ban of this city, `Denied`, `PreconditionRequired` or `Stale`, and those of the database.
pub async fn lift(platform: &Platform, caller: &Caller, city: CityId, id: BanId) -> Result<(), Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ManagePrivate { city })?;
    platform
        .db
        .write(caller, async |tx| {
            let ban = store::find(tx, city, id).await?.ok_or(Error::NotFound)?;
            caller.expect_version(VERSION)?;
            if !store::delete(tx, ban.id).await? {
                return Err(Error::NotFound);
            }
            let details = json!({ "city_id": city, "banned_city_id": ban.other });
            tx.record("lift", Resource::Ban, ban.id.0, VERSION + 1, details).await
        })
        .await
}

fn view(platform: &Platform, ban: Ban) -> Result<BanView, Error> {
    let city = platform.directory.summary(ban.other).ok_or(Error::Busy)?;
    Ok(BanView {
        id: ban.id,
        version: VERSION,
        city: (*city).clone(),
        reason: Some(ban.reason).filter(|reason| !reason.is_empty()),
        created_at: ban.created_at,
    })
}
