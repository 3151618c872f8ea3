//! The journal: every change, written in its transaction, in the order in which they became visible.
//!
//! It is the audit trail for people, the log of changes for integrators, and how API processes tell each other.

use std::time::Duration;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};
use shared::audit::Resource;
use uuid::Uuid;

use super::entity::audit_entry;
use super::{Db, Tx};
use crate::error::Error;
use crate::policy::Actor;

/// One change of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Place in the order of all changes.
    pub seq: i64,
    /// What kind of thing.
    pub resource: Resource,
    /// Which one.
    pub id: Uuid,
    /// The version that it now has.
    pub version: i64,
}

/// The advisory lock under which PostgreSQL transactions enter the journal, so that entries become visible in order.
const JOURNAL_LOCK: i64 = 0x7061_7373_6572;
/// Entries in one statement, below the bind limits of both databases.
const ENTRIES_AT_ONCE: usize = 2_000;
/// How often the tail looks for changes of other processes.
const TAIL_EVERY: Duration = Duration::from_millis(200);
/// Most entries that the tail takes at once.
const TAIL_BATCH: u64 = 1_000;

/// An entry that a transaction makes when it commits.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    resource: Resource,
    id: Uuid,
    version: i64,
    row: audit_entry::ActiveModel,
}

impl Tx<'_> {
    /// Records a change with its facts (never secrets) in the journal. Entries are collected and written together, at the
    /// latest before the commit.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record(
        &self,
        verb: &str,
        resource: Resource,
        id: impl Into<Uuid>,
        version: i64,
        details: serde_json::Value,
    ) -> Result<(), Error> {
        let entry = self.entry(verb, resource, id.into(), version, details);
        self.entries.borrow_mut().push(entry);
        self.write_out_many().await
    }

    /// Records the same change of many things of one kind, each with the version that it then has.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record_all(
        &self,
        verb: &str,
        resource: Resource,
        things: &[(Uuid, i64)],
        details: &serde_json::Value,
    ) -> Result<(), Error> {
        let entries = things
            .iter()
            .map(|(id, version)| self.entry(verb, resource, *id, *version, details.clone()));
        self.entries.borrow_mut().extend(entries);
        self.write_out_many().await
    }

    /// Writes what is collected where that has become much.
    async fn write_out_many(&self) -> Result<(), Error> {
        if self.entries.borrow().len() < ENTRIES_AT_ONCE {
            return Ok(());
        }
        let entries = self.entries.take();
        let changes = enter(self.conn(), entries).await?;
        self.changes.borrow_mut().extend(changes);
        Ok(())
    }

    fn entry(&self, verb: &str, resource: Resource, id: Uuid, version: i64, details: serde_json::Value) -> Entry {
        let (actor_kind, actor_id) = match &self.caller.actor {
            Actor::Public => ("public", None),
            Actor::Account { id, .. } => ("account", Some(id.0)),
            Actor::Client { id, .. } => ("client", Some(id.0)),
            Actor::System => ("system", None),
        };
        let row = audit_entry::ActiveModel {
            at: Set(self.now()),
            actor_kind: Set(actor_kind.to_owned()),
            actor_id: Set(actor_id),
            verb: Set(verb.to_owned()),
            resource: Set(resource.code().to_owned()),
            resource_id: Set(id),
            version: Set(version),
            details: Set(details),
            request_id: Set(self.caller.request_id),
            ..Default::default()
        };
        Entry {
            resource,
            id,
            version,
            row,
        }
    }
}

/// Writes entries, the last thing before the commit, and gives the changes that they tell. On PostgreSQL it waits for the
/// other writers' turn first, so that entries become visible in order.
pub(super) async fn enter(conn: &DatabaseTransaction, entries: Vec<Entry>) -> Result<Vec<Change>, DbErr> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    if conn.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({JOURNAL_LOCK})");
        conn.execute_raw(Statement::from_string(DbBackend::Postgres, lock))
            .await?;
    }
    let mut changes = Vec::with_capacity(entries.len());
    for entries in entries.chunks(ENTRIES_AT_ONCE) {
        let rows = entries.iter().map(|entry| entry.row.clone());
        let seqs = audit_entry::Entity::insert_many(rows)
            .exec_with_returning_keys(conn)
            .await?;
        changes.extend(seqs.into_iter().zip(entries).map(|(seq, entry)| Change {
            seq,
            resource: entry.resource,
            id: entry.id,
            version: entry.version,
        }));
    }
    Ok(changes)
}

/// The last place in the journal.
///
/// # Errors
/// Those of the database.
pub async fn last_seq(db: &Db) -> Result<i64, Error> {
    let last: Option<Option<i64>> = audit_entry::Entity::find()
        .select_only()
        .column_as(audit_entry::Column::Seq.max(), "last")
        .into_tuple()
        .one(db.read())
        .await?;
    Ok(last.flatten().unwrap_or(0))
}

/// What changed at a place: its id and the version that it then had.
///
/// # Errors
/// Those of the database.
pub async fn entry_at(db: &Db, seq: i64) -> Result<Option<(Uuid, i64)>, Error> {
    Ok(audit_entry::Entity::find()
        .select_only()
        .columns([audit_entry::Column::ResourceId, audit_entry::Column::Version])
        .filter(audit_entry::Column::Seq.eq(seq))
        .into_tuple()
        .one(db.read())
        .await?)
}

/// All changes after a place; none where they are more than `most`.
///
/// # Errors
/// Those of the database.
pub async fn all_since(db: &Db, seq: i64, most: usize) -> Result<Option<Vec<Change>>, Error> {
    let (mut seen, mut all) = (seq, Vec::new());
    loop {
        let some = changes_since(db, seen).await?;
        let Some(last) = some.last() else { return Ok(Some(all)) };
        seen = last.seq;
        all.extend(some);
        if all.len() > most {
            return Ok(None);
        }
    }
}

/// Follows the journal from `since` on and tells this process's followers what other processes changed. Never ends.
pub async fn tail(db: Db, since: i64) {
    let mut seen = since;
    db.followers.forget_until(seen);
    loop {
        match changes_since(&db, seen).await {
            Ok(changes) => {
                let untold = db.followers.untold(&changes);
                if let Some(last) = changes.last()
                    && db.followers.tell(&db, &untold).await
                {
                    seen = last.seq;
                    db.followers.forget_until(seen);
                }
            }
            Err(error) => tracing::warn!(%error, "the journal could not be read"),
        }
        tokio::time::sleep(TAIL_EVERY).await;
    }
}

async fn changes_since(db: &Db, seq: i64) -> Result<Vec<Change>, Error> {
    let entries: Vec<(i64, String, Uuid, i64)> = audit_entry::Entity::find()
        .select_only()
        .columns([
            audit_entry::Column::Seq,
            audit_entry::Column::Resource,
            audit_entry::Column::ResourceId,
            audit_entry::Column::Version,
        ])
        .filter(audit_entry::Column::Seq.gt(seq))
        .order_by_asc(audit_entry::Column::Seq)
        .limit(TAIL_BATCH)
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(entries
        .into_iter()
        .filter_map(|(seq, resource, id, version)| {
            Some(Change {
                seq,
                resource: Resource::from_code(&resource)?,
                id,
                version,
            })
        })
        .collect())
}
