//! The table of the cities of cohorts, with their letters.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use shared::cohorts::{CohortWay, LetterSignature, LetterState, LetterStep, Referent};
use shared::ids::{CityId, CohortId, CohortMemberId};
use shared::language::Texts;
use shared::problem::ProblemCode;

use crate::cohorts::store::{MemberScope, led_by};
use crate::db::entity::{cohort, cohort_member};
use crate::db::{Db, Tx, constraint_of};
use crate::error::Error;

/// A city's place in a cohort, with its letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which one.
    pub id: CohortMemberId,
    /// Grows by one with each change.
    pub version: i64,
    /// When its row was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// In which cohort.
    pub cohort_id: CohortId,
    /// The city.
    pub city_id: CityId,
    /// The way in which it comes in.
    pub way: CohortWay,
    /// The keys of its levels.
    pub levels: Vec<String>,
    /// Its partner.
    pub partner_id: Option<CityId>,
    /// Who answers for it.
    pub referent: Referent,
    /// When it joined last.
    pub joined_at: DateTime<Utc>,
    /// Where its letter stands.
    pub letter_state: LetterState,
    /// What the letter said as it was sent.
    pub letter: Option<Texts>,
    /// When the letter was sent last.
    pub sent_at: Option<DateTime<Utc>>,
    /// Who signed, and when.
    pub signature: Option<LetterSignature>,
    /// Under which reference the letter is filed.
    pub reference: Option<String>,
    /// What became of the letter.
    pub steps: Vec<LetterStep>,
    /// When the city left.
    pub left_at: Option<DateTime<Utc>>,
    /// Why, where the network took it out.
    pub left_why: Option<String>,
}

impl Member {
    /// When its letter was signed.
    #[must_use]
    pub fn signed_at(&self) -> Option<DateTime<Utc>> {
        self.signature.as_ref().map(|signature| signature.at)
    }

    /// Notes that its letter has come to a state.
    pub fn step(&mut self, state: LetterState, at: DateTime<Utc>, note: Option<&str>) {
        self.letter_state = state;
        self.steps.push(LetterStep {
            state,
            at,
            note: note.map(str::to_owned),
        });
    }

    /// Takes its letter back into a draft.
    pub fn draft_again(&mut self, at: DateTime<Utc>, note: Option<&str>) {
        self.letter = None;
        self.sent_at = None;
        self.step(LetterState::Drafted, at, note);
    }
}

fn member(row: cohort_member::Model) -> Result<Member, Error> {
    let unknown = |what: &str| Error::internal(anyhow::anyhow!("unknown code of a cohort's city: {what}"));
    Ok(Member {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        cohort_id: row.cohort_id,
        city_id: row.city_id,
        way: CohortWay::from_code(&row.way).ok_or_else(|| unknown(&row.way))?,
        levels: serde_json::from_value(row.levels)?,
        partner_id: row.partner_id,
        referent: serde_json::from_value(row.referent)?,
        joined_at: row.joined_at,
        letter_state: LetterState::from_code(&row.letter_state).ok_or_else(|| unknown(&row.letter_state))?,
        letter: row.letter.map(serde_json::from_value).transpose()?,
        sent_at: row.sent_at,
        signature: row.signature.map(serde_json::from_value).transpose()?,
        reference: row.reference,
        steps: serde_json::from_value(row.steps)?,
        left_at: row.left_at,
        left_why: row.left_why,
    })
}

fn model(of: &Member) -> Result<cohort_member::ActiveModel, Error> {
    Ok(cohort_member::Model {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        updated_at: of.updated_at,
        cohort_id: of.cohort_id,
        city_id: of.city_id,
        way: of.way.code().to_owned(),
        levels: serde_json::to_value(&of.levels)?,
        partner_id: of.partner_id,
        referent: serde_json::to_value(&of.referent)?,
        joined_at: of.joined_at,
        letter_state: of.letter_state.code().to_owned(),
        place: of.letter_state.place(),
        letter: of.letter.as_ref().map(serde_json::to_value).transpose()?,
        sent_at: of.sent_at,
        signed_at: of.signed_at(),
        signature: of.signature.as_ref().map(serde_json::to_value).transpose()?,
        reference: of.reference.clone(),
        steps: serde_json::to_value(&of.steps)?,
        left_at: of.left_at,
        left_why: of.left_why.clone(),
    }
    .into_active_model()
    .reset_all())
}

/// A city's place, left or not.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: CohortMemberId) -> Result<Option<Member>, Error> {
    let row = cohort_member::Entity::find_by_id(id).one(conn).await?;
    row.map(member).transpose()
}

/// Like [`find`], locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: CohortMemberId) -> Result<Option<Member>, Error> {
    let mut found = cohort_member::Entity::find_by_id(id);
    if tx.has_row_locks() {
        found = found.lock_exclusive();
    }
    found.one(tx.conn()).await?.map(member).transpose()
}

/// The place that a city has or had in a cohort. The cohort is locked: nobody else changes its places.
///
/// # Errors
/// Those of the database.
pub async fn of_city(tx: &Tx<'_>, cohort: CohortId, city: CityId) -> Result<Option<Member>, Error> {
    use cohort_member::Column;
    let found = cohort_member::Entity::find().filter(Column::CohortId.eq(cohort));
    let row = found.filter(Column::CityId.eq(city)).one(tx.conn()).await?;
    row.map(member).transpose()
}

