//! The table of grants.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use shared::grants::{GrantLife, GrantState};
use shared::ids::{ApplicationId, CallId, CityId, FundingId, ProgrammeId};
use shared::language::Texts;

use crate::db::entity::funding_grant::{ActiveModel, Column, Entity, Model};
use crate::db::entity::{application, application_party, call};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A grant.
#[derive(Debug, Clone, PartialEq)]
pub struct FundingRecord {
    /// Which one.
    pub id: FundingId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The application that was accepted.
    pub application_id: ApplicationId,
    /// Its call.
    pub call_id: CallId,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// The city that leads.
    pub lead_city_id: CityId,
    /// The contract's reference.
    pub reference: String,
    /// The currency.
    pub currency: String,
    /// What was applied for.
    pub asked_minor: i64,
    /// What was awarded.
    pub awarded_minor: i64,
    /// The contract, the instalments and the reports.
    pub life: GrantLife,
}

/// A grant with the titles of its project and its call.
#[derive(Debug, Clone, PartialEq)]
pub struct TitledGrant {
    /// The grant.
    pub grant: FundingRecord,
    /// The project's title.
    pub title: String,
    /// The call's title.
    pub call_title: Texts,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    grant: Model,
    title: String,
    call_title: serde_json::Value,
}

fn record_of(row: Model) -> Result<FundingRecord, Error> {
    Ok(FundingRecord {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        application_id: row.application_id,
        call_id: row.call_id,
        programme_id: row.programme_id,
        lead_city_id: row.lead_city_id,
        reference: row.reference,
        currency: row.currency,
        asked_minor: row.asked_minor,
        awarded_minor: row.awarded_minor,
        life: serde_json::from_value(row.life)?,
    })
}

fn titled(row: Row) -> Result<TitledGrant, Error> {
    Ok(TitledGrant {
        grant: record_of(row.grant)?,
        title: row.title,
        call_title: serde_json::from_value(row.call_title)?,
    })
}

/// The column by which lists are ordered: the day of the next report.
#[must_use]
pub fn due_day(life: &GrantLife) -> i32 {
    life.report_due_on().map_or(i32::MAX, |day| day.num_days_from_ce())
}

fn model(of: &FundingRecord) -> Result<ActiveModel, Error> {
    Ok(Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        application_id: of.application_id,
        call_id: of.call_id,
        programme_id: of.programme_id,
        lead_city_id: of.lead_city_id,
        state: of.life.state.code().to_owned(),
        reference: of.reference.clone(),
        currency: of.currency.clone(),
        asked_minor: of.asked_minor,
        awarded_minor: of.awarded_minor,
        disbursed_minor: of.life.disbursed_minor(),
        due_day: due_day(&of.life),
        life: serde_json::to_value(&of.life)?,
    }
    .into_active_model()
    .reset_all())
}

fn to_application() -> RelationDef {
    Entity::belongs_to(application::Entity)
        .from(Column::ApplicationId)
        .to(application::Column::Id)
        .into()
}

fn to_call() -> RelationDef {
    Entity::belongs_to(call::Entity)
        .from(Column::CallId)
        .to(call::Column::Id)
        .into()
}

fn grants() -> sea_orm::Select<Entity> {
    Entity::find()
        .column_as(application::Column::Title, "title")
        .column_as(call::Column::Title, "call_title")
        .join(JoinType::InnerJoin, to_application())
        .join(JoinType::InnerJoin, to_call())
}

/// A grant.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: FundingId) -> Result<Option<TitledGrant>, Error> {
    let row = grants().filter(Column::Id.eq(id)).into_model::<Row>().one(conn).await?;
    row.map(titled).transpose()
}

