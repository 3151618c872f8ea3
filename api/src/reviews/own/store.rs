//! The tables of reviews, as their reviewer's list reads them.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use serde::{Deserialize, Serialize};
use shared::applications::ApplicationState;
use shared::ids::{AccountId, ApplicationId, CallId, ProgrammeId, ReviewId};
use shared::language::Texts;
use shared::reviews::{ReviewPlan, ReviewState};

use crate::applications::store::state_of;
use crate::db::Db;
use crate::db::entity::{application, call, review};
use crate::error::Error;
use crate::http::page;
use crate::reviews::store::state_of_review;

/// Which reviews of a person are listed.
#[derive(Debug, Clone)]
pub struct OwnScope {
    /// The person.
    pub reviewer: AccountId,
    /// The programmes that the person reviews for.
    pub programmes: Vec<ProgrammeId>,
    /// Only of this call.
    pub call_id: Option<CallId>,
    /// Only in this state.
    pub state: Option<ReviewState>,
    /// When: calls that take applications are sealed.
    pub now: DateTime<Utc>,
}

/// Where a page of reviews ended.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct OwnPosition {
    open: bool,
    id: ReviewId,
}

/// A review in its reviewer's list.
#[derive(Debug, Clone, FromQueryResult)]
pub struct OwnRow {
    /// The review's id.
    pub id: ReviewId,
    /// Its version.
    pub version: i64,
    state: String,
    open: bool,
    /// The file.
    pub application_id: ApplicationId,
    /// The project's title.
    pub title: String,
    application_state: String,
    /// The call.
    pub call_id: CallId,
    call_title: serde_json::Value,
    review_plan: Option<serde_json::Value>,
    /// The grant asked for.
    pub grant_asked_minor: i64,
    /// The currency.
    pub currency: String,
    total: Option<i32>,
    scored: i32,
    /// When it was filed.
    pub filed_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl OwnRow {
    /// Where the review stands.
    ///
    /// # Errors
    /// Internal, for a state that is not known.
    pub fn state(&self) -> Result<ReviewState, Error> {
        state_of_review(&self.state)
    }

    /// Where the file stands.
    ///
    /// # Errors
    /// Internal, for a state that is not known.
    pub fn application_state(&self) -> Result<ApplicationState, Error> {
        state_of(&self.application_state)
    }

    /// The call's title, and what is judged.
    ///
    /// # Errors
    /// Internal, where they cannot be read.
    pub fn call(&self) -> Result<(Texts, ReviewPlan), Error> {
        let plan = self.review_plan.clone().map(serde_json::from_value).transpose()?;
        Ok((
            serde_json::from_value(self.call_title.clone())?,
            plan.unwrap_or_default(),
        ))
    }

    /// What the scores add up to, and how many there are.
    #[must_use]
    pub fn scores(&self) -> (Option<u32>, u32) {
        (
            self.total.and_then(|total| u32::try_from(total).ok()),
            u32::try_from(self.scored).unwrap_or(0),
        )
    }
}

fn to_file() -> RelationDef {
    review::Entity::belongs_to(application::Entity)
        .from(review::Column::ApplicationId)
        .to(application::Column::Id)
        .into()
}

fn to_call() -> RelationDef {
    review::Entity::belongs_to(call::Entity)
        .from(review::Column::CallId)
        .to(call::Column::Id)
        .into()
}

fn own(scope: &OwnScope) -> sea_orm::Select<review::Entity> {
    let handed_in = ApplicationState::ALL.iter().filter(|state| state.is_handed_in());
    let mut condition = Condition::all()
        .add(review::Column::ReviewerId.eq(scope.reviewer))
        .add(review::Column::ProgrammeId.is_in(scope.programmes.iter().copied()))
        .add(application::Column::State.is_in(handed_in.map(|state| state.code())))
        .add(application::Column::DeletedAt.is_null())
        .add(call::Column::TakesUntilMs.lt(scope.now.timestamp_millis()));
    if let Some(call) = scope.call_id {
        condition = condition.add(review::Column::CallId.eq(call));
    }
    if let Some(state) = scope.state {
        condition = condition.add(review::Column::State.eq(state.code()));
    }
    review::Entity::find()
        .join(JoinType::InnerJoin, to_file())
        .join(JoinType::InnerJoin, to_call())
        .filter(condition)
}

/// A page of somebody's reviews: what is still to be done first, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn list_own(
    db: &Db,
    scope: &OwnScope,
    after: Option<OwnPosition>,
    limit: u32,
) -> Result<(Vec<OwnRow>, Option<OwnPosition>), Error> {
    let column = |column: review::Column| Expr::col((review::Entity, column));
    let mut select = own(scope)
        .select_only()
        .columns([
            review::Column::Id,
            review::Column::Version,
            review::Column::State,
            review::Column::Open,
            review::Column::ApplicationId,
            review::Column::CallId,
            review::Column::Total,
            review::Column::Scored,
            review::Column::FiledAt,
            review::Column::UpdatedAt,
        ])
        .columns([
            application::Column::Title,
            application::Column::GrantAskedMinor,
            application::Column::Currency,
        ])
        .column_as(application::Column::State, "application_state")
        .column_as(call::Column::Title, "call_title")
        .column(call::Column::ReviewPlan);
    if let Some(position) = after {
        let place = Expr::tuple([column(review::Column::Open), column(review::Column::Id)]);
        select = select.filter(place.lt(Expr::tuple([Expr::val(position.open), Expr::val(position.id)])));
    }
    let mut rows = select
        .order_by_desc(review::Column::Open)
        .order_by_desc(review::Column::Id)
        .limit(u64::from(limit) + 1)
        .into_model::<OwnRow>()
        .all(db.read())
        .await?;
    let next = page::cut(&mut rows, limit as usize, |last| OwnPosition {
        open: last.open,
        id: last.id,
    });
    Ok((rows, next))
}

/// How many reviews somebody has.
///
/// # Errors
/// Those of the database.
pub async fn count_own(db: &Db, scope: &OwnScope) -> Result<u64, Error> {
    Ok(own(scope).count(db.read()).await?)
}
