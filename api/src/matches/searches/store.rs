//! The table of saved searches.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::ids::{CityId, SavedSearchId};
use shared::preferences::SearchFilter;
use shared::scoring::Weights;

use crate::db::Tx;
use crate::db::entity::saved_search::{ActiveModel, Column, Entity, Model};
use crate::error::Error;
use crate::matches::weights::store as weights;

/// A search as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Which one.
    pub id: SavedSearchId,
    /// Whose.
    pub city: CityId,
    /// Grows by one with each change.
    pub version: i64,
    /// What the city calls it.
    pub name: String,
    /// Which partners are wanted.
    pub filter: SearchFilter,
    /// How much each criterion counts.
    pub weights: Weights,
    /// The least share of the highest score, in per mille, with which a city fits.
    pub least: u32,
    /// The cities that its staff has seen in it, the latest last.
    pub known: Vec<CityId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The searches of a city, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn of_city(conn: &impl ConnectionTrait, city: CityId) -> Result<Vec<Search>, Error> {
    let rows = Entity::find()
        .filter(Column::CityId.eq(city))
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(search).collect()
}

/// How many searches a city has.
///
/// # Errors
/// Those of the database.
pub async fn count(tx: &Tx<'_>, city: CityId) -> Result<u64, Error> {
    Ok(Entity::find().filter(Column::CityId.eq(city)).count(tx.conn()).await?)
}

/// A search of a city, held until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, city: CityId, id: SavedSearchId) -> Result<Option<Search>, Error> {
    let mut select = Entity::find_by_id(id).filter(Column::CityId.eq(city));
    if tx.has_row_locks() {
        select = select.lock_exclusive();
    }
    select.one(tx.conn()).await?.map(search).transpose()
}

/// Adds a search.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, search: &Search) -> Result<(), Error> {
    Entity::insert(row(search)?).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Writes what has changed of a search that is held.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, search: &Search) -> Result<(), Error> {
    Entity::update(row(search)?).exec(tx.conn()).await?;
    Ok(())
}

/// Deletes a search.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &Tx<'_>, id: SavedSearchId) -> Result<(), Error> {
    Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

fn row(search: &Search) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(search.id),
        city_id: Set(search.city),
        version: Set(search.version),
        name: Set(search.name.clone()),
        filter: Set(serde_json::to_value(&search.filter)?),
        weights: Set(serde_json::to_value(search.weights)?),
        least: Set(i32::try_from(search.least).map_err(Error::internal)?),
        known: Set(serde_json::to_value(&search.known)?),
        created_at: Set(search.created_at),
        updated_at: Set(search.updated_at),
    })
}

fn search(row: Model) -> Result<Search, Error> {
    Ok(Search {
        id: row.id,
        city: row.city_id,
        version: row.version,
        name: row.name,
        filter: serde_json::from_value(row.filter)?,
        weights: weights::read(&row.weights)?,
        least: u32::try_from(row.least).map_err(Error::internal)?,
        known: serde_json::from_value(row.known)?,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
