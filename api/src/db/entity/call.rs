//! Table `calls`: calls for projects.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{CallId, CampaignId, ProgrammeId, RuleSetId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CallId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub programme_id: ProgrammeId,
    pub rule_set_id: RuleSetId,
    pub state: String,
    pub title: Json,
    pub about: Json,
    pub opens_at: DateTimeUtc,
    pub closes_at: DateTimeUtc,
    pub zone: String,
    pub grace_s: i32,
    pub closes_ms: i64,
    pub takes_until_ms: i64,
    pub sections: Json,
    pub questions: Json,
    pub envelope_minor: Option<i64>,
    pub review_plan: Option<Json>,
    pub blind: bool,
    pub campaign_id: Option<CampaignId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
