//! Table `round_pairs`: the pairs that rounds made.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{CityId, PartnershipId, RoundId, RoundPairId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "round_pairs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoundPairId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub round_id: RoundId,
    pub state: String,
    pub first_city: CityId,
    pub second_city: CityId,
    pub city_low: CityId,
    pub city_high: CityId,
    pub first_name: String,
    pub second_name: String,
    pub first_country: String,
    pub second_country: String,
    pub gain_to_first: i32,
    pub gain_to_second: i32,
    pub total: i32,
    pub wish_of_first: Option<i32>,
    pub wish_of_second: Option<i32>,
    pub accepted_by: Option<String>,
    pub partnership_id: Option<PartnershipId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
