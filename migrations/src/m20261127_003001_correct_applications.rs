//! Corrections of files: what was asked for, with the version that is not handed in yet.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, json_binary_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            json_binary_null("correction"),
            // Until then the file is being corrected, and not judged.
            big_integer_null("correction_until_ms"),
        ];
        for mut column in columns {
            manager
                .alter_table(Table::alter().table("applications").add_column(&mut column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["correction_until_ms", "correction"] {
            manager
                .alter_table(Table::alter().table("applications").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
