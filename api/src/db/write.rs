//! Write transactions: the only begin and commit.

use std::cell::{Cell, RefCell};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::idempotency::{Kept, Known};
use super::journal::Entry;
use super::pending::Pending;
use super::{Change, Db, from_db, idempotency, journal};
use crate::caller::Caller;
use crate::error::Error;

/// One write transaction on behalf of a caller.
pub struct Tx<'a> {
    conn: &'a DatabaseTransaction,
    pub(super) caller: &'a Caller,
    /// Where others write in the same transaction, what is known of theirs.
    shared: Option<Shared<'a>>,
    /// Whether it has used the connection.
    has_asked: Cell<bool>,
    /// What it leaves to be written before the commit.
    kept: Cell<Option<Kept>>,
    pending: RefCell<Pending>,
    pub(super) entries: RefCell<Vec<Entry>>,
    pub(super) changes: RefCell<Vec<Change>>,
}

/// What a work knows of others that write in the same transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared<'a> {
    /// Answers that they have kept, and that are not in the table yet.
    pub(super) earlier: &'a [Kept],
    /// The keys of all answers.
    pub(super) known: &'a Known,
}

/// What works have left behind when they are done: rows to be written before the commit, and changes whose rows are
/// written.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) kept: Vec<Kept>,
    pending: Pending,
    entries: Vec<Entry>,
    changes: Vec<Change>,
}

impl Left {
    pub(super) fn add(&mut self, other: Self) {
        self.kept.extend(other.kept);
        self.pending.extend(other.pending);
        self.entries.extend(other.entries);
        self.changes.extend(other.changes);
    }

    /// Writes the rows and commits; gives all changes. Where it fails, the transaction undoes itself as it is dropped.
    ///
    /// # Errors
    /// `RecordNotInserted` where another process has entered a key meanwhile; those of the database.
    pub(super) async fn commit(self, conn: DatabaseTransaction) -> Result<Vec<Change>, DbErr> {
        self.pending.insert(&conn).await?;
        let count = self.kept.len() as u64;
        if idempotency::enter(&conn, self.kept).await? < count {
            return Err(DbErr::RecordNotInserted);
        }
        let mut changes = self.changes;
        changes.extend(journal::enter(&conn, self.entries).await?);
        conn.commit().await?;
        Ok(changes)
    }
}

/// An answer, fresh or repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What is answered.
    pub value: T,
    /// Whether it is the first answer again.
    pub replayed: bool,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("caller", self.caller)
            .finish_non_exhaustive()
    }
}

impl Db {
    /// Runs `work` in one transaction and commits it, then tells the followers. Nothing of it stays where it fails. On
    /// SQLite those who write at the same time share the transaction ([`super::group`]).
    ///
    /// # Errors
    /// Those of `work`, and `Busy` or `Internal` from the database.
    pub async fn write<T>(
        &self,
        caller: &Caller,
        work: impl AsyncFnOnce(&Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(group) = &self.group {
            return group.write(self, caller, work).await;
        }
        let conn = self.begin().await?;
        let tx = Tx::new(&conn, caller, None);
        match work(&tx).await {
            Ok(value) => {
                let left = tx.done();
                let changes = left.commit(conn).await.map_err(from_db)?;
                self.followers.tell(self, &changes).await;
                Ok(value)
            }
            Err(error) => {
                // A rollback that fails ends the connection, which rolls back too.
                let _ = conn.rollback().await;
                Err(error)
            }
        }
    }

    /// Like [`Db::write`], but once for each idempotency key of the caller: a repeated request gets the first answer.
    ///
    /// # Errors
    /// Those of `write`, and `IdempotencyMismatch` where the key served another request.
    pub async fn write_once<T: Serialize + DeserializeOwned>(
        &self,
        caller: &Caller,
        body: &impl Serialize,
        work: impl AsyncFnOnce(&Tx<'_>) -> Result<T, Error>,
    ) -> Result<Answer<T>, Error> {
        let Some(key) = caller.idempotency_key.as_deref() else {
            return Ok(Answer {
                value: self.write(caller, work).await?,
                replayed: false,
            });
        };
        let fingerprint = caller.fingerprint(body)?;
        self.write(caller, async |tx| {
            if let Some(stored) = idempotency::begin(tx, key, &fingerprint).await? {
                return Ok(Answer {
                    value: serde_json::from_str(&stored)?,
                    replayed: true,
                });
            }
            let value = work(tx).await?;
            idempotency::finish(tx, key, &fingerprint, serde_json::to_string(&value)?).await?;
            Ok(Answer { value, replayed: false })
        })
        .await
    }

    /// Begins; on SQLite as the one writer from the start, so that what is read first cannot be old when it is written.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.write.begin_with_options(options).await.map_err(from_db)
    }
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a DatabaseTransaction, caller: &'a Caller, shared: Option<Shared<'a>>) -> Self {
        Self {
            conn,
            caller,
            shared,
            has_asked: Cell::default(),
            kept: Cell::default(),
            pending: RefCell::default(),
            entries: RefCell::default(),
            changes: RefCell::default(),
        }
    }

    pub(super) fn done(self) -> Left {
        Left {
            kept: self.kept.into_inner().into_iter().collect(),
            pending: self.pending.into_inner(),
            entries: self.entries.into_inner(),
            changes: self.changes.into_inner(),
        }
    }

    /// Answers that others have kept in the same transaction.
    pub(super) fn earlier(&self) -> &[Kept] {
        self.shared.map_or(&[], |shared| shared.earlier)
    }

    /// The keys of all answers, where they are known.
    pub(super) fn known(&self) -> Option<&Known> {
        self.shared.map(|shared| shared.known)
    }

    /// Keeps an answer with the commit.
    pub(super) fn keep(&self, kept: Kept) {
        self.kept.set(Some(kept));
    }

    /// The connection, for stores.
    #[must_use]
    pub fn conn(&self) -> &DatabaseTransaction {
        self.has_asked.set(true);
        self.conn
    }

    /// Whether it has used the connection.
    pub(super) const fn has_asked(&self) -> bool {
        self.has_asked.get()
    }

    /// Leaves a row to be inserted before the commit, together with those of other works: many that come at once cost
    /// little more than one. For rows of which nothing that a caller sent can hinder the insertion, and which the work
    /// does not read again.
    pub fn insert_later<A: ActiveModelTrait + Send + 'static>(&self, row: A) {
        self.pending.borrow_mut().add(row);
    }

    /// On whose behalf.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        self.caller
    }

    /// The time of all that happens in it.
    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.caller.now
    }

    /// Whether the database has row locks (PostgreSQL); SQLite has one writer at a time.
    #[must_use]
    pub fn has_row_locks(&self) -> bool {
        self.conn.get_database_backend() == DbBackend::Postgres
    }
}
