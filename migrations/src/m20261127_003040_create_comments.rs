//! What the cities of a file say to each other, and who has it open.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let comments = versioned_table("comments")
            .col(uuid("application_id"))
            // The comment that it answers; none for one that begins a conversation.
            .col(uuid_null("reply_to"))
            .col(string_null("place"))
            .col(text("text"))
            .col(uuid("city_id"))
            .col(uuid_null("author_id"))
            .col(timestamp_with_time_zone_null("edited_at"))
            .col(timestamp_with_time_zone_null("settled_at"))
            .col(uuid_null("settled_by"))
            .col(timestamp_with_time_zone_null("deleted_at"))
            .foreign_key(&mut cascade("comments", "application_id", "applications"))
            .foreign_key(&mut restrict("comments", "city_id", "cities"))
            .to_owned();
        let presences = table("presences")
            .col(uuid("application_id"))
            .col(uuid("account_id"))
            .col(uuid("city_id"))
            .col(string_null("place"))
            .col(timestamp_with_time_zone("seen_at"))
            .foreign_key(&mut cascade("presences", "application_id", "applications"))
            .foreign_key(&mut cascade("presences", "account_id", "accounts"))
            .to_owned();
        manager.create_table(comments).await?;
        manager.create_table(presences).await?;
        for statement in [
            index("comments", &["application_id", "id"]),
            unique("presences", &["application_id", "account_id"]),
            index("presences", &["seen_at"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["presences", "comments"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
