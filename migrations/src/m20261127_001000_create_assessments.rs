//! What the sides of a partnership make of it, each for itself, once a year.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = versioned_table("assessments")
            .col(uuid("partnership_id"))
            .col(uuid("city_id"))
            .col(integer("year"))
            .col(string("state"))
            // The ten principles in their order, each with a score and what shows it.
            .col(json_binary("scores"))
            .col(timestamp_with_time_zone_null("filed_at"))
            .foreign_key(&mut cascade("assessments", "partnership_id", "partnerships"))
            .foreign_key(&mut restrict("assessments", "city_id", "cities"))
            .to_owned();
        manager.create_table(table).await?;
        for statement in [
            // Of two people of one side who begin the same year, one is refused.
            unique("assessments", &["partnership_id", "year", "city_id"]),
            index("assessments", &["city_id"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("assessments").to_owned()).await
    }
}
