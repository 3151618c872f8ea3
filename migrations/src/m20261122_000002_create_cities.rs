//! The directory: cities with names, codes, needs and offers, contact persons; networks and actors; bans.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                versioned_table("networks")
                    .col(string("name"))
                    .col(string("kind"))
                    .col(string("country"))
                    .col(json_binary("subdivisions"))
                    .col(string_null("website"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("networks", &["name"])).await?;
        manager
            .create_table(
                versioned_table("actors")
                    .col(string("name"))
                    .col(string("kind"))
                    .col(string("country"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("actors", &["name", "country"])).await?;
        manager
            .create_table(
                versioned_table("cities")
                    .col(string("kind"))
                    .col(string("name"))
                    .col(json_binary("labels"))
                    .col(string("country"))
                    .col(string_null("subdivision"))
                    .col(big_integer_null("population"))
                    .col(double_null("lat"))
                    .col(double_null("lng"))
                    .col(uuid_null("parent_id"))
                    .col(uuid_null("network_id"))
                    .col(boolean("open_to_partners"))
                    .col(json_binary("descriptions"))
                    .col(json_binary("languages"))
                    .col(json_binary("looking_for"))
                    .col(string_null("website"))
                    // Every name and code of the city folded for search, one a line: what the search index is made of.
                    .col(text("search_keys"))
                    .foreign_key(&mut restrict("cities", "network_id", "networks"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("cities", &["country", "name"])).await?;
        manager.create_index(index("cities", &["parent_id"])).await?;
        manager
            .create_table(
                table("city_names")
                    .col(uuid("city_id"))
                    .col(string("text"))
                    .col(string_null("language"))
                    .col(string("kind"))
                    .foreign_key(&mut cascade("city_names", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("city_names", &["city_id"])).await?;
        manager
            .create_table(
                table("city_codes")
                    .col(uuid("city_id"))
                    .col(string("scheme"))
                    .col(string("value"))
                    .col(date_null("valid_from"))
                    .col(date_null("valid_to"))
                    .foreign_key(&mut cascade("city_codes", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("city_codes", &["scheme", "value"])).await?;
        manager.create_index(index("city_codes", &["city_id"])).await?;
        manager
            .create_table(
                table("city_statements")
                    .col(uuid("city_id"))
                    .col(string("side"))
                    .col(integer("position"))
                    .col(string("theme"))
                    .col(string("urgency"))
                    .col(string("sentence"))
                    .col(string_null("place"))
                    .foreign_key(&mut cascade("city_statements", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("city_statements", &["city_id", "side", "theme"]))
            .await?;
        manager
            .create_table(
                table("contacts")
                    .col(uuid("city_id"))
                    .col(integer("position"))
                    .col(string("name"))
                    .col(string("function"))
                    .col(string("email"))
                    .col(string_null("phone"))
                    .col(date_null("mandate_ends_on"))
                    .foreign_key(&mut cascade("contacts", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("contacts", &["city_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "contacts",
            "city_statements",
            "city_codes",
            "city_names",
            "cities",
            "actors",
            "networks",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
