//! How the files of a call are judged, and the reviews of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [
            json_binary_null("review_plan"),
            // Of the plan, for lists: what a reviewer may not see.
            boolean("blind").default(false).take(),
        ] {
            manager
                .alter_table(Table::alter().table("calls").add_column(&mut column).to_owned())
                .await?;
        }
        manager
            .create_table(
                versioned_table("reviews")
                    .col(uuid("application_id"))
                    // The file's call and its programme: the scope of who may see it.
                    .col(uuid("call_id"))
                    .col(uuid("programme_id"))
                    .col(uuid("reviewer_id"))
                    .col(string("state"))
                    // Whether its reviewer still has to do it.
                    .col(boolean("open"))
                    .col(json_binary("sheet"))
                    // What the scores add up to so far, in hundredths of a point of 100, and how many there are.
                    .col(integer_null("total"))
                    .col(integer("scored"))
                    .col(text_null("conflict"))
                    .col(timestamp_with_time_zone_null("filed_at"))
                    .foreign_key(&mut cascade("reviews", "application_id", "applications"))
                    .foreign_key(&mut restrict("reviews", "call_id", "calls"))
                    .foreign_key(&mut restrict("reviews", "programme_id", "programmes"))
                    .foreign_key(&mut restrict("reviews", "reviewer_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("reviews", &["application_id", "reviewer_id"]))
            .await?;
        manager.create_index(index("reviews", &["call_id"])).await?;
        manager
            .create_index(index("reviews", &["reviewer_id", "open", "id"]))
            .await?;
        manager
            .create_index(index("applications", &["call_id", "outcome", "granted_minor"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_applications_call_id_outcome_granted_minor")
                    .table("applications")
                    .to_owned(),
            )
            .await?;
        manager.drop_table(Table::drop().table("reviews").to_owned()).await?;
        for column in ["blind", "review_plan"] {
            manager
                .alter_table(Table::alter().table("calls").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
