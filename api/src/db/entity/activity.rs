//! Table `activities`: what partnerships do.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{ActivityId, PartnershipId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActivityId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub partnership_id: PartnershipId,
    pub kind: String,
    pub state: String,
    pub state_reason: Option<String>,
    pub title: String,
    pub starts_on: Date,
    pub ends_on: Date,
    pub place: String,
    pub concerned: Json,
    pub people: Option<i32>,
    pub cost_minor: Option<i64>,
    pub currency: Option<String>,
    pub notes: String,
    pub source_key: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
