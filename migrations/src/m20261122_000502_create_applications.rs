//! Joint applications with the cities in them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{cascade, index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One order on both databases: PostgreSQL would sort by the locale of its machine.
        let mut title_key = string("title_key");
        if manager.get_database_backend() == DbBackend::Postgres {
            title_key.extra("COLLATE \"C\"");
        }
        manager
            .create_table(
                versioned_table("applications")
                    .col(uuid("call_id"))
                    // The call's programme: the scope of who may judge.
                    .col(uuid("programme_id"))
                    .col(uuid_null("partnership_id"))
                    .col(string("state"))
                    .col(string("title"))
                    .col(title_key)
                    // Title and cities folded for search.
                    .col(text("search_key"))
                    .col(json_binary("answers"))
                    .col(json_binary("themes"))
                    .col(json_binary("budget"))
                    .col(string("currency"))
                    .col(big_integer("cost_minor"))
                    .col(big_integer("grant_asked_minor"))
                    .col(timestamp_with_time_zone_null("submitted_at"))
                    // The very bytes that were hashed when it was handed in.
                    .col(text_null("receipt_content"))
                    .col(string_null("receipt_sha256"))
                    .col(string_null("outcome"))
                    .col(text_null("reason"))
                    .col(big_integer_null("granted_minor"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(uuid_null("decided_by"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(&mut restrict("applications", "call_id", "calls"))
                    .foreign_key(&mut restrict("applications", "programme_id", "programmes"))
                    .foreign_key(&mut restrict("applications", "partnership_id", "partnerships"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("applications", &["programme_id", "updated_at", "id"]))
            .await?;
        manager
            .create_index(index("applications", &["call_id", "state"]))
            .await?;
        manager
            .create_table(
                table("application_parties")
                    .col(uuid("application_id"))
                    .col(uuid("city_id"))
                    .col(string("role"))
                    .col(integer("position"))
                    .col(timestamp_with_time_zone_null("signed_off_at"))
                    // SHA-256 of the content that the city agreed to.
                    .col(string_null("signed_sha256"))
                    .col(uuid_null("signed_off_by"))
                    .foreign_key(&mut cascade("application_parties", "application_id", "applications"))
                    .foreign_key(&mut restrict("application_parties", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("application_parties", &["application_id", "city_id"]))
            .await?;
        manager.create_index(index("application_parties", &["city_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["application_parties", "applications"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
