//! The table of results.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use shared::ids::{PartnershipId, ResultId};
use shared::results::{Evidence, Measure};
use shared::themes::Theme;

use crate::db::entity::partnership;
use crate::db::entity::partnership_result::{ActiveModel, Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A result of a partnership that is not deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Achieved {
    /// Which one.
    pub id: ResultId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whose it is.
    pub partnership_id: PartnershipId,
    /// What it is about.
    pub theme: Theme,
    /// What is achieved.
    pub title: String,
    /// More about it.
    pub about: String,
    /// Sustainable Development Goals.
    pub sdgs: Vec<u8>,
    /// What shows it.
    pub evidence: Evidence,
    /// What was measured, in the order of days.
    pub measures: Vec<Measure>,
    /// What it is known by at its source.
    pub source_key: Option<String>,
    /// When somebody deleted it.
    pub deleted_at: Option<DateTime<Utc>>,
}

fn result_of(row: Model) -> Result<Achieved, Error> {
    Ok(Achieved {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        partnership_id: row.partnership_id,
        theme: Theme::from_slug(&row.theme)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("unknown theme of a result: {}", row.theme)))?,
        title: row.title,
        about: row.about,
        sdgs: serde_json::from_value(row.sdgs)?,
        evidence: serde_json::from_value(row.evidence)?,
        measures: serde_json::from_value(row.measures)?,
        source_key: row.source_key,
        deleted_at: row.deleted_at,
    })
}

fn model(of: &Achieved) -> Result<ActiveModel, Error> {
    let of = of.clone();
    Ok(Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        partnership_id: of.partnership_id,
        theme: of.theme.slug().to_owned(),
        title: of.title,
        about: of.about,
        sdgs: serde_json::to_value(of.sdgs)?,
        evidence: serde_json::to_value(of.evidence)?,
        measures: serde_json::to_value(of.measures)?,
        source_key: of.source_key,
        deleted_at: of.deleted_at,
    }
    .into_active_model()
    .reset_all())
}

fn to_partnership() -> RelationDef {
    Entity::belongs_to(partnership::Entity)
        .from(Column::PartnershipId)
        .to(partnership::Column::Id)
        .into()
}

fn results() -> sea_orm::Select<Entity> {
    Entity::find()
        .join(JoinType::InnerJoin, to_partnership())
        .filter(partnership::Column::DeletedAt.is_null())
}

/// A result, deleted or not, of a partnership that is not.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: ResultId) -> Result<Option<Achieved>, Error> {
    let row = results().filter(Column::Id.eq(id)).one(conn).await?;
    row.map(result_of).transpose()
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: ResultId) -> Result<Option<Achieved>, Error> {
    if tx.has_row_locks() {
        let _: Option<ResultId> = Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    find(tx.conn(), id).await
}

/// The one that is known by this key at its source.
///
/// # Errors
/// Those of the database.
pub async fn by_source_key(tx: &Tx<'_>, key: &str) -> Result<Option<ResultId>, Error> {
    Ok(Entity::find()
        .filter(Column::SourceKey.eq(key))
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .one(tx.conn())
        .await?)
}

/// Whether a result that is known by this key at its source is there.
///
/// # Errors
/// Those of the database.
pub async fn has_source_key(tx: &Tx<'_>, key: &str) -> Result<bool, Error> {
    let found = Entity::find()
        .filter(Column::SourceKey.eq(key))
        .count(tx.conn())
        .await?;
    Ok(found > 0)
}

/// Adds a result.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Achieved) -> Result<(), Error> {
    Entity::insert(model(of)?).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Writes a result that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Achieved) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    Ok(())
}

/// Which results a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultFilter {
    /// Whose.
    pub partnership_id: PartnershipId,
    /// Only those about these themes; empty for all.
    pub themes: Vec<Theme>,
}

fn listed(filter: &ResultFilter) -> sea_orm::Select<Entity> {
    let mut found = results()
        .filter(Column::PartnershipId.eq(filter.partnership_id))
        .filter(Column::DeletedAt.is_null());
    if !filter.themes.is_empty() {
        found = found.filter(Column::Theme.is_in(filter.themes.iter().map(|theme| theme.slug())));
    }
    found
}

/// Results by theme, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &ResultFilter,
    after: Option<(String, ResultId)>,
    limit: u64,
) -> Result<Vec<Achieved>, Error> {
    let mut found = listed(filter);
    if let Some((theme, id)) = after {
        found = found.filter(
            Condition::any()
                .add(Column::Theme.gt(theme.as_str()))
                .add(Condition::all().add(Column::Theme.eq(theme)).add(Column::Id.gt(id))),
        );
    }
    let rows = found
        .order_by_asc(Column::Theme)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    rows.into_iter().map(result_of).collect()
}

/// How many results a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &ResultFilter) -> Result<u64, Error> {
    Ok(listed(filter).count(db.read()).await?)
}
