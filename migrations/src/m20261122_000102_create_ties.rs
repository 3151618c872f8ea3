//! Bonds that two cities have outside the platform: twinnings and the like, as lists tell them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("ties")
                    // One row for each unordered pair: `a` is the smaller id.
                    .col(uuid("a"))
                    .col(uuid("b"))
                    // As the kind of a partnership.
                    .col(string("kind"))
                    .col(string("source"))
                    .col(date_null("started_on"))
                    .col(timestamp_with_time_zone("created_at"))
                    .check(Expr::col("a").lt(Expr::col("b")))
                    .foreign_key(&mut cascade("ties", "a", "cities"))
                    .foreign_key(&mut cascade("ties", "b", "cities"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("ties", &["a", "b", "kind"])).await?;
        manager.create_index(index("ties", &["b"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("ties").to_owned()).await
    }
}
