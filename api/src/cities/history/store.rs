//! Reading how a city stood from the journal.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::audit::Resource;
use shared::cities::CityView;
use shared::ids::CityId;

use super::before;
use crate::db::entity::audit_entry::{Column, Entity};
use crate::db::entity::city;
use crate::error::Error;

/// Entries that are looked at: those of imports, and from before the journal kept states, have none.
const LOOK_MAX: u64 = 50;

/// When a city was made.
///
/// # Errors
/// Those of the database.
pub async fn made_at(conn: &impl ConnectionTrait, id: CityId) -> Result<Option<DateTime<Utc>>, Error> {
    Ok(city::Entity::find_by_id(id)
        .select_only()
        .column(city::Column::CreatedAt)
        .into_tuple()
        .one(conn)
        .await?)
}

/// What the first change after a moment found.
///
/// # Errors
/// Those of the database.
pub async fn before_next(
    conn: &impl ConnectionTrait,
    id: CityId,
    at: DateTime<Utc>,
) -> Result<Option<CityView>, Error> {
    // Times are kept to the millisecond: what happened in that one belongs to the state that is asked for.
    let entries: Vec<serde_json::Value> = Entity::find()
        .filter(Column::Resource.eq(Resource::City.code()))
        .filter(Column::ResourceId.eq(id.0))
        .filter(Column::At.gte(at + TimeDelta::milliseconds(1)))
        .order_by_asc(Column::Seq)
        .limit(LOOK_MAX)
        .select_only()
        .column(Column::Details)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(entries.into_iter().find_map(before))
}
