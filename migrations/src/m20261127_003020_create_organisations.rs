//! Organisations that have no table of their own, how organisations were renamed and merged, and which of them fund programmes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let organisations = versioned_table("organisations")
            .col(string("name"))
            .col(string_null("short_name"))
            .col(string("country"))
            // What it belongs to, in words.
            .col(string_null("part_of"))
            .col(string_null("website"))
            .to_owned();
        // No foreign keys to what changed: an organisation, a network or an actor.
        let changes = table("organisation_changes")
            .col(uuid("organisation_id"))
            .col(string("step"))
            // What it was called until then.
            .col(string("name"))
            .col(string_null("short_name"))
            .col(uuid_null("into_id"))
            .col(date("happened_on"))
            .col(text("reason"))
            .col(text("source"))
            .col(timestamp_with_time_zone("entered_at"))
            .to_owned();
        let funders = table("programme_funders")
            .col(uuid("programme_id"))
            .col(uuid("organisation_id"))
            .col(integer("position"))
            .foreign_key(&mut cascade("programme_funders", "programme_id", "programmes"))
            .to_owned();
        for table in [organisations, changes, funders] {
            manager.create_table(table).await?;
        }
        for statement in [
            unique("organisations", &["name", "country"]),
            unique("organisation_changes", &["organisation_id", "happened_on"]),
            index("organisation_changes", &["into_id"]),
            unique("programme_funders", &["programme_id", "organisation_id"]),
            index("programme_funders", &["organisation_id"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["programme_funders", "organisation_changes", "organisations"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
