//! The table of versions.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use shared::applications::{FileVersionSummary, VERSIONS_MAX};
use shared::ids::{AccountId, ApplicationId};
use uuid::Uuid;

use crate::db::entity::account;
use crate::db::entity::application_version::{ActiveModel, Column, Entity};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A version that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) id: Uuid,
    pub(super) version: i64,
    /// When somebody began to write what it says.
    pub(super) begun_at: DateTime<Utc>,
    /// When it was last saved.
    pub(super) saved_at: DateTime<Utc>,
    pub(super) author_id: Option<AccountId>,
    pub(super) changed: Vec<String>,
}

#[derive(Debug, FromQueryResult)]
struct KeptRow {
    id: Uuid,
    version: i64,
    begun_at: DateTime<Utc>,
    saved_at: DateTime<Utc>,
    author_id: Option<AccountId>,
    changed: serde_json::Value,
}

/// The latest version of a file.
///
/// # Errors
/// Those of the database.
pub(super) async fn latest(tx: &Tx<'_>, id: ApplicationId) -> Result<Option<Kept>, Error> {
    let row = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Version,
            Column::BegunAt,
            Column::SavedAt,
            Column::AuthorId,
            Column::Changed,
        ])
        .filter(Column::ApplicationId.eq(id))
        .order_by_desc(Column::Version)
        .into_model::<KeptRow>()
        .one(tx.conn())
        .await?;
    row.map(|row| {
        Ok(Kept {
            id: row.id,
            version: row.version,
            begun_at: row.begun_at,
            saved_at: row.saved_at,
            author_id: row.author_id,
            changed: serde_json::from_value(row.changed)?,
        })
    })
    .transpose()
}

fn model(id: ApplicationId, kept: &Kept, content: &str) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(kept.id),
        application_id: Set(id),
        version: Set(kept.version),
        begun_at: Set(kept.begun_at),
        saved_at: Set(kept.saved_at),
        author_id: Set(kept.author_id),
        changed: Set(serde_json::to_value(&kept.changed)?),
        content: Set(content.to_owned()),
    })
}

/// Adds a version; the oldest of too many go.
///
/// # Errors
/// Those of the database.
pub(super) async fn insert(tx: &Tx<'_>, id: ApplicationId, kept: &Kept, content: &str) -> Result<(), Error> {
    Entity::insert(model(id, kept, content)?)
        .exec_without_returning(tx.conn())
        .await?;
    let oldest = Entity::find()
        .select_only()
        .column(Column::Version)
        .filter(Column::ApplicationId.eq(id))
        .order_by_desc(Column::Version)
        .offset(VERSIONS_MAX - 1)
        .limit(1)
        .into_query();
    let oldest = Expr::SubQuery(None, Box::new(oldest.into()));
    Entity::delete_many()
        .filter(Column::ApplicationId.eq(id))
        .filter(Expr::col(Column::Version).lt(oldest))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Puts what its author went on to write in the place of a version.
///
/// # Errors
/// Those of the database.
pub(super) async fn replace(tx: &Tx<'_>, id: ApplicationId, kept: &Kept, content: &str) -> Result<(), Error> {
    model(id, kept, content)?.reset_all().update(tx.conn()).await?;
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct SummaryRow {
    version: i64,
    saved_at: DateTime<Utc>,
    author_name: Option<String>,
    changed: serde_json::Value,
}

impl SummaryRow {
    fn summary(self) -> Result<FileVersionSummary, Error> {
        Ok(FileVersionSummary {
            version: self.version,
            saved_at: self.saved_at,
            author_name: self.author_name,
            changed: serde_json::from_value(self.changed)?,
        })
    }
}

fn to_author() -> RelationDef {
    Entity::belongs_to(account::Entity)
        .from(Column::AuthorId)
        .to(account::Column::Id)
        .into()
}

fn summaries(id: ApplicationId) -> sea_orm::Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Version, Column::SavedAt, Column::Changed])
        .column_as(account::Column::Name, "author_name")
        .join(JoinType::LeftJoin, to_author())
        .filter(Column::ApplicationId.eq(id))
}

/// Versions of a file, the latest first, before a version.
///
/// # Errors
/// Those of the database.
pub(super) async fn list(
    db: &Db,
    id: ApplicationId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<FileVersionSummary>, Error> {
    let mut found = summaries(id);
    if let Some(version) = before {
        found = found.filter(Column::Version.lt(version));
    }
    let rows = found.order_by_desc(Column::Version).limit(limit);
    let rows = rows.into_model::<SummaryRow>().all(db.read()).await?;
    rows.into_iter().map(SummaryRow::summary).collect()
}

/// How many versions of a file are kept.
///
/// # Errors
/// Those of the database.
pub(super) async fn count(db: &Db, id: ApplicationId) -> Result<u64, Error> {
    Ok(Entity::find()
        .filter(Column::ApplicationId.eq(id))
        .count(db.read())
        .await?)
}

/// What a file said in a version, with who wrote it.
///
/// # Errors
/// Those of the database.
pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: ApplicationId,
    version: i64,
) -> Result<Option<(FileVersionSummary, String)>, Error> {
    #[derive(FromQueryResult)]
    struct WholeRow {
        #[sea_orm(nested)]
        summary: SummaryRow,
        content: String,
    }
    let row = summaries(id)
        .column(Column::Content)
        .filter(Column::Version.eq(version))
        .into_model::<WholeRow>()
        .one(conn)
        .await?;
    row.map(|row| Ok((row.summary.summary()?, row.content))).transpose()
}
