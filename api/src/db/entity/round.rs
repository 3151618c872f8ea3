//! Table `rounds`: matching rounds.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{JobId, ProgrammeId, RoundId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rounds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoundId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub programme_id: ProgrammeId,
    pub state: String,
    pub name: Json,
    pub about: Json,
    pub rules: Json,
    pub wishes_until: Option<DateTimeUtc>,
    pub answers_until: Option<DateTimeUtc>,
    pub first_members: i32,
    pub second_members: i32,
    pub outcome: Option<Json>,
    pub job_id: Option<JobId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
