//! Table `cities`: authorities of the directory with their profile.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{CityId, NetworkId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CityId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub kind: String,
    pub name: String,
    pub labels: Json,
    pub country: String,
    pub subdivision: Option<String>,
    pub population: Option<i64>,
    pub lat: Option<f64>,
    pub lng: Option<f64>,
    pub parent_id: Option<CityId>,
    pub network_id: Option<NetworkId>,
    pub open_to_partners: bool,
    pub descriptions: Json,
    pub languages: Json,
    pub looking_for: Json,
    pub website: Option<String>,
    pub search_keys: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
