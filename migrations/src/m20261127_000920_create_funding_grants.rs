//! What accepted applications are paid.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{index, restrict, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("funding_grants")
                    .col(uuid("application_id"))
                    // Of the application, for lists and for who may see it.
                    .col(uuid("call_id"))
                    .col(uuid("programme_id"))
                    .col(uuid("lead_city_id"))
                    .col(string("state"))
                    .col(string("reference"))
                    .col(string("currency"))
                    .col(big_integer("asked_minor"))
                    .col(big_integer("awarded_minor"))
                    .col(big_integer("disbursed_minor"))
                    // The day until which the next report is to be handed in, in days since the year 1; the largest number
                    // where none is.
                    .col(integer("due_day"))
                    // The contract, the instalments and the reports: few, and always read together.
                    .col(json_binary("life"))
                    .check(Expr::col("disbursed_minor").lte(Expr::col("awarded_minor")))
                    .foreign_key(&mut restrict("funding_grants", "application_id", "applications"))
                    .foreign_key(&mut restrict("funding_grants", "call_id", "calls"))
                    .foreign_key(&mut restrict("funding_grants", "programme_id", "programmes"))
                    .foreign_key(&mut restrict("funding_grants", "lead_city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("funding_grants", &["application_id"]))
            .await?;
        manager
            .create_index(index("funding_grants", &["programme_id", "due_day", "id"]))
            .await?;
        manager
            .create_index(index("funding_grants", &["lead_city_id", "programme_id", "due_day"]))
            .await?;
        manager.create_index(index("funding_grants", &["call_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("funding_grants").to_owned())
            .await
    }
}
