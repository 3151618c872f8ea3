//! The tables of recommendations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::ids::{CityId, LessonId, ListedLessonId, MeetingId, NetworkId, RecommendationId};
use shared::language::Texts;
use shared::partnerships::PartyRef;
use shared::recommendations::{
    Addressee, RecommendationRef, RecommendationSource, RecommendationState, RecommendationStep,
};
use uuid::Uuid;

use crate::db::entity::{listed_lesson, meeting, recommendation, recommendation_source};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::lessons::store as lessons;

/// A recommendation, with who holds its meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// Which one.
    pub id: RecommendationId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whose it is.
    pub meeting_id: MeetingId,
    /// The meeting's name.
    pub meeting_name: Texts,
    /// Who holds the meeting.
    pub host: PartyRef,
    /// Who is to act.
    pub addressee: Addressee,
    /// Its name.
    pub addressee_name: String,
    /// What it says.
    pub text: Texts,
    /// Where it stands.
    pub state: RecommendationState,
    /// What became of it.
    pub steps: Vec<RecommendationStep>,
    /// What it is known by at its source.
    pub source_key: Option<String>,
    /// When somebody deleted it.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// The lessons that a recommendation comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// Proposed ones.
    pub lessons: Vec<LessonId>,
    /// Those of the meeting's list.
    pub listed: Vec<ListedLessonId>,
}

#[derive(Debug, FromQueryResult)]
struct RecommendationRow {
    #[sea_orm(nested)]
    recommendation: recommendation::Model,
    meeting_name: serde_json::Value,
    host_city_id: Option<CityId>,
    host_network_id: Option<NetworkId>,
}

impl RecommendationRow {
    fn recommendation(self) -> Result<Recommendation, Error> {
        let row = self.recommendation;
        let city = self.host_city_id.map(|city_id| PartyRef::City { city_id });
        let network = self.host_network_id.map(|network_id| PartyRef::Network { network_id });
        let unknown = |what: &str| Error::internal(anyhow::anyhow!("unknown code of a recommendation: {what}"));
        Ok(Recommendation {
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            meeting_id: row.meeting_id,
            meeting_name: serde_json::from_value(self.meeting_name)?,
            host: city.or(network).ok_or_else(|| unknown("host"))?,
            addressee: Addressee::from_code(&row.addressee).ok_or_else(|| unknown(&row.addressee))?,
            addressee_name: row.addressee_name,
            text: serde_json::from_value(row.text)?,
            state: RecommendationState::from_code(&row.state).ok_or_else(|| unknown(&row.state))?,
            steps: serde_json::from_value(row.steps)?,
            source_key: row.source_key,
            deleted_at: row.deleted_at,
        })
    }
}

fn model(of: &Recommendation) -> Result<recommendation::ActiveModel, Error> {
    let of = of.clone();
    Ok(recommendation::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        meeting_id: of.meeting_id,
        addressee: of.addressee.code().to_owned(),
        addressee_name: of.addressee_name,
        text: serde_json::to_value(of.text)?,
        state: of.state.code().to_owned(),
        steps: serde_json::to_value(of.steps)?,
        source_key: of.source_key,
        deleted_at: of.deleted_at,
    }
    .into_active_model()
    .reset_all())
}

fn recommendations() -> sea_orm::Select<recommendation::Entity> {
    recommendation::Entity::find()
        .column_as(meeting::Column::Name, "meeting_name")
        .column(meeting::Column::HostCityId)
        .column(meeting::Column::HostNetworkId)
        .join(
            JoinType::InnerJoin,
            recommendation::Entity::belongs_to(meeting::Entity)
                .from(recommendation::Column::MeetingId)
                .to(meeting::Column::Id)
                .into(),
        )
}

