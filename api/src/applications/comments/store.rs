//! The table of comments.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use shared::ids::{AccountId, ApplicationId, CityId, CommentId};

use crate::db::entity::{account, comment};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A comment, with the names of those who wrote and settled it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Which one.
    pub id: CommentId,
    /// Grows by one with each change.
    pub version: i64,
    /// The file.
    pub application_id: ApplicationId,
    /// The comment that it answers.
    pub reply_to: Option<CommentId>,
    /// What it is about.
    pub place: Option<String>,
    /// What it says.
    pub text: String,
    /// For which city.
    pub city_id: CityId,
    /// Who wrote it; none for a program.
    pub author_id: Option<AccountId>,
    /// The author's name.
    pub author_name: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When its text last changed.
    pub edited_at: Option<DateTime<Utc>>,
    /// Since when the conversation is settled.
    pub settled_at: Option<DateTime<Utc>>,
    /// Who settled it.
    pub settled_by: Option<AccountId>,
    /// The name of who settled it.
    pub settled_by_name: Option<String>,
    /// Since when it is deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

#[derive(Debug, FromQueryResult)]
struct CommentRow {
    #[sea_orm(nested)]
    comment: comment::Model,
    author_name: Option<String>,
    settled_by_name: Option<String>,
}

impl From<CommentRow> for Comment {
    fn from(row: CommentRow) -> Self {
        let of = row.comment;
        Self {
            id: of.id,
            version: of.version,
            application_id: of.application_id,
            reply_to: of.reply_to,
            place: of.place,
            text: of.text,
            city_id: of.city_id,
            author_id: of.author_id,
            author_name: row.author_name,
            created_at: of.created_at,
            edited_at: of.edited_at,
            settled_at: of.settled_at,
            settled_by: of.settled_by,
            settled_by_name: row.settled_by_name,
            deleted_at: of.deleted_at,
        }
    }
}

fn model(of: &Comment, now: DateTime<Utc>) -> comment::ActiveModel {
    let of = of.clone();
    comment::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: now,
        application_id: of.application_id,
        reply_to: of.reply_to,
        place: of.place,
        text: of.text,
        city_id: of.city_id,
        author_id: of.author_id,
        edited_at: of.edited_at,
        settled_at: of.settled_at,
        settled_by: of.settled_by,
        deleted_at: of.deleted_at,
    }
    .into_active_model()
    .reset_all()
}

fn name_of(column: comment::Column) -> RelationDef {
    comment::Entity::belongs_to(account::Entity)
        .from(column)
        .to(account::Column::Id)
        .into()
}

fn comments() -> sea_orm::Select<comment::Entity> {
    let name = |alias: &'static str| Expr::col((Alias::new(alias), account::Column::Name));
    comment::Entity::find()
        .expr_as(name("author"), "author_name")
        .expr_as(name("settler"), "settled_by_name")
        .join_as(JoinType::LeftJoin, name_of(comment::Column::AuthorId), "author")
        .join_as(JoinType::LeftJoin, name_of(comment::Column::SettledBy), "settler")
}

/// A comment, a deleted one too.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: CommentId) -> Result<Option<Comment>, Error> {
    let row = comments().filter(comment::Column::Id.eq(id));
    Ok(row.into_model::<CommentRow>().one(conn).await?.map(Comment::from))
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: CommentId) -> Result<Option<Comment>, Error> {
    if tx.has_row_locks() {
        let _: Option<CommentId> = comment::Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(comment::Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    find(tx.conn(), id).await
}

/// Adds a comment.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Comment) -> Result<(), Error> {
    comment::Entity::insert(model(of, tx.now()))
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Writes a comment that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Comment) -> Result<(), Error> {
    model(of, tx.now()).update(tx.conn()).await?;
    Ok(())
}

/// Deletes what was deleted before a time for good; says how many comments that were.
///
/// # Errors
/// Those of the database.
pub async fn forget(tx: &Tx<'_>, before: DateTime<Utc>) -> Result<u64, Error> {
    let over = comment::Entity::delete_many().filter(comment::Column::DeletedAt.lt(before));
    Ok(over.exec(tx.conn()).await?.rows_affected)
}

/// Which comments of a file a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentFilter {
    /// The file.
    pub application_id: ApplicationId,
    /// Only those about this.
    pub place: Option<String>,
    /// Only those that begin a conversation that is settled, or only those that begin one that is not.
    pub settled: Option<bool>,
}

fn listed(filter: &CommentFilter) -> sea_orm::Select<comment::Entity> {
    use comment::Column;
    let mut found = comments()
        .filter(Column::ApplicationId.eq(filter.application_id))
        .filter(Column::DeletedAt.is_null());
    if let Some(place) = &filter.place {
        found = found.filter(Column::Place.eq(place.as_str()));
    }
    if let Some(settled) = filter.settled {
        let stands = if settled {
            Column::SettledAt.is_not_null()
        } else {
            Column::SettledAt.is_null()
        };
        found = found.filter(Column::ReplyTo.is_null()).filter(stands);
    }
    found
}

/// Comments, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &CommentFilter,
    after: Option<CommentId>,
    limit: u64,
) -> Result<Vec<Comment>, Error> {
    let mut found = listed(filter);
    if let Some(id) = after {
        found = found.filter(comment::Column::Id.gt(id));
    }
    let found = found.order_by_asc(comment::Column::Id).limit(limit);
    let rows = found.into_model::<CommentRow>().all(db.read()).await?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// How many comments a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &CommentFilter) -> Result<u64, Error> {
    Ok(listed(filter).count(db.read()).await?)
}
