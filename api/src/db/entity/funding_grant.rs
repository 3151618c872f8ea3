//! Table `funding_grants`: what accepted applications are paid.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{ApplicationId, CallId, CityId, FundingId, ProgrammeId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "funding_grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FundingId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub application_id: ApplicationId,
    pub call_id: CallId,
    pub programme_id: ProgrammeId,
    pub lead_city_id: CityId,
    pub state: String,
    pub reference: String,
    pub currency: String,
    pub asked_minor: i64,
    pub awarded_minor: i64,
    pub disbursed_minor: i64,
    pub due_day: i32,
    pub life: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
