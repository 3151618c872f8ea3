//! Table `doubles`: two that are likely one, and what a person made of it.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::DoubleId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "doubles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DoubleId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub subject: String,
    pub low: Uuid,
    pub high: Uuid,
    pub country: String,
    pub score: i32,
    pub hints: Json,
    pub state: String,
    pub by_hand: bool,
    pub kept: Option<Uuid>,
    pub reason: Option<String>,
    pub note: String,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<String>,
    pub undo: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
