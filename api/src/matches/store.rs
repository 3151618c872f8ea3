//! The table of matches.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use shared::ids::{CityId, MatchId};
use shared::matches::{MatchBox, MatchState};

use super::pair::Pair;
use crate::db::entity::city_match;
use crate::db::{Db, Tx};
use crate::error::Error;

pub(super) fn in_order(a: CityId, b: CityId) -> (CityId, CityId) {
    if a <= b { (a, b) } else { (b, a) }
}

pub(super) fn state_of(code: &str) -> MatchState {
    MatchState::from_code(code).unwrap_or(MatchState::Withdrawn)
}

fn pair_of(row: city_match::Model) -> Pair {
    let (initiator, responder) = if row.begun_by_low {
        (row.city_low, row.city_high)
    } else {
        (row.city_high, row.city_low)
    };
    Pair {
        id: row.id,
        version: row.version,
        initiator,
        responder,
        state: state_of(&row.state),
        message: row.message,
        reply: row.reply,
        decline_note: row.decline_note,
        created_at: row.created_at,
        told_at: row.told_at,
        updated_at: row.updated_at,
        expires_at: row.expires_at,
        declined_at: row.declined_at,
        partnership_id: row.partnership_id,
    }
}

fn row_of(pair: &Pair) -> city_match::Model {
    let (low, high) = in_order(pair.initiator, pair.responder);
    city_match::Model {
        id: pair.id,
        version: pair.version,
        created_at: pair.created_at,
        updated_at: pair.updated_at,
        city_low: low,
        city_high: high,
        begun_by_low: pair.initiator == low,
        state: pair.state.code().to_owned(),
        message: pair.message.clone(),
        reply: pair.reply.clone(),
        decline_note: pair.decline_note.clone(),
        told_at: pair.told_at,
        expires_at: pair.expires_at,
        declined_at: pair.declined_at,
        partnership_id: pair.partnership_id,
    }
}

/// A match, as the database has it.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: MatchId) -> Result<Option<Pair>, Error> {
    Ok(city_match::Entity::find_by_id(id).one(conn).await?.map(pair_of))
}

/// A match, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: MatchId) -> Result<Option<Pair>, Error> {
    locked(tx, city_match::Entity::find_by_id(id)).await
}

/// The match of two cities, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn of_pair_for_update(tx: &Tx<'_>, a: CityId, b: CityId) -> Result<Option<Pair>, Error> {
    let (low, high) = in_order(a, b);
    let rows = city_match::Entity::find()
        .filter(city_match::Column::CityLow.eq(low))
        .filter(city_match::Column::CityHigh.eq(high));
    locked(tx, rows).await
}

async fn locked(tx: &Tx<'_>, mut rows: sea_orm::Select<city_match::Entity>) -> Result<Option<Pair>, Error> {
    if tx.has_row_locks() {
        rows = rows.lock_exclusive();
    }
    Ok(rows.one(tx.conn()).await?.map(pair_of))
}

/// Adds a match; false where the pair has one by now.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, pair: &Pair) -> Result<bool, Error> {
    let added = city_match::Entity::insert(row_of(pair).into_active_model())
        .on_conflict(
            OnConflict::columns([city_match::Column::CityLow, city_match::Column::CityHigh])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(added == 1)
}

/// Writes a match that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, pair: &Pair) -> Result<(), Error> {
    row_of(pair).into_active_model().reset_all().update(tx.conn()).await?;
    Ok(())
}

/// Interests whose time is over, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn overdue_for_update(tx: &Tx<'_>, most: u64) -> Result<Vec<Pair>, Error> {
    let mut rows = city_match::Entity::find()
        .filter(city_match::Column::State.eq(MatchState::Interested.code()))
        .filter(city_match::Column::ExpiresAt.lte(tx.now()))
        .order_by_asc(city_match::Column::ExpiresAt)
        .limit(most);
    if tx.has_row_locks() {
        rows = rows.lock_exclusive();
    }
    Ok(rows.all(tx.conn()).await?.into_iter().map(pair_of).collect())
}

/// The cities that see a city's contact persons: those with which contact is open or a partnership was agreed.
///
/// # Errors
/// Those of the database.
pub async fn in_contact(db: &Db, city: CityId) -> Result<Vec<CityId>, Error> {
    let rows: Vec<(CityId, CityId)> = city_match::Entity::find()
        .select_only()
        .columns([city_match::Column::CityLow, city_match::Column::CityHigh])
        .filter(
            Condition::any()
                .add(city_match::Column::CityLow.eq(city))
                .add(city_match::Column::CityHigh.eq(city)),
        )
        .filter(city_match::Column::State.is_in([MatchState::ContactOpened.code(), MatchState::Agreed.code()]))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(low, high)| if low == city { high } else { low })
        .collect())
}

/// Which matches a list asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatchFilter {
    /// Only matches of these cities; none for any.
    pub cities: Option<Vec<CityId>>,
    /// Only those in which one of `cities` did not begin, or began.
    pub side: Option<MatchBox>,
    /// Only these states; empty for all.
    pub states: Vec<MatchState>,
}

/// The place of a match in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// When it last changed, by the database.
    pub at: DateTime<Utc>,
    /// Which one.
    pub id: MatchId,
}

fn listed(filter: &MatchFilter, now: DateTime<Utc>) -> sea_orm::Select<city_match::Entity> {
    use city_match::Column;
    let mut matches = city_match::Entity::find();
    if let Some(cities) = &filter.cities {
        let low = || Column::CityLow.is_in(cities.iter().copied());
        let high = || Column::CityHigh.is_in(cities.iter().copied());
        let (low_began, high_began) = (Column::BegunByLow.eq(true), Column::BegunByLow.eq(false));
        matches = matches.filter(match filter.side {
            None => Condition::any().add(low()).add(high()),
            Some(MatchBox::Outgoing) => Condition::any().add(low().and(low_began)).add(high().and(high_began)),
            Some(MatchBox::Incoming) => Condition::any().add(low().and(high_began)).add(high().and(low_began)),
        });
    }
    if !filter.states.is_empty() {
        let over = || {
            Column::State
                .eq(MatchState::Interested.code())
                .and(Column::ExpiresAt.lte(now))
        };
        let mut any = Condition::any();
        for state in &filter.states {
            let stored = Column::State.eq(state.code());
            any = match state {
                MatchState::Interested => any.add(stored.and(Column::ExpiresAt.gt(now))),
                MatchState::Expired => any.add(stored).add(over()),
                _ => any.add(stored),
            };
        }
        matches = matches.filter(any);
    }
    matches
}

/// Matches, latest change first, each as the database has it.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &MatchFilter,
    now: DateTime<Utc>,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<Pair>, Error> {
    use city_match::Column;
    let mut matches = listed(filter, now);
    if let Some(Place { at, id }) = after {
        matches = matches.filter(
            Condition::any()
                .add(Column::UpdatedAt.lt(at))
                .add(Column::UpdatedAt.eq(at).and(Column::Id.lt(id))),
        );
    }
    let rows = matches
        .order_by_desc(Column::UpdatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(pair_of).collect())
}

/// How many matches a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &MatchFilter, now: DateTime<Utc>) -> Result<u64, Error> {
    use sea_orm::PaginatorTrait;
    Ok(listed(filter, now).count(db.read()).await?)
}
