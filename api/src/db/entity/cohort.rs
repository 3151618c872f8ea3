//! Table `cohorts`: turnkey cohorts.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{CohortId, ProgrammeId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cohorts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CohortId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub programme_id: ProgrammeId,
    pub name: Json,
    pub about: Json,
    pub minimum_cities: i32,
    pub levels: Json,
    pub letter: Json,
    pub closes_on: Date,
    pub zone: String,
    pub closes_at: DateTimeUtc,
    pub source: Option<String>,
    pub deleted_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
