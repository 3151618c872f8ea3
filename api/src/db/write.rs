//! Write transactions: the only begin and commit.

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Change, Db, from_db, idempotency};
use crate::caller::Caller;
use crate::error::Error;

/// One write transaction on behalf of a caller.
#[derive(Debug)]
pub struct Tx<'a> {
    conn: &'a DatabaseTransaction,
    pub(super) caller: &'a Caller,
    pub(super) changes: RefCell<Vec<Change>>,
}

/// An answer, fresh or repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What is answered.
    pub value: T,
    /// Whether it is the first answer again.
    pub replayed: bool,
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
        let tx = Tx::new(&conn, caller);
        match work(&tx).await {
            Ok(value) => {
                let changes = tx.into_changes();
                conn.commit().await.map_err(from_db)?;
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
    pub(super) fn new(conn: &'a DatabaseTransaction, caller: &'a Caller) -> Self {
        Self {
            conn,
            caller,
            changes: RefCell::default(),
        }
    }

    /// What it has recorded in the journal.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes.into_inner()
    }

    /// The connection, for stores.
    #[must_use]
    pub const fn conn(&self) -> &DatabaseTransaction {
        self.conn
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
