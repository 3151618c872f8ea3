//! What a city keeps to itself when it looks for partners: weights, and searches that it follows.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("city_weights")
                    .col(uuid("city_id").primary_key())
                    // By the criterion's name: criteria come and go.
                    .col(json_binary("weights"))
                    .col(big_integer("version"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut cascade("city_weights", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                versioned_table("saved_searches")
                    .col(uuid("city_id"))
                    .col(string("name"))
                    .col(json_binary("filter"))
                    .col(json_binary("weights"))
                    // The least share of the highest score, in per mille, with which a city fits.
                    .col(integer("least"))
                    // The cities that its staff has seen in it.
                    .col(json_binary("known"))
                    .foreign_key(&mut cascade("saved_searches", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("saved_searches", &["city_id", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["saved_searches", "city_weights"] {
            manager.drop_table(Table::drop().table(name).to_owned()).await?;
        }
        Ok(())
    }
}
