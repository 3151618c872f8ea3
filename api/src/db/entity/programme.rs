//! Table `programmes`: programmes of funders.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::ProgrammeId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "programmes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProgrammeId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub name: Json,
    pub about: Json,
    pub funders: Json,
    pub source: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
