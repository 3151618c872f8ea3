//! Reading the table of the journal, by its order.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::audit::{AuditEntryView, ChangeView, Resource};
use shared::ids::{AccountId, ApiClientId};
use uuid::Uuid;

use crate::db::Db;
use crate::db::entity::audit_entry::{Column, Entity, Model};
use crate::error::Error;

/// Which entries of the journal.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Of this kind of thing.
    pub resource: Option<Resource>,
    /// Of this thing.
    pub id: Option<Uuid>,
    /// Done by this account.
    pub account: Option<AccountId>,
    /// Before this place.
    pub before: Option<i64>,
}

/// Entries of the journal, latest first.
///
/// # Errors
/// Those of the database.
pub async fn entries(db: &Db, filter: &EntryFilter, limit: u32) -> Result<Vec<AuditEntryView>, Error> {
    let mut query = Entity::find().order_by_desc(Column::Seq).limit(u64::from(limit));
    if let Some(resource) = filter.resource {
        query = query.filter(Column::Resource.eq(resource.code()));
    }
    if let Some(id) = filter.id {
        query = query.filter(Column::ResourceId.eq(id));
    }
    if let Some(account) = filter.account {
        query = query
            .filter(Column::ActorId.eq(account.0))
            .filter(Column::ActorKind.eq("account"));
    }
    if let Some(before) = filter.before {
        query = query.filter(Column::Seq.lt(before));
    }
    let rows = query.all(db.read()).await?;
    Ok(rows.into_iter().filter_map(entry_of).collect())
}

fn entry_of(row: Model) -> Option<AuditEntryView> {
    let by = |kind: &str| row.actor_id.filter(|_| row.actor_kind == kind);
    Some(AuditEntryView {
        seq: row.seq,
        at: row.at,
        account_id: by("account").map(AccountId),
        api_client_id: by("client").map(ApiClientId),
        verb: row.verb,
        resource: Resource::from_code(&row.resource)?,
        resource_id: row.resource_id,
        version: row.version,
        details: row.details,
        request_id: row.request_id,
    })
}

/// Changes of some kinds of things after a place, in their order.
///
/// # Errors
/// Those of the database.
pub async fn changes(db: &Db, resources: &[Resource], after: i64, limit: u32) -> Result<Vec<ChangeView>, Error> {
    let rows = Entity::find()
        .filter(Column::Resource.is_in(resources.iter().map(|resource| resource.code())))
        .filter(Column::Seq.gt(after))
        .order_by_asc(Column::Seq)
        .limit(u64::from(limit))
        .all(db.read())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(ChangeView {
                seq: row.seq,
                at: row.at,
                resource: Resource::from_code(&row.resource)?,
                id: row.resource_id,
                version: row.version,
                verb: row.verb,
            })
        })
        .collect())
}
