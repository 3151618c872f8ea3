//! The tables of cohorts and of the networks that lead them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::cohorts::{CohortLevel, CohortState, LetterCounts, LetterState};
use shared::ids::{CityId, CohortId, NetworkId, ProgrammeId};
use shared::language::Texts;
use uuid::Uuid;

use super::members::store::{Member, of_cities, seen};
use crate::db::entity::{cohort, cohort_member, cohort_network, programme, rule_set};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A cohort, with its programme's name and the networks that lead it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Which one.
    pub id: CohortId,
    /// Grows by one with each change of what it says.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// The programme's name.
    pub programme_name: Texts,
    /// Its name.
    pub name: Texts,
    /// What it is about.
    pub about: Texts,
    /// The networks that lead it, in their order.
    pub networks: Vec<NetworkId>,
    /// How many cities have to sign.
    pub minimum_cities: u32,
    /// The levels that it offers.
    pub levels: Vec<CohortLevel>,
    /// The letter's text, with places that each letter fills in.
    pub letter: Texts,
    /// Its last day.
    pub closes_on: NaiveDate,
    /// Where the day ends.
    pub zone: String,
    /// The last millisecond at which it is open.
    pub closes_at: DateTime<Utc>,
    /// Where the facts come from.
    pub source: Option<String>,
    /// When somebody deleted it.
    pub deleted_at: Option<DateTime<Utc>>,
}

#[derive(Debug, FromQueryResult)]
struct CohortRow {
    #[sea_orm(nested)]
    cohort: cohort::Model,
    programme_name: serde_json::Value,
}

impl CohortRow {
    fn cohort(self, networks: Vec<NetworkId>) -> Result<Cohort, Error> {
        let row = self.cohort;
        Ok(Cohort {
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            programme_id: row.programme_id,
            programme_name: serde_json::from_value(self.programme_name)?,
            name: serde_json::from_value(row.name)?,
            about: serde_json::from_value(row.about)?,
            networks,
            minimum_cities: u32::try_from(row.minimum_cities).map_err(Error::internal)?,
            levels: serde_json::from_value(row.levels)?,
            letter: serde_json::from_value(row.letter)?,
            closes_on: row.closes_on,
            zone: row.zone,
            closes_at: row.closes_at,
            source: row.source,
            deleted_at: row.deleted_at,
        })
    }
}

fn model(of: &Cohort) -> Result<cohort::ActiveModel, Error> {
    Ok(cohort::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        programme_id: of.programme_id,
        name: serde_json::to_value(&of.name)?,
        about: serde_json::to_value(&of.about)?,
        minimum_cities: i32::try_from(of.minimum_cities).map_err(Error::internal)?,
        levels: serde_json::to_value(&of.levels)?,
        letter: serde_json::to_value(&of.letter)?,
        closes_on: of.closes_on,
        zone: of.zone.clone(),
        closes_at: of.closes_at,
        source: of.source.clone(),
        deleted_at: of.deleted_at,
    }
    .into_active_model()
    .reset_all())
}

fn cohorts() -> sea_orm::Select<cohort::Entity> {
    cohort::Entity::find()
        .column_as(programme::Column::Name, "programme_name")
        .join(
            JoinType::InnerJoin,
            cohort::Entity::belongs_to(programme::Entity)
                .from(cohort::Column::ProgrammeId)
                .to(programme::Column::Id)
                .into(),
        )
}

async fn with_networks(conn: &impl ConnectionTrait, rows: Vec<CohortRow>) -> Result<Vec<Cohort>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let leading: Vec<(CohortId, NetworkId)> = cohort_network::Entity::find()
        .select_only()
        .columns([cohort_network::Column::CohortId, cohort_network::Column::NetworkId])
        .filter(cohort_network::Column::CohortId.is_in(rows.iter().map(|row| row.cohort.id)))
        .order_by_asc(cohort_network::Column::Position)
        .into_tuple()
        .all(conn)
        .await?;
    let mut networks: HashMap<CohortId, Vec<NetworkId>> = HashMap::new();
    for (cohort, network) in leading {
        networks.entry(cohort).or_default().push(network);
    }
    rows.into_iter()
        .map(|row| {
            let own = networks.remove(&row.cohort.id).unwrap_or_default();
            row.cohort(own)
        })
        .collect()
}

