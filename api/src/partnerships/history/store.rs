//! Reading how partnerships stood from the journal.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::audit::Resource;
use shared::ids::PartnershipId;
use uuid::Uuid;

use super::before;
use crate::db::entity::audit_entry::{Column, Entity};
use crate::error::Error;
use crate::partnerships::store::Partnership;

/// Entries that are looked at: those from before the journal kept states have none.
const LOOK_MAX: u64 = 50;
/// Changes that make a partnership: nothing was before them.
const MAKING: [&str; 2] = ["create", "import"];

fn after(at: DateTime<Utc>) -> sea_orm::Select<Entity> {
    // Times are kept to the millisecond: what happened in that one belongs to the state that is asked for.
    Entity::find()
        .filter(Column::Resource.eq(Resource::Partnership.code()))
        .filter(Column::At.gte(at + TimeDelta::milliseconds(1)))
        .filter(Column::Verb.is_not_in(MAKING))
        .order_by_asc(Column::Seq)
}

/// What the first change after a moment found.
///
/// # Errors
/// Those of the database.
pub async fn before_next(
    conn: &impl ConnectionTrait,
    id: PartnershipId,
    at: DateTime<Utc>,
) -> Result<Option<Partnership>, Error> {
    let entries: Vec<serde_json::Value> = after(at)
        .filter(Column::ResourceId.eq(id.0))
        .limit(LOOK_MAX)
        .select_only()
        .column(Column::Details)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(entries.into_iter().find_map(before))
}

/// Everything that has changed since, as it stood before that.
///
/// # Errors
/// Those of the database.
pub async fn changed_since(conn: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<Vec<Partnership>, Error> {
    let entries: Vec<(Uuid, serde_json::Value)> = after(at)
        .select_only()
        .columns([Column::ResourceId, Column::Details])
        .into_tuple()
        .all(conn)
        .await?;
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (id, facts) in entries {
        if seen.contains(&id) {
            continue;
        }
        if let Some(past) = before(facts) {
            seen.insert(id);
            found.push(past);
        }
    }
    Ok(found)
}
