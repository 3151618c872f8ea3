//! The journal of all changes, the answers kept for repeated requests, and the outbox.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_entries")
                    .col(big_integer("seq").auto_increment().primary_key())
                    .col(timestamp_with_time_zone("at"))
                    .col(string("actor_kind"))
                    .col(uuid_null("actor_id"))
                    .col(string("verb"))
                    .col(string("resource"))
                    .col(uuid("resource_id"))
                    .col(big_integer("version"))
                    .col(json_binary("details"))
                    .col(uuid_null("request_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("audit_entries", &["resource", "resource_id", "seq"]))
            .await?;
        manager
            .create_index(index("audit_entries", &["actor_id", "seq"]))
            .await?;
        manager
            .create_table(
                table("idempotency_keys")
                    .col(string("owner"))
                    .col(string("key"))
                    .col(binary("fingerprint"))
                    .col(text("answer"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("idempotency_keys", &["owner", "key"]))
            .await?;
        manager.create_index(index("idempotency_keys", &["created_at"])).await?;
        manager
            .create_table(
                table("outbox")
                    .col(string("kind"))
                    .col(json_binary("payload"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .col(text_null("last_error"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("outbox", &["done_at", "due_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["outbox", "idempotency_keys", "audit_entries"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
