//! The table of activities.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use serde::{Deserialize, Serialize};
use shared::activities::{ActivityKind, ActivityState};
use shared::ids::{ActivityId, CityId, PartnershipId};
use shared::money::Money;
use shared::partnerships::PartyRef;

use crate::db::entity::{activity, partnership, partnership_party};
use crate::db::{Db, Tx};
use crate::error::Error;

/// An activity of a partnership that is not deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Which one.
    pub id: ActivityId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whose it is.
    pub partnership_id: PartnershipId,
    /// The partnership's name.
    pub partnership_name: String,
    /// What is done.
    pub kind: ActivityKind,
    /// Where it stands.
    pub state: ActivityState,
    /// Why, where a reason was told.
    pub state_reason: Option<String>,
    /// Its title.
    pub title: String,
    /// Its first and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Where it takes place.
    pub place: String,
    /// The parties that it concerns; none for all.
    pub concerned: Vec<PartyRef>,
    /// How many people.
    pub people: Option<u32>,
    /// What it costs.
    pub cost: Option<Money>,
    /// What else there is to say.
    pub notes: String,
    /// What it is known by at its source.
    pub source_key: Option<String>,
}

#[derive(Debug, FromQueryResult)]
struct ActivityRow {
    #[sea_orm(nested)]
    activity: activity::Model,
    partnership_name: String,
}

impl ActivityRow {
    fn activity(self) -> Result<Activity, Error> {
        let row = self.activity;
        let unknown = |what: &str| Error::internal(anyhow::anyhow!("unknown code of an activity: {what}"));
        Ok(Activity {
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            partnership_id: row.partnership_id,
            partnership_name: self.partnership_name,
            kind: ActivityKind::from_code(&row.kind).ok_or_else(|| unknown(&row.kind))?,
            state: ActivityState::from_code(&row.state).ok_or_else(|| unknown(&row.state))?,
            state_reason: row.state_reason,
            title: row.title,
            days: (row.starts_on, row.ends_on),
            place: row.place,
            concerned: serde_json::from_value(row.concerned)?,
            people: row.people.and_then(|people| u32::try_from(people).ok()),
            cost: row
                .cost_minor
                .zip(row.currency)
                .map(|(amount_minor, currency)| Money { amount_minor, currency }),
            notes: row.notes,
            source_key: row.source_key,
        })
    }
}

fn model(of: &Activity) -> Result<activity::ActiveModel, Error> {
    let of = of.clone();
    let (cost_minor, currency) = of.cost.map(|cost| (cost.amount_minor, cost.currency)).unzip();
    Ok(activity::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        partnership_id: of.partnership_id,
        kind: of.kind.code().to_owned(),
        state: of.state.code().to_owned(),
        state_reason: of.state_reason,
        title: of.title,
        starts_on: of.days.0,
        ends_on: of.days.1,
        place: of.place,
        concerned: serde_json::to_value(of.concerned)?,
        people: of.people.and_then(|people| i32::try_from(people).ok()),
        cost_minor,
        currency,
        notes: of.notes,
        source_key: of.source_key,
    }
    .into_active_model()
    .reset_all())
}

fn to_partnership() -> RelationDef {
    activity::Entity::belongs_to(partnership::Entity)
        .from(activity::Column::PartnershipId)
        .to(partnership::Column::Id)
        .into()
}

fn activities() -> sea_orm::Select<activity::Entity> {
    activity::Entity::find()
        .column_as(partnership::Column::Name, "partnership_name")
        .join(JoinType::InnerJoin, to_partnership())
        .filter(partnership::Column::DeletedAt.is_null())
}

/// An activity.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: ActivityId) -> Result<Option<Activity>, Error> {
    let row = activities()
        .filter(activity::Column::Id.eq(id))
        .into_model::<ActivityRow>()
        .one(conn)
        .await?;
    row.map(ActivityRow::activity).transpose()
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: ActivityId) -> Result<Option<Activity>, Error> {
    if tx.has_row_locks() {
        let _: Option<ActivityId> = activity::Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(activity::Column::Id)
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
pub async fn by_source_key(tx: &Tx<'_>, key: &str) -> Result<Option<ActivityId>, Error> {
    Ok(activity::Entity::find()
        .filter(activity::Column::SourceKey.eq(key))
        .select_only()
        .column(activity::Column::Id)
        .into_tuple()
        .one(tx.conn())
        .await?)
}

/// Whether an activity that is known by this key at its source is there.
///
/// # Errors
/// Those of the database.
pub async fn has_source_key(tx: &Tx<'_>, key: &str) -> Result<bool, Error> {
    let found = activity::Entity::find()
        .filter(activity::Column::SourceKey.eq(key))
        .count(tx.conn())
        .await?;
    Ok(found > 0)
}

/// Adds an activity.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Activity) -> Result<(), Error> {
    activity::Entity::insert(model(of)?)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Writes an activity that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Activity) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    Ok(())
}

