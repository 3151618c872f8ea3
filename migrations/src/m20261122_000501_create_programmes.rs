//! Programmes, their dated rule sets, and their calls.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("programmes")
                    .col(json_binary("name"))
                    .col(json_binary("about"))
                    .col(json_binary("funders"))
                    .col(text_null("source"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("rule_sets")
                    .col(uuid("programme_id"))
                    .col(string("name"))
                    .col(big_integer("version"))
                    .col(date("valid_from"))
                    .col(date_null("valid_to"))
                    // The rules as they are sent; a rule set is never changed, only followed by its next version.
                    .col(json_binary("content"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut restrict("rule_sets", "programme_id", "programmes"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("rule_sets", &["programme_id", "name", "version"]))
            .await?;
        manager
            .create_table(
                versioned_table("calls")
                    .col(uuid("programme_id"))
                    .col(uuid("rule_set_id"))
                    .col(string("state"))
                    .col(json_binary("title"))
                    .col(json_binary("about"))
                    .col(timestamp_with_time_zone("opens_at"))
                    .col(timestamp_with_time_zone("closes_at"))
                    .col(string("zone"))
                    .col(integer("grace_s"))
                    // The deadline, and the last instant with the grace, in milliseconds since 1970: for the order of
                    // lists, which both databases compute alike from whole numbers.
                    .col(big_integer("closes_ms"))
                    .col(big_integer("takes_until_ms"))
                    .col(json_binary("questions"))
                    .col(big_integer_null("envelope_minor"))
                    .foreign_key(&mut restrict("calls", "programme_id", "programmes"))
                    .foreign_key(&mut restrict("calls", "rule_set_id", "rule_sets"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("calls", &["state", "takes_until_ms"]))
            .await?;
        manager.create_index(index("calls", &["programme_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["calls", "rule_sets", "programmes"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
