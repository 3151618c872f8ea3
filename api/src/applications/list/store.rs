//! The tables of applications, as lists read them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef,
};
use serde::{Deserialize, Serialize};
use shared::applications::ApplicationState;
use shared::ids::{ApplicationId, CallId, CityId, ProgrammeId};
use shared::language::Texts;
use shared::partnerships::PartyRole;

use crate::applications::ready::store::written_codes;
use crate::applications::store::{role_of, state_of};
use crate::db::Db;
use crate::db::entity::{application, application_party, call, funding_grant};
use crate::error::Error;
use crate::http::page;
use crate::programmes::calls::store::unpublished;

/// Which files are listed, and whose they are.
#[derive(Debug, Clone, Default)]
pub struct ApplicationScope {
    /// The cities whose files are seen in any state.
    pub cities: Vec<CityId>,
    /// The programmes whose files are seen once they are handed in and their deadline is over; none for all.
    pub programmes: Option<Vec<ProgrammeId>>,
    /// The programmes whose files are seen so where the call is not blind.
    pub reviewed: Vec<ProgrammeId>,
    /// When.
    pub now: DateTime<Utc>,
    /// Only to this call.
    pub call_id: Option<CallId>,
    /// Only in this state.
    pub state: Option<ApplicationState>,
    /// Only with this city.
    pub city_id: Option<CityId>,
    /// Only those that have no grant.
    pub without_grant: bool,
    /// Only accepted ones of calls whose results are public.
    pub awaiting_contract: bool,
    /// Only those that are not handed in yet.
    pub unsent: bool,
    /// Only with these folded words in title or cities.
    pub words: Option<String>,
}

/// What files are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderBy {
    /// Last change.
    UpdatedAt,
    /// When they were handed in; drafts by when they were begun.
    SubmittedAt,
    /// Title.
    Title,
    /// Grant asked for.
    GrantAsked,
}

/// The value of what files are ordered by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum OrderKey {
    /// Milliseconds since 1970.
    Time(i64),
    /// A folded text.
    Text(String),
    /// Minor units.
    Amount(i64),
}

/// Where a page of files ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApplicationPosition {
    key: OrderKey,
    id: ApplicationId,
}

/// A file in a list, without its parties.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ApplicationRow {
    /// The application's id.
    pub id: ApplicationId,
    /// Its version.
    pub version: i64,
    created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The call.
    pub call_id: CallId,
    call_title: serde_json::Value,
    state: String,
    /// The project's title.
    pub title: String,
    title_key: String,
    /// The currency.
    pub currency: String,
    /// All costs.
    pub cost_minor: i64,
    /// The grant asked for.
    pub grant_asked_minor: i64,
    /// When it was handed in.
    pub submitted_at: Option<DateTime<Utc>>,
}

impl ApplicationRow {
    /// Where it stands.
    ///
    /// # Errors
    /// Internal, for a state that is not known.
    pub fn state(&self) -> Result<ApplicationState, Error> {
        state_of(&self.state)
    }

    /// The call's title.
    ///
    /// # Errors
    /// Internal, where it is no text by language.
    pub fn call_title(&self) -> Result<Texts, Error> {
        Ok(serde_json::from_value(self.call_title.clone())?)
    }

    fn position(&self, order: OrderBy) -> ApplicationPosition {
        let key = match order {
            OrderBy::UpdatedAt => OrderKey::Time(self.updated_at.timestamp_millis()),
            OrderBy::SubmittedAt => OrderKey::Time(self.submitted_at.unwrap_or(self.created_at).timestamp_millis()),
            OrderBy::Title => OrderKey::Text(self.title_key.clone()),
            OrderBy::GrantAsked => OrderKey::Amount(self.grant_asked_minor),
        };
        ApplicationPosition { key, id: self.id }
    }
}

fn column(column: application::Column) -> SimpleExpr {
    Expr::col((application::Entity, column))
}

fn order_expr(order: OrderBy) -> SimpleExpr {
    match order {
        OrderBy::UpdatedAt => column(application::Column::UpdatedAt),
        OrderBy::SubmittedAt => Func::coalesce([
            column(application::Column::SubmittedAt),
            column(application::Column::CreatedAt),
        ])
        .into(),
        OrderBy::Title => column(application::Column::TitleKey),
        OrderBy::GrantAsked => column(application::Column::GrantAskedMinor),
    }
}

