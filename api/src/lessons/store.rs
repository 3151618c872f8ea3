//! The tables of proposed lessons.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::ids::{ActivityId, LessonId, PartnershipId, ResultId};
use shared::language::Language;
use shared::lessons::{LessonGround, LessonRef, LessonView, ListedLessonRef, RenewalRef};
use shared::partnerships::PartyRole;
use shared::themes::Theme;
use uuid::Uuid;

use crate::db::entity::{
    activity, lesson, lesson_ground, listed_lesson, listed_lesson_source, partnership, partnership_party,
    partnership_result, renewal_lesson,
};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::recommendations::store as recommendations;

/// A proposed lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Which one.
    pub id: LessonId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Who proposes it.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// What it is about.
    pub theme: Theme,
    /// What it says.
    pub text: String,
    /// In which language.
    pub language: Language,
    /// What it is known by at its source.
    pub source_key: Option<String>,
    /// When somebody deleted it.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a lesson rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Results.
    pub results: Vec<ResultId>,
    /// Activities.
    pub activities: Vec<ActivityId>,
}

#[derive(Debug, FromQueryResult)]
struct LessonRow {
    #[sea_orm(nested)]
    lesson: lesson::Model,
    partnership_name: String,
}

impl LessonRow {
    fn lesson(self) -> Result<Lesson, Error> {
        let row = self.lesson;
        Ok(Lesson {
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            partnership_id: row.partnership_id,
            partnership_name: self.partnership_name,
            theme: theme_of(&row.theme)?,
            text: row.text,
            language: Language::from_tag(&row.language).unwrap_or_default(),
            source_key: row.source_key,
            deleted_at: row.deleted_at,
        })
    }
}

/// The theme of a slug in a table.
pub(super) fn theme_of(slug: &str) -> Result<Theme, Error> {
    Theme::from_slug(slug).ok_or_else(|| Error::internal(anyhow::anyhow!("unknown theme of a lesson: {slug}")))
}

fn model(of: &Lesson) -> lesson::ActiveModel {
    let of = of.clone();
    lesson::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        partnership_id: of.partnership_id,
        theme: of.theme.slug().to_owned(),
        text: of.text,
        language: of.language.tag().to_owned(),
        source_key: of.source_key,
        deleted_at: of.deleted_at,
    }
    .into_active_model()
    .reset_all()
}

fn lessons() -> sea_orm::Select<lesson::Entity> {
    lesson::Entity::find()
        .column_as(partnership::Column::Name, "partnership_name")
        .join(
            JoinType::InnerJoin,
            lesson::Entity::belongs_to(partnership::Entity)
                .from(lesson::Column::PartnershipId)
                .to(partnership::Column::Id)
                .into(),
        )
        .filter(partnership::Column::DeletedAt.is_null())
}

/// A lesson, deleted or not, of a partnership that is not.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: LessonId) -> Result<Option<Lesson>, Error> {
    let row = lessons().filter(lesson::Column::Id.eq(id));
    row.into_model::<LessonRow>()
        .one(conn)
        .await?
        .map(LessonRow::lesson)
        .transpose()
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: LessonId) -> Result<Option<Lesson>, Error> {
    if tx.has_row_locks() {
        let _: Option<LessonId> = lesson::Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(lesson::Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    find(tx.conn(), id).await
}

/// The lesson that is known by this key at its source.
///
/// # Errors
/// Those of the database.
pub async fn by_source_key(tx: &Tx<'_>, key: &str) -> Result<Option<LessonId>, Error> {
    Ok(lesson::Entity::find()
        .filter(lesson::Column::SourceKey.eq(key))
        .select_only()
        .column(lesson::Column::Id)
        .into_tuple()
        .one(tx.conn())
        .await?)
}

/// Adds a lesson with what it rests on.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Lesson, grounds: &Grounds) -> Result<(), Error> {
    lesson::Entity::insert(model(of))
        .exec_without_returning(tx.conn())
        .await?;
    insert_grounds(tx, of.id, grounds).await
}

/// Writes a lesson that is locked; what it rests on only where that is given.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Lesson, grounds: Option<&Grounds>) -> Result<(), Error> {
    model(of).update(tx.conn()).await?;
    if let Some(grounds) = grounds {
        lesson_ground::Entity::delete_many()
            .filter(lesson_ground::Column::LessonId.eq(of.id))
            .exec(tx.conn())
            .await?;
        insert_grounds(tx, of.id, grounds).await?;
    }
    Ok(())
}

