//! What the files of applications said before, version by version.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let versions = table("application_versions")
            .col(uuid("application_id"))
            .col(big_integer("version"))
            // When somebody began to write what it says, and when it was last saved.
            .col(timestamp_with_time_zone("begun_at"))
            .col(timestamp_with_time_zone("saved_at"))
            // None for a program, and for what a file said before versions were kept.
            .col(uuid_null("author_id"))
            .col(json_binary("changed"))
            .col(text("content"))
            .foreign_key(&mut cascade("application_versions", "application_id", "applications"))
            .to_owned();
        manager.create_table(versions).await?;
        manager
            .create_index(unique("application_versions", &["application_id", "version"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("application_versions").to_owned())
            .await
    }
}
