//! The table of jobs.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use shared::ids::JobId;
use shared::jobs::{JobKind, JobState};
use shared::problem::ProblemCode;

use super::Job;
use crate::db::entity::job::{Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;

fn job_of(row: Model) -> Result<Job, Error> {
    let unknown = || Error::internal(anyhow::anyhow!("unknown kind or state of a job: {}", row.id));
    Ok(Job {
        id: row.id,
        version: row.version,
        kind: JobKind::from_code(&row.kind).ok_or_else(unknown)?,
        subject_id: row.subject_id,
        programme_id: row.programme_id,
        state: JobState::from_code(&row.state).ok_or_else(unknown)?,
        done: row.done,
        goal: row.goal,
        attempts: row.attempts,
        held_until: row.held_until,
        cancel_asked: row.cancel_asked,
        problem: row.problem.and_then(|code| {
            let mut codes = ProblemCode::ALL.iter().copied();
            codes.find(|known| known.code() == code)
        }),
        report: row.report.map(serde_json::from_value).transpose()?,
        created_at: row.created_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
    })
}

fn row_of(job: &Job, now: DateTime<Utc>) -> Result<Model, Error> {
    Ok(Model {
        id: job.id,
        version: job.version,
        created_at: job.created_at,
        updated_at: now,
        kind: job.kind.code().to_owned(),
        subject_id: job.subject_id,
        programme_id: job.programme_id,
        state: job.state.code().to_owned(),
        done: job.done,
        goal: job.goal,
        attempts: job.attempts,
        held_until: job.held_until,
        cancel_asked: job.cancel_asked,
        problem: job.problem.map(|problem| problem.code().to_owned()),
        report: job.report.map(serde_json::to_value).transpose()?,
        started_at: job.started_at,
        finished_at: job.finished_at,
    })
}

/// Adds a job.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, job: &Job) -> Result<(), Error> {
    Entity::insert(row_of(job, tx.now())?.into_active_model())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// A job.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: JobId) -> Result<Option<Job>, Error> {
    Entity::find_by_id(id).one(conn).await?.map(job_of).transpose()
}

/// A job, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, id: JobId) -> Result<Option<Job>, Error> {
    let mut rows = Entity::find_by_id(id);
    if tx.has_row_locks() {
        rows = rows.lock_exclusive();
    }
    rows.one(tx.conn()).await?.map(job_of).transpose()
}

/// The job of a kind that was asked for last.
///
/// # Errors
/// Those of the database.
pub async fn latest(conn: &impl ConnectionTrait, kind: JobKind) -> Result<Option<Job>, Error> {
    let rows = Entity::find().filter(Column::Kind.eq(kind.code()));
    let found = rows.order_by_desc(Column::Id).limit(1).one(conn).await?;
    found.map(job_of).transpose()
}

fn is_free(now: DateTime<Utc>) -> Condition {
    let gone = Condition::any()
        .add(Column::HeldUntil.is_null())
        .add(Column::HeldUntil.lt(now));
    Condition::any().add(Column::State.eq(JobState::Queued.code())).add(
        Condition::all()
            .add(Column::State.eq(JobState::Running.code()))
            .add(gone),
    )
}

/// Whether there is a job that a process may take.
///
/// # Errors
/// Those of the database.
pub async fn has_free(db: &Db, now: DateTime<Utc>) -> Result<bool, Error> {
    let free: Option<JobId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(is_free(now))
        .limit(1)
        .into_tuple()
        .one(db.read())
        .await?;
    Ok(free.is_some())
}

/// The job that has waited longest, locked until the transaction ends; one that another process is just taking is passed
/// over.
///
/// # Errors
/// Those of the database.
pub async fn next_for_update(tx: &Tx<'_>) -> Result<Option<Job>, Error> {
    let mut rows = Entity::find()
        .filter(is_free(tx.now()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(1);
    if tx.has_row_locks() {
        rows = rows.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    rows.one(tx.conn()).await?.map(job_of).transpose()
}

/// Writes a job that is locked.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, job: &Job) -> Result<(), Error> {
    row_of(job, tx.now())?
        .into_active_model()
        .reset_all()
        .update(tx.conn())
        .await?;
    Ok(())
}

/// Tells that a job is still being carried out, and how far it is; false where it is not ours any more.
///
/// # Errors
/// Those of the database.
pub async fn keep(tx: &Tx<'_>, job: &Job, (done, goal): (i64, i64), held_until: DateTime<Utc>) -> Result<bool, Error> {
    let kept = Entity::update_many()
        .col_expr(Column::Done, Expr::value(done))
        .col_expr(Column::Goal, Expr::value(goal))
        .col_expr(Column::HeldUntil, Expr::value(held_until))
        .filter(Column::Id.eq(job.id))
        .filter(Column::Attempts.eq(job.attempts))
        .filter(Column::State.eq(JobState::Running.code()))
        .exec(tx.conn())
        .await?;
    Ok(kept.rows_affected == 1)
}
