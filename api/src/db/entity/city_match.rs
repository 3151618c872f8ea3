//! Table `matches`: one row for each unordered pair of cities.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{CityId, MatchId, PartnershipId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "matches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MatchId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub city_low: CityId,
    pub city_high: CityId,
    pub begun_by_low: bool,
    pub state: String,
    pub message: String,
    pub reply: Option<String>,
    pub decline_note: Option<String>,
    pub told_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub declined_at: Option<DateTimeUtc>,
    pub partnership_id: Option<PartnershipId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
