//! Table `ties`: bonds that two cities have outside the platform, one row for each unordered pair and kind.
#![expect(missing_docs, reason = "the columns' meaning is told in the migration")]

use sea_orm::entity::prelude::*;
use shared::ids::CityId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ties")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub a: CityId,
    pub b: CityId,
    pub kind: String,
    pub source: String,
    pub started_on: Option<Date>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
