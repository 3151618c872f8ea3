//! Contact persons that are to be confirmed, and the links by which a mail's reader does so.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            boolean("elected").default(false).to_owned(),
            // When somebody last entered or confirmed the person; unknown for those of before.
            date_null("confirmed_on"),
            // Why nobody knows since which day whether it is still the right person; both or none.
            string_null("confirm_reason"),
            date_null("confirm_day"),
        ];
        for mut column in columns {
            manager
                .alter_table(Table::alter().table("contacts").add_column(&mut column).to_owned())
                .await?;
        }
        let links = table("contact_links")
            .col(uuid("contact_id"))
            .col(uuid("account_id"))
            // SHA-256: the token itself is in the mail alone.
            .col(binary("token_hash"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut cascade("contact_links", "contact_id", "contacts"))
            .foreign_key(&mut cascade("contact_links", "account_id", "accounts"))
            .to_owned();
        manager.create_table(links).await?;
        for statement in [
            index("contacts", &["mandate_ends_on"]),
            unique("contact_links", &["token_hash"]),
            index("contact_links", &["contact_id"]),
            index("contact_links", &["account_id"]),
            index("contact_links", &["expires_at"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("contact_links").to_owned())
            .await?;
        manager
            .drop_index(
                Index::drop()
                    .name("ix_contacts_mandate_ends_on")
                    .table("contacts")
                    .to_owned(),
            )
            .await?;
        for column in ["confirm_day", "confirm_reason", "confirmed_on", "elected"] {
            manager
                .alter_table(Table::alter().table("contacts").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
