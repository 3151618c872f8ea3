//! Accounts, their grants and sessions, programs, and the keys that tokens are signed with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("accounts")
                    .col(string("email"))
                    .col(string("name"))
                    .col(string("password_hash"))
                    .col(string("language"))
                    .col(boolean("active"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("accounts", &["email"])).await?;
        manager
            .create_table(
                table("grants")
                    .col(uuid("account_id"))
                    .col(string("role"))
                    .col(uuid_null("scope_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut cascade("grants", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("grants", &["account_id", "role", "scope_id"]))
            .await?;
        manager.create_index(index("grants", &["role", "scope_id"])).await?;
        manager
            .create_table(
                table("sessions")
                    .col(uuid("account_id"))
                    .col(binary("refresh_hash"))
                    .col(binary_null("previous_hash"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("refreshed_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .foreign_key(&mut cascade("sessions", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("sessions", &["account_id"])).await?;
        manager.create_index(unique("sessions", &["refresh_hash"])).await?;
        manager.create_index(index("sessions", &["previous_hash"])).await?;
        manager
            .create_table(
                versioned_table("api_clients")
                    .col(uuid_null("account_id"))
                    .col(string("name"))
                    .col(binary("secret_hash"))
                    .col(json_binary("scopes"))
                    .col(string("role"))
                    .col(uuid_null("scope_id"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_attempts")
                    .col(string("key").primary_key())
                    .col(integer("failures"))
                    .col(timestamp_with_time_zone("last_at"))
                    .col(timestamp_with_time_zone_null("locked_until"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("signing_keys")
                    .col(binary("secret"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "signing_keys",
            "sign_in_attempts",
            "api_clients",
            "sessions",
            "grants",
            "accounts",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
