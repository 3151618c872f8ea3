//! The table of pairs.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use shared::ids::{CityId, RoundId, RoundPairId};
use shared::rounds::{RoundPairSort, RoundPairState, RoundSide};

use super::RoundPair;
use crate::db::entity::round_pair::{Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::http::page;

/// Rows in one statement, below the bind limits of both databases.
const ROWS: usize = 1_000;

const UNSHOWN: [&str; 2] = [RoundPairState::Trial.code(), RoundPairState::Made.code()];

fn pair_of(row: Model) -> Result<RoundPair, Error> {
    let count = |number: i32| u32::try_from(number).unwrap_or(0);
    Ok(RoundPair {
        id: row.id,
        version: row.version,
        round_id: row.round_id,
        state: RoundPairState::from_code(&row.state)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("unknown state of a pair: {}", row.state)))?,
        first: row.first_city,
        second: row.second_city,
        gain_to_first: count(row.gain_to_first),
        gain_to_second: count(row.gain_to_second),
        total: count(row.total),
        wish_of_first: row.wish_of_first.map(count),
        wish_of_second: row.wish_of_second.map(count),
        accepted_by: row.accepted_by.as_deref().and_then(RoundSide::from_code),
        partnership_id: row.partnership_id,
        updated_at: row.updated_at,
    })
}

/// A pair to be added, with what it is sorted and filtered by.
#[derive(Debug, Clone)]
pub struct NewPair {
    /// The pair.
    pub pair: RoundPair,
    /// The folded names of its cities.
    pub names: [String; 2],
    /// Their countries.
    pub countries: [String; 2],
}

fn row_of(new: NewPair, now: DateTime<Utc>) -> Model {
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let NewPair { pair, names, countries } = new;
    let [first_name, second_name] = names;
    let [first_country, second_country] = countries;
    Model {
        id: pair.id,
        version: pair.version,
        created_at: now,
        updated_at: pair.updated_at,
        round_id: pair.round_id,
        state: pair.state.code().to_owned(),
        first_city: pair.first,
        second_city: pair.second,
        city_low: std::cmp::min(pair.first, pair.second),
        city_high: std::cmp::max(pair.first, pair.second),
        first_name,
        second_name,
        first_country,
        second_country,
        gain_to_first: count(pair.gain_to_first),
        gain_to_second: count(pair.gain_to_second),
        total: count(pair.total),
        wish_of_first: pair.wish_of_first.map(count),
        wish_of_second: pair.wish_of_second.map(count),
        accepted_by: pair.accepted_by.map(|side| side.code().to_owned()),
        partnership_id: pair.partnership_id,
    }
}

/// Adds pairs.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, pairs: Vec<NewPair>) -> Result<(), Error> {
    let mut rows = pairs
        .into_iter()
        .map(|pair| row_of(pair, tx.now()).into_active_model())
        .peekable();
    while rows.peek().is_some() {
        Entity::insert_many(rows.by_ref().take(ROWS))
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// A pair.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: RoundPairId) -> Result<Option<RoundPair>, Error> {
    Entity::find_by_id(id).one(conn).await?.map(pair_of).transpose()
}

/// A pair, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: RoundPairId) -> Result<Option<RoundPair>, Error> {
    let mut row = Entity::find_by_id(id);
    if tx.has_row_locks() {
        row = row.lock_exclusive();
    }
    row.one(tx.conn()).await?.map(pair_of).transpose()
}

/// Writes what an answer changes of a pair that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, pair: &RoundPair) -> Result<(), Error> {
    use sea_orm::ActiveValue::Set;
    let row = crate::db::entity::round_pair::ActiveModel {
        id: Set(pair.id),
        version: Set(pair.version),
        updated_at: Set(pair.updated_at),
        state: Set(pair.state.code().to_owned()),
        accepted_by: Set(pair.accepted_by.map(|side| side.code().to_owned())),
        partnership_id: Set(pair.partnership_id),
        ..Default::default()
    };
    row.update(tx.conn()).await?;
    Ok(())
}

/// The pairs of a round that its cities have seen, with their places.
///
/// # Errors
/// Those of the database.
pub async fn shown(conn: &impl ConnectionTrait, round: RoundId) -> Result<Vec<RoundPair>, Error> {
    let rows = Entity::find()
        .filter(Column::RoundId.eq(round))
        .filter(Column::State.is_not_in(UNSHOWN))
        .all(conn)
        .await?;
    rows.into_iter().map(pair_of).collect()
}

/// Deletes the pairs of a round that nobody has seen.
///
/// # Errors
/// Those of the database.
pub async fn delete_unshown(tx: &Tx<'_>, round: RoundId) -> Result<(), Error> {
    Entity::delete_many()
        .filter(Column::RoundId.eq(round))
        .filter(Column::State.is_in(UNSHOWN))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Shows the pairs that were made to their cities; gives each with its new version.
///
/// # Errors
/// Those of the database.
pub async fn show(tx: &Tx<'_>, round: RoundId) -> Result<Vec<(RoundPairId, i64)>, Error> {
    let made: Vec<(RoundPairId, i64)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Version])
        .filter(Column::RoundId.eq(round))
        .filter(Column::State.eq(RoundPairState::Made.code()))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(RoundPairState::Proposed.code()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .filter(Column::RoundId.eq(round))
        .filter(Column::State.eq(RoundPairState::Made.code()))
        .exec(tx.conn())
        .await?;
    Ok(made.into_iter().map(|(id, version)| (id, version + 1)).collect())
}

