//! Likely doubles of cities and of partnerships, what people made of them, and what became of what is there no more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{index, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("doubles")
                    .col(string("subject"))
                    // No foreign keys: a merged one is there no more, and what was decided stays.
                    .col(uuid("low"))
                    .col(uuid("high"))
                    .col(string("country"))
                    .col(integer("score"))
                    .col(json_binary("hints"))
                    .col(string("state"))
                    .col(boolean("by_hand"))
                    .col(uuid_null("kept"))
                    .col(string_null("reason"))
                    .col(text("note"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(string_null("decided_by"))
                    // What a merge changed, to undo it.
                    .col(json_binary_null("undo"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("doubles", &["subject", "low", "high"]))
            .await?;
        manager.create_index(index("doubles", &["high"])).await?;
        manager
            .create_index(index("doubles", &["state", "score", "id"]))
            .await?;
        manager
            .create_table(
                table("successions")
                    .col(string("subject"))
                    .col(uuid("from_id"))
                    .col(uuid("to_id"))
                    .col(string("name"))
                    .col(string("reason"))
                    .col(text("note"))
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("double_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("successions", &["subject", "from_id"]))
            .await?;
        manager.create_index(index("successions", &["to_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["successions", "doubles"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
