//! Elections, after which the contacts of their cities are to be confirmed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let elections = versioned_table("elections")
            .col(date("day"))
            .col(string("name"))
            .col(string("country"))
            // Without a city: only authorities of this kind, or of all kinds.
            .col(string_null("kind"))
            .col(uuid_null("city_id"))
            .col(string("source"))
            // Since when all contacts of its cities are marked.
            .col(timestamp_with_time_zone_null("applied_at"))
            .col(timestamp_with_time_zone_null("deleted_at"))
            .foreign_key(&mut cascade("elections", "city_id", "cities"))
            .to_owned();
        manager.create_table(elections).await?;
        for statement in [
            index("elections", &["day", "id"]),
            index("elections", &["country", "day"]),
            index("elections", &["city_id", "day"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("elections").to_owned()).await
    }
}
