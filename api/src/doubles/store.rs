//! The table of likely doubles.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use shared::doubles::{DoubleHint, DoubleState, DoubleSubject, SuccessionReason};
use shared::geo::Point;
use shared::ids::{CityId, DoubleId, PartnershipId};
use uuid::Uuid;

use super::find::{self, Known};
use super::links::Named;
use crate::db::entity::double::{ActiveModel, Column, Entity, Model};
use crate::db::entity::{city, city_code, city_name, partnership};
use crate::db::{Db, Tx};
use crate::directory::fold;
use crate::error::Error;

/// Values in one `IN (…)`, and rows in one statement: below the bind limits of both databases.
const AT_ONCE: usize = 1_000;

/// Two that are likely one, as the table has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Double {
    /// Which proposal.
    pub id: DoubleId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Of what there are two.
    pub subject: DoubleSubject,
    /// One of them.
    pub low: Uuid,
    /// The other.
    pub high: Uuid,
    /// The country of cities; empty for partnerships.
    pub country: String,
    /// How likely it is, in percent.
    pub score: u8,
    /// What speaks for and against it.
    pub hints: Vec<DoubleHint>,
    /// Where it stands.
    pub state: DoubleState,
    /// Whether a person proposed it.
    pub by_hand: bool,
    /// Which one was kept.
    pub kept: Option<Uuid>,
    /// Why.
    pub reason: Option<SuccessionReason>,
    /// What was said.
    pub note: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// What the merge changed.
    pub undo: Option<Value>,
}

fn double_of(row: Model) -> Result<Double, Error> {
    Ok(Double {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        subject: DoubleSubject::from_code(&row.subject).unwrap_or(DoubleSubject::City),
        low: row.low,
        high: row.high,
        country: row.country,
        score: u8::try_from(row.score).unwrap_or_default(),
        hints: serde_json::from_value(row.hints)?,
        state: DoubleState::from_code(&row.state).unwrap_or(DoubleState::Proposed),
        by_hand: row.by_hand,
        kept: row.kept,
        reason: row.reason.as_deref().and_then(SuccessionReason::from_code),
        note: row.note,
        decided_at: row.decided_at,
        decided_by: row.decided_by,
        undo: row.undo,
    })
}

fn row_of(of: &Double) -> Result<ActiveModel, Error> {
    let of = of.clone();
    Ok(Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        subject: of.subject.code().to_owned(),
        low: of.low,
        high: of.high,
        country: of.country,
        score: i32::from(of.score),
        hints: serde_json::to_value(of.hints)?,
        state: of.state.code().to_owned(),
        by_hand: of.by_hand,
        kept: of.kept,
        reason: of.reason.map(|reason| reason.code().to_owned()),
        note: of.note,
        decided_at: of.decided_at,
        decided_by: of.decided_by,
        undo: of.undo,
    }
    .into_active_model()
    .reset_all())
}

/// Which proposals a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoubleFilter {
    /// Only these subjects; empty for all.
    pub subjects: Vec<DoubleSubject>,
    /// Only these states; empty for all.
    pub states: Vec<DoubleState>,
    /// Only cities of these countries; empty for all.
    pub countries: Vec<String>,
    /// Only those that are at least so likely, in percent.
    pub score_min: Option<u8>,
    /// Only those of this city or partnership.
    pub of: Option<Uuid>,
}

/// Where a list goes on: score and id of the last one.
pub type Place = (u8, DoubleId);

fn listed(filter: &DoubleFilter) -> sea_orm::Select<Entity> {
    let mut found = Entity::find();
    if !filter.subjects.is_empty() {
        found = found.filter(Column::Subject.is_in(filter.subjects.iter().map(|subject| subject.code())));
    }
    if !filter.states.is_empty() {
        found = found.filter(Column::State.is_in(filter.states.iter().map(|state| state.code())));
    }
    if !filter.countries.is_empty() {
        found = found.filter(Column::Country.is_in(filter.countries.iter().map(String::as_str)));
    }
    if let Some(least) = filter.score_min {
        found = found.filter(Column::Score.gte(i32::from(least)));
    }
    if let Some(of) = filter.of {
        found = found.filter(Condition::any().add(Column::Low.eq(of)).add(Column::High.eq(of)));
    }
    found
}

/// Proposals, the most likely first; what a merge changed is left out.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, filter: &DoubleFilter, after: Option<Place>, limit: u64) -> Result<Vec<Double>, Error> {
    let mut found = listed(filter);
    if let Some((score, id)) = after {
        let score = i32::from(score);
        found = found.filter(
            Condition::any()
                .add(Column::Score.lt(score))
                .add(Condition::all().add(Column::Score.eq(score)).add(Column::Id.gt(id))),
        );
    }
    let rows = found
        .order_by_desc(Column::Score)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    rows.into_iter().map(double_of).collect()
}

/// How many proposals a list holds.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &DoubleFilter) -> Result<u64, Error> {
    Ok(listed(filter).count(db.read()).await?)
}

/// A proposal.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: DoubleId) -> Result<Option<Double>, Error> {
    Entity::find_by_id(id).one(conn).await?.map(double_of).transpose()
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: DoubleId) -> Result<Option<Double>, Error> {
    let mut row = Entity::find_by_id(id);
    if tx.has_row_locks() {
        row = row.lock_exclusive();
    }
    row.one(tx.conn()).await?.map(double_of).transpose()
}

/// The proposal of two.
///
/// # Errors
/// Those of the database.
pub async fn of_pair(tx: &Tx<'_>, subject: DoubleSubject, low: Uuid, high: Uuid) -> Result<Option<Double>, Error> {
    let row = Entity::find()
        .filter(Column::Subject.eq(subject.code()))
        .filter(Column::Low.eq(low))
        .filter(Column::High.eq(high))
        .one(tx.conn())
        .await?;
    row.map(double_of).transpose()
}

