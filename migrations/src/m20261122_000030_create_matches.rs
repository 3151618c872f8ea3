//! Matches: one row for each unordered pair of cities, and pairs that are never matched.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("matches")
                    // The two cities in the order of their ids, whoever began.
                    .col(uuid("city_low"))
                    .col(uuid("city_high"))
                    .col(boolean("begun_by_low"))
                    .col(string("state"))
                    .col(text("message"))
                    .col(text_null("reply"))
                    // What was said when declining: not for the other side.
                    .col(text_null("decline_note"))
                    .col(timestamp_with_time_zone("told_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("declined_at"))
                    .col(uuid_null("partnership_id"))
                    .foreign_key(&mut restrict("matches", "city_low", "cities"))
                    .foreign_key(&mut restrict("matches", "city_high", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("matches", &["city_low", "city_high"]))
            .await?;
        manager
            .create_index(index("matches", &["city_low", "updated_at", "id"]))
            .await?;
        manager
            .create_index(index("matches", &["city_high", "updated_at", "id"]))
            .await?;
        manager.create_index(index("matches", &["updated_at", "id"])).await?;
        manager.create_index(index("matches", &["state", "expires_at"])).await?;
        manager
            .create_table(
                table("banned_pairs")
                    .col(uuid("city_low"))
                    .col(uuid("city_high"))
                    .col(string("reason"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut restrict("banned_pairs", "city_low", "cities"))
                    .foreign_key(&mut restrict("banned_pairs", "city_high", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("banned_pairs", &["city_low", "city_high"]))
            .await?;
        manager.create_index(index("banned_pairs", &["city_high"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["banned_pairs", "matches"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