fn key_value(order: OrderBy, key: &OrderKey) -> Option<SimpleExpr> {
    match (order, key) {
        (OrderBy::UpdatedAt | OrderBy::SubmittedAt, OrderKey::Time(millis)) => {
            Some(Expr::val(DateTime::from_timestamp_millis(*millis)?))
        }
        (OrderBy::Title, OrderKey::Text(text)) => Some(Expr::val(text.as_str())),
        (OrderBy::GrantAsked, OrderKey::Amount(amount)) => Some(Expr::val(*amount)),
        _ => None,
    }
}

fn files_with(cities: impl IntoIterator<Item = CityId>) -> SelectStatement {
    application_party::Entity::find()
        .select_only()
        .column(application_party::Column::ApplicationId)
        .filter(application_party::Column::CityId.is_in(cities))
        .into_query()
}

/// Until then nobody at the funder sees a file.
fn call_is_over(now: DateTime<Utc>) -> SimpleExpr {
    call::Column::TakesUntilMs.lt(now.timestamp_millis())
}

fn in_scope(scope: &ApplicationScope) -> Condition {
    let handed_in = application::Column::State.is_in(
        ApplicationState::ALL
            .iter()
            .filter(|state| state.is_handed_in())
            .map(|state| state.code()),
    );
    let unsealed = || {
        call::Entity::find()
            .select_only()
            .column(call::Column::Id)
            .filter(call_is_over(scope.now))
    };
    let mut judged = Condition::all().add(handed_in);
    if let Some(programmes) = &scope.programmes {
        let of = |programmes: &[ProgrammeId]| application::Column::ProgrammeId.is_in(programmes.iter().copied());
        let open = unsealed().filter(call::Column::Blind.eq(false)).into_query();
        judged = judged.add(
            Condition::any()
                .add(of(programmes).and(application::Column::CallId.in_subquery(unsealed().into_query())))
                .add(of(&scope.reviewed).and(application::Column::CallId.in_subquery(open))),
        );
    } else {
        judged = judged.add(application::Column::CallId.in_subquery(unsealed().into_query()));
    }
    let seen = Condition::any()
        .add(application::Column::Id.in_subquery(files_with(scope.cities.iter().copied())))
        .add(judged);
    let mut condition = Condition::all().add(application::Column::DeletedAt.is_null()).add(seen);
    if let Some(call) = scope.call_id {
        condition = condition.add(application::Column::CallId.eq(call));
    }
    if let Some(state) = scope.state {
        let is = application::Column::State.eq(state.code());
        let until = application::Column::CorrectionUntilMs;
        let now = scope.now.timestamp_millis();
        condition = condition.add(match (state, untold(scope)) {
            (ApplicationState::CorrectionRequested, _) => is_corrected(scope.now),
            (ApplicationState::InReview, untold) => {
                let judged = is.and(until.is_null().or(until.lt(now)));
                match untold {
                    Some(untold) => judged.or(untold),
                    None => judged,
                }
            }
            (state, Some(untold)) if state.is_judgement() => is.and(untold.not()),
            _ => is,
        });
    }
    if let Some(city) = scope.city_id {
        condition = condition.add(application::Column::Id.in_subquery(files_with([city])));
    }
    if scope.unsent {
        condition = condition.add(application::Column::State.is_in(written_codes()));
    }
    if scope.without_grant {
        let granted = funding_grant::Entity::find()
            .select_only()
            .column(funding_grant::Column::ApplicationId)
            .into_query();
        condition = condition.add(application::Column::Id.not_in_subquery(granted));
    }
    if scope.awaiting_contract {
        condition = condition
            .add(application::Column::State.eq(ApplicationState::Accepted.code()))
            .add(application::Column::CallId.not_in_subquery(unpublished()));
    }
    if let Some(words) = &scope.words {
        condition = condition.add(application::Column::SearchKey.contains(words));
    }
    condition
}

