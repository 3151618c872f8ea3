//! The database: SQLite (embedded, the default) and PostgreSQL behind one type.
//!
//! [`Db::write`] is the only place that begins and commits. A transaction records what it changes in the journal
//! ([`Tx::record`]); after the commit the followers (the caches of this process) are told before the caller is, and the
//! other processes find it in the journal ([`journal`]). On PostgreSQL each write has a transaction of its own; on SQLite,
//! where a commit waits for the disk and writers for each other, those who come together share one ([`group`]).

pub mod bulk;
pub mod entity;
mod followers;
mod group;
pub mod idempotency;
pub mod journal;
mod pending;
mod write;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, SqlErr};

use crate::error::Error;
pub use followers::Follower;
use followers::Followers;
use group::Group;
pub use journal::Change;
pub use write::{Answer, Tx};

/// A database with its pools and followers; cheap to clone.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    followers: Arc<Followers>,
    /// Where writers share transactions.
    group: Option<Arc<Group>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("backend", &self.backend())
            .finish_non_exhaustive()
    }
}

/// Connections that read at once on SQLite: reading is CPU work there, more would only wait for a core.
const SQLITE_READERS: u32 = 4;
/// Connections of one process on PostgreSQL, for reading and for writing each.
const POSTGRES_POOL: u32 = 16;

impl Db {
    /// Connects to `url` (`sqlite://path`, `postgres://…`) and checks that SQLite keeps what it acknowledges.
    ///
    /// # Errors
    /// Where the database cannot be reached or a setting is not taken.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let (read, write, group) = if url.starts_with("sqlite:") {
            let read = connect_sqlite(url, SQLITE_READERS).await?;
            (read, connect_sqlite(url, 1).await?, Some(Arc::default()))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            (connect_postgres(url).await?, connect_postgres(url).await?, None)
        } else {
            anyhow::bail!("the database URL must begin with sqlite:// or postgres://");
        };
        let db = Self {
            read,
            write,
            followers: Arc::default(),
            group,
        };
        db.check_settings().await?;
        Ok(db)
    }

    /// Counts every SQL statement of both pools, for tests and benchmarks. To be called before the first clone.
    #[must_use]
    pub fn counting(mut self, count: Arc<std::sync::atomic::AtomicU64>) -> Self {
        for connection in [&mut self.read, &mut self.write] {
            let count = Arc::clone(&count);
            connection.set_metric_callback(move |_| {
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            });
        }
        self
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// The connection pool to read from, outside a transaction.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// Where a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        Migrator::up(&self.write, None).await.context("migrating the database")
    }

    /// Whether the schema is up to date.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn is_migrated(&self) -> anyhow::Result<bool> {
        Ok(Migrator::get_pending_migrations(&self.write).await?.is_empty())
    }

    /// Up to which place of the journal this process has taken in everything.
    #[must_use]
    pub fn told_until(&self) -> i64 {
        self.followers.until()
    }

    /// Names who is told of commits; once, at start.
    pub fn set_followers(&self, followers: Vec<Arc<dyn Follower>>) {
        self.followers.set(followers);
    }

    async fn check_settings(&self) -> anyhow::Result<()> {
        if self.backend() != DbBackend::Sqlite {
            return Ok(());
        }
        for (pragma, wanted) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
            let row = self
                .write
                .query_one_raw(sea_orm::Statement::from_string(
                    DbBackend::Sqlite,
                    format!("PRAGMA {pragma}"),
                ))
                .await?
                .with_context(|| format!("PRAGMA {pragma} gave nothing"))?;
            let value = row
                .try_get_by_index::<String>(0)
                .or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))?;
            anyhow::ensure!(value == wanted, "SQLite keeps {pragma} = {value}, wanted {wanted}");
        }
        Ok(())
    }
}

async fn connect_sqlite(url: &str, connections: u32) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|options| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: an acknowledged write survives a power cut, which NORMAL does not promise.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(15))
                .foreign_keys(true)
                .pragma("cache_size", "-65536")
                .pragma("temp_store", "memory")
                .pragma("mmap_size", "268435456")
                .statement_cache_capacity(500)
        });
    Database::connect(options)
        .await
        .with_context(|| format!("opening {url}"))
}

async fn connect_postgres(url: &str) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(POSTGRES_POOL)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(15))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .set_application_name("passerelle");
    // The URL holds a password: the error says only that it failed.
    Database::connect(options).await.context("connecting to PostgreSQL")
}

/// What a database error means: a lock that was not had in time is `Busy`, all else our own fault. Stores that expect
/// the breach of a constraint ask [`constraint_of`] first.
#[must_use]
pub fn from_db(error: DbErr) -> Error {
    let text = error.to_string();
    let busy = matches!(error, DbErr::ConnectionAcquire(_))
        || text.contains("database is locked")
        || text.contains("deadlock detected")
        || text.contains("could not serialize");
    if busy { Error::Busy } else { Error::internal(error) }
}

/// The constraint that an error breaks, as SQLite (`table.column`, …) or PostgreSQL (its name) tells it.
#[must_use]
pub fn constraint_of(error: &DbErr) -> Option<String> {
    match error.sql_err()? {
        SqlErr::UniqueConstraintViolation(text) | SqlErr::ForeignKeyConstraintViolation(text) => Some(text),
        _ => None,
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        from_db(error)
    }
}
