//! Table `listed_lessons`: the lessons on meetings' lists.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{ListedLessonId, MeetingId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "listed_lessons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ListedLessonId,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub meeting_id: MeetingId,
    pub position: Option<i32>,
    pub theme: String,
    pub text: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