/// Some cohorts, deleted or not. Two statements.
///
/// # Errors
/// Those of the database.
pub async fn find_all(conn: &impl ConnectionTrait, ids: &[CohortId]) -> Result<Vec<Cohort>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cohorts().filter(cohort::Column::Id.is_in(ids.iter().copied()));
    with_networks(conn, rows.into_model::<CohortRow>().all(conn).await?).await
}

/// A cohort, deleted or not. Two statements.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: CohortId) -> Result<Option<Cohort>, Error> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: CohortId) -> Result<Option<Cohort>, Error> {
    if tx.has_row_locks() {
        let _: Option<CohortId> = cohort::Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(cohort::Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    find(tx.conn(), id).await
}

/// Adds a cohort with the networks that lead it.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &Cohort) -> Result<(), Error> {
    cohort::Entity::insert(model(of)?)
        .exec_without_returning(tx.conn())
        .await?;
    insert_networks(tx, of).await
}

/// Writes a cohort that is locked; its networks only where they are others than before.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Cohort, networks_changed: bool) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    if networks_changed {
        cohort_network::Entity::delete_many()
            .filter(cohort_network::Column::CohortId.eq(of.id))
            .exec(tx.conn())
            .await?;
        insert_networks(tx, of).await?;
    }
    Ok(())
}

async fn insert_networks(tx: &Tx<'_>, of: &Cohort) -> Result<(), Error> {
    let rows = (0_i32..)
        .zip(&of.networks)
        .map(|(position, &network_id)| cohort_network::ActiveModel {
            id: Set(Uuid::now_v7()),
            cohort_id: Set(of.id),
            network_id: Set(network_id),
            position: Set(position),
        });
    let rows: Vec<cohort_network::ActiveModel> = rows.collect();
    if !rows.is_empty() {
        cohort_network::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// How many cities the rules of a programme that hold on a day ask for; none where no rules hold then.
///
/// # Errors
/// Those of the database.
pub async fn cities_min(tx: &Tx<'_>, programme: ProgrammeId, day: NaiveDate) -> Result<Option<u32>, Error> {
    use rule_set::Column;
    let rules: Vec<serde_json::Value> = rule_set::Entity::find()
        .select_only()
        .column(Column::Content)
        .filter(Column::ProgrammeId.eq(programme))
        .filter(Column::ValidFrom.lte(day))
        .filter(
            Condition::any()
                .add(Column::ValidTo.is_null())
                .add(Column::ValidTo.gte(day)),
        )
        .into_tuple()
        .all(tx.conn())
        .await?;
    let minimum = |rules: &serde_json::Value| rules["cities_min"].as_u64().and_then(|count| u32::try_from(count).ok());
    Ok(rules.iter().filter_map(minimum).max())
}

/// Which cohorts a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CohortFilter {
    /// Only those of this programme.
    pub programme_id: Option<ProgrammeId>,
    /// Only those that this network leads.
    pub network_id: Option<NetworkId>,
    /// Only those that this city is in, as far as the caller sees that.
    pub city_id: Option<CityId>,
    /// Only those that are open, or closed, at this time.
    pub state: Option<(CohortState, DateTime<Utc>)>,
}

/// Of whom the caller sees everything in a cohort: everywhere, or of these cities, networks and programmes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberScope {
    /// Everything.
    All,
    /// What concerns these.
    Of(Vec<CityId>, Vec<NetworkId>, Vec<ProgrammeId>),
}

/// The cohorts that these networks and programmes lead.
pub(super) fn led_by(networks: &[NetworkId], programmes: &[ProgrammeId]) -> [SelectStatement; 2] {
    let by_network = Query::select()
        .column(cohort_network::Column::CohortId)
        .from(cohort_network::Entity)
        .and_where(cohort_network::Column::NetworkId.is_in(networks.iter().copied()))
        .to_owned();
    let by_programme = Query::select()
        .column(cohort::Column::Id)
        .from(cohort::Entity)
        .and_where(cohort::Column::ProgrammeId.is_in(programmes.iter().copied()))
        .to_owned();
    [by_network, by_programme]
}

