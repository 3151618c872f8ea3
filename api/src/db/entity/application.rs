//! Table `applications`: joint applications.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{AccountId, ApplicationId, CallId, PartnershipId, ProgrammeId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApplicationId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub call_id: CallId,
    pub programme_id: ProgrammeId,
    pub partnership_id: Option<PartnershipId>,
    pub state: String,
    pub title: String,
    pub title_key: String,
    pub search_key: String,
    pub answers: Json,
    pub prefilled: Json,
    pub themes: Json,
    pub budget: Json,
    pub currency: String,
    pub cost_minor: i64,
    pub grant_asked_minor: i64,
    pub submitted_at: Option<DateTimeUtc>,
    pub receipt_content: Option<String>,
    pub receipt_sha256: Option<String>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
    pub granted_minor: Option<i64>,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<AccountId>,
    pub reopenings: Option<Json>,
    pub was_listed: bool,
    pub waitlist_rank: Option<i32>,
    pub correction: Option<Json>,
    pub correction_until_ms: Option<i64>,
    pub deleted_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
