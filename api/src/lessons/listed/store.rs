//! The tables of meetings and of the lessons on their lists.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::ids::{LessonId, ListedLessonId, MeetingId};
use shared::language::Texts;
use shared::lessons::LessonRef;
use shared::partnerships::PartyRef;
use shared::recommendations::RecommendationRef;
use shared::themes::Theme;
use uuid::Uuid;

use crate::db::entity::{listed_lesson, listed_lesson_source, meeting};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::lessons::store::{named, theme_of};
use crate::recommendations::store as recommendations;

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Which one.
    pub id: MeetingId,
    /// Grows by one with each change, also of its list.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its name.
    pub name: Texts,
    /// Who holds it.
    pub host: PartyRef,
    /// Where.
    pub place: String,
    /// Its first and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Where the facts come from.
    pub source: Option<String>,
    /// What it is known by there.
    pub source_key: Option<String>,
}

/// A lesson on a meeting's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLesson {
    /// Which one.
    pub id: ListedLessonId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whose list.
    pub meeting_id: MeetingId,
    /// Its place from 1; none where it was taken out.
    pub position: Option<i32>,
    /// What it is about.
    pub theme: Theme,
    /// What it says.
    pub text: Texts,
}

fn meeting_of(row: meeting::Model) -> Result<Meeting, Error> {
    let city = row.host_city_id.map(|city_id| PartyRef::City { city_id });
    let network = row.host_network_id.map(|network_id| PartyRef::Network { network_id });
    Ok(Meeting {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        name: serde_json::from_value(row.name)?,
        host: city
            .or(network)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("nobody holds a meeting")))?,
        place: row.place,
        days: (row.starts_on, row.ends_on),
        source: row.source,
        source_key: row.source_key,
    })
}

fn meeting_model(of: &Meeting) -> Result<meeting::ActiveModel, Error> {
    let of = of.clone();
    let (host_city_id, host_network_id) = match of.host {
        PartyRef::City { city_id } => (Some(city_id), None),
        PartyRef::Network { network_id } => (None, Some(network_id)),
        PartyRef::Actor { .. } => (None, None),
    };
    Ok(meeting::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        name: serde_json::to_value(of.name)?,
        host_city_id,
        host_network_id,
        place: of.place,
        starts_on: of.days.0,
        ends_on: of.days.1,
        source: of.source,
        source_key: of.source_key,
    }
    .into_active_model()
    .reset_all())
}

fn listed_of(row: listed_lesson::Model) -> Result<ListedLesson, Error> {
    Ok(ListedLesson {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        meeting_id: row.meeting_id,
        position: row.position,
        theme: theme_of(&row.theme)?,
        text: serde_json::from_value(row.text)?,
    })
}

fn listed_model(of: &ListedLesson) -> Result<listed_lesson::ActiveModel, Error> {
    let of = of.clone();
    Ok(listed_lesson::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        meeting_id: of.meeting_id,
        position: of.position,
        theme: of.theme.slug().to_owned(),
        text: serde_json::to_value(of.text)?,
    }
    .into_active_model()
    .reset_all())
}

/// A meeting.
///
/// # Errors
/// Those of the database.
pub async fn meeting(conn: &impl ConnectionTrait, id: MeetingId) -> Result<Option<Meeting>, Error> {
    meeting::Entity::find_by_id(id)
        .one(conn)
        .await?
        .map(meeting_of)
        .transpose()
}

/// Like [`meeting`], locked until the transaction ends: whoever changes its list holds it, so that a place is given once.
///
/// # Errors
/// Those of the database.
pub async fn meeting_for_update(tx: &Tx<'_>, id: MeetingId) -> Result<Option<Meeting>, Error> {
    let mut row = meeting::Entity::find_by_id(id);
    if tx.has_row_locks() {
        row = row.lock_exclusive();
    }
    row.one(tx.conn()).await?.map(meeting_of).transpose()
}

/// The meeting that is known by this key at its source.
///
/// # Errors
/// Those of the database.
pub async fn by_source_key(tx: &Tx<'_>, key: &str) -> Result<Option<Meeting>, Error> {
    let found = meeting::Entity::find().filter(meeting::Column::SourceKey.eq(key));
    found.one(tx.conn()).await?.map(meeting_of).transpose()
}

/// Whether a meeting that is known by this key at its source is there.
///
/// # Errors
/// Those of the database.
pub async fn has_source_key(tx: &Tx<'_>, key: &str) -> Result<bool, Error> {
    let found = meeting::Entity::find().filter(meeting::Column::SourceKey.eq(key));
    Ok(found.count(tx.conn()).await? > 0)
}

/// Adds a meeting.
///
/// # Errors
/// Those of the database.
pub async fn insert_meeting(tx: &Tx<'_>, of: &Meeting) -> Result<(), Error> {
    meeting::Entity::insert(meeting_model(of)?)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Writes a meeting that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save_meeting(tx: &Tx<'_>, of: &Meeting) -> Result<(), Error> {
    meeting_model(of)?.update(tx.conn()).await?;
    Ok(())
}

/// Meetings, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn meetings(db: &Db, after: Option<(NaiveDate, MeetingId)>, limit: u64) -> Result<Vec<Meeting>, Error> {
    use meeting::Column;
    let mut found = meeting::Entity::find();
    if let Some((day, id)) = after {
        found = found.filter(
            Condition::any()
                .add(Column::StartsOn.lt(day))
                .add(Condition::all().add(Column::StartsOn.eq(day)).add(Column::Id.lt(id))),
        );
    }
    let found = found.order_by_desc(Column::StartsOn).order_by_desc(Column::Id);
    let rows = found.limit(limit).all(db.read()).await?;
    rows.into_iter().map(meeting_of).collect()
}