async fn insert_grounds(tx: &Tx<'_>, id: LessonId, grounds: &Grounds) -> Result<(), Error> {
    let results = grounds.results.iter().map(|&result| (Some(result), None));
    let activities = grounds.activities.iter().map(|&activity| (None, Some(activity)));
    let rows = (0_i32..).zip(results.chain(activities));
    let rows = rows.map(|(position, (result_id, activity_id))| lesson_ground::ActiveModel {
        id: Set(Uuid::now_v7()),
        lesson_id: Set(id),
        position: Set(position),
        result_id: Set(result_id),
        activity_id: Set(activity_id),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        lesson_ground::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// The results of a partnership.
///
/// # Errors
/// Those of the database.
pub async fn results_of(tx: &Tx<'_>, id: PartnershipId) -> Result<Vec<ResultId>, Error> {
    use partnership_result::Column;
    let found = partnership_result::Entity::find()
        .filter(Column::PartnershipId.eq(id))
        .filter(Column::DeletedAt.is_null());
    Ok(found
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await?)
}

/// The activities of a partnership.
///
/// # Errors
/// Those of the database.
pub async fn activities_of(tx: &Tx<'_>, id: PartnershipId) -> Result<Vec<ActivityId>, Error> {
    use activity::Column;
    let found = activity::Entity::find().filter(Column::PartnershipId.eq(id));
    Ok(found
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await?)
}

/// What some lessons rest on, each in its order.
///
/// # Errors
/// Those of the database.
pub async fn grounds_of(
    conn: &impl ConnectionTrait,
    ids: &[LessonId],
) -> Result<HashMap<LessonId, Vec<LessonGround>>, Error> {
    use lesson_ground::{Column, Entity};
    type Row = (
        LessonId,
        Option<ResultId>,
        Option<ActivityId>,
        Option<String>,
        Option<DateTime<Utc>>,
        Option<String>,
    );
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::LessonId, Column::ResultId, Column::ActivityId])
        .column_as(partnership_result::Column::Title, "result_title")
        .column_as(partnership_result::Column::DeletedAt, "result_deleted_at")
        .column_as(activity::Column::Title, "activity_title")
        .join(
            JoinType::LeftJoin,
            Entity::belongs_to(partnership_result::Entity)
                .from(Column::ResultId)
                .to(partnership_result::Column::Id)
                .into(),
        )
        .join(
            JoinType::LeftJoin,
            Entity::belongs_to(activity::Entity)
                .from(Column::ActivityId)
                .to(activity::Column::Id)
                .into(),
        )
        .filter(Column::LessonId.is_in(ids.iter().copied()))
        .order_by_asc(Column::LessonId)
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: HashMap<LessonId, Vec<LessonGround>> = HashMap::new();
    for (lesson, result, activity, result_title, deleted_at, activity_title) in rows {
        let result = result
            .zip(result_title)
            .filter(|_| deleted_at.is_none())
            .map(|(result_id, title)| LessonGround::Result { result_id, title });
        let activity = activity.zip(activity_title);
        let activity = activity.map(|(activity_id, title)| LessonGround::Activity { activity_id, title });
        found.entry(lesson).or_default().extend(result.or(activity));
    }
    Ok(found)
}

/// The lessons on meetings' lists that come from some lessons, without those that were taken out.
///
/// # Errors
/// Those of the database.
pub async fn listed_from(
    conn: &impl ConnectionTrait,
    ids: &[LessonId],
) -> Result<HashMap<LessonId, Vec<ListedLessonRef>>, Error> {
    use listed_lesson_source::{Column, Entity};
    type Row = (
        LessonId,
        shared::ids::ListedLessonId,
        shared::ids::MeetingId,
        serde_json::Value,
    );
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::LessonId, Column::ListedLessonId])
        .column(listed_lesson::Column::MeetingId)
        .column(listed_lesson::Column::Text)
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(listed_lesson::Entity)
                .from(Column::ListedLessonId)
                .to(listed_lesson::Column::Id)
                .into(),
        )
        .filter(Column::LessonId.is_in(ids.iter().copied()))
        .filter(listed_lesson::Column::Position.is_not_null())
        .order_by_asc(Column::ListedLessonId)
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: HashMap<LessonId, Vec<ListedLessonRef>> = HashMap::new();
    for (lesson, id, meeting_id, text) in rows {
        let text = serde_json::from_value(text)?;
        found
            .entry(lesson)
            .or_default()
            .push(ListedLessonRef { id, meeting_id, text });
    }
    Ok(found)
}

