//! The journal by time, for what has changed since a past moment.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(index("audit_entries", &["resource", "at", "seq"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = "ix_audit_entries_resource_at_seq";
        manager
            .drop_index(Index::drop().name(name).table("audit_entries").to_owned())
            .await
    }
}
