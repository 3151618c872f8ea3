//! Which of the two cities bans the pair: each side has bans of its own, and does not see the other's.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

use crate::columns::{index, unique};

const TABLE: &str = "banned_pairs";
const PAIR: [&str; 2] = ["city_low", "city_high"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(TABLE)
                    .add_column(uuid_null("banned_by"))
                    .to_owned(),
            )
            .await?;
        let first_side = Query::update()
            .table(TABLE)
            .value("banned_by", Expr::col("city_low"))
            .to_owned();
        manager.execute(first_side).await?;
        manager
            .drop_index(
                Index::drop()
                    .name("uq_banned_pairs_city_low_city_high")
                    .table(TABLE)
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique(TABLE, &["city_low", "city_high", "banned_by"]))
            .await?;
        manager.create_index(index(TABLE, &["banned_by", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [
            "ix_banned_pairs_banned_by_id",
            "uq_banned_pairs_city_low_city_high_banned_by",
        ] {
            manager
                .drop_index(Index::drop().name(name).table(TABLE).to_owned())
                .await?;
        }
        manager.create_index(unique(TABLE, &PAIR)).await?;
        manager
            .alter_table(Table::alter().table(TABLE).drop_column("banned_by").to_owned())
            .await
    }
}
