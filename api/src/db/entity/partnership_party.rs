//! Table `partnership_parties`: who takes part in a partnership.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{ActorId, CityId, NetworkId, PartnershipId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "partnership_parties")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partnership_id: PartnershipId,
    pub position: i32,
    pub role: String,
    pub city_id: Option<CityId>,
    pub network_id: Option<NetworkId>,
    pub actor_id: Option<ActorId>,
    pub country: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
