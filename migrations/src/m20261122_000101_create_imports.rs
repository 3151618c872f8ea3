//! What was imported into the directory, when, and what came of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{index, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("imports")
                    .col(string("source"))
                    // Tells the bundled tables of one release from those of another.
                    .col(big_integer_null("digest"))
                    .col(timestamp_with_time_zone("at"))
                    .col(big_integer("read"))
                    .col(big_integer("added"))
                    .col(big_integer("changed"))
                    .col(big_integer("unchanged"))
                    .col(big_integer("refused"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("imports", &["source", "at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("imports").to_owned()).await
    }
}
