use sea_orm::{DbBackend, QueryTrait};

use super::*;
use crate::db::Db;
use crate::db::entity::contact;

/// The plan of a statement, one step a line. PostgreSQL is told to avoid walking through tables: on an empty one it would
/// rather do so, whatever the indexes.
async fn plan(db: &Db, sql: Sql) -> Vec<String> {
    let caller = crate::caller::Caller::system(chrono::DateTime::UNIX_EPOCH);
    let explain = match db.backend() {
        DbBackend::Postgres => "EXPLAIN",
        _ => "EXPLAIN QUERY PLAN",
    };
    let values = sql.values.map(|values| values.0).unwrap_or_default();
    let sql = Sql::from_sql_and_values(db.backend(), format!("{explain} {}", sql.sql), values);
    db.write(&caller, async |tx| {
        if tx.has_row_locks() {
            tx.conn().execute_unprepared("SET LOCAL enable_seqscan = off").await?;
        }
        let rows = tx.conn().query_all_raw(sql).await?;
        let column = if tx.has_row_locks() { 0 } else { 3 };
        Ok(rows.iter().map(|row| row.try_get_by_index(column).unwrap()).collect())
    })
    .await
    .unwrap()
}

async fn no_read_of_a_city_walks_through_a_table(db: Db) {
    db.migrate().await.unwrap();
    let id = CityId(Uuid::nil());
    let statements = [
        ("profile: row", city::Entity::find_by_id(id).build(db.backend())),
        (
            "profile: around it",
            Sql::from_sql_and_values(db.backend(), PARTS, [id.into()]),
        ),
        (
            "by code",
            city_code::Entity::find()
                .filter(city_code::Column::Scheme.eq("fr:insee"))
                .filter(city_code::Column::Value.eq("38185"))
                .build(db.backend()),
        ),
        (
            "contacts",
            contact::Entity::find()
                .filter(contact::Column::CityId.eq(id))
                .build(db.backend()),
        ),
    ];
    for (name, sql) in statements {
        let plan = plan(&db, sql).await;
        println!("{name}\n  {}", plan.join("\n  "));
        for step in &plan {
            assert!(!step.contains("SCAN") && !step.contains("Seq Scan"), "{name}: {step}");
        }
    }
}

#[tokio::test]
async fn no_read_of_a_city_walks_through_a_table_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("plan.sqlite").display());
    no_read_of_a_city_walks_through_a_table(Db::connect(&url).await.unwrap()).await;
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test learns of its database server from the environment"
)]
async fn no_read_of_a_city_walks_through_a_table_on_postgres() {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        return;
    };
    let name = format!("plan_{}", Uuid::now_v7().simple());
    let admin = Db::connect(&server).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    admin.read().execute_unprepared(&create).await.unwrap();
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(&name);
    no_read_of_a_city_walks_through_a_table(Db::connect(url.as_str()).await.unwrap()).await;
}
