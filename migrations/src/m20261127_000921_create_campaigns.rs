//! Campaigns, which group the calls of a year.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{index, restrict, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("campaigns")
                    .col(uuid("programme_id"))
                    .col(integer("year"))
                    .col(json_binary("name"))
                    .col(json_binary_null("claim"))
                    .foreign_key(&mut restrict("campaigns", "programme_id", "programmes"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("campaigns", &["year", "id"])).await?;
        manager
            .alter_table(
                Table::alter()
                    .table("calls")
                    .add_column(uuid_null("campaign_id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("calls", &["campaign_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(Index::drop().name("ix_calls_campaign_id").table("calls").to_owned())
            .await?;
        manager
            .alter_table(Table::alter().table("calls").drop_column("campaign_id").to_owned())
            .await?;
        manager.drop_table(Table::drop().table("campaigns").to_owned()).await
    }
}