/// Whose activities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of a partnership.
    Partnership(PartnershipId),
    /// Those of all partnerships of a city.
    City(CityId),
}

/// Which activities a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityFilter {
    /// Whose.
    pub whose: Whose,
    /// Only these kinds; empty for all.
    pub kinds: Vec<ActivityKind>,
    /// Only these states; empty for all.
    pub states: Vec<ActivityState>,
    /// Only what lasts until this day at least.
    pub from: Option<NaiveDate>,
    /// Only what begins on this day at the latest.
    pub until: Option<NaiveDate>,
}

impl ActivityFilter {
    /// All of somebody's activities.
    #[must_use]
    pub fn all(whose: Whose) -> Self {
        Self {
            whose,
            kinds: Vec::new(),
            states: Vec::new(),
            from: None,
            until: None,
        }
    }
}

/// The orders of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum ActivitySort {
    /// The latest first.
    #[default]
    #[serde(rename = "-starts_on")]
    Latest,
    /// The earliest first.
    #[serde(rename = "starts_on")]
    Earliest,
}

/// The place of an activity in an order.
pub type Place = (ActivitySort, NaiveDate, ActivityId);

/// The partnerships that a city is party to.
pub(super) fn partnerships_of(city: CityId) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(partnership_party::Column::PartnershipId)
        .from(partnership_party::Entity)
        .and_where(partnership_party::Column::CityId.eq(city))
        .to_owned()
}

fn listed(filter: &ActivityFilter) -> sea_orm::Select<activity::Entity> {
    use activity::Column;
    let mut found = activities();
    found = match filter.whose {
        Whose::Partnership(id) => found.filter(Column::PartnershipId.eq(id)),
        Whose::City(city) => found.filter(Column::PartnershipId.in_subquery(partnerships_of(city))),
    };
    if !filter.kinds.is_empty() {
        found = found.filter(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.code())));
    }
    if !filter.states.is_empty() {
        found = found.filter(Column::State.is_in(filter.states.iter().map(|state| state.code())));
    }
    if let Some(from) = filter.from {
        found = found.filter(Column::EndsOn.gte(from));
    }
    if let Some(until) = filter.until {
        found = found.filter(Column::StartsOn.lte(until));
    }
    found
}

/// Activities in an order.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &ActivityFilter,
    sort: ActivitySort,
    after: Option<(NaiveDate, ActivityId)>,
    limit: u64,
) -> Result<Vec<Activity>, Error> {
    use activity::Column;
    let mut found = listed(filter);
    if let Some((day, id)) = after {
        let (later, beside) = match sort {
            ActivitySort::Latest => (Column::StartsOn.lt(day), Column::Id.lt(id)),
            ActivitySort::Earliest => (Column::StartsOn.gt(day), Column::Id.gt(id)),
        };
        found = found.filter(
            Condition::any()
                .add(later)
                .add(Condition::all().add(Column::StartsOn.eq(day)).add(beside)),
        );
    }
    let found = match sort {
        ActivitySort::Latest => found.order_by_desc(Column::StartsOn).order_by_desc(Column::Id),
        ActivitySort::Earliest => found.order_by_asc(Column::StartsOn).order_by_asc(Column::Id),
    };
    let rows = found.limit(limit).into_model::<ActivityRow>().all(db.read()).await?;
    rows.into_iter().map(ActivityRow::activity).collect()
}

/// How many activities a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &ActivityFilter) -> Result<u64, Error> {
    Ok(listed(filter).count(db.read()).await?)
}

/// The name of a partnership that is not deleted.
///
/// # Errors
/// Those of the database.
pub async fn partnership_name(db: &Db, id: PartnershipId) -> Result<Option<String>, Error> {
    Ok(partnership::Entity::find_by_id(id)
        .filter(partnership::Column::DeletedAt.is_null())
        .select_only()
        .column(partnership::Column::Name)
        .into_tuple()
        .one(db.read())
        .await?)
}
