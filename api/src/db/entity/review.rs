//! Table `reviews`: who judges which application, and what they make of it.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{AccountId, ApplicationId, CallId, ProgrammeId, ReviewId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub application_id: ApplicationId,
    pub call_id: CallId,
    pub programme_id: ProgrammeId,
    pub reviewer_id: AccountId,
    pub state: String,
    pub open: bool,
    pub sheet: Json,
    pub total: Option<i32>,
    pub scored: i32,
    pub conflict: Option<String>,
    pub filed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
