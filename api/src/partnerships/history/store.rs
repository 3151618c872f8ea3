//! Reading how partnerships stood from the journal.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use shared::audit::Resource;
use shared::ids::PartnershipId;
use uuid::Uuid;

use super::before;
use crate::db::entity::account;
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

/// A change that the journal tells: when, the version that it made, who, and how the partnership stood before.
pub type Told = (DateTime<Utc>, i64, Option<String>, Partnership);

/// The latest changes of a partnership, the latest first. One statement.
///
/// # Errors
/// Those of the database.
pub async fn changes(conn: &impl ConnectionTrait, id: PartnershipId, limit: u64) -> Result<Vec<Told>, Error> {
    let to_account = Entity::belongs_to(account::Entity)
        .from(Column::ActorId)
        .to(account::Column::Id)
        .into();
    type Row = (DateTime<Utc>, i64, Option<String>, serde_json::Value);
    let entries: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::At, Column::Version])
        .column_as(account::Column::Name, "by_name")
        .column(Column::Details)
        .join(JoinType::LeftJoin, to_account)
        .filter(Column::Resource.eq(Resource::Partnership.code()))
        .filter(Column::ResourceId.eq(id.0))
        .filter(Column::Verb.is_not_in(MAKING))
        .order_by_desc(Column::Seq)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    let told = entries
        .into_iter()
        .filter_map(|(at, version, by_name, facts)| Some((at, version, by_name, before(facts)?)));
    Ok(told.collect())
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
