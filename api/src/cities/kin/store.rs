//! Reading which cities lie in which.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::ids::CityId;

use crate::db::entity::city::{Column, Entity};
use crate::error::Error;

/// What a city lies in.
///
/// # Errors
/// Those of the database.
pub async fn parent(conn: &impl ConnectionTrait, city: CityId) -> Result<Option<CityId>, Error> {
    let found: Option<Option<CityId>> = Entity::find_by_id(city)
        .select_only()
        .column(Column::ParentId)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found.flatten())
}

/// What lies in a city, by name.
///
/// # Errors
/// Those of the database.
pub async fn children(conn: &impl ConnectionTrait, city: CityId, limit: u64) -> Result<Vec<CityId>, Error> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ParentId.eq(city))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?)
}

/// How many lie in a city.
///
/// # Errors
/// Those of the database.
pub async fn count_children(conn: &impl ConnectionTrait, city: CityId) -> Result<u64, Error> {
    Ok(Entity::find().filter(Column::ParentId.eq(city)).count(conn).await?)
}
