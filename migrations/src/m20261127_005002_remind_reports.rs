//! Of which reports a grant's lead was reminded.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let reminders = table("report_reminders")
            .col(uuid("funding_id"))
            // The day until which the report was to be handed in, in days since the year 1, as in `funding_grants`.
            .col(integer("due_day"))
            .col(string("stage"))
            .col(timestamp_with_time_zone("sent_at"))
            .foreign_key(&mut cascade("report_reminders", "funding_id", "funding_grants"))
            .to_owned();
        manager.create_table(reminders).await?;
        for statement in [
            unique("report_reminders", &["funding_id", "due_day", "stage"]),
            index("funding_grants", &["due_day"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut due_day = Index::drop();
        due_day.name("ix_funding_grants_due_day").table("funding_grants");
        manager.drop_index(due_day).await?;
        manager
            .drop_table(Table::drop().table("report_reminders").to_owned())
            .await
    }
}