/// A lesson with what it rests on, and what comes from it.
///
/// # Errors
/// Those of the database.
pub async fn with_links(conn: &impl ConnectionTrait, mut view: LessonView) -> Result<LessonView, Error> {
    view.rests_on = grounds_of(conn, &[view.id]).await?.remove(&view.id).unwrap_or_default();
    view.used_by = renewed_with(conn, &[view.id])
        .await?
        .remove(&view.id)
        .unwrap_or_default();
    view.recommendations = recommendations::from_lessons(conn, &[view.id])
        .await?
        .remove(&view.id)
        .unwrap_or_default();
    view.listed_in = listed_from(conn, &[view.id])
        .await?
        .remove(&view.id)
        .unwrap_or_default();
    Ok(view)
}

/// Those of these lessons that are there and not deleted, as others name them.
///
/// # Errors
/// Those of the database.
pub async fn named(conn: &impl ConnectionTrait, ids: &[LessonId]) -> Result<HashMap<LessonId, LessonRef>, Error> {
    let rows = lessons()
        .filter(lesson::Column::Id.is_in(ids.iter().copied()))
        .filter(lesson::Column::DeletedAt.is_null());
    let mut found = HashMap::with_capacity(ids.len());
    for row in rows.into_model::<LessonRow>().all(conn).await? {
        let of = row.lesson()?;
        let told = LessonRef {
            id: of.id,
            partnership_id: of.partnership_id,
            partnership_name: of.partnership_name,
            text: of.text,
            language: of.language,
        };
        found.insert(of.id, told);
    }
    Ok(found)
}

/// Which lessons a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LessonFilter {
    /// Only those of this partnership.
    pub partnership_id: Option<PartnershipId>,
    /// Only those about these themes; empty for all.
    pub themes: Vec<Theme>,
    /// Only those that rest on this result.
    pub result_id: Option<ResultId>,
    /// Only those that rest on this activity.
    pub activity_id: Option<ActivityId>,
    /// Only those of this partnership, and of the others that its authorities take part in.
    pub for_renewal_of: Option<PartnershipId>,
    /// Only those that this partnership was renewed with.
    pub used_by: Option<PartnershipId>,
}

fn listed(filter: &LessonFilter) -> sea_orm::Select<lesson::Entity> {
    use lesson::Column;
    let resting = || {
        Query::select()
            .column(lesson_ground::Column::LessonId)
            .from(lesson_ground::Entity)
            .to_owned()
    };
    let mut found = lessons().filter(Column::DeletedAt.is_null());
    if let Some(id) = filter.partnership_id {
        found = found.filter(Column::PartnershipId.eq(id));
    }
    if !filter.themes.is_empty() {
        found = found.filter(Column::Theme.is_in(filter.themes.iter().map(|theme| theme.slug())));
    }
    if let Some(id) = filter.for_renewal_of {
        found = found.filter(Column::PartnershipId.in_subquery(akin(id)));
    }
    if let Some(id) = filter.used_by {
        let used = Query::select()
            .column(renewal_lesson::Column::LessonId)
            .from(renewal_lesson::Entity)
            .and_where(renewal_lesson::Column::PartnershipId.eq(id))
            .to_owned();
        found = found.filter(Column::Id.in_subquery(used));
    }
    if let Some(id) = filter.result_id {
        let on = resting().and_where(lesson_ground::Column::ResultId.eq(id)).to_owned();
        found = found.filter(Column::Id.in_subquery(on));
    }
    if let Some(id) = filter.activity_id {
        let on = resting().and_where(lesson_ground::Column::ActivityId.eq(id)).to_owned();
        found = found.filter(Column::Id.in_subquery(on));
    }
    found
}

