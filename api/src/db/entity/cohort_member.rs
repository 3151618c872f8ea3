//! Table `cohort_members`: the cities of cohorts, with their letters of engagement.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{CityId, CohortId, CohortMemberId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cohort_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CohortMemberId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub cohort_id: CohortId,
    pub city_id: CityId,
    pub way: String,
    pub levels: Json,
    pub partner_id: Option<CityId>,
    pub referent: Json,
    pub joined_at: DateTimeUtc,
    pub letter_state: String,
    pub place: i32,
    pub letter: Option<Json>,
    pub sent_at: Option<DateTimeUtc>,
    pub signed_at: Option<DateTimeUtc>,
    pub signature: Option<Json>,
    pub reference: Option<String>,
    pub steps: Json,
    pub left_at: Option<DateTimeUtc>,
    pub left_why: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
