//! Turnkey cohorts, the networks that lead them, and their cities with their letters of engagement.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cohorts = versioned_table("cohorts")
            .col(uuid("programme_id"))
            .col(json_binary("name"))
            .col(json_binary("about"))
            .col(integer("minimum_cities"))
            // The levels of engagement that it offers, in their order.
            .col(json_binary("levels"))
            // The letter's text by language, with places that each letter fills in.
            .col(json_binary("letter"))
            .col(date("closes_on"))
            .col(string("zone"))
            // The end of that day there; earlier where the cohort was closed before.
            .col(timestamp_with_time_zone("closes_at"))
            .col(string_null("source"))
            .col(timestamp_with_time_zone_null("deleted_at"))
            .foreign_key(&mut restrict("cohorts", "programme_id", "programmes"))
            .to_owned();
        let networks = table("cohort_networks")
            .col(uuid("cohort_id"))
            .col(uuid("network_id"))
            .col(integer("position"))
            .foreign_key(&mut cascade("cohort_networks", "cohort_id", "cohorts"))
            .foreign_key(&mut restrict("cohort_networks", "network_id", "networks"))
            .to_owned();
        let members = versioned_table("cohort_members")
            .col(uuid("cohort_id"))
            .col(uuid("city_id"))
            .col(string("way"))
            .col(json_binary("levels"))
            .col(uuid_null("partner_id"))
            .col(json_binary("referent"))
            .col(timestamp_with_time_zone("joined_at"))
            .col(string("letter_state"))
            // The place of the letter's state in lists.
            .col(integer("place"))
            // What the letter said as it was sent, by language.
            .col(json_binary_null("letter"))
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(timestamp_with_time_zone_null("signed_at"))
            .col(json_binary_null("signature"))
            .col(string_null("reference"))
            .col(json_binary("steps"))
            // When it left, and why, where the network took it out.
            .col(timestamp_with_time_zone_null("left_at"))
            .col(text_null("left_why"))
            .foreign_key(&mut cascade("cohort_members", "cohort_id", "cohorts"))
            .foreign_key(&mut restrict("cohort_members", "city_id", "cities"))
            .foreign_key(&mut restrict("cohort_members", "partner_id", "cities"))
            .to_owned();
        for table in [cohorts, networks, members] {
            manager.create_table(table).await?;
        }
        for statement in [
            index("cohorts", &["closes_at", "id"]),
            index("cohorts", &["programme_id", "closes_at", "id"]),
            unique("cohort_networks", &["cohort_id", "network_id"]),
            index("cohort_networks", &["network_id"]),
            unique("cohort_members", &["cohort_id", "city_id"]),
            index("cohort_members", &["cohort_id", "place", "id"]),
            index("cohort_members", &["city_id"]),
            index("cohort_members", &["partner_id"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["cohort_members", "cohort_networks", "cohorts"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
