//! Matching rounds with their members, pairs and certificates; and long work, which any process carries out.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_jobs(manager).await?;
        create_rounds(manager).await?;
        create_members(manager).await?;
        create_pairs(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["round_certificates", "round_pairs", "round_members", "rounds", "jobs"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

async fn create_jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            versioned_table("jobs")
                .col(string("kind"))
                // What it is about, and the programme whose officers may see it.
                .col(uuid("subject_id"))
                .col(uuid_null("programme_id"))
                .col(string("state"))
                .col(big_integer("done"))
                .col(big_integer("goal"))
                // How often a process has begun it: what it writes counts only while this is its own number.
                .col(big_integer("attempts"))
                // Until when the process that carries it out has it; then any other may begin it again.
                .col(timestamp_with_time_zone_null("held_until"))
                .col(boolean("cancel_asked"))
                .col(string_null("problem"))
                .col(timestamp_with_time_zone_null("started_at"))
                .col(timestamp_with_time_zone_null("finished_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("jobs", &["state", "created_at"])).await
}

async fn create_rounds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            versioned_table("rounds")
                .col(uuid("programme_id"))
                .col(string("state"))
                .col(json_binary("name"))
                .col(json_binary("about"))
                .col(json_binary("rules"))
                .col(timestamp_with_time_zone_null("wishes_until"))
                // Members of each side: counted as they come and go.
                .col(integer("first_members"))
                .col(integer("second_members"))
                .col(json_binary_null("outcome"))
                .col(uuid_null("job_id"))
                .foreign_key(&mut restrict("rounds", "programme_id", "programmes"))
                .foreign_key(&mut restrict("rounds", "job_id", "jobs"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("rounds", &["programme_id", "id"])).await
}

async fn create_members(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("round_members")
                .col(uuid("round_id"))
                .col(uuid("city_id"))
                .col(big_integer("version"))
                .col(string("side"))
                .col(integer("places"))
                // Ids of cities, the first wish first.
                .col(json_binary("wishes"))
                .primary_key(Index::create().col("round_id").col("city_id"))
                .foreign_key(&mut cascade("round_members", "round_id", "rounds"))
                .foreign_key(&mut restrict("round_members", "city_id", "cities"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("round_members", &["city_id"])).await
}

async fn create_pairs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            versioned_table("round_pairs")
                .col(uuid("round_id"))
                .col(string("state"))
                .col(uuid("first_city"))
                .col(uuid("second_city"))
                // The same two in the order of their ids: one row for each unordered pair of a round.
                .col(uuid("city_low"))
                .col(uuid("city_high"))
                // Folded names, to sort by.
                .col(string("first_name"))
                .col(string("second_name"))
                .col(string("first_country"))
                .col(string("second_country"))
                .col(integer("gain_to_first"))
                .col(integer("gain_to_second"))
                .col(integer("total"))
                .col(integer_null("wish_of_first"))
                .col(integer_null("wish_of_second"))
                .col(string_null("accepted_by"))
                .col(uuid_null("partnership_id"))
                .foreign_key(&mut cascade("round_pairs", "round_id", "rounds"))
                .foreign_key(&mut restrict("round_pairs", "first_city", "cities"))
                .foreign_key(&mut restrict("round_pairs", "second_city", "cities"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("round_pairs", &["round_id", "city_low", "city_high"]))
        .await?;
    for columns in [["total", "id"], ["first_name", "id"], ["second_name", "id"]] {
        manager
            .create_index(index("round_pairs", &["round_id", columns[0], columns[1]]))
            .await?;
    }
    for city in ["first_city", "second_city"] {
        manager.create_index(index("round_pairs", &[city])).await?;
    }
    manager
        .create_table(
            Table::create()
                .table("round_certificates")
                .col(uuid("round_id").primary_key())
                .col(timestamp_with_time_zone("made_at"))
                // JSON, compressed with zstd.
                .col(binary("body"))
                .foreign_key(&mut cascade("round_certificates", "round_id", "rounds"))
                .to_owned(),
        )
        .await
}
