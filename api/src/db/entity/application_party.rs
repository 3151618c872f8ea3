//! Table `application_parties`: the cities of applications.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{AccountId, ApplicationId, CityId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "application_parties")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub city_id: CityId,
    pub role: String,
    pub position: i32,
    pub signed_off_at: Option<DateTimeUtc>,
    pub signed_sha256: Option<String>,
    pub signed_off_by: Option<AccountId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
