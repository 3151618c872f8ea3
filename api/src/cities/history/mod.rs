//! How a city's profile once stood: the journal keeps, with each change by a person, how it stood before. A past state is what
//! the first change after that moment found; where none came after, it is the present one.

pub mod store;

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::cities::CityView;
use shared::ids::CityId;

use super::store as cities;
use crate::db::Tx;
use crate::error::Error;
use crate::platform::Platform;

/// Where the journal keeps how a city stood.
const BEFORE: &str = "before";

/// The facts of a change, with how the city stands before it.
///
/// # Errors
/// Those of the database.
pub async fn facts(tx: &Tx<'_>, city: CityId, mut facts: Value) -> Result<Value, Error> {
    let before = cities::profile(tx.conn(), city).await?;
    if let (Some(facts), Some(before)) = (facts.as_object_mut(), before) {
        facts.insert(BEFORE.to_owned(), serde_json::to_value(before)?);
    }
    Ok(facts)
}

fn before(mut facts: Value) -> Option<CityView> {
    serde_json::from_value(facts.get_mut(BEFORE)?.take()).ok()
}

/// A city as it stood at a moment: nothing can be done with the past.
///
/// # Errors
/// `NotFound` where it was not there yet, and those of the database.
pub async fn at(platform: &Platform, city: CityId, at: DateTime<Utc>) -> Result<CityView, Error> {
    let conn = platform.db.read();
    if store::made_at(conn, city).await?.is_none_or(|made| made > at) {
        return Err(Error::NotFound);
    }
    if let Some(past) = store::before_next(conn, city, at).await? {
        return Ok(past);
    }
    Ok(CityView::clone(&*platform.directory.profile(&platform.db, city).await?))
}
