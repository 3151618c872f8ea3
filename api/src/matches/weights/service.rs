//! Reading and keeping weights. The journal tells of them as a thing of its own, which is not public, and without their
//! values.

use serde_json::{Value, json};
use shared::audit::Resource;
use shared::ids::CityId;
use shared::preferences::{WeightsDraft, WeightsView};
use shared::problem::{FieldCode, FieldError};
use shared::scoring::{WEIGHT_MAX, Weights};

use super::store::{self, Kept};
use crate::caller::Caller;
use crate::cities::store as cities;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// The weights of a city.
///
/// # Errors
/// `NotFound` without such a city, `Unauthenticated` or `Denied`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, city: CityId) -> Result<WeightsView, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ReadPrivate { city })?;
    let kept = store::of_city(platform.db.read(), city).await?;
    Ok(kept.map_or_else(
        || WeightsView {
            version: 0,
            weights: Weights::default(),
            updated_at: None,
        },
        view,
    ))
}

/// Keeps weights in the place of the former ones.
///
/// # Errors
/// `NotFound` without such a city, `Unauthenticated` or `Denied`, `Invalid`, `PreconditionRequired` or `Stale`, and those of
/// the database.
pub async fn replace(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    draft: &WeightsDraft,
) -> Result<WeightsView, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ManagePrivate { city })?;
    check(&draft.weights)?;
    platform
        .db
        .write(caller, async |tx| {
            // The city's row is what those who keep weights for the first time at once wait for.
            cities::for_update(tx, city).await?.ok_or(Error::NotFound)?;
            let held = store::of_city(tx.conn(), city).await?;
            let version = held.map_or(0, |held| held.version);
            caller.expect_version(version)?;
            let kept = Kept {
                version: version + 1,
                weights: draft.weights,
                updated_at: tx.now(),
            };
            store::put(tx, city, &kept).await?;
            tx.record("keep", Resource::Weights, city.0, kept.version, json!({}))
                .await?;
            Ok(view(kept))
        })
        .await
}

const fn view(kept: Kept) -> WeightsView {
    WeightsView {
        version: kept.version,
        weights: kept.weights,
        updated_at: Some(kept.updated_at),
    }
}

/// Each weight within its bounds, whichever criteria there are.
///
/// # Errors
/// `Invalid` with each one that is not.
pub fn check(weights: &Weights) -> Result<(), Error> {
    let Value::Object(all) = serde_json::to_value(weights)? else {
        return Ok(());
    };
    let faults: Vec<FieldError> = all
        .iter()
        .filter(|(_, weight)| weight.as_u64().is_some_and(|weight| weight > u64::from(WEIGHT_MAX)))
        .map(|(name, _)| {
            FieldError::new(format!("/weights/{name}"), FieldCode::Range)
                .with("min", "0")
                .with("max", WEIGHT_MAX.to_string())
        })
        .collect();
    refuse(faults)
}