/// Lets the pairs of a round lapse that wait for an answer; gives each with its new version.
///
/// # Errors
/// Those of the database.
pub async fn lapse(tx: &Tx<'_>, round: RoundId) -> Result<Vec<(RoundPairId, i64)>, Error> {
    let waiting = || {
        let states = RoundPairState::ALL.iter().filter(|state| state.waits());
        Condition::all()
            .add(Column::RoundId.eq(round))
            .add(Column::State.is_in(states.map(|state| state.code())))
    };
    let mut select = Entity::find().filter(waiting()).order_by_asc(Column::Id);
    if tx.has_row_locks() {
        select = select.lock_exclusive();
    }
    let rows = select.all(tx.conn()).await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(RoundPairState::Lapsed.code()))
        .col_expr(Column::AcceptedBy, Expr::value(Option::<String>::None))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .filter(waiting())
        .exec(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.version + 1)).collect())
}

/// Which pairs are listed.
#[derive(Debug, Clone, Default)]
pub struct PairScope {
    /// Only those of this round.
    pub round: Option<RoundId>,
    /// Only those of these cities; none for any.
    pub cities: Option<Vec<CityId>>,
    /// Whether those that their cities do not see yet are left out.
    pub only_shown: bool,
    /// Only these states; empty for all.
    pub states: Vec<RoundPairState>,
    /// Only those with a city of one of these countries; empty for all.
    pub countries: Vec<String>,
    /// Only those that a city wished for.
    pub only_wished: bool,
}

fn in_scope(scope: &PairScope) -> Condition {
    let mut condition = Condition::all();
    if let Some(round) = scope.round {
        condition = condition.add(Column::RoundId.eq(round));
    }
    if let Some(cities) = &scope.cities {
        condition = condition.add(
            Condition::any()
                .add(Column::FirstCity.is_in(cities.iter().copied()))
                .add(Column::SecondCity.is_in(cities.iter().copied())),
        );
    }
    if scope.only_shown {
        condition = condition.add(Column::State.is_not_in(UNSHOWN));
    }
    if !scope.states.is_empty() {
        condition = condition.add(Column::State.is_in(scope.states.iter().map(|state| state.code())));
    }
    if !scope.countries.is_empty() {
        condition = condition.add(
            Condition::any()
                .add(Column::FirstCountry.is_in(scope.countries.iter().cloned()))
                .add(Column::SecondCountry.is_in(scope.countries.iter().cloned())),
        );
    }
    if scope.only_wished {
        condition = condition.add(
            Condition::any()
                .add(Column::WishOfFirst.is_not_null())
                .add(Column::WishOfSecond.is_not_null()),
        );
    }
    condition
}

/// Where a page ended: what its last pair was sorted by, and which one it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairPosition {
    /// The order of the list.
    pub sort: RoundPairSort,
    total: Option<i32>,
    name: Option<String>,
    id: RoundPairId,
}

const fn order(sort: RoundPairSort) -> (Column, Order) {
    match sort {
        RoundPairSort::Total => (Column::Total, Order::Asc),
        RoundPairSort::TotalDescending => (Column::Total, Order::Desc),
        RoundPairSort::First => (Column::FirstName, Order::Asc),
        RoundPairSort::FirstDescending => (Column::FirstName, Order::Desc),
        RoundPairSort::Second => (Column::SecondName, Order::Asc),
        RoundPairSort::SecondDescending => (Column::SecondName, Order::Desc),
    }
}

impl PairPosition {
    fn of(sort: RoundPairSort, row: &Model) -> Self {
        let name = match sort {
            RoundPairSort::Total | RoundPairSort::TotalDescending => None,
            RoundPairSort::First | RoundPairSort::FirstDescending => Some(row.first_name.clone()),
            RoundPairSort::Second | RoundPairSort::SecondDescending => Some(row.second_name.clone()),
        };
        Self {
            sort,
            total: name.is_none().then_some(row.total),
            name,
            id: row.id,
        }
    }

    fn after(self) -> Condition {
        let (column, order) = order(self.sort);
        let value: sea_orm::Value = match self.name {
            Some(name) => name.into(),
            None => self.total.unwrap_or(0).into(),
        };
        let (beyond, last) = match order {
            Order::Desc => (column.lt(value.clone()), Column::Id.lt(self.id)),
            _ => (column.gt(value.clone()), Column::Id.gt(self.id)),
        };
        Condition::any().add(beyond).add(column.eq(value).and(last))
    }
}

/// Pairs in an order.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    scope: &PairScope,
    sort: RoundPairSort,
    after: Option<PairPosition>,
    limit: u32,
) -> Result<(Vec<RoundPair>, Option<PairPosition>), Error> {
    let (column, order) = order(sort);
    let mut rows = Entity::find().filter(in_scope(scope));
    if let Some(after) = after {
        rows = rows.filter(after.after());
    }
    let mut rows = rows
        .order_by(column, order.clone())
        .order_by(Column::Id, order)
        .limit(u64::from(limit) + 1)
        .all(db.read())
        .await?;
    let next = page::cut(&mut rows, limit as usize, |row| PairPosition::of(sort, row));
    let pairs = rows.into_iter().map(pair_of).collect::<Result<_, _>>()?;
    Ok((pairs, next))
}

/// How many pairs a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, scope: &PairScope) -> Result<u64, Error> {
    Ok(Entity::find().filter(in_scope(scope)).count(db.read()).await?)
}
