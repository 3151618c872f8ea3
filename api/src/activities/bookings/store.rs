//! The table of bookings.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use shared::activities::BookingState;
use shared::ids::{ActivityId, BookingId, CityId};

use crate::db::entity::exhibition_booking::{ActiveModel, Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A booking of an exhibition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Which one.
    pub id: BookingId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The exhibition.
    pub activity_id: ActivityId,
    /// Where it stands.
    pub state: BookingState,
    /// Who shows it.
    pub city_id: CityId,
    /// Where it is shown.
    pub place: String,
    /// The first and the last day.
    pub days: (NaiveDate, NaiveDate),
}

fn booking_of(row: Model) -> Booking {
    Booking {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        activity_id: row.activity_id,
        state: BookingState::from_code(&row.state).unwrap_or(BookingState::Cancelled),
        city_id: row.city_id,
        place: row.place,
        days: (row.starts_on, row.ends_on),
    }
}

fn model(of: &Booking) -> ActiveModel {
    Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        activity_id: of.activity_id,
        state: of.state.code().to_owned(),
        city_id: of.city_id,
        place: of.place.clone(),
        starts_on: of.days.0,
        ends_on: of.days.1,
    }
    .into_active_model()
    .reset_all()
}

/// A booking.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: BookingId) -> Result<Option<Booking>, Error> {
    Ok(Entity::find_by_id(id).one(conn).await?.map(booking_of))
}

/// Adds a booking.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Booking) -> Result<(), Error> {
    Entity::insert(model(of)).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Writes a booking whose exhibition is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Booking) -> Result<(), Error> {
    model(of).update(tx.conn()).await?;
    Ok(())
}

fn booked(activity: ActivityId) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::ActivityId.eq(activity))
        .filter(Column::State.eq(BookingState::Booked.code()))
}

/// The first booking that has a day in common with these.
///
/// # Errors
/// Those of the database.
pub async fn overlapping(
    tx: &Tx<'_>,
    activity: ActivityId,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
) -> Result<Option<Booking>, Error> {
    let found = booked(activity)
        .filter(Column::StartsOn.lte(ends_on))
        .filter(Column::EndsOn.gte(starts_on))
        .order_by_asc(Column::StartsOn)
        .limit(1)
        .one(tx.conn())
        .await?;
    Ok(found.map(booking_of))
}

/// Whether a booking has a day outside of these; without them, whether there is one at all.
///
/// # Errors
/// Those of the database.
pub async fn any_outside(
    tx: &Tx<'_>,
    activity: ActivityId,
    days: Option<(NaiveDate, NaiveDate)>,
) -> Result<bool, Error> {
    let mut outside = booked(activity);
    if let Some((starts_on, ends_on)) = days {
        outside = outside.filter(
            Condition::any()
                .add(Column::StartsOn.lt(starts_on))
                .add(Column::EndsOn.gt(ends_on)),
        );
    }
    Ok(outside.limit(1).count(tx.conn()).await? > 0)
}

/// Bookings of an exhibition, the earliest first.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    activity: ActivityId,
    after: Option<(NaiveDate, BookingId)>,
    limit: u64,
) -> Result<Vec<Booking>, Error> {
    let mut found = Entity::find().filter(Column::ActivityId.eq(activity));
    if let Some((day, id)) = after {
        found = found.filter(
            Condition::any()
                .add(Column::StartsOn.gt(day))
                .add(Condition::all().add(Column::StartsOn.eq(day)).add(Column::Id.gt(id))),
        );
    }
    let rows = found
        .order_by_asc(Column::StartsOn)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(booking_of).collect())
}

/// The bookings of some exhibitions, for their calendar; with a city only those that it has.
///
/// # Errors
/// Those of the database.
pub async fn of_exhibitions(
    db: &Db,
    activities: &[ActivityId],
    city: Option<CityId>,
    limit: u64,
) -> Result<Vec<Booking>, Error> {
    let mut found = Entity::find().filter(Column::ActivityId.is_in(activities.iter().copied()));
    if let Some(city) = city {
        found = found.filter(Column::CityId.eq(city));
    }
    let rows = found
        .order_by_asc(Column::StartsOn)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(booking_of).collect())
}