/// When a grant was made.
///
/// # Errors
/// Those of the database.
pub async fn created_at(conn: &impl ConnectionTrait, id: FundingId) -> Result<Option<DateTime<Utc>>, Error> {
    Ok(Entity::find_by_id(id)
        .select_only()
        .column(Column::CreatedAt)
        .into_tuple()
        .one(conn)
        .await?)
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: FundingId) -> Result<Option<TitledGrant>, Error> {
    if tx.has_row_locks() {
        let _: Option<FundingId> = Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    find(tx.conn(), id).await
}

/// Whether the application has a grant already.
///
/// # Errors
/// Those of the database.
pub async fn is_granted(conn: &impl ConnectionTrait, application: ApplicationId) -> Result<bool, Error> {
    let count = Entity::find()
        .filter(Column::ApplicationId.eq(application))
        .count(conn)
        .await?;
    Ok(count > 0)
}

/// Adds a grant.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &FundingRecord) -> Result<(), Error> {
    Entity::insert(model(of)?).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Which of these applications have a grant already.
///
/// # Errors
/// Those of the database.
pub async fn granted_of(
    conn: &impl ConnectionTrait,
    applications: &[ApplicationId],
) -> Result<BTreeSet<ApplicationId>, Error> {
    let found: Vec<ApplicationId> = Entity::find()
        .select_only()
        .column(Column::ApplicationId)
        .filter(Column::ApplicationId.is_in(applications.iter().copied()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// Grants that are written with one statement: databases bound the values of one.
const AT_ONCE: usize = 50;

/// Adds grants.
///
/// # Errors
/// Those of the database.
pub async fn insert_many(tx: &Tx<'_>, of: &[FundingRecord]) -> Result<(), Error> {
    for part in of.chunks(AT_ONCE) {
        let models: Vec<ActiveModel> = part.iter().map(model).collect::<Result<_, _>>()?;
        Entity::insert_many(models).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Writes a grant that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &FundingRecord) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    Ok(())
}

/// The grant of a city in a programme whose report was due longest before this day.
///
/// # Errors
/// Those of the database.
pub async fn overdue_of(
    tx: &Tx<'_>,
    lead: CityId,
    programme: ProgrammeId,
    today: i32,
) -> Result<Option<FundingRecord>, Error> {
    let row = Entity::find()
        .filter(Column::LeadCityId.eq(lead))
        .filter(Column::ProgrammeId.eq(programme))
        .filter(Column::DueDay.lt(today))
        .order_by_asc(Column::DueDay)
        .one(tx.conn())
        .await?;
    row.map(record_of).transpose()
}

/// Which grants are listed, and whose they are.
#[derive(Debug, Clone, Default)]
pub struct FundingScope {
    /// The cities whose grants are seen.
    pub cities: Vec<CityId>,
    /// The programmes whose grants are seen; none for all.
    pub programmes: Option<Vec<ProgrammeId>>,
    /// Only in this state.
    pub state: Option<GrantState>,
    /// Only of this call.
    pub call_id: Option<CallId>,
    /// Only of this application.
    pub application_id: Option<ApplicationId>,
    /// Only those whose report was due before this day.
    pub due_before: Option<i32>,
}

fn listed(scope: &FundingScope) -> Condition {
    let mut condition = Condition::all();
    if let Some(programmes) = &scope.programmes {
        let own = application_party::Entity::find()
            .select_only()
            .column(application_party::Column::ApplicationId)
            .filter(application_party::Column::CityId.is_in(scope.cities.iter().copied()))
            .into_query();
        condition = condition.add(
            Condition::any()
                .add(Column::ProgrammeId.is_in(programmes.iter().copied()))
                .add(Column::ApplicationId.in_subquery(own)),
        );
    }
    condition
        .add_option(scope.state.map(|state| Column::State.eq(state.code())))
        .add_option(scope.call_id.map(|call| Column::CallId.eq(call)))
        .add_option(scope.application_id.map(|file| Column::ApplicationId.eq(file)))
        .add_option(scope.due_before.map(|day| Column::DueDay.lt(day)))
}

/// Grants by the day of their next report.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    scope: &FundingScope,
    after: Option<(i32, FundingId)>,
    limit: u64,
) -> Result<Vec<TitledGrant>, Error> {
    let mut found = grants().filter(listed(scope));
    if let Some((day, id)) = after {
        found = found.filter(
            Condition::any()
                .add(Column::DueDay.gt(day))
                .add(Condition::all().add(Column::DueDay.eq(day)).add(Column::Id.gt(id))),
        );
    }
    let rows = found
        .order_by_asc(Column::DueDay)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_model::<Row>()
        .all(db.read())
        .await?;
    rows.into_iter().map(titled).collect()
}

/// How many grants a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, scope: &FundingScope) -> Result<u64, Error> {
    Ok(Entity::find().filter(listed(scope)).count(db.read()).await?)
}
