//! Table `exhibition_bookings`: where exhibitions are shown, and when.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{ActivityId, BookingId, CityId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "exhibition_bookings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub activity_id: ActivityId,
    pub state: String,
    pub city_id: CityId,
    pub place: String,
    pub starts_on: Date,
    pub ends_on: Date,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
