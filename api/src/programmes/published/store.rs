//! The files of a call that its results tell of.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use shared::applications::{ApplicationState, Outcome, ReopeningView};
use shared::ids::{ApplicationId, CallId};

use crate::applications::store::state_of;
use crate::db::Db;
use crate::db::entity::application::{Column, Entity};
use crate::error::Error;

/// A file that the results tell of.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedFile {
    /// The application.
    pub id: ApplicationId,
    /// Its title.
    pub title: String,
    /// Its title, folded.
    pub title_key: String,
    /// Where it stands.
    pub state: ApplicationState,
    /// How it was decided, where it is.
    pub outcome: Option<Outcome>,
    /// What it is granted.
    pub granted_minor: Option<i64>,
    /// Its place in the committee's ranking when it was put on the waiting list.
    pub waitlist_rank: Option<u32>,
    /// When its decision was last reopened after the results were public.
    pub reopened_at: Option<DateTime<Utc>>,
}

#[derive(Debug, FromQueryResult)]
struct ListedRow {
    id: ApplicationId,
    title: String,
    title_key: String,
    state: String,
    outcome: Option<String>,
    granted_minor: Option<i64>,
    waitlist_rank: Option<i32>,
    reopenings: Option<serde_json::Value>,
}

fn listed(row: ListedRow) -> Result<ListedFile, Error> {
    let reopenings: Vec<ReopeningView> = row
        .reopenings
        .map(serde_json::from_value)
        .transpose()?
        .unwrap_or_default();
    let public = reopenings.iter().find(|reopening| reopening.after_publication);
    Ok(ListedFile {
        id: row.id,
        title: row.title,
        title_key: row.title_key,
        state: state_of(&row.state)?,
        outcome: row.outcome.as_deref().and_then(Outcome::from_code),
        granted_minor: row.granted_minor,
        waitlist_rank: row.waitlist_rank.and_then(|rank| u32::try_from(rank).ok()),
        reopened_at: public.map(|reopening| reopening.reopened_at),
    })
}

impl ListedFile {
    /// Where it is on the list.
    #[must_use]
    pub fn position(&self) -> ListedPosition {
        let waits = self.state == ApplicationState::Waitlisted;
        let rank = self.waitlist_rank.and_then(|rank| i32::try_from(rank).ok());
        ListedPosition {
            turn: if waits { rank.unwrap_or(UNRANKED) } else { FIRST },
            title_key: self.title_key.clone(),
            id: self.id,
        }
    }
}

/// Where a page of the list ended: all projects by title first, then the waiting list by rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPosition {
    turn: i32,
    title_key: String,
    id: ApplicationId,
}

/// The turn of what does not wait: ranks begin with 1.
const FIRST: i32 = 0;
/// The turn of what waits without a rank.
const UNRANKED: i32 = i32::MAX;

fn is_waiting() -> SimpleExpr {
    Column::State.eq(ApplicationState::Waitlisted.code())
}

fn turn() -> SimpleExpr {
    let rank = Func::coalesce([Expr::col(Column::WaitlistRank), Expr::val(UNRANKED)]);
    CaseStatement::new().case(is_waiting(), rank).finally(FIRST).into()
}

fn is_accepted() -> SimpleExpr {
    Column::Outcome.eq(Outcome::Accepted.code())
}

/// The files that the results of a call tell of: by title, and then the waiting list.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, call: CallId, after: Option<ListedPosition>, limit: u64) -> Result<Vec<ListedFile>, Error> {
    let mut found = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Title,
            Column::TitleKey,
            Column::State,
            Column::Outcome,
            Column::GrantedMinor,
            Column::WaitlistRank,
            Column::Reopenings,
        ])
        .filter(Column::CallId.eq(call))
        .filter(Column::DeletedAt.is_null())
        .filter(
            Condition::any()
                .add(is_accepted())
                .add(is_waiting())
                .add(Column::WasListed.eq(true)),
        );
    if let Some(after) = after {
        let place = Expr::tuple([turn(), Expr::col(Column::TitleKey), Expr::col(Column::Id)]);
        let end = [Expr::val(after.turn), Expr::val(after.title_key), Expr::val(after.id)];
        found = found.filter(place.gt(Expr::tuple(end)));
    }
    let rows = found
        .order_by(turn(), Order::Asc)
        .order_by_asc(Column::TitleKey)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_model::<ListedRow>()
        .all(db.read())
        .await?;
    rows.into_iter().map(listed).collect()
}

/// What is counted of the files of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallFigures {
    /// Handed in.
    pub applications: u64,
    /// Accepted.
    pub accepted: u64,
    /// On the waiting list.
    pub waitlisted: u64,
    /// Once published as accepted, and not accepted now.
    pub reopened: u64,
    /// Granted, in minor units.
    pub granted_minor: i64,
}

/// How many files, accepted ones, those that wait, reopened ones, and what was granted.
type Counted = (i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// Counts the files of a call that were handed in.
///
/// # Errors
/// Those of the database.
pub async fn figures(db: &Db, call: CallId) -> Result<CallFigures, Error> {
    let sum = |expr: SimpleExpr| expr.sum().cast_as("bigint");
    let counted = |when: SimpleExpr| -> SimpleExpr { CaseStatement::new().case(when, 1).finally(0).into() };
    let reopened = Column::WasListed.eq(true).and(
        Column::Outcome
            .is_null()
            .or(Column::Outcome.ne(Outcome::Accepted.code())),
    );
    let handed_in = ApplicationState::ALL
        .iter()
        .filter(|state| state.is_handed_in())
        .map(|state| state.code());
    let counted: Option<Counted> = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "applications")
        .column_as(sum(counted(is_accepted())), "accepted")
        .column_as(sum(counted(is_waiting())), "waitlisted")
        .column_as(sum(counted(reopened)), "reopened")
        .column_as(sum(Expr::col(Column::GrantedMinor)), "granted")
        .filter(Column::CallId.eq(call))
        .filter(Column::DeletedAt.is_null())
        .filter(
            Condition::any()
                .add(Column::State.is_in(handed_in))
                .add(Column::WasListed.eq(true)),
        )
        .into_tuple()
        .one(db.read())
        .await?;
    let Some((applications, accepted, waitlisted, reopened, granted)) = counted else {
        return Ok(CallFigures::default());
    };
    let number = |sum: Option<i64>| sum.unwrap_or(0).unsigned_abs();
    Ok(CallFigures {
        applications: applications.unsigned_abs(),
        accepted: number(accepted),
        waitlisted: number(waitlisted),
        reopened: number(reopened),
        granted_minor: granted.unwrap_or(0),
    })
}