/// The partnerships in which an authority of this one takes part, with itself.
fn akin(id: PartnershipId) -> sea_orm::sea_query::SelectStatement {
    use partnership_party::Column;
    let taking_part = |column| {
        Query::select()
            .column(column)
            .from(partnership_party::Entity)
            .and_where(Column::Role.ne(PartyRole::Associated.code()))
            .and_where(Column::CityId.is_not_null())
            .to_owned()
    };
    let own = taking_part(Column::CityId)
        .and_where(Column::PartnershipId.eq(id))
        .to_owned();
    taking_part(Column::PartnershipId)
        .and_where(Column::CityId.in_subquery(own))
        .to_owned()
}

/// Whether a partnership, or another one of its authorities, has lessons.
///
/// # Errors
/// Those of the database.
pub async fn has_for_renewal(tx: &Tx<'_>, id: PartnershipId) -> Result<bool, Error> {
    let filter = LessonFilter {
        for_renewal_of: Some(id),
        ..LessonFilter::default()
    };
    let first = listed(&filter)
        .limit(1)
        .into_model::<LessonRow>()
        .one(tx.conn())
        .await?;
    Ok(first.is_some())
}

/// Keeps the lessons that a partnership names as it is renewed.
///
/// # Errors
/// Those of the database.
pub async fn insert_renewal(tx: &Tx<'_>, id: PartnershipId, lessons: &[LessonId]) -> Result<(), Error> {
    let rows = lessons.iter().map(|&lesson| renewal_lesson::ActiveModel {
        id: Set(Uuid::now_v7()),
        partnership_id: Set(id),
        lesson_id: Set(lesson),
        renewed_at: Set(tx.now()),
    });
    renewal_lesson::Entity::insert_many(rows)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// The partnerships that were renewed with some lessons, the earliest first.
///
/// # Errors
/// Those of the database.
pub async fn renewed_with(
    conn: &impl ConnectionTrait,
    ids: &[LessonId],
) -> Result<HashMap<LessonId, Vec<RenewalRef>>, Error> {
    use renewal_lesson::{Column, Entity};
    let rows: Vec<(LessonId, PartnershipId, String, DateTime<Utc>)> = Entity::find()
        .select_only()
        .columns([Column::LessonId, Column::PartnershipId])
        .column(partnership::Column::Name)
        .column(Column::RenewedAt)
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(partnership::Entity)
                .from(Column::PartnershipId)
                .to(partnership::Column::Id)
                .into(),
        )
        .filter(Column::LessonId.is_in(ids.iter().copied()))
        .filter(partnership::Column::DeletedAt.is_null())
        .order_by_asc(Column::RenewedAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: HashMap<LessonId, Vec<RenewalRef>> = HashMap::new();
    for (lesson, partnership_id, partnership_name, renewed_at) in rows {
        found.entry(lesson).or_default().push(RenewalRef {
            partnership_id,
            partnership_name,
            renewed_at,
        });
    }
    Ok(found)
}

/// Lessons, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, filter: &LessonFilter, after: Option<LessonId>, limit: u64) -> Result<Vec<Lesson>, Error> {
    let mut found = listed(filter);
    if let Some(id) = after {
        found = found.filter(lesson::Column::Id.gt(id));
    }
    let found = found.order_by_asc(lesson::Column::Id).limit(limit);
    let rows = found.into_model::<LessonRow>().all(db.read()).await?;
    rows.into_iter().map(LessonRow::lesson).collect()
}

/// How many lessons a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &LessonFilter) -> Result<u64, Error> {
    Ok(listed(filter).count(db.read()).await?)
}
