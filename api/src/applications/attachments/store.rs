//! The table of documents.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use shared::applications::{AttachmentKind, AttachmentPurpose, AttachmentView};
use shared::ids::{AccountId, ApplicationId, AttachmentId, CityId};

use crate::db::Tx;
use crate::db::entity::{application, attachment};
use crate::error::Error;

/// A document of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRecord {
    /// The document's id.
    pub id: AttachmentId,
    /// Grows by one with each change; 0 while its bytes are on their way.
    pub version: i64,
    /// The file.
    pub application_id: ApplicationId,
    /// What it is for.
    pub purpose: AttachmentPurpose,
    /// Whose letter it is.
    pub city_id: Option<CityId>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: AttachmentKind,
    /// Its size.
    pub size_bytes: i64,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Who added it; none for a program.
    pub added_by: Option<AccountId>,
    /// When.
    pub added_at: DateTime<Utc>,
    /// Since when it is no part of the file.
    pub removed_at: Option<DateTime<Utc>>,
}

impl AttachmentRecord {
    /// Where its bytes are in the object store.
    #[must_use]
    pub fn key(&self) -> String {
        format!("applications/{}/{}", self.application_id, self.id)
    }

    /// As it is told.
    #[must_use]
    pub fn view(&self) -> AttachmentView {
        AttachmentView {
            id: self.id,
            version: self.version,
            application_id: self.application_id,
            purpose: self.purpose,
            city_id: self.city_id,
            name: self.name.clone(),
            kind: self.kind,
            size_bytes: self.size_bytes,
            sha256: self.sha256.clone(),
            added_at: self.added_at,
        }
    }
}

fn record_of(model: attachment::Model) -> Result<AttachmentRecord, Error> {
    let unknown = |code: &str| Error::internal(anyhow::anyhow!("unknown kind or purpose of a document: {code}"));
    Ok(AttachmentRecord {
        id: model.id,
        version: model.version,
        application_id: model.application_id,
        purpose: AttachmentPurpose::from_code(&model.purpose).ok_or_else(|| unknown(&model.purpose))?,
        city_id: model.city_id,
        kind: AttachmentKind::from_code(&model.kind).ok_or_else(|| unknown(&model.kind))?,
        name: model.name,
        size_bytes: model.size_bytes,
        sha256: model.sha256,
        added_by: model.added_by,
        added_at: model.created_at,
        removed_at: model.removed_at,
    })
}

fn model_of(record: &AttachmentRecord, now: DateTime<Utc>) -> attachment::ActiveModel {
    attachment::ActiveModel {
        id: Set(record.id),
        version: Set(record.version),
        created_at: Set(record.added_at),
        updated_at: Set(now),
        application_id: Set(record.application_id),
        purpose: Set(record.purpose.code().to_owned()),
        city_id: Set(record.city_id),
        name: Set(record.name.clone()),
        kind: Set(record.kind.code().to_owned()),
        size_bytes: Set(record.size_bytes),
        sha256: Set(record.sha256.clone()),
        added_by: Set(record.added_by),
        removed_at: Set(record.removed_at),
    }
}

/// The documents of a file, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn of_file(conn: &impl ConnectionTrait, id: ApplicationId) -> Result<Vec<AttachmentRecord>, Error> {
    Ok(of_files(conn, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The documents of several files.
///
/// # Errors
/// Those of the database.
pub async fn of_files(
    conn: &impl ConnectionTrait,
    ids: &[ApplicationId],
) -> Result<HashMap<ApplicationId, Vec<AttachmentRecord>>, Error> {
    let models = attachment::Entity::find()
        .filter(attachment::Column::ApplicationId.is_in(ids.iter().copied()))
        .filter(attachment::Column::RemovedAt.is_null())
        .order_by_asc(attachment::Column::Id)
        .all(conn)
        .await?;
    let mut found: HashMap<ApplicationId, Vec<AttachmentRecord>> = HashMap::new();
    for model in models {
        found.entry(model.application_id).or_default().push(record_of(model)?);
    }
    Ok(found)
}

/// A document, a removed one too; not one whose bytes are still on their way.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: AttachmentId) -> Result<Option<AttachmentRecord>, Error> {
    let found = attachment::Entity::find_by_id(id)
        .filter(attachment::Column::Version.gt(0))
        .one(conn)
        .await?;
    found.map(record_of).transpose()
}

/// Adds a document.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, record: &AttachmentRecord) -> Result<(), Error> {
    model_of(record, tx.now()).insert(tx.conn()).await?;
    Ok(())
}

/// Saves a document.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, record: &AttachmentRecord) -> Result<(), Error> {
    model_of(record, tx.now()).update(tx.conn()).await?;
    Ok(())
}

/// Takes documents out of their file.
///
/// # Errors
/// Those of the database.
pub async fn leave(tx: &Tx<'_>, ids: &[AttachmentId]) -> Result<(), Error> {
    if !ids.is_empty() {
        attachment::Entity::update_many()
            .col_expr(attachment::Column::RemovedAt, Expr::value(tx.now()))
            .filter(attachment::Column::Id.is_in(ids.iter().copied()))
            .filter(attachment::Column::RemovedAt.is_null())
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// Deletes the row of a document.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &Tx<'_>, id: AttachmentId) -> Result<(), Error> {
    attachment::Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

/// Documents that were removed, or whose files were deleted, before `before`, and those whose bytes have been on their way
/// since before `stuck`.
///
/// # Errors
/// Those of the database.
pub async fn to_be_swept(
    conn: &impl ConnectionTrait,
    before: DateTime<Utc>,
    stuck: DateTime<Utc>,
    most: u64,
) -> Result<Vec<AttachmentRecord>, Error> {
    let models = attachment::Entity::find()
        .join(
            JoinType::InnerJoin,
            attachment::Entity::belongs_to(application::Entity)
                .from(attachment::Column::ApplicationId)
                .to(application::Column::Id)
                .into(),
        )
        .filter(
            Condition::any()
                .add(attachment::Column::RemovedAt.lt(before))
                .add(application::Column::DeletedAt.lt(before))
                .add(
                    Condition::all()
                        .add(attachment::Column::Version.eq(0))
                        .add(attachment::Column::RemovedAt.lt(stuck)),
                ),
        )
        .order_by_asc(attachment::Column::Id)
        .limit(most)
        .all(conn)
        .await?;
    models.into_iter().map(record_of).collect()
}
