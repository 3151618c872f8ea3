//! Partnerships with their parties and the pairs inside them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{cascade, index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One order on both databases: PostgreSQL would sort by the locale of its machine.
        let mut name_key = string("name_key");
        if manager.get_database_backend() == DbBackend::Postgres {
            name_key.extra("COLLATE \"C\"");
        }
        manager
            .create_table(
                versioned_table("partnerships")
                    .col(string("name"))
                    .col(name_key)
                    .col(string("kind"))
                    .col(string("state"))
                    .col(text_null("state_reason"))
                    .col(string_null("platform"))
                    .col(text("about"))
                    .col(json_binary("themes"))
                    .col(json_binary("territories"))
                    .col(date_null("started_on"))
                    .col(uuid_null("parent_id"))
                    .col(uuid_null("predecessor_id"))
                    .col(text_null("source"))
                    // What a loaded partnership is known by at its source, so that loading again changes nothing.
                    .col(string_null("source_key"))
                    // Names of the partnership and of its parties folded for search.
                    .col(text("search_keys"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("partnerships", &["source_key"])).await?;
        manager
            .create_index(index("partnerships", &["deleted_at", "updated_at", "id"]))
            .await?;
        manager
            .create_index(index("partnerships", &["deleted_at", "name_key", "id"]))
            .await?;
        manager
            .create_index(index(
                "partnerships",
                &["deleted_at", "kind", "state", "updated_at", "id"],
            ))
            .await?;
        manager
            .create_table(
                table("partnership_parties")
                    .col(uuid("partnership_id"))
                    .col(integer("position"))
                    .col(string("role"))
                    // Exactly one of the three is set.
                    .col(uuid_null("city_id"))
                    .col(uuid_null("network_id"))
                    .col(uuid_null("actor_id"))
                    .col(string("country"))
                    .foreign_key(&mut cascade("partnership_parties", "partnership_id", "partnerships"))
                    .foreign_key(&mut restrict("partnership_parties", "city_id", "cities"))
                    .foreign_key(&mut restrict("partnership_parties", "network_id", "networks"))
                    .foreign_key(&mut restrict("partnership_parties", "actor_id", "actors"))
                    .to_owned(),
            )
            .await?;
        for party in ["city_id", "network_id", "actor_id"] {
            manager
                .create_index(unique("partnership_parties", &["partnership_id", party]))
                .await?;
        }
        manager
            .create_index(index("partnership_parties", &["city_id", "partnership_id"]))
            .await?;
        manager
            .create_index(index("partnership_parties", &["network_id"]))
            .await?;
        manager
            .create_index(index("partnership_parties", &["country", "partnership_id"]))
            .await?;
        manager
            .create_table(
                table("pairings")
                    .col(uuid("partnership_id"))
                    .col(integer("position"))
                    .col(uuid("a_id"))
                    .col(uuid("b_id"))
                    .foreign_key(&mut cascade("pairings", "partnership_id", "partnerships"))
                    .foreign_key(&mut restrict("pairings", "a_id", "cities"))
                    .foreign_key(&mut restrict("pairings", "b_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("pairings", &["partnership_id", "a_id", "b_id"]))
            .await?;
        manager.create_index(index("pairings", &["a_id"])).await?;
        manager.create_index(index("pairings", &["b_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["pairings", "partnership_parties", "partnerships"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