/// All proposals of a subject: few beside what they are about.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &Tx<'_>) -> Result<Vec<Double>, Error> {
    let rows = Entity::find().all(tx.conn()).await?;
    rows.into_iter().map(double_of).collect()
}

/// Adds proposals; of two processes that find the same one, the first adds it.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, doubles: &[Double]) -> Result<(), Error> {
    for doubles in doubles.chunks(AT_ONCE) {
        let rows: Vec<ActiveModel> = doubles.iter().map(row_of).collect::<Result<_, _>>()?;
        Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([Column::Subject, Column::Low, Column::High])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Writes a proposal.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, double: &Double) -> Result<(), Error> {
    row_of(double)?.update(tx.conn()).await?;
    Ok(())
}

/// Takes proposals back.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &Tx<'_>, ids: &[DoubleId]) -> Result<(), Error> {
    for ids in ids.chunks(AT_ONCE) {
        Entity::delete_many()
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// Takes back what is proposed of a thing that is there no more, but for one proposal.
///
/// # Errors
/// Those of the database.
pub async fn withdraw_others(tx: &Tx<'_>, of: Uuid, but: DoubleId) -> Result<(), Error> {
    Entity::delete_many()
        .filter(Condition::any().add(Column::Low.eq(of)).add(Column::High.eq(of)))
        .filter(Column::State.eq(DoubleState::Proposed.code()))
        .filter(Column::Id.ne(but))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Codes and parents of cities.
///
/// # Errors
/// Those of the database.
pub(super) async fn known(db: &Db, ids: &[CityId]) -> Result<HashMap<CityId, Known>, Error> {
    let mut found: HashMap<CityId, Known> = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        for (id, scheme, value) in codes(db.read(), ids).await? {
            found.entry(id).or_default().codes.push((scheme, value));
        }
        let parents: Vec<(CityId, Option<CityId>)> = city::Entity::find()
            .select_only()
            .columns([city::Column::Id, city::Column::ParentId])
            .filter(city::Column::Id.is_in(ids.iter().copied()))
            .filter(city::Column::ParentId.is_not_null())
            .into_tuple()
            .all(db.read())
            .await?;
        for (id, parent) in parents {
            found.entry(id).or_default().parent = parent;
        }
    }
    Ok(found)
}

/// The present codes of some cities, as list and code.
///
/// # Errors
/// Those of the database.
pub(super) async fn codes(conn: &impl ConnectionTrait, ids: &[CityId]) -> Result<Vec<(CityId, String, String)>, Error> {
    Ok(city_code::Entity::find()
        .select_only()
        .columns([
            city_code::Column::CityId,
            city_code::Column::Scheme,
            city_code::Column::Value,
        ])
        .filter(city_code::Column::CityId.is_in(ids.iter().copied()))
        .filter(city_code::Column::ValidTo.is_null())
        .order_by_asc(city_code::Column::Scheme)
        .order_by_asc(city_code::Column::Value)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Whether a city has, or once had, a code.
///
/// # Errors
/// Those of the database.
pub async fn has_code(tx: &Tx<'_>, scheme: &str, value: &str) -> Result<bool, Error> {
    let found = city_code::Entity::find()
        .filter(city_code::Column::Scheme.eq(scheme))
        .filter(city_code::Column::Value.eq(value))
        .count(tx.conn())
        .await?;
    Ok(found > 0)
}

/// The cities of these names in a country, as they are compared.
///
/// # Errors
/// Those of the database.
pub(super) async fn places(tx: &Tx<'_>, country: &str, names: &[&str]) -> Result<Vec<find::Place>, Error> {
    let rows = city::Entity::find()
        .filter(city::Column::Country.eq(country))
        .filter(city::Column::Name.is_in(names.iter().copied()))
        .all(tx.conn())
        .await?;
    let place = |row: city::Model| find::Place {
        id: row.id,
        keys: fold::keys(&row.name).join("\n").into(),
        name: row.name,
        country: row.country,
        population: row.population,
        location: row.lat.zip(row.lng).map(|(lat, lng)| Point { lat, lng }),
        partners: HashSet::new(),
    };
    Ok(rows.into_iter().map(place).collect())
}

/// The other names of some cities.
///
/// # Errors
/// Those of the database.
pub(super) async fn names(conn: &impl ConnectionTrait, ids: &[CityId]) -> Result<Vec<(CityId, String)>, Error> {
    Ok(city_name::Entity::find()
        .select_only()
        .columns([city_name::Column::CityId, city_name::Column::Text])
        .filter(city_name::Column::CityId.is_in(ids.iter().copied()))
        .order_by_asc(city_name::Column::Text)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Name, kind and beginning of some partnerships.
///
/// # Errors
/// Those of the database.
pub(super) async fn partnerships(
    conn: &impl ConnectionTrait,
    ids: &[PartnershipId],
) -> Result<HashMap<PartnershipId, (Named, String)>, Error> {
    type Row = (PartnershipId, String, String, Option<NaiveDate>);
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        let rows: Vec<Row> = partnership::Entity::find()
            .select_only()
            .columns([
                partnership::Column::Id,
                partnership::Column::Name,
                partnership::Column::Kind,
                partnership::Column::StartedOn,
            ])
            .filter(partnership::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(conn)
            .await?;
        found.extend(
            rows.into_iter()
                .map(|(id, name, kind, started_on)| (id, (Named { name, started_on }, kind))),
        );
    }
    Ok(found)
}
