//! The place of a file in the committee's ranking when it was put on the waiting list.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::integer_null;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("applications")
                    .add_column(integer_null("waitlist_rank"))
                    .to_owned(),
            )
            .await?;
        // Who waits, whenever a place on the list is told.
        manager
            .create_index(index("applications", &["call_id", "state", "waitlist_rank"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_applications_call_id_state_waitlist_rank")
                    .table("applications")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("applications")
                    .drop_column("waitlist_rank")
                    .to_owned(),
            )
            .await
    }
}