/// A recommendation, deleted or not.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: RecommendationId) -> Result<Option<Recommendation>, Error> {
    let row = recommendations().filter(recommendation::Column::Id.eq(id));
    row.into_model::<RecommendationRow>()
        .one(conn)
        .await?
        .map(RecommendationRow::recommendation)
        .transpose()
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: RecommendationId) -> Result<Option<Recommendation>, Error> {
    if tx.has_row_locks() {
        let _: Option<RecommendationId> = recommendation::Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(recommendation::Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    find(tx.conn(), id).await
}

/// Whether a recommendation that is known by this key at its source is there.
///
/// # Errors
/// Those of the database.
pub async fn has_source_key(tx: &Tx<'_>, key: &str) -> Result<bool, Error> {
    let found = recommendation::Entity::find().filter(recommendation::Column::SourceKey.eq(key));
    Ok(found.count(tx.conn()).await? > 0)
}

/// Adds a recommendation with the lessons that it comes from.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Recommendation, sources: &Sources) -> Result<(), Error> {
    recommendation::Entity::insert(model(of)?)
        .exec_without_returning(tx.conn())
        .await?;
    insert_sources(tx, of.id, sources).await
}

/// Writes a recommendation that is locked; its sources only where they are given.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Recommendation, sources: Option<&Sources>) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    if let Some(sources) = sources {
        recommendation_source::Entity::delete_many()
            .filter(recommendation_source::Column::RecommendationId.eq(of.id))
            .exec(tx.conn())
            .await?;
        insert_sources(tx, of.id, sources).await?;
    }
    Ok(())
}

async fn insert_sources(tx: &Tx<'_>, id: RecommendationId, sources: &Sources) -> Result<(), Error> {
    let listed = sources.listed.iter().map(|&listed| (None, Some(listed)));
    let proposed = sources.lessons.iter().map(|&lesson| (Some(lesson), None));
    let rows = (0_i32..).zip(listed.chain(proposed));
    let rows = rows.map(
        |(position, (lesson_id, listed_lesson_id))| recommendation_source::ActiveModel {
            id: Set(Uuid::now_v7()),
            recommendation_id: Set(id),
            position: Set(position),
            lesson_id: Set(lesson_id),
            listed_lesson_id: Set(listed_lesson_id),
        },
    );
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        recommendation_source::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

type SourceRow = (
    RecommendationId,
    Option<LessonId>,
    Option<ListedLessonId>,
    Option<serde_json::Value>,
);

/// The lessons that some recommendations come from, each in its order, without those that were deleted. Two statements.
///
/// # Errors
/// Those of the database.
pub async fn sources_of(
    conn: &impl ConnectionTrait,
    ids: &[RecommendationId],
) -> Result<HashMap<RecommendationId, Vec<RecommendationSource>>, Error> {
    use recommendation_source::{Column, Entity};
    let rows: Vec<SourceRow> = Entity::find()
        .select_only()
        .columns([Column::RecommendationId, Column::LessonId, Column::ListedLessonId])
        .column(listed_lesson::Column::Text)
        .join(
            JoinType::LeftJoin,
            Entity::belongs_to(listed_lesson::Entity)
                .from(Column::ListedLessonId)
                .to(listed_lesson::Column::Id)
                .into(),
        )
        .filter(Column::RecommendationId.is_in(ids.iter().copied()))
        .order_by_asc(Column::RecommendationId)
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(conn)
        .await?;
    let proposed: Vec<LessonId> = rows.iter().filter_map(|(_, lesson, ..)| *lesson).collect();
    let named = lessons::named(conn, &proposed).await?;
    let mut found: HashMap<RecommendationId, Vec<RecommendationSource>> = HashMap::new();
    for (id, lesson, listed, text) in rows {
        let proposed = lesson.and_then(|lesson| named.get(&lesson).cloned());
        let source = match (proposed, listed, text) {
            (Some(lesson), ..) => Some(RecommendationSource::Proposed { lesson }),
            (None, Some(id), Some(text)) => Some(RecommendationSource::Listed {
                id,
                text: serde_json::from_value(text)?,
            }),
            _ => None,
        };
        found.entry(id).or_default().extend(source);
    }
    Ok(found)
}

/// What was recommended because of a proposed lesson or of one of a meeting's list, without drafts.
///
/// # Errors
/// Those of the database.
async fn coming_from<T: std::hash::Hash + Eq + sea_orm::TryGetable>(
    conn: &impl ConnectionTrait,
    column: recommendation_source::Column,
    ids: impl IntoIterator<Item = impl Into<sea_orm::Value>>,
) -> Result<HashMap<T, Vec<RecommendationRef>>, Error> {
    use recommendation_source::{Column, Entity};
    let rows: Vec<(T, RecommendationId, MeetingId, serde_json::Value, String)> = Entity::find()
        .select_only()
        .column(column)
        .column(Column::RecommendationId)
        .column(recommendation::Column::MeetingId)
        .column(recommendation::Column::Text)
        .column(recommendation::Column::State)
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(recommendation::Entity)
                .from(Column::RecommendationId)
                .to(recommendation::Column::Id)
                .into(),
        )
        .filter(column.is_in(ids))
        .filter(recommendation::Column::State.ne(RecommendationState::Draft.code()))
        .order_by_asc(Column::RecommendationId)
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: HashMap<T, Vec<RecommendationRef>> = HashMap::new();
    for (from, id, meeting_id, text, state) in rows {
        let unknown = || Error::internal(anyhow::anyhow!("unknown state of a recommendation: {state}"));
        found.entry(from).or_default().push(RecommendationRef {
            id,
            meeting_id,
            text: serde_json::from_value(text)?,
            state: RecommendationState::from_code(&state).ok_or_else(unknown)?,
        });
    }
    Ok(found)
}

