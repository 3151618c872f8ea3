//! Documents of joint applications. Their bytes are in the object store, under the ids of file and document.

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
                // Version 0 while its bytes are on their way: such a row is told nowhere.
                versioned_table("attachments")
                    .col(uuid("application_id"))
                    .col(string("purpose"))
                    // Whose letter of engagement it is.
                    .col(uuid_null("city_id"))
                    .col(text("name"))
                    .col(string("kind"))
                    .col(big_integer("size_bytes"))
                    .col(string("sha256"))
                    .col(uuid_null("added_by"))
                    // Since when it is no part of the file; some time later its bytes go too.
                    .col(timestamp_with_time_zone_null("removed_at"))
                    .foreign_key(&mut cascade("attachments", "application_id", "applications"))
                    .foreign_key(&mut restrict("attachments", "city_id", "cities"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("attachments", &["application_id", "id"]))
            .await?;
        manager.create_index(index("attachments", &["removed_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("attachments").to_owned()).await
    }
}
