//! How often a person gets a digest by mail, and what the last one told.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, string_null, timestamp_with_time_zone_null};

const COLUMNS: [&str; 3] = ["digest", "digest_at", "digest_told"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut how_often = string("digest");
        how_often.default("weekly");
        let added = [
            how_often,
            // When it was last looked at what there is to tell.
            timestamp_with_time_zone_null("digest_at"),
            // SHA-256 of what the last mail told: the same is not told twice.
            string_null("digest_told"),
        ];
        // SQLite adds one column at a time.
        for mut column in added {
            manager
                .alter_table(Table::alter().table("accounts").add_column(&mut column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            manager
                .alter_table(Table::alter().table("accounts").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
