//! The sustainability plans of partnerships, edition by edition.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let editions = table("sustainability_plans")
            .col(uuid("partnership_id"))
            // 1 for the first edition; nothing is ever changed in one.
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("written_at"))
            // For whom it was written; null for a network or an administrator.
            .col(uuid_null("city_id"))
            .col(json_binary("plan"))
            .foreign_key(&mut cascade("sustainability_plans", "partnership_id", "partnerships"))
            .foreign_key(&mut restrict("sustainability_plans", "city_id", "cities"))
            .to_owned();
        manager.create_table(editions).await?;
        for statement in [
            unique("sustainability_plans", &["partnership_id", "version"]),
            index("sustainability_plans", &["city_id"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("sustainability_plans").to_owned())
            .await
    }
}
