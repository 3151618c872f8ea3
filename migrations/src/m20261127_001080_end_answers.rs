//! Until when the cities of a round may answer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut until = timestamp_with_time_zone_null("answers_until");
        manager
            .alter_table(Table::alter().table("rounds").add_column(&mut until).to_owned())
            .await?;
        // What lapses is looked for again and again.
        manager.create_index(index("rounds", &["state", "answers_until"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_rounds_state_answers_until")
                    .table("rounds")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(Table::alter().table("rounds").drop_column("answers_until").to_owned())
            .await
    }
}
