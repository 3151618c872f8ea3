//! Reading a whole table when the process starts, by all cores at once.
//!
//! A row that comes column by column costs more than what is then done with it. So the database writes some thousand rows
//! as one JSON text; several connections read, several threads make rows of the texts. Both databases write the same:
//! ids as text, floating-point numbers as text that loses nothing, truth as 0 or 1.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Db;
use crate::error::Error;

/// Rows in one text.
const ROWS: u32 = 2_000;
/// Texts that are read at once: no more than there are connections.
const AT_ONCE: usize = 4;

/// A column, by what is in it.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// Text, or a whole number.
    Plain(&'static str),
    /// A UUID, perhaps none.
    Id(&'static str),
    /// JSON.
    Json(&'static str),
    /// True or false: 1 or 0.
    Flag(&'static str),
    /// A floating-point number, perhaps none: as text, to be parsed.
    Real(&'static str),
}

impl Column {
    fn sql(self, backend: DbBackend) -> String {
        let is_sqlite = backend == DbBackend::Sqlite;
        match self {
            Self::Plain(name) => format!("\"{name}\""),
            Self::Id(name) if is_sqlite => format!("nullif(hex(\"{name}\"), '')"),
            Self::Id(name) => format!("\"{name}\""),
            Self::Json(name) if is_sqlite => format!("json(\"{name}\")"),
            Self::Json(name) => format!("\"{name}\""),
            Self::Flag(name) => format!("CASE WHEN \"{name}\" THEN 1 ELSE 0 END"),
            // Seventeen digits tell every number from its neighbours; PostgreSQL writes as many as that takes.
            Self::Real(name) if is_sqlite => {
                format!("CASE WHEN \"{name}\" IS NULL THEN NULL ELSE printf('%!.17g', \"{name}\") END")
            }
            Self::Real(name) => format!("CAST(\"{name}\" AS text)"),
        }
    }
}

/// Which rows: those of a table whose `key` lies in the ranges that are made of another table's ids.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// A UUID column with an index: its own id, or that of the thing that it belongs to.
    pub key: &'static str,
    /// The table whose ids `key` has.
    pub of: &'static str,
    /// What is read.
    pub columns: &'static [Column],
}

/// Reads all rows, each as `Raw` (a tuple of the columns), and makes of each what `make` makes; in no particular order.
///
/// # Errors
/// Those of the database.
pub async fn all<Raw, T>(db: &Db, table: Table, make: fn(Raw) -> Option<T>) -> Result<Vec<T>, Error>
where
    Raw: DeserializeOwned + 'static,
    T: Send + 'static,
{
    let ranges = Arc::new(ranges(db, table.of).await?);
    let sql: Arc<str> = sql(db.backend(), table).into();
    let mut readers = JoinSet::new();
    for first in 0..AT_ONCE {
        let (db, ranges, sql) = (db.clone(), Arc::clone(&ranges), Arc::clone(&sql));
        readers.spawn(async move {
            let mut made: Vec<Vec<T>> = Vec::new();
            for &(from, to) in ranges.iter().skip(first).step_by(AT_ONCE) {
                let statement = Statement::from_sql_and_values(db.backend(), &*sql, [from.into(), to.into()]);
                let row = db.read().query_one_raw(statement).await?;
                let text: Option<String> = row.and_then(|row| row.try_get_by_index(0).transpose()).transpose()?;
                let Some(text) = text else { continue };
                let rows = tokio::task::spawn_blocking(move || rows_of(&text, table.name, make));
                made.push(rows.await.map_err(Error::internal)??);
            }
            Ok::<_, Error>(made)
        });
    }
    let mut all = Vec::new();
    while let Some(made) = readers.join_next().await {
        all.extend(made.map_err(Error::internal)??.into_iter().flatten());
    }
    Ok(all)
}

fn rows_of<Raw: DeserializeOwned, T>(text: &str, table: &str, make: fn(Raw) -> Option<T>) -> Result<Vec<T>, Error> {
    if let Ok(rows) = serde_json::from_str::<Vec<Raw>>(text) {
        return Ok(rows.into_iter().filter_map(make).collect());
    }
    // One row that cannot be read must not keep the others from being served.
    let rows: Vec<serde_json::Value> = serde_json::from_str(text)?;
    let read = rows.into_iter().filter_map(|row| match serde_json::from_value(row) {
        Ok(raw) => make(raw),
        Err(error) => {
            tracing::error!(table, %error, "a row cannot be read and is left out");
            None
        }
    });
    Ok(read.collect())
}

fn sql(backend: DbBackend, table: Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| column.sql(backend)).collect();
    let columns = columns.join(", ");
    let text = match backend {
        DbBackend::Sqlite => format!("json_group_array(json_array({columns}))"),
        _ => format!("CAST(json_agg(json_build_array({columns})) AS text)"),
    };
    let (name, key) = (table.name, table.key);
    format!("SELECT {text} FROM \"{name}\" WHERE \"{key}\" >= $1 AND \"{key}\" < $2")
}

/// Ranges of ids that together hold all, of some thousand each.
async fn ranges(db: &Db, table: &str) -> Result<Vec<(Uuid, Uuid)>, Error> {
    let sql = format!(
        "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM \"{table}\") AS numbered \
         WHERE place % {ROWS} = 0 ORDER BY id"
    );
    let rows = db
        .read()
        .query_all_raw(Statement::from_string(db.backend(), sql))
        .await?;
    let mut ranges = Vec::with_capacity(rows.len() + 1);
    let mut from = Uuid::nil();
    for row in rows {
        let to: Uuid = row.try_get_by_index(0)?;
        ranges.push((from, to));
        from = to;
    }
    ranges.push((from, Uuid::max()));
    Ok(ranges)
}
