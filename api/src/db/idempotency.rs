//! First answers, kept in the transaction that made them, for requests that come again under the same key.

use std::cell::RefCell;
use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Tx;
use super::entity::idempotency_key::{ActiveModel, Column, Entity};
use crate::error::Error;
use crate::policy::Actor;

/// Hours for which an answer is kept.
pub const KEPT_HOURS: i64 = 24;

/// Keys whose hashes are remembered at most before the remembering begins anew: some 16 MB.
const KNOWN_MAX: usize = 1_000_000;

fn owner(tx: &Tx<'_>) -> String {
    match &tx.caller().actor {
        Actor::Public => "public".to_owned(),
        Actor::Account { id, .. } => id.to_string(),
        Actor::Client { id, .. } => id.to_string(),
        Actor::System => "system".to_owned(),
    }
}

/// An answer under its key.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    owner: String,
    key: String,
    fingerprint: Vec<u8>,
    answer: String,
    at: DateTime<Utc>,
}

impl Kept {
    fn new(tx: &Tx<'_>, key: &str, fingerprint: &[u8], answer: String) -> Self {
        Self {
            owner: owner(tx),
            key: key.to_owned(),
            fingerprint: fingerprint.to_owned(),
            answer,
            at: tx.now(),
        }
    }
}

/// The keys in the table by their hashes, so that a new key, which nearly every key is, needs no look-up. For SQLite, where
/// this process has been the only one to enter keys; should another have entered one, the commit finds out
/// ([`enter`]), and it is all read again.
#[derive(Debug, Default)]
pub(super) struct Known(RefCell<Option<HashSet<u64>>>);

impl Known {
    /// Whether the key may stand in the table or be kept in the open transaction; remembers it.
    async fn may_hold(&self, tx: &Tx<'_>, owner: &str, key: &str) -> Result<bool, DbErr> {
        let is_read = self.0.borrow().as_ref().is_some_and(|known| known.len() < KNOWN_MAX);
        if !is_read {
            let keys: Vec<(String, String)> = Entity::find()
                .select_only()
                .columns([Column::Owner, Column::Key])
                .into_tuple()
                .all(tx.conn())
                .await?;
            let stored = keys.iter().map(|(owner, key)| (owner.as_str(), key.as_str()));
            let kept = tx.earlier().iter().map(|kept| (kept.owner.as_str(), kept.key.as_str()));
            *self.0.borrow_mut() = Some(stored.chain(kept).map(hash).collect());
        }
        let mut known = self.0.borrow_mut();
        Ok(known.as_mut().is_none_or(|known| !known.insert(hash((owner, key)))))
    }

    /// Forgets all, so that it is read again.
    pub(super) fn forget(&self) {
        self.0.take();
    }
}

fn hash((owner, key): (&str, &str)) -> u64 {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    hasher.update(owner.as_bytes());
    hasher.update(&[0]);
    hasher.update(key.as_bytes());
    hasher.digest()
}

/// Takes the key. A second request under it waits for the first one's transaction, then gets its answer; the first one
/// gets none and has to [`finish`].
///
/// # Errors
/// `IdempotencyMismatch` where the key served another request.
pub(super) async fn begin(tx: &Tx<'_>, key: &str, fingerprint: &[u8]) -> Result<Option<String>, Error> {
    // On SQLite nobody else writes meanwhile: the key is entered once, with the answer. PostgreSQL has to hold it.
    if tx.has_row_locks() && enter(tx.conn(), vec![Kept::new(tx, key, fingerprint, String::new())]).await? == 1 {
        return Ok(None);
    }
    let owner = owner(tx);
    if let Some(known) = tx.known()
        && !known.may_hold(tx, &owner, key).await?
    {
        return Ok(None);
    }
    let earlier = tx.earlier().iter().find(|kept| kept.owner == owner && kept.key == key);
    let first = match earlier {
        Some(kept) => Some((kept.fingerprint.clone(), kept.answer.clone())),
        None => {
            Entity::find()
                .select_only()
                .columns([Column::Fingerprint, Column::Answer])
                .filter(Column::Owner.eq(owner))
                .filter(Column::Key.eq(key))
                .into_tuple()
                .one(tx.conn())
                .await?
        }
    };
    match first {
        Some((print, answer)) if print == fingerprint => Ok(Some(answer)),
        Some(_) => Err(Error::IdempotencyMismatch),
        // On PostgreSQL the first answer was swept away between the two statements.
        None if tx.has_row_locks() => Err(Error::Busy),
        None => Ok(None),
    }
}

/// Keeps the answer under the key that this transaction took.
pub(super) async fn finish(tx: &Tx<'_>, key: &str, fingerprint: &[u8], answer: String) -> Result<(), Error> {
    if !tx.has_row_locks() {
        tx.keep(Kept::new(tx, key, fingerprint, answer));
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::Answer, Expr::value(answer))
        .filter(Column::Owner.eq(owner(tx)))
        .filter(Column::Key.eq(key))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Enters keys; says how many were free.
pub(super) async fn enter(conn: &DatabaseTransaction, kept: Vec<Kept>) -> Result<u64, DbErr> {
    if kept.is_empty() {
        return Ok(0);
    }
    let rows = kept.into_iter().map(|kept| ActiveModel {
        id: Set(Uuid::now_v7()),
        owner: Set(kept.owner),
        key: Set(kept.key),
        fingerprint: Set(kept.fingerprint),
        answer: Set(kept.answer),
        created_at: Set(kept.at),
    });
    Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([Column::Owner, Column::Key])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await
}

/// Deletes answers that are older than [`KEPT_HOURS`]; says how many.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &Tx<'_>) -> Result<u64, Error> {
    let before = tx.now() - chrono::TimeDelta::hours(KEPT_HOURS);
    let deleted = Entity::delete_many()
        .filter(Column::CreatedAt.lt(before))
        .exec(tx.conn())
        .await?;
    Ok(deleted.rows_affected)
}
