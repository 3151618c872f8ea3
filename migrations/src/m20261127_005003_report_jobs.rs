//! What long work found, where that is kept with the work.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::json_binary_null;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("jobs")
                    .add_column(json_binary_null("report"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("jobs", &["kind", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(Index::drop().name("ix_jobs_kind_id").table("jobs").to_owned())
            .await?;
        manager
            .alter_table(Table::alter().table("jobs").drop_column("report").to_owned())
            .await
    }
}
