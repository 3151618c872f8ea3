//! What meetings recommend, and the lessons that it comes from.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in tables() {
            manager.create_table(statement).await?;
        }
        for statement in [
            unique("recommendations", &["source_key"]),
            index("recommendations", &["meeting_id", "id"]),
            index("recommendations", &["state", "id"]),
            index("recommendation_sources", &["recommendation_id", "position"]),
            index("recommendation_sources", &["lesson_id"]),
            index("recommendation_sources", &["listed_lesson_id"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["recommendation_sources", "recommendations"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 2] {
    [
        versioned_table("recommendations")
            .col(uuid("meeting_id"))
            .col(string("addressee"))
            .col(string("addressee_name"))
            .col(json_binary("text"))
            .col(string("state"))
            // What became of it: states with their times and reasons.
            .col(json_binary("steps"))
            .col(string_null("source_key"))
            .foreign_key(&mut cascade("recommendations", "meeting_id", "meetings"))
            .to_owned(),
        // It comes from a proposed lesson or from one of the meeting's list: one of the two is there.
        table("recommendation_sources")
            .col(uuid("recommendation_id"))
            .col(integer("position"))
            .col(uuid_null("lesson_id"))
            .col(uuid_null("listed_lesson_id"))
            .foreign_key(&mut cascade(
                "recommendation_sources",
                "recommendation_id",
                "recommendations",
            ))
            .foreign_key(&mut cascade("recommendation_sources", "lesson_id", "lessons"))
            .foreign_key(&mut cascade(
                "recommendation_sources",
                "listed_lesson_id",
                "listed_lessons",
            ))
            .to_owned(),
    ]
}
