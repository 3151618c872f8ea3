//! What calls ask, in sections; and where answers come from that nobody has looked at yet.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::json_binary;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut sections = json_binary("sections");
        sections.default("[]");
        let mut prefilled = json_binary("prefilled");
        prefilled.default("{}");
        for (table, mut column) in [("calls", sections), ("applications", prefilled)] {
            manager
                .alter_table(Table::alter().table(table).add_column(&mut column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("applications", "prefilled"), ("calls", "sections")] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