fn listed(filter: &CohortFilter, scope: &MemberScope) -> sea_orm::Select<cohort::Entity> {
    use cohort::Column;
    let mut found = cohorts().filter(Column::DeletedAt.is_null());
    if let Some(id) = filter.programme_id {
        found = found.filter(Column::ProgrammeId.eq(id));
    }
    if let Some(id) = filter.network_id {
        let [led, _] = led_by(&[id], &[]);
        found = found.filter(Column::Id.in_subquery(led));
    }
    if let Some(id) = filter.city_id {
        let mut joined = Query::select();
        joined
            .column(cohort_member::Column::CohortId)
            .from(cohort_member::Entity)
            .and_where(cohort_member::Column::CityId.eq(id))
            .and_where(cohort_member::Column::LeftAt.is_null())
            .cond_where(seen(scope));
        found = found.filter(Column::Id.in_subquery(joined));
    }
    match filter.state {
        Some((CohortState::Open, now)) => found.filter(Column::ClosesAt.gte(now)),
        Some((CohortState::Closed, now)) => found.filter(Column::ClosesAt.lt(now)),
        None => found,
    }
}

/// Cohorts, those that close last first. Two statements.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &CohortFilter,
    scope: &MemberScope,
    after: Option<(DateTime<Utc>, CohortId)>,
    limit: u64,
) -> Result<Vec<Cohort>, Error> {
    use cohort::Column;
    let mut found = listed(filter, scope);
    if let Some((at, id)) = after {
        let same = Condition::all().add(Column::ClosesAt.eq(at)).add(Column::Id.lt(id));
        found = found.filter(Condition::any().add(Column::ClosesAt.lt(at)).add(same));
    }
    let rows = found
        .order_by_desc(Column::ClosesAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .into_model::<CohortRow>()
        .all(db.read())
        .await?;
    with_networks(db.read(), rows).await
}

/// How many cohorts a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &CohortFilter, scope: &MemberScope) -> Result<u64, Error> {
    Ok(listed(filter, scope).count(db.read()).await?)
}

/// How many cities some cohorts have, by where their letters stand. Two statements.
///
/// # Errors
/// Those of the database.
pub async fn counts(conn: &impl ConnectionTrait, ids: &[CohortId]) -> Result<HashMap<CohortId, LetterCounts>, Error> {
    use cohort_member::{Column, Entity};
    let mut found: HashMap<CohortId, LetterCounts> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let members = || {
        Entity::find()
            .select_only()
            .column(Column::CohortId)
            .filter(Column::CohortId.is_in(ids.iter().copied()))
            .filter(Column::LeftAt.is_null())
    };
    let by_state: Vec<(CohortId, String, i64)> = members()
        .column(Column::LetterState)
        .column_as(Column::Id.count(), "count")
        .group_by(Column::CohortId)
        .group_by(Column::LetterState)
        .into_tuple()
        .all(conn)
        .await?;
    for (id, state, count) in by_state {
        let state = LetterState::from_code(&state)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("unknown state of a letter: {state}")))?;
        let count = u32::try_from(count).map_err(Error::internal)?;
        found.entry(id).or_default().set(state, count);
    }
    let late: Vec<(CohortId, i64)> = members()
        .column_as(Column::Id.count(), "count")
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(cohort::Entity)
                .from(Column::CohortId)
                .to(cohort::Column::Id)
                .into(),
        )
        .filter(Expr::col((Entity, Column::SignedAt)).gt(Expr::col((cohort::Entity, cohort::Column::ClosesAt))))
        .group_by(Column::CohortId)
        .into_tuple()
        .all(conn)
        .await?;
    for (id, count) in late {
        found.entry(id).or_default().late = u32::try_from(count).map_err(Error::internal)?;
    }
    Ok(found)
}

/// How many cities a cohort has, by where their letters stand, and the places of these cities in it.
///
/// # Errors
/// Those of the database.
pub async fn standing(
    conn: &impl ConnectionTrait,
    id: CohortId,
    cities: &[CityId],
) -> Result<(LetterCounts, Vec<Member>), Error> {
    let counts = counts(conn, &[id]).await?.remove(&id);
    let own = of_cities(conn, &[id], cities).await?;
    Ok((counts.unwrap_or_default(), own))
}
