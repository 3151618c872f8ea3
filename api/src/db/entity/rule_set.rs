//! Table `rule_sets`: dated funding rules.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{ProgrammeId, RuleSetId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rule_sets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RuleSetId,
    pub programme_id: ProgrammeId,
    pub name: String,
    pub version: i64,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub content: Json,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
