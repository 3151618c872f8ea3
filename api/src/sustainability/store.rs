//! The editions of plans: rows are added, and never changed.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::ids::{CityId, PartnershipId};
use shared::sustainability::SustainabilityPlanDraft;
use uuid::Uuid;

use crate::db::entity::sustainability_plan::{ActiveModel, Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;

/// An edition of a partnership's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Which one, from 1.
    pub version: i64,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// For which authority.
    pub city_id: Option<CityId>,
    /// What it says.
    pub plan: SustainabilityPlanDraft,
}

fn edition(row: Model) -> Result<Edition, Error> {
    Ok(Edition {
        version: row.version,
        written_at: row.written_at,
        city_id: row.city_id,
        plan: serde_json::from_value(row.plan)?,
    })
}

/// The latest edition.
///
/// # Errors
/// Those of the database.
pub async fn latest(conn: &impl ConnectionTrait, partnership: PartnershipId) -> Result<Option<Edition>, Error> {
    let found = Entity::find()
        .filter(Column::PartnershipId.eq(partnership))
        .order_by_desc(Column::Version);
    found.one(conn).await?.map(edition).transpose()
}

/// Editions before one, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn editions(
    db: &Db,
    partnership: PartnershipId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Edition>, Error> {
    let mut found = Entity::find().filter(Column::PartnershipId.eq(partnership));
    if let Some(version) = before {
        found = found.filter(Column::Version.lt(version));
    }
    let found = found.order_by_desc(Column::Version).limit(limit);
    found.all(db.read()).await?.into_iter().map(edition).collect()
}

/// Adds an edition to the plan of a partnership that is locked.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, partnership: PartnershipId, of: &Edition) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(Uuid::now_v7()),
        partnership_id: Set(partnership),
        version: Set(of.version),
        written_at: Set(of.written_at),
        city_id: Set(of.city_id),
        plan: Set(serde_json::to_value(&of.plan)?),
    };
    Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Which of some partnerships have a plan: for whoever warns that funding ends without one. One statement.
///
/// # Errors
/// Those of the database.
pub async fn with_plan(
    conn: &impl ConnectionTrait,
    partnerships: &[PartnershipId],
) -> Result<HashSet<PartnershipId>, Error> {
    let found: Vec<PartnershipId> = Entity::find()
        .select_only()
        .column(Column::PartnershipId)
        .filter(Column::PartnershipId.is_in(partnerships.iter().copied()))
        .filter(Column::Version.eq(1))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}
