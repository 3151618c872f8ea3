//! Decisions that were taken back to be made again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, json_binary_null};

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // Who took which decision back, when, why, and what it had been: latest first.
            json_binary_null("reopenings"),
            // Whether the results of the call once told of it as accepted, while that decision was reopened since.
            boolean("was_listed").default(false).to_owned(),
        ];
        for mut column in columns {
            manager
                .alter_table(Table::alter().table("applications").add_column(&mut column).to_owned())
                .await?;
        }
        // What a call decided is read by everybody, by title.
        manager
            .create_index(index("applications", &["call_id", "title_key", "id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_applications_call_id_title_key_id")
                    .table("applications")
                    .to_owned(),
            )
            .await?;
        for column in ["was_listed", "reopenings"] {
            manager
                .alter_table(Table::alter().table("applications").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