/// Adds a city's place.
///
/// # Errors
/// `AlreadyMember` where the city has one.
pub async fn insert(tx: &Tx<'_>, of: &Member) -> Result<(), Error> {
    let added = cohort_member::Entity::insert(model(of)?).exec_without_returning(tx.conn());
    added.await.map_err(|error| match constraint_of(&error) {
        Some(constraint) if constraint.contains("city_id") => Error::conflict(ProblemCode::AlreadyMember),
        _ => error.into(),
    })?;
    Ok(())
}

/// Writes a city's place that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, of: &Member) -> Result<(), Error> {
    model(of)?.update(tx.conn()).await?;
    Ok(())
}

/// Which cities of a cohort a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFilter {
    /// The cohort.
    pub cohort_id: CohortId,
    /// Only those whose letter stands so; empty for all.
    pub states: Vec<LetterState>,
}

/// Which places the caller sees: those that are signed, those of its cities, and all of cohorts that it leads.
pub(in crate::cohorts) fn seen(scope: &MemberScope) -> Condition {
    let MemberScope::Of(cities, networks, programmes) = scope else {
        return Condition::all();
    };
    use cohort_member::Column;
    let signed = LetterState::ALL.iter().filter(|state| state.is_signed());
    let [by_network, by_programme] = led_by(networks, programmes);
    Condition::any()
        .add(Column::LetterState.is_in(signed.map(|state| state.code())))
        .add(Column::CityId.is_in(cities.iter().copied()))
        .add(Column::CohortId.in_subquery(by_network))
        .add(Column::CohortId.in_subquery(by_programme))
}

fn listed(filter: &MemberFilter, scope: &MemberScope) -> sea_orm::Select<cohort_member::Entity> {
    use cohort_member::Column;
    let mut found = cohort_member::Entity::find()
        .filter(Column::CohortId.eq(filter.cohort_id))
        .filter(Column::LeftAt.is_null())
        .filter(seen(scope));
    if !filter.states.is_empty() {
        found = found.filter(Column::LetterState.is_in(filter.states.iter().map(|state| state.code())));
    }
    found
}

/// Cities of a cohort, those whose letter waits first.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    filter: &MemberFilter,
    scope: &MemberScope,
    after: Option<(i32, CohortMemberId)>,
    limit: u64,
) -> Result<Vec<Member>, Error> {
    use cohort_member::Column;
    let mut found = listed(filter, scope);
    if let Some((place, id)) = after {
        let same = Condition::all().add(Column::Place.eq(place)).add(Column::Id.gt(id));
        found = found.filter(Condition::any().add(Column::Place.gt(place)).add(same));
    }
    let rows = found
        .order_by_asc(Column::Place)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    rows.into_iter().map(member).collect()
}

/// How many cities a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, filter: &MemberFilter, scope: &MemberScope) -> Result<u64, Error> {
    Ok(listed(filter, scope).count(db.read()).await?)
}

/// The places of these cities in some cohorts.
///
/// # Errors
/// Those of the database.
pub async fn of_cities(
    conn: &impl ConnectionTrait,
    cohorts: &[CohortId],
    cities: &[CityId],
) -> Result<Vec<Member>, Error> {
    use cohort_member::Column;
    if cohorts.is_empty() || cities.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cohort_member::Entity::find()
        .filter(Column::CityId.is_in(cities.iter().copied()))
        .filter(Column::CohortId.is_in(cohorts.iter().copied()))
        .filter(Column::LeftAt.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(member).collect()
}

/// How many cities a cohort has. The cohort is locked.
///
/// # Errors
/// Those of the database.
pub async fn members(tx: &Tx<'_>, cohort: CohortId) -> Result<u64, Error> {
    use cohort_member::Column;
    let found = cohort_member::Entity::find().filter(Column::CohortId.eq(cohort));
    Ok(found.filter(Column::LeftAt.is_null()).count(tx.conn()).await?)
}

/// All cities of a cohort, locked until the transaction ends; the first who joined first.
///
/// # Errors
/// Those of the database.
pub async fn all_for_update(tx: &Tx<'_>, cohort: CohortId) -> Result<Vec<Member>, Error> {
    use cohort_member::Column;
    let mut found = cohort_member::Entity::find()
        .filter(Column::CohortId.eq(cohort))
        .filter(Column::LeftAt.is_null())
        .order_by_asc(Column::Id);
    if tx.has_row_locks() {
        found = found.lock_exclusive();
    }
    found.all(tx.conn()).await?.into_iter().map(member).collect()
}

/// The cities that signed their letter, the first who joined first.
///
/// # Errors
/// Those of the database.
pub async fn signed_cities(tx: &Tx<'_>, cohort: CohortId) -> Result<Vec<CityId>, Error> {
    use cohort_member::Column;
    let signed = LetterState::ALL.iter().filter(|state| state.is_signed());
    Ok(cohort_member::Entity::find()
        .select_only()
        .column(Column::CityId)
        .filter(Column::CohortId.eq(cohort))
        .filter(Column::LeftAt.is_null())
        .filter(Column::LetterState.is_in(signed.map(|state| state.code())))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await?)
}

/// The places of a city whose letter was sent and is not signed, in cohorts that are there.
///
/// # Errors
/// Those of the database.
pub async fn awaiting(db: &Db, city: CityId) -> Result<Vec<Member>, Error> {
    use cohort_member::{Column, Entity};
    let rows = Entity::find()
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(cohort::Entity)
                .from(Column::CohortId)
                .to(cohort::Column::Id)
                .into(),
        )
        .filter(cohort::Column::DeletedAt.is_null())
        .filter(Column::CityId.eq(city))
        .filter(Column::LeftAt.is_null())
        .filter(Column::LetterState.eq(LetterState::Sent.code()))
        .order_by_asc(Column::Id)
        .all(db.read())
        .await?;
    rows.into_iter().map(member).collect()
}
