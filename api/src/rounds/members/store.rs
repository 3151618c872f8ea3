//! The table of members.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::ids::{CityId, RoundId};
use shared::rounds::RoundSide;

use super::Member;
use crate::db::entity::round_member::{ActiveModel, Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;

/// Rows in one statement, below the bind limits of both databases.
const ROWS: usize = 2_000;

fn member_of(row: Model) -> Result<Member, Error> {
    Ok(Member {
        city: row.city_id,
        version: row.version,
        side: RoundSide::from_code(&row.side).unwrap_or(RoundSide::First),
        places: u32::try_from(row.places).unwrap_or(0),
        wishes: serde_json::from_value(row.wishes)?,
    })
}

/// A city of a round.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, round: RoundId, city: CityId) -> Result<Option<Member>, Error> {
    let row = Entity::find_by_id((round, city)).one(conn).await?;
    row.map(member_of).transpose()
}

/// A city of a round, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, round: RoundId, city: CityId) -> Result<Option<Member>, Error> {
    let mut row = Entity::find_by_id((round, city));
    if tx.has_row_locks() {
        row = row.lock_exclusive();
    }
    row.one(tx.conn()).await?.map(member_of).transpose()
}

/// Those of these cities that are in a round, with their sides.
///
/// # Errors
/// Those of the database.
pub async fn sides_of(
    conn: &impl ConnectionTrait,
    round: RoundId,
    cities: &[CityId],
) -> Result<Vec<(CityId, RoundSide)>, Error> {
    let mut sides = Vec::new();
    for cities in cities.chunks(ROWS) {
        let rows: Vec<(CityId, String)> = Entity::find()
            .select_only()
            .columns([Column::CityId, Column::Side])
            .filter(Column::RoundId.eq(round))
            .filter(Column::CityId.is_in(cities.iter().copied()))
            .into_tuple()
            .all(conn)
            .await?;
        sides.extend(
            rows.into_iter()
                .filter_map(|(city, side)| Some((city, RoundSide::from_code(&side)?))),
        );
    }
    Ok(sides)
}

/// The cities of a round, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    round: RoundId,
    side: Option<RoundSide>,
    after: Option<CityId>,
    limit: u64,
) -> Result<Vec<Member>, Error> {
    let mut rows = Entity::find().filter(Column::RoundId.eq(round));
    if let Some(side) = side {
        rows = rows.filter(Column::Side.eq(side.code()));
    }
    if let Some(after) = after {
        rows = rows.filter(Column::CityId.gt(after));
    }
    let rows = rows.order_by_asc(Column::CityId).limit(limit).all(db.read()).await?;
    rows.into_iter().map(member_of).collect()
}

/// All cities of a round.
///
/// # Errors
/// Those of the database.
pub async fn all(db: &Db, round: RoundId) -> Result<Vec<Member>, Error> {
    let rows = Entity::find().filter(Column::RoundId.eq(round)).all(db.read()).await?;
    rows.into_iter().map(member_of).collect()
}

/// How many cities each side has.
///
/// # Errors
/// Those of the database.
pub async fn count(conn: &impl ConnectionTrait, round: RoundId) -> Result<[u32; 2], Error> {
    let mut counts = [0; 2];
    for side in [RoundSide::First, RoundSide::Second] {
        let count = Entity::find()
            .filter(Column::RoundId.eq(round))
            .filter(Column::Side.eq(side.code()))
            .count(conn)
            .await?;
        counts[side as usize] = u32::try_from(count).unwrap_or(u32::MAX);
    }
    Ok(counts)
}

/// Adds cities; those that are in the round get the new side and places, and keep their wishes.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &Tx<'_>, round: RoundId, members: &[(CityId, RoundSide, u32)]) -> Result<(), Error> {
    for members in members.chunks(ROWS) {
        let rows = members.iter().map(|&(city, side, places)| ActiveModel {
            round_id: Set(round),
            city_id: Set(city),
            version: Set(1),
            side: Set(side.code().to_owned()),
            places: Set(i32::try_from(places).unwrap_or(i32::MAX)),
            wishes: Set(serde_json::Value::Array(Vec::new())),
        });
        Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([Column::RoundId, Column::CityId])
                    .update_columns([Column::Side, Column::Places])
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Takes cities out.
///
/// # Errors
/// Those of the database.
pub async fn remove(tx: &Tx<'_>, round: RoundId, cities: &[CityId]) -> Result<(), Error> {
    for cities in cities.chunks(ROWS) {
        Entity::delete_many()
            .filter(Column::RoundId.eq(round))
            .filter(Column::CityId.is_in(cities.iter().copied()))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// Replaces the wishes of a city that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save_wishes(tx: &Tx<'_>, round: RoundId, member: &Member) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::value(member.version))
        .col_expr(Column::Wishes, Expr::value(serde_json::to_value(&member.wishes)?))
        .filter(Column::RoundId.eq(round))
        .filter(Column::CityId.eq(member.city))
        .exec(tx.conn())
        .await?;
    Ok(())
}
