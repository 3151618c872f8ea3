//! What partnerships learn, and the lists that meetings make of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::{cascade, index, restrict, table, unique, versioned_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in tables() {
            manager.create_table(statement).await?;
        }
        for statement in [
            unique("lessons", &["source_key"]),
            index("lessons", &["partnership_id", "id"]),
            index("lesson_grounds", &["lesson_id", "position"]),
            index("lesson_grounds", &["result_id"]),
            index("lesson_grounds", &["activity_id"]),
            unique("meetings", &["source_key"]),
            index("meetings", &["starts_on", "id"]),
            // Of two who want the same place of a list one is refused; taken out lessons have none.
            unique("listed_lessons", &["meeting_id", "position"]),
            index("listed_lesson_sources", &["listed_lesson_id", "position"]),
            index("listed_lesson_sources", &["lesson_id"]),
            index("renewal_lessons", &["partnership_id"]),
            index("renewal_lessons", &["lesson_id"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "renewal_lessons",
            "listed_lesson_sources",
            "listed_lessons",
            "meetings",
            "lesson_grounds",
            "lessons",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 6] {
    [
        versioned_table("lessons")
            .col(uuid("partnership_id"))
            .col(string("theme"))
            .col(text("text"))
            .col(string("language"))
            .col(string_null("source_key"))
            .col(timestamp_with_time_zone_null("deleted_at"))
            .foreign_key(&mut cascade("lessons", "partnership_id", "partnerships"))
            .to_owned(),
        // A lesson rests on a result or on an activity: one of the two is there.
        table("lesson_grounds")
            .col(uuid("lesson_id"))
            .col(integer("position"))
            .col(uuid_null("result_id"))
            .col(uuid_null("activity_id"))
            .foreign_key(&mut cascade("lesson_grounds", "lesson_id", "lessons"))
            .foreign_key(&mut cascade("lesson_grounds", "result_id", "results"))
            .foreign_key(&mut cascade("lesson_grounds", "activity_id", "activities"))
            .to_owned(),
        versioned_table("meetings")
            .col(json_binary("name"))
            .col(uuid_null("host_city_id"))
            .col(uuid_null("host_network_id"))
            .col(string("place"))
            .col(date("starts_on"))
            .col(date("ends_on"))
            .col(string_null("source"))
            .col(string_null("source_key"))
            .foreign_key(&mut restrict("meetings", "host_city_id", "cities"))
            .foreign_key(&mut restrict("meetings", "host_network_id", "networks"))
            .to_owned(),
        versioned_table("listed_lessons")
            .col(uuid("meeting_id"))
            // From 1 to 10; null where it was taken out.
            .col(integer_null("position"))
            .col(string("theme"))
            .col(json_binary("text"))
            .foreign_key(&mut cascade("listed_lessons", "meeting_id", "meetings"))
            .to_owned(),
        table("listed_lesson_sources")
            .col(uuid("listed_lesson_id"))
            .col(integer("position"))
            .col(uuid("lesson_id"))
            .foreign_key(&mut cascade(
                "listed_lesson_sources",
                "listed_lesson_id",
                "listed_lessons",
            ))
            .foreign_key(&mut cascade("listed_lesson_sources", "lesson_id", "lessons"))
            .to_owned(),
        // The lessons that a partnership named when it was renewed.
        table("renewal_lessons")
            .col(uuid("partnership_id"))
            .col(uuid("lesson_id"))
            .col(timestamp_with_time_zone("renewed_at"))
            .foreign_key(&mut cascade("renewal_lessons", "partnership_id", "partnerships"))
            .foreign_key(&mut cascade("renewal_lessons", "lesson_id", "lessons"))
            .to_owned(),
    ]
}
