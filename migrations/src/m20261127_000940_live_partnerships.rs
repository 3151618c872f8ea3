//! The life of partnerships: terms, signatures, conditions, since when they stand where they stand; and who says that a
//! pair is one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date_null, json_binary, text_null, timestamp_with_time_zone_null};

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut signatures = json_binary("signatures");
        signatures.default("[]");
        let mut sources = json_binary("sources");
        sources.default("[]");
        let added = [
            ("partnerships", date_null("ends_on")),
            ("partnerships", timestamp_with_time_zone_null("state_since")),
            // What has to hold for a suspended one to go on.
            ("partnerships", text_null("condition")),
            // Few, and always read with their partnership.
            ("partnerships", signatures),
            // Who says so, and since when.
            ("pairings", sources),
        ];
        // SQLite adds one column at a time.
        for (table, mut column) in added {
            manager
                .alter_table(Table::alter().table(table).add_column(&mut column).to_owned())
                .await?;
        }
        manager.create_index(index("partnerships", &["parent_id"])).await?;
        manager.create_index(index("partnerships", &["predecessor_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["ix_partnerships_parent_id", "ix_partnerships_predecessor_id"] {
            manager
                .drop_index(Index::drop().name(name).table("partnerships").to_owned())
                .await?;
        }
        for (table, column) in [
            ("pairings", "sources"),
            ("partnerships", "signatures"),
            ("partnerships", "condition"),
            ("partnerships", "state_since"),
            ("partnerships", "ends_on"),
        ] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
