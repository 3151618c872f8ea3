//! The tables of stories and of their pictures.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::ids::{PartnershipId, StoryId, StoryPictureId};
use shared::stories::{StoryDraft, StoryPicture, StoryState};

use crate::db::entity::{partnership, story, story_picture};
use crate::db::{Db, Tx};
use crate::error::Error;

/// The story of a partnership that is not deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Which one.
    pub id: StoryId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whose it is.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// Where it stands.
    pub state: StoryState,
    /// Why it was withdrawn.
    pub state_reason: Option<String>,
    /// When it was last published.
    pub published_at: Option<DateTime<Utc>>,
    /// What it says.
    pub words: StoryDraft,
    /// Its picture.
    pub picture: Option<StoryPicture>,
}

#[derive(Debug, FromQueryResult)]
struct StoryRow {
    #[sea_orm(nested)]
    row: story::Model,
    partnership_name: String,
}

impl StoryRow {
    fn story(self) -> Result<Story, Error> {
        let row = self.row;
        let unknown = || Error::internal(anyhow::anyhow!("unknown state of a story: {}", row.state));
        Ok(Story {
            state: StoryState::from_code(&row.state).ok_or_else(unknown)?,
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            partnership_id: row.partnership_id,
            partnership_name: self.partnership_name,
            state_reason: row.state_reason,
            published_at: row.published_at,
            words: serde_json::from_value(row.words)?,
            picture: row.picture.map(serde_json::from_value).transpose()?,
        })
    }
}

fn model(of: &Story) -> Result<story::ActiveModel, Error> {
    Ok(story::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        partnership_id: of.partnership_id,
        state: of.state.code().to_owned(),
        state_reason: of.state_reason.clone(),
        published_at: of.published_at,
        words: serde_json::to_value(&of.words)?,
        picture: of.picture.as_ref().map(serde_json::to_value).transpose()?,
    }
    .into_active_model()
    .reset_all())
}

fn stories() -> sea_orm::Select<story::Entity> {
    story::Entity::find()
        .column_as(partnership::Column::Name, "partnership_name")
        .join(
            JoinType::InnerJoin,
            story::Entity::belongs_to(partnership::Entity)
                .from(story::Column::PartnershipId)
                .to(partnership::Column::Id)
                .into(),
        )
        .filter(partnership::Column::DeletedAt.is_null())
}

async fn one(conn: &impl ConnectionTrait, of: sea_orm::Select<story::Entity>) -> Result<Option<Story>, Error> {
    let row = of.into_model::<StoryRow>().one(conn).await?;
    row.map(StoryRow::story).transpose()
}

/// The story of a partnership.
///
/// # Errors
/// Those of the database.
pub async fn of_partnership(conn: &impl ConnectionTrait, id: PartnershipId) -> Result<Option<Story>, Error> {
    one(conn, stories().filter(story::Column::PartnershipId.eq(id))).await
}

/// The story that a picture was sent for, whether it shows it or not.
///
/// # Errors
/// Those of the database.
pub async fn of_picture(conn: &impl ConnectionTrait, id: StoryPictureId) -> Result<Option<Story>, Error> {
    let to_picture = story::Entity::belongs_to(story_picture::Entity)
        .from(story::Column::Id)
        .to(story_picture::Column::StoryId);
    let found = stories()
        .join(JoinType::InnerJoin, to_picture.into())
        .filter(story_picture::Column::Id.eq(id));
    one(conn, found).await
}

/// Adds a story to a partnership that is locked.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Story) -> Result<(), Error> {
    story::Entity::insert(model(of)?)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Writes a story whose partnership is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Story) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    Ok(())
}

/// Which stories a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoryFilter {
    /// Only that of this partnership.
    pub partnership_id: Option<PartnershipId>,
    /// Whether those too that are not published.
    pub hidden: bool,
}

/// Where a list of stories went on: the latest published first, those that are not yet last.
pub type Place = (Option<DateTime<Utc>>, StoryId);

fn listed(filter: &StoryFilter) -> sea_orm::Select<story::Entity> {
    let mut found = stories();
    if let Some(id) = filter.partnership_id {
        found = found.filter(story::Column::PartnershipId.eq(id));
    }
    if !filter.hidden {
        found = found.filter(story::Column::State.eq(StoryState::Published.code()));
    }
    found
}

/// Stories, the latest published first.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, filter: &StoryFilter, after: Option<Place>, limit: u64) -> Result<Vec<Story>, Error> {
    let mut found = listed(filter);
    if let Some((Some(at), id)) = after {
        let same = Condition::all()
            .add(story::Column::PublishedAt.eq(at))
            .add(story::Column::Id.lt(id));
        found = found.filter(Condition::any().add(story::Column::PublishedAt.lt(at)).add(same));
    }
    let rows = found
        .order_by_desc(story::Column::PublishedAt)
        .order_by_desc(story::Column::Id)
        .limit(limit)
        .into_model::<StoryRow>()
        .all(db.read())
        .await?;
    rows.into_iter().map(StoryRow::story).collect()
}

/// How many stories a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &StoryFilter) -> Result<u64, Error> {
    Ok(listed(filter).count(db.read()).await?)
}

/// Adds the row of a picture that no story shows yet.
///
/// # Errors
/// Those of the database.
pub async fn insert_picture(tx: &Tx<'_>, story_id: StoryId, id: StoryPictureId) -> Result<(), Error> {
    let row = story_picture::ActiveModel {
        id: Set(id),
        story_id: Set(story_id),
        unused_since: Set(Some(tx.now())),
    };
    story_picture::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Says whether a story shows a picture.
///
/// # Errors
/// Those of the database.
pub async fn use_picture(tx: &Tx<'_>, id: StoryPictureId, is_shown: bool) -> Result<(), Error> {
    let unused_since = (!is_shown).then(|| tx.now());
    story_picture::Entity::update_many()
        .col_expr(story_picture::Column::UnusedSince, unused_since.into())
        .filter(story_picture::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Deletes the row of a picture.
///
/// # Errors
/// Those of the database.
pub async fn delete_picture(tx: &Tx<'_>, id: StoryPictureId) -> Result<(), Error> {
    story_picture::Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

/// Pictures that no story has shown since before `before`.
///
/// # Errors
/// Those of the database.
pub async fn unused_pictures(
    conn: &impl ConnectionTrait,
    before: DateTime<Utc>,
    most: u64,
) -> Result<Vec<StoryPictureId>, Error> {
    Ok(story_picture::Entity::find()
        .select_only()
        .column(story_picture::Column::Id)
        .filter(story_picture::Column::UnusedSince.lt(before))
        .order_by_asc(story_picture::Column::Id)
        .limit(most)
        .into_tuple()
        .all(conn)
        .await?)
}
