//! The table of rounds.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use shared::ids::{ProgrammeId, RoundId};
use shared::jobs::JobState;
use shared::rounds::{RoundPairState, RoundState};

use super::Round;
use crate::db::entity::{job, programme, round, round_pair};
use crate::db::{Db, Tx};
use crate::error::Error;

#[derive(Debug, FromQueryResult)]
struct RoundRow {
    #[sea_orm(nested)]
    round: round::Model,
    programme_name: serde_json::Value,
    job_state: Option<String>,
}

impl RoundRow {
    fn round(self) -> Result<Round, Error> {
        let row = self.round;
        let job_state = self.job_state.as_deref().and_then(JobState::from_code);
        Ok(Round {
            id: row.id,
            version: row.version,
            programme_id: row.programme_id,
            programme_name: serde_json::from_value(self.programme_name)?,
            name: serde_json::from_value(row.name)?,
            about: serde_json::from_value(row.about)?,
            state: RoundState::from_code(&row.state)
                .ok_or_else(|| Error::internal(anyhow::anyhow!("unknown state of a round: {}", row.state)))?,
            rules: serde_json::from_value(row.rules)?,
            wishes_until: row.wishes_until,
            answers_until: row.answers_until,
            members: [row.first_members, row.second_members].map(|count| u32::try_from(count).unwrap_or(0)),
            outcome: row.outcome.map(serde_json::from_value).transpose()?,
            job: row.job_id.zip(job_state),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn to_programme() -> RelationDef {
    round::Entity::belongs_to(programme::Entity)
        .from(round::Column::ProgrammeId)
        .to(programme::Column::Id)
        .into()
}

fn to_job() -> RelationDef {
    round::Entity::belongs_to(job::Entity)
        .from(round::Column::JobId)
        .to(job::Column::Id)
        .into()
}

fn rounds() -> sea_orm::Select<round::Entity> {
    round::Entity::find()
        .column_as(programme::Column::Name, "programme_name")
        .column_as(job::Column::State, "job_state")
        .join(JoinType::InnerJoin, to_programme())
        .join(JoinType::LeftJoin, to_job())
}

/// A round.
///
/// # Errors
/// Those of the database.
pub async fn round(conn: &impl ConnectionTrait, id: RoundId) -> Result<Option<Round>, Error> {
    let row = rounds()
        .filter(round::Column::Id.eq(id))
        .into_model::<RoundRow>()
        .one(conn)
        .await?;
    row.map(RoundRow::round).transpose()
}

/// A round, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: RoundId) -> Result<Option<Round>, Error> {
    if tx.has_row_locks() {
        let _: Option<RoundId> = round::Entity::find_by_id(id)
            .lock_exclusive()
            .select_only()
            .column(round::Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    round(tx.conn(), id).await
}

/// A round that stays as it is until the transaction ends, while others may read it too.
///
/// # Errors
/// Those of the database.
pub async fn for_share(tx: &Tx<'_>, id: RoundId) -> Result<Option<Round>, Error> {
    if tx.has_row_locks() {
        let _: Option<RoundId> = round::Entity::find_by_id(id)
            .lock_shared()
            .select_only()
            .column(round::Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    round(tx.conn(), id).await
}

/// Which rounds are listed.
#[derive(Debug, Clone, Default)]
pub struct RoundScope {
    /// Only those in this state.
    pub state: Option<RoundState>,
    /// Only those of this programme.
    pub programme_id: Option<ProgrammeId>,
    /// The programmes whose drafts are seen too; none for all.
    pub drafts_of: Option<Vec<ProgrammeId>>,
}

fn in_scope(scope: &RoundScope) -> Condition {
    let mut condition = Condition::all();
    if let Some(state) = scope.state {
        condition = condition.add(round::Column::State.eq(state.code()));
    }
    if let Some(programme) = scope.programme_id {
        condition = condition.add(round::Column::ProgrammeId.eq(programme));
    }
    if let Some(programmes) = &scope.drafts_of {
        let hidden = RoundState::ALL.iter().filter(|state| state.is_hidden());
        let hidden = hidden.map(|state| state.code());
        condition = condition.add(
            Condition::any()
                .add(round::Column::State.is_not_in(hidden))
                .add(round::Column::ProgrammeId.is_in(programmes.iter().copied())),
        );
    }
    condition
}

/// Rounds, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, scope: &RoundScope, after: Option<RoundId>, limit: u64) -> Result<Vec<Round>, Error> {
    let mut select = rounds().filter(in_scope(scope));
    if let Some(after) = after {
        select = select.filter(round::Column::Id.lt(after));
    }
    let rows = select
        .order_by_desc(round::Column::Id)
        .limit(limit)
        .into_model::<RoundRow>()
        .all(db.read())
        .await?;
    rows.into_iter().map(RoundRow::round).collect()
}

/// Published rounds whose time for answers is over, and which have pairs that wait for one.
///
/// # Errors
/// Those of the database.
pub async fn overdue(db: &Db, now: DateTime<Utc>) -> Result<Vec<RoundId>, Error> {
    let waits = RoundPairState::ALL.iter().filter(|state| state.waits());
    let waiting = round_pair::Entity::find()
        .select_only()
        .column(round_pair::Column::RoundId)
        .filter(round_pair::Column::State.is_in(waits.map(|state| state.code())))
        .into_query();
    Ok(round::Entity::find()
        .select_only()
        .column(round::Column::Id)
        .filter(round::Column::State.eq(RoundState::Published.code()))
        .filter(round::Column::AnswersUntil.lte(now))
        .filter(round::Column::Id.in_subquery(waiting))
        .order_by_asc(round::Column::Id)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// How many rounds a list has on all pages.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &Db, scope: &RoundScope) -> Result<u64, Error> {
    Ok(round::Entity::find().filter(in_scope(scope)).count(db.read()).await?)
}

fn model(round: &Round, now: DateTime<Utc>) -> Result<round::ActiveModel, Error> {
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    Ok(round::ActiveModel {
        id: Set(round.id),
        version: Set(round.version),
        updated_at: Set(now),
        programme_id: Set(round.programme_id),
        state: Set(round.state.code().to_owned()),
        name: Set(serde_json::to_value(&round.name)?),
        about: Set(serde_json::to_value(&round.about)?),
        rules: Set(serde_json::to_value(&round.rules)?),
        wishes_until: Set(round.wishes_until),
        answers_until: Set(round.answers_until),
        first_members: Set(count(round.members[0])),
        second_members: Set(count(round.members[1])),
        outcome: Set(round.outcome.as_ref().map(serde_json::to_value).transpose()?),
        job_id: Set(round.job.map(|(id, _)| id)),
        ..Default::default()
    })
}

/// Adds a round.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, round: &Round) -> Result<(), Error> {
    let mut model = model(round, tx.now())?;
    model.created_at = Set(tx.now());
    round::Entity::insert(model).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Saves a round under its new version.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, round: &Round) -> Result<(), Error> {
    model(round, tx.now())?.update(tx.conn()).await?;
    Ok(())
}
