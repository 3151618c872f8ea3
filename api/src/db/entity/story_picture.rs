//! Table `story_pictures`: which pictures of stories are in the object store.
#![expect(
    missing_docs,
    reason = "the columns' meaning is told in the migration and in the shared view"
)]

use sea_orm::entity::prelude::*;
use shared::ids::{StoryId, StoryPictureId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story_pictures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoryPictureId,
    pub story_id: StoryId,
    pub unused_since: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
