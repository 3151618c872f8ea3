//! The table of banned pairs.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::ids::{BanId, CityId};

use crate::db::entity::banned_pair::{ActiveModel, Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::matches::store::in_order;

/// A ban, seen from the city that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// Which one.
    pub id: BanId,
    /// Who made it.
    pub banned_by: CityId,
    /// The other city.
    pub other: CityId,
    /// Why, in words; empty where none were said.
    pub reason: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Bans a pair: the two are never suggested to each other, and cannot tell interest. False where the same city has banned
/// the other already.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, ban: &Ban) -> Result<bool, Error> {
    let (low, high) = in_order(ban.banned_by, ban.other);
    let row = ActiveModel {
        id: Set(ban.id.0),
        city_low: Set(low),
        city_high: Set(high),
        reason: Set(ban.reason.clone()),
        created_at: Set(ban.created_at),
        banned_by: Set(Some(ban.banned_by)),
    };
    let added = Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::CityLow, Column::CityHigh, Column::BannedBy])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(added == 1)
}

/// Whether a pair is banned by either side.
///
/// # Errors
/// Those of the database.
pub async fn is_banned(tx: &Tx<'_>, a: CityId, b: CityId) -> Result<bool, Error> {
    let (low, high) = in_order(a, b);
    let ban = Entity::find()
        .filter(Column::CityLow.eq(low))
        .filter(Column::CityHigh.eq(high))
        .one(tx.conn())
        .await?;
    Ok(ban.is_some())
}

/// The bans that a city made, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, city: CityId, after: Option<BanId>, limit: u64) -> Result<Vec<Ban>, Error> {
    let mut bans = Entity::find().filter(Column::BannedBy.eq(city));
    if let Some(after) = after {
        bans = bans.filter(Column::Id.lt(after.0));
    }
    let rows = bans.order_by_desc(Column::Id).limit(limit).all(db.read()).await?;
    Ok(rows.into_iter().map(|row| seen_from(city, row)).collect())
}

/// A ban that a city made.
///
/// # Errors
/// Those of the database.
pub async fn find(tx: &Tx<'_>, city: CityId, id: BanId) -> Result<Option<Ban>, Error> {
    let row = Entity::find_by_id(id.0)
        .filter(Column::BannedBy.eq(city))
        .one(tx.conn())
        .await?;
    Ok(row.map(|row| seen_from(city, row)))
}

/// Deletes a ban; false where it is gone already.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &Tx<'_>, id: BanId) -> Result<bool, Error> {
    let deleted = Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    Ok(deleted.rows_affected == 1)
}

fn seen_from(city: CityId, row: Model) -> Ban {
    Ban {
        id: BanId(row.id),
        banned_by: city,
        other: if row.city_low == city {
            row.city_high
        } else {
            row.city_low
        },
        reason: row.reason,
        created_at: row.created_at,
    }
}

/// Every banned pair, whoever banned it.
///
/// # Errors
/// Those of the database.
pub async fn all(db: &Db) -> Result<Vec<(CityId, CityId)>, Error> {
    Ok(Entity::find()
        .select_only()
        .columns([Column::CityLow, Column::CityHigh])
        .into_tuple()
        .all(db.read())
        .await?)
}
