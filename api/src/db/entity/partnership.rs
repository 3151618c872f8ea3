//! Table `partnerships`: bonds of several parties.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::PartnershipId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "partnerships")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnershipId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub name: String,
    pub name_key: String,
    pub kind: String,
    pub state: String,
    pub state_reason: Option<String>,
    pub platform: Option<String>,
    pub about: String,
    pub themes: Json,
    pub territories: Json,
    pub started_on: Option<Date>,
    pub parent_id: Option<PartnershipId>,
    pub predecessor_id: Option<PartnershipId>,
    pub source: Option<String>,
    pub source_key: Option<String>,
    pub search_keys: String,
    pub deleted_at: Option<DateTimeUtc>,
    pub ends_on: Option<Date>,
    pub state_since: Option<DateTimeUtc>,
    pub condition: Option<String>,
    pub signatures: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
