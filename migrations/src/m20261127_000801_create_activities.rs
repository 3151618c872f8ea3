//! What partnerships do, and the bookings of their exhibitions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("activities")
                    .col(uuid("partnership_id"))
                    .col(string("kind"))
                    .col(string("state"))
                    .col(text_null("state_reason"))
                    .col(string("title"))
                    .col(date("starts_on"))
                    .col(date("ends_on"))
                    .col(string("place"))
                    // References to parties of the partnership; none for all of it.
                    .col(json_binary("concerned"))
                    .col(integer_null("people"))
                    .col(big_integer_null("cost_minor"))
                    .col(string_null("currency"))
                    .col(text("notes"))
                    // What a loaded activity is known by at its source, so that loading again changes nothing.
                    .col(string_null("source_key").unique_key())
                    .foreign_key(&mut cascade("activities", "partnership_id", "partnerships"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("activities", &["partnership_id", "starts_on", "id"]))
            .await?;
        manager
            .create_table(
                versioned_table("exhibition_bookings")
                    .col(uuid("activity_id"))
                    .col(string("state"))
                    .col(uuid("city_id"))
                    .col(string("place"))
                    .col(date("starts_on"))
                    .col(date("ends_on"))
                    .foreign_key(&mut cascade("exhibition_bookings", "activity_id", "activities"))
                    .foreign_key(&mut restrict("exhibition_bookings", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("exhibition_bookings", &["activity_id", "starts_on", "id"]))
            .await?;
        manager
            .create_index(index("exhibition_bookings", &["city_id", "starts_on"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["exhibition_bookings", "activities"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