/// Files of whose judgement the caller may not know yet, though they are the caller's: they are told as being judged. None for
/// who may know of all.
fn untold(scope: &ApplicationScope) -> Option<SimpleExpr> {
    let programmes = scope.programmes.as_ref()?;
    let judged = |programmes: &[ProgrammeId]| application::Column::ProgrammeId.is_in(programmes.iter().copied());
    let judgements = ApplicationState::ALL.iter().filter(|state| state.is_judgement());
    let own = application::Column::Id.in_subquery(files_with(scope.cities.iter().copied()));
    Some(
        application::Column::State
            .is_in(judgements.map(|state| state.code()))
            .and(application::Column::CallId.in_subquery(unpublished()))
            .and(own)
            .and(judged(programmes).not()),
    )
}

fn told_state(scope: &ApplicationScope) -> SimpleExpr {
    let mut told = CaseStatement::new().case(is_corrected(scope.now), ApplicationState::CorrectionRequested.code());
    if let Some(untold) = untold(scope) {
        told = told.case(untold, ApplicationState::InReview.code());
    }
    told.finally(column(application::Column::State)).into()
}

/// Files of which a correction is being made.
fn is_corrected(now: DateTime<Utc>) -> SimpleExpr {
    let until = application::Column::CorrectionUntilMs.gte(now.timestamp_millis());
    application::Column::State
        .eq(ApplicationState::InReview.code())
        .and(until)
}

fn to_call() -> RelationDef {
    application::Entity::belongs_to(call::Entity)
        .from(application::Column::CallId)
        .to(call::Column::Id)
        .into()
}

/// A page of files; none where the position belongs to another order.
///
/// # Errors
/// Those of the database.
pub async fn list_applications(
    db: &Db,
    scope: &ApplicationScope,
    (order, largest_first): (OrderBy, bool),
    after: Option<&ApplicationPosition>,
    limit: u32,
) -> Result<Option<(Vec<ApplicationRow>, Option<ApplicationPosition>)>, Error> {
    let mut select = application::Entity::find()
        .select_only()
        .columns([
            application::Column::Id,
            application::Column::Version,
            application::Column::CreatedAt,
            application::Column::UpdatedAt,
            application::Column::CallId,
            application::Column::Title,
            application::Column::TitleKey,
            application::Column::Currency,
            application::Column::CostMinor,
            application::Column::GrantAskedMinor,
            application::Column::SubmittedAt,
        ])
        .column_as(told_state(scope), "state")
        .column_as(call::Column::Title, "call_title")
        .join(JoinType::InnerJoin, to_call())
        .filter(in_scope(scope));
    if let Some(position) = after {
        let Some(key) = key_value(order, &position.key) else {
            return Ok(None);
        };
        let place = Expr::tuple([order_expr(order), column(application::Column::Id)]);
        let end = Expr::tuple([key, Expr::val(position.id)]);
        select = select.filter(if largest_first { place.lt(end) } else { place.gt(end) });
    }
    let direction = if largest_first { Order::Desc } else { Order::Asc };
    let mut rows = select
        .order_by(order_expr(order), direction.clone())
        .order_by(application::Column::Id, direction)
        .limit(u64::from(limit) + 1)
        .into_model::<ApplicationRow>()
        .all(db.read())
        .await?;
    let next = page::cut(&mut rows, limit as usize, |last| last.position(order));
    Ok(Some((rows, next)))
}

/// How many files there are in the scope.
///
/// # Errors
/// Those of the database.
pub async fn count_applications(db: &Db, scope: &ApplicationScope) -> Result<u64, Error> {
    Ok(application::Entity::find()
        .filter(in_scope(scope))
        .count(db.read())
        .await?)
}

/// The cities of some files, each with its role, the lead first.
///
/// # Errors
/// Those of the database.
pub async fn parties_of(
    db: &Db,
    ids: &[ApplicationId],
) -> Result<HashMap<ApplicationId, Vec<(CityId, PartyRole)>>, Error> {
    let rows: Vec<(ApplicationId, CityId, String)> = application_party::Entity::find()
        .select_only()
        .columns([
            application_party::Column::ApplicationId,
            application_party::Column::CityId,
            application_party::Column::Role,
        ])
        .filter(application_party::Column::ApplicationId.is_in(ids.iter().copied()))
        .order_by_asc(application_party::Column::Position)
        .into_tuple()
        .all(db.read())
        .await?;
    let mut parties: HashMap<ApplicationId, Vec<(CityId, PartyRole)>> = HashMap::new();
    for (id, city, role) in rows {
        parties.entry(id).or_default().push((city, role_of(&role)?));
    }
    Ok(parties)
}
