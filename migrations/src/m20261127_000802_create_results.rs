//! What partnerships achieve, with the evidence.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("results")
                    .col(uuid("partnership_id"))
                    .col(string("theme"))
                    .col(string("title"))
                    .col(text("about"))
                    .col(json_binary("sdgs"))
                    .col(json_binary("evidence"))
                    // Measures in the order of their days; few, and always read with their result.
                    .col(json_binary("measures"))
                    // What a loaded result is known by at its source, so that loading again changes nothing.
                    .col(string_null("source_key"))
                    .foreign_key(&mut cascade("results", "partnership_id", "partnerships"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("results", &["source_key"])).await?;
        manager
            .create_index(index("results", &["partnership_id", "theme", "id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("results").to_owned()).await
    }
}
