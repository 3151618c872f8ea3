//! Keys that receipts of applications are signed with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("receipt_keys")
                    // The seed of an Ed25519 key: 32 bytes.
                    .col(binary("seed"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("receipt_keys").to_owned()).await
    }
}
