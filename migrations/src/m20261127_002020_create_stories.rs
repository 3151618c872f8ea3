//! The stories of partnerships, and which pictures are in the object store for them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let stories = versioned_table("stories")
            .col(uuid("partnership_id"))
            .col(string("state"))
            .col(text_null("state_reason"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(json_binary("words"))
            // What is told of its picture, where it has one.
            .col(json_binary_null("picture"))
            .foreign_key(&mut cascade("stories", "partnership_id", "partnerships"))
            .to_owned();
        // Under its id the bytes of a picture are in the object store.
        let pictures = table("story_pictures")
            .col(uuid("story_id"))
            // Since when no story shows it; also while its bytes are on their way.
            .col(timestamp_with_time_zone_null("unused_since"))
            .foreign_key(&mut cascade("story_pictures", "story_id", "stories"))
            .to_owned();
        manager.create_table(stories).await?;
        manager.create_table(pictures).await?;
        for statement in [
            unique("stories", &["partnership_id"]),
            index("stories", &["state", "published_at", "id"]),
            index("story_pictures", &["story_id"]),
            index("story_pictures", &["unused_since"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("story_pictures").to_owned())
            .await?;
        manager.drop_table(Table::drop().table("stories").to_owned()).await
    }
}