/// What was recommended because of some proposed lessons, without drafts.
///
/// # Errors
/// Those of the database.
pub async fn from_lessons(
    conn: &impl ConnectionTrait,
    ids: &[LessonId],
) -> Result<HashMap<LessonId, Vec<RecommendationRef>>, Error> {
    coming_from(conn, recommendation_source::Column::LessonId, ids.iter().copied()).await
}

/// What was recommended because of some lessons of meetings' lists, without drafts.
///
/// # Errors
/// Those of the database.
pub async fn from_listed(
    conn: &impl ConnectionTrait,
    ids: &[ListedLessonId],
) -> Result<HashMap<ListedLessonId, Vec<RecommendationRef>>, Error> {
    coming_from(conn, recommendation_source::Column::ListedLessonId, ids.iter().copied()).await
}

/// Which recommendations a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecommendationFilter {
    /// Only those of this meeting.
    pub meeting_id: Option<MeetingId>,
    /// Only those that come from this proposed lesson.
    pub lesson_id: Option<LessonId>,
    /// Only those that come from this lesson of a meeting's list.
    pub listed_lesson_id: Option<ListedLessonId>,
    /// Only those to these; empty for all.
    pub addressees: Vec<Addressee>,
    /// Only those that stand so; empty for all.
    pub states: Vec<RecommendationState>,
}

/// Whose drafts are seen: those of meetings that these hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftScope {
    /// All.
    All,
    /// Those of these cities and networks.
    Of(Vec<CityId>, Vec<NetworkId>),
}

fn listed(filter: &RecommendationFilter, drafts: &DraftScope) -> sea_orm::Select<recommendation::Entity> {
    use recommendation::Column;
    use recommendation_source::Column as Source;
    let coming = || {
        Query::select()
            .column(Source::RecommendationId)
            .from(recommendation_source::Entity)
            .to_owned()
    };
    let mut found = recommendations().filter(Column::DeletedAt.is_null());
    if let DraftScope::Of(cities, networks) = drafts {
        found = found.filter(
            Condition::any()
                .add(Column::State.ne(RecommendationState::Draft.code()))
                .add(meeting::Column::HostCityId.is_in(cities.iter().copied()))
                .add(meeting::Column::HostNetworkId.is_in(networks.iter().copied())),
        );
    }
    if let Some(id) = filter.meeting_id {
        found = found.filter(Column::MeetingId.eq(id));
    }
    if let Some(id) = filter.lesson_id {
        let from = coming().and_where(Source::LessonId.eq(id)).to_owned();
        found = found.filter(Column::Id.in_subquery(from));
    }
    if let Some(id) = filter.listed_lesson_id {
        let from = coming().and_where(Source::ListedLessonId.eq(id)).to_owned();
        found = found.filter(Column::Id.in_subquery(from));
    }
    if !filter.addressees.is_empty() {
        found = found.filter(Column::Addressee.is_in(filter.addressees.iter().map(|one| one.code())));
    }
    if !filter.states.is_empty() {
        found = found.filter(Column::State.is_in(filter.states.iter().map(|one| one.code())));
    }
    found
}

/// Recommendations, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &RecommendationFilter,
    drafts: &DraftScope,
    after: Option<RecommendationId>,
    limit: u64,
) -> Result<Vec<Recommendation>, Error> {
    let mut found = listed(filter, drafts);
    if let Some(id) = after {
        found = found.filter(recommendation::Column::Id.gt(id));
    }
    let found = found.order_by_asc(recommendation::Column::Id).limit(limit);
    let rows = found.into_model::<RecommendationRow>().all(db.read()).await?;
    rows.into_iter().map(RecommendationRow::recommendation).collect()
}

/// How many recommendations a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &RecommendationFilter, drafts: &DraftScope) -> Result<u64, Error> {
    Ok(listed(filter, drafts).count(db.read()).await?)
}