/// How many lessons are on the lists of some meetings.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &Db, ids: &[MeetingId]) -> Result<HashMap<MeetingId, usize>, Error> {
    use listed_lesson::Column;
    let rows: Vec<(MeetingId, i64)> = listed_lesson::Entity::find()
        .select_only()
        .column(Column::MeetingId)
        .column_as(Column::Id.count(), "listed")
        .filter(Column::MeetingId.is_in(ids.iter().copied()))
        .filter(Column::Position.is_not_null())
        .group_by(Column::MeetingId)
        .into_tuple()
        .all(db.read())
        .await?;
    let count = |count: i64| usize::try_from(count).unwrap_or_default();
    Ok(rows.into_iter().map(|(id, listed)| (id, count(listed))).collect())
}

/// The list of a meeting in its order, without what was taken out.
///
/// # Errors
/// Those of the database.
pub async fn list(conn: &impl ConnectionTrait, id: MeetingId) -> Result<Vec<ListedLesson>, Error> {
    use listed_lesson::Column;
    let rows = listed_lesson::Entity::find()
        .filter(Column::MeetingId.eq(id))
        .filter(Column::Position.is_not_null())
        .order_by_asc(Column::Position)
        .all(conn)
        .await?;
    rows.into_iter().map(listed_of).collect()
}

/// A lesson of a list, also where it was taken out.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: ListedLessonId) -> Result<Option<ListedLesson>, Error> {
    let row = listed_lesson::Entity::find_by_id(id).one(conn).await?;
    row.map(listed_of).transpose()
}

/// Adds a lesson to a list with the proposed ones that it comes from.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &ListedLesson, sources: &[LessonId]) -> Result<(), Error> {
    listed_lesson::Entity::insert(listed_model(of)?)
        .exec_without_returning(tx.conn())
        .await?;
    insert_sources(tx, of.id, sources).await
}

/// Writes a lesson whose meeting is locked; its sources only where they are given.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &ListedLesson, sources: Option<&[LessonId]>) -> Result<(), Error> {
    listed_model(of)?.update(tx.conn()).await?;
    if let Some(sources) = sources {
        listed_lesson_source::Entity::delete_many()
            .filter(listed_lesson_source::Column::ListedLessonId.eq(of.id))
            .exec(tx.conn())
            .await?;
        insert_sources(tx, of.id, sources).await?;
    }
    Ok(())
}

async fn insert_sources(tx: &Tx<'_>, id: ListedLessonId, sources: &[LessonId]) -> Result<(), Error> {
    let rows = (0_i32..)
        .zip(sources)
        .map(|(position, &lesson)| listed_lesson_source::ActiveModel {
            id: Set(Uuid::now_v7()),
            listed_lesson_id: Set(id),
            position: Set(position),
            lesson_id: Set(lesson),
        });
    listed_lesson_source::Entity::insert_many(rows)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Numbers the list of a meeting that is locked in this order. Places are freed first: no two lessons ever have the same.
///
/// # Errors
/// Those of the database.
pub async fn number(tx: &Tx<'_>, meeting: MeetingId, order: &[ListedLessonId]) -> Result<(), Error> {
    use listed_lesson::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::Position, Expr::value(None::<i32>))
        .filter(Column::MeetingId.eq(meeting))
        .exec(tx.conn())
        .await?;
    for (position, id) in (1_i32..).zip(order) {
        Entity::update_many()
            .col_expr(Column::Position, Expr::value(position))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Id.eq(*id))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// What lessons of a list come from, and what comes from them.
#[derive(Debug)]
pub struct Links {
    /// The proposed lessons of each, in their order.
    pub sources: Vec<(ListedLessonId, LessonId)>,
    /// Those that are there.
    pub named: HashMap<LessonId, LessonRef>,
    /// What is recommended because of each, without drafts.
    pub recommended: HashMap<ListedLessonId, Vec<RecommendationRef>>,
}

/// The links of some lessons of lists. Three statements.
///
/// # Errors
/// Those of the database.
pub async fn links(conn: &impl ConnectionTrait, ids: &[ListedLessonId]) -> Result<Links, Error> {
    let sources = sources_of(conn, ids).await?;
    let proposed: HashSet<LessonId> = sources.iter().map(|(_, lesson)| *lesson).collect();
    let proposed: Vec<LessonId> = proposed.into_iter().collect();
    Ok(Links {
        named: named(conn, &proposed).await?,
        recommended: recommendations::from_listed(conn, ids).await?,
        sources,
    })
}

/// The proposed lessons that some of lists come from, each in its order.
///
/// # Errors
/// Those of the database.
async fn sources_of(
    conn: &impl ConnectionTrait,
    ids: &[ListedLessonId],
) -> Result<Vec<(ListedLessonId, LessonId)>, Error> {
    use listed_lesson_source::{Column, Entity};
    Ok(Entity::find()
        .select_only()
        .columns([Column::ListedLessonId, Column::LessonId])
        .filter(Column::ListedLessonId.is_in(ids.iter().copied()))
        .order_by_asc(Column::ListedLessonId)
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Whether a network is there.
///
/// # Errors
/// Those of the database.
pub async fn has_network(tx: &Tx<'_>, id: shared::ids::NetworkId) -> Result<bool, Error> {
    use crate::db::entity::network;
    Ok(network::Entity::find_by_id(id).count(tx.conn()).await? > 0)
}
