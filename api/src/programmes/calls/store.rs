//! The table of calls.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SelectStatement, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use serde::{Deserialize, Serialize};
use shared::budget::RuleSet;
use shared::forms::FormSection;
use shared::ids::{CallId, ProgrammeId, RuleSetId};
use shared::language::Texts;
use shared::programmes::{CallState, CallWindow, Question};
use shared::reviews::ReviewPlan;

use crate::db::entity::{call, programme, rule_set};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::http::page;

/// A call with what its readers need: the programme's name and the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRecord {
    /// The call's id.
    pub id: CallId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its programme.
    pub programme_id: ProgrammeId,
    /// The programme's name.
    pub programme_name: Texts,
    /// Its title.
    pub title: Texts,
    /// What it is about.
    pub about: Texts,
    /// Where it stands.
    pub state: CallState,
    /// When it takes applications.
    pub window: CallWindow,
    /// The funding rules.
    pub rules: RuleSet,
    /// The parts that its questions are in.
    pub sections: Vec<FormSection>,
    /// The questions of an application.
    pub questions: Vec<Question>,
    /// The envelope.
    pub envelope_minor: Option<i64>,
    /// How its files are judged.
    pub plan: ReviewPlan,
}

impl CallRecord {
    /// Whether an application that arrives `now` is taken.
    #[must_use]
    pub fn takes(&self, now: DateTime<Utc>) -> bool {
        self.state == CallState::Open && self.window.takes(now)
    }

    /// Whether an application may be begun `now`: from the announcement to the deadline.
    #[must_use]
    pub fn can_be_prepared(&self, now: DateTime<Utc>) -> bool {
        matches!(self.state, CallState::Announced | CallState::Open) && !self.window.is_over(now)
    }
}

#[derive(Debug, FromQueryResult)]
struct CallRow {
    #[sea_orm(nested)]
    call: call::Model,
    programme_name: serde_json::Value,
    rules: serde_json::Value,
}

impl CallRow {
    fn record(self) -> Result<CallRecord, Error> {
        let call = self.call;
        Ok(CallRecord {
            id: call.id,
            version: call.version,
            programme_id: call.programme_id,
            programme_name: serde_json::from_value(self.programme_name)?,
            title: serde_json::from_value(call.title)?,
            about: serde_json::from_value(call.about)?,
            state: state_of(&call.state)?,
            window: CallWindow {
                opens_at: call.opens_at,
                closes_at: call.closes_at,
                zone: call.zone,
                grace_s: u32::try_from(call.grace_s).unwrap_or_default(),
            },
            rules: serde_json::from_value(self.rules)?,
            sections: serde_json::from_value(call.sections)?,
            questions: serde_json::from_value(call.questions)?,
            envelope_minor: call.envelope_minor,
            plan: call
                .review_plan
                .map(serde_json::from_value)
                .transpose()?
                .unwrap_or_default(),
        })
    }
}

fn state_of(code: &str) -> Result<CallState, Error> {
    CallState::from_code(code).ok_or_else(|| Error::internal(anyhow::anyhow!("unknown state of a call: {code}")))
}

fn to_programme() -> RelationDef {
    call::Entity::belongs_to(programme::Entity)
        .from(call::Column::ProgrammeId)
        .to(programme::Column::Id)
        .into()
}

fn to_rules() -> RelationDef {
    call::Entity::belongs_to(rule_set::Entity)
        .from(call::Column::RuleSetId)
        .to(rule_set::Column::Id)
        .into()
}

fn calls() -> sea_orm::Select<call::Entity> {
    call::Entity::find()
        .column_as(programme::Column::Name, "programme_name")
        .column_as(rule_set::Column::Content, "rules")
        .join(JoinType::InnerJoin, to_programme())
        .join(JoinType::InnerJoin, to_rules())
}

/// A call.
///
/// # Errors
/// Those of the database.
pub async fn call(conn: &impl ConnectionTrait, id: CallId) -> Result<Option<CallRecord>, Error> {
    let row = calls()
        .filter(call::Column::Id.eq(id))
        .into_model::<CallRow>()
        .one(conn)
        .await?;
    row.map(CallRow::record).transpose()
}

/// A call that nobody else moves before this transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn call_for_update(tx: &Tx<'_>, id: CallId) -> Result<Option<CallRecord>, Error> {
    lock_call(tx, call::Entity::find_by_id(id).lock_exclusive()).await?;
    call(tx.conn(), id).await
}

/// A call that stays as it is until this transaction ends, while others may read it too.
///
/// # Errors
/// Those of the database.
pub async fn call_for_share(tx: &Tx<'_>, id: CallId) -> Result<Option<CallRecord>, Error> {
    lock_call(tx, call::Entity::find_by_id(id).lock_shared()).await?;
    call(tx.conn(), id).await
}

async fn lock_call(tx: &Tx<'_>, select: sea_orm::Select<call::Entity>) -> Result<(), Error> {
    if tx.has_row_locks() {
        let _: Option<CallId> = select
            .select_only()
            .column(call::Column::Id)
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    Ok(())
}

/// The calls whose results are not public.
pub(crate) fn unpublished() -> SelectStatement {
    let public = CallState::ALL.iter().filter(|state| state.has_public_results());
    call::Entity::find()
        .select_only()
        .column(call::Column::Id)
        .filter(call::Column::State.is_not_in(public.map(|state| state.code())))
        .into_query()
}

/// Which calls are listed.
#[derive(Debug, Clone, Default)]
pub struct CallScope {
    /// Only those in this state.
    pub state: Option<CallState>,
    /// Only those of this programme.
    pub programme_id: Option<ProgrammeId>,
    /// Only those that take applications.
    pub open: bool,
    /// The programmes whose drafts are seen too; none for all.
    pub drafts_of: Option<Vec<ProgrammeId>>,
}

impl CallScope {
    /// The calls that take applications now, as anybody sees them.
    #[must_use]
    pub fn open_to_all() -> Self {
        Self {
            open: true,
            drafts_of: Some(Vec::new()),
            ..Self::default()
        }
    }
}

/// Where a page of calls ended. The order depends on the time, so it is that of the first page.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CallPosition {
    at_ms: i64,
    rank: i32,
    key: i64,
    id: CallId,
}

const OPEN: i32 = 0;
const ANNOUNCED: i32 = 1;
const WRITTEN: i32 = 2;
const OVER: i32 = 3;

fn is_live(at_ms: i64) -> SimpleExpr {
    call::Column::State
        .eq(CallState::Open.code())
        .and(call::Column::TakesUntilMs.gte(at_ms))
}

fn rank(at_ms: i64) -> SimpleExpr {
    CaseStatement::new()
        .case(is_live(at_ms), OPEN)
        .case(call::Column::State.eq(CallState::Announced.code()), ANNOUNCED)
        .case(call::Column::State.eq(CallState::Draft.code()), WRITTEN)
        .finally(OVER)
        .into()
}

/// What is to come by its deadline, what is over by how long ago.
fn key(at_ms: i64) -> SimpleExpr {
    let to_come = is_live(at_ms).or(call::Column::State.is_in([CallState::Announced.code(), CallState::Draft.code()]));
    let closes = || Expr::col((call::Entity, call::Column::ClosesMs));
    CaseStatement::new()
        .case(to_come, closes())
        .finally(Expr::val(0_i64).sub(closes()))
        .into()
}

fn position_of(call: &CallRecord, at_ms: i64) -> CallPosition {
    let closes = call.window.closes_at.timestamp_millis();
    let (rank, key) = match call.state {
        CallState::Open if call.window.last_instant().timestamp_millis() >= at_ms => (OPEN, closes),
        CallState::Announced => (ANNOUNCED, closes),
        CallState::Draft => (WRITTEN, closes),
        _ => (OVER, -closes),
    };
    CallPosition {
        at_ms,
        rank,
        key,
        id: call.id,
    }
}

fn in_scope(scope: &CallScope, now: DateTime<Utc>) -> Condition {
    let mut condition = Condition::all();
    if let Some(state) = scope.state {
        condition = condition.add(call::Column::State.eq(state.code()));
    }
    if let Some(programme) = scope.programme_id {
        condition = condition.add(call::Column::ProgrammeId.eq(programme));
    }
    if scope.open {
        condition = condition
            .add(is_live(now.timestamp_millis()))
            .add(call::Column::OpensAt.lte(now));
    }
    if let Some(programmes) = &scope.drafts_of {
        condition = condition.add(
            Condition::any()
                .add(call::Column::State.ne(CallState::Draft.code()))
                .add(call::Column::ProgrammeId.is_in(programmes.iter().copied())),
        );
    }
    condition
}

/// A page of calls: open ones first by deadline, then announced ones, drafts, and what is over, latest first.
///
/// # Errors
/// Those of the database.
pub async fn list_calls(
    db: &Db,
    scope: &CallScope,
    now: DateTime<Utc>,
    after: Option<CallPosition>,
    limit: u32,
) -> Result<(Vec<CallRecord>, Option<CallPosition>), Error> {
    let at_ms = after.map_or(now.timestamp_millis(), |position| position.at_ms);
    let mut select = calls().filter(in_scope(scope, now));
    if let Some(position) = after {
        let place = Expr::tuple([rank(at_ms), key(at_ms), Expr::col((call::Entity, call::Column::Id))]);
        select = select.filter(place.gt(Expr::tuple([
            Expr::val(position.rank),
            Expr::val(position.key),
            Expr::val(position.id),
        ])));
    }
    let rows = select
        .order_by(rank(at_ms), Order::Asc)
        .order_by(key(at_ms), Order::Asc)
        .order_by_asc(call::Column::Id)
        .limit(u64::from(limit) + 1)
        .into_model::<CallRow>()
        .all(db.read())
        .await?;
    let mut records: Vec<CallRecord> = rows.into_iter().map(CallRow::record).collect::<Result<_, _>>()?;
    let next = page::cut(&mut records, limit as usize, |last| position_of(last, at_ms));
    Ok((records, next))
}

/// A call with the times of its making and of its last change.
#[derive(Debug, Clone, PartialEq)]
pub struct DatedCall {
    /// The call.
    pub call: CallRecord,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

fn dated(row: CallRow) -> Result<DatedCall, Error> {
    Ok(DatedCall {
        created_at: row.call.created_at,
        updated_at: row.call.updated_at,
        call: row.record()?,
    })
}

/// A call with its times.
///
/// # Errors
/// Those of the database.
pub async fn dated_call(conn: &impl ConnectionTrait, id: CallId) -> Result<Option<DatedCall>, Error> {
    let row = calls().filter(call::Column::Id.eq(id)).into_model::<CallRow>();
    row.one(conn).await?.map(dated).transpose()
}

/// Calls with their times, the last changed first, after so many.
///
/// # Errors
/// Those of the database.
pub async fn last_changed(
    db: &Db,
    scope: &CallScope,
    now: DateTime<Utc>,
    offset: u64,
    limit: u64,
) -> Result<Vec<DatedCall>, Error> {
    let rows = calls()
        .filter(in_scope(scope, now))
        .order_by_desc(call::Column::UpdatedAt)
        .order_by_desc(call::Column::Id)
        .offset(offset)
        .limit(limit)
        .into_model::<CallRow>()
        .all(db.read())
        .await?;
    rows.into_iter().map(dated).collect()
}

/// What a search looks at of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallOutline {
    /// The call's id.
    pub id: CallId,
    /// Where it stands.
    pub state: CallState,
    /// Its title.
    pub title: Texts,
    /// What it is about.
    pub about: Texts,
    /// Its deadline.
    pub closes_at: DateTime<Utc>,
    /// The zone of the deadline.
    pub zone: String,
    /// The envelope.
    pub envelope_minor: Option<i64>,
    /// Its rules.
    pub rule_set_id: RuleSetId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, FromQueryResult)]
struct OutlineRow {
    id: CallId,
    state: String,
    title: serde_json::Value,
    about: serde_json::Value,
    closes_at: DateTime<Utc>,
    zone: String,
    envelope_minor: Option<i64>,
    rule_set_id: RuleSetId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// All calls in the scope, without their forms and rules.
///
/// # Errors
/// Those of the database.
pub async fn outlines(db: &Db, scope: &CallScope, now: DateTime<Utc>) -> Result<Vec<CallOutline>, Error> {
    let rows = call::Entity::find()
        .select_only()
        .columns([
            call::Column::Id,
            call::Column::State,
            call::Column::Title,
            call::Column::About,
            call::Column::ClosesAt,
            call::Column::Zone,
            call::Column::EnvelopeMinor,
            call::Column::RuleSetId,
            call::Column::CreatedAt,
            call::Column::UpdatedAt,
        ])
        .filter(in_scope(scope, now))
        .into_model::<OutlineRow>()
        .all(db.read())
        .await?;
    let outline = |row: OutlineRow| {
        Ok(CallOutline {
            id: row.id,
            state: state_of(&row.state)?,
            title: serde_json::from_value(row.title)?,
            about: serde_json::from_value(row.about)?,
            closes_at: row.closes_at,
            zone: row.zone,
            envelope_minor: row.envelope_minor,
            rule_set_id: row.rule_set_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    rows.into_iter().map(outline).collect()
}

/// These calls with their times, in no order.
///
/// # Errors
/// Those of the database.
pub async fn dated_calls(db: &Db, ids: &[CallId]) -> Result<Vec<DatedCall>, Error> {
    let rows = calls()
        .filter(call::Column::Id.is_in(ids.iter().copied()))
        .into_model::<CallRow>()
        .all(db.read())
        .await?;
    rows.into_iter().map(dated).collect()
}

/// How many calls there are in the scope.
///
/// # Errors
/// Those of the database.
pub async fn count_calls(db: &Db, scope: &CallScope, now: DateTime<Utc>) -> Result<u64, Error> {
    Ok(call::Entity::find()
        .filter(in_scope(scope, now))
        .count(db.read())
        .await?)
}

fn call_model(record: &CallRecord, now: DateTime<Utc>) -> Result<call::ActiveModel, Error> {
    Ok(call::ActiveModel {
        id: Set(record.id),
        version: Set(record.version),
        updated_at: Set(now),
        programme_id: Set(record.programme_id),
        rule_set_id: Set(record.rules.id),
        state: Set(record.state.code().to_owned()),
        title: Set(serde_json::to_value(&record.title)?),
        about: Set(serde_json::to_value(&record.about)?),
        opens_at: Set(record.window.opens_at),
        closes_at: Set(record.window.closes_at),
        zone: Set(record.window.zone.clone()),
        grace_s: Set(i32::try_from(record.window.grace_s).unwrap_or(i32::MAX)),
        closes_ms: Set(record.window.closes_at.timestamp_millis()),
        takes_until_ms: Set(record.window.last_instant().timestamp_millis()),
        sections: Set(serde_json::to_value(&record.sections)?),
        questions: Set(serde_json::to_value(&record.questions)?),
        envelope_minor: Set(record.envelope_minor),
        review_plan: Set(Some(serde_json::to_value(&record.plan)?)),
        blind: Set(record.plan.blind),
        ..Default::default()
    })
}

/// Adds a call.
///
/// # Errors
/// Those of the database.
pub async fn insert_call(tx: &Tx<'_>, record: &CallRecord) -> Result<(), Error> {
    let mut model = call_model(record, tx.now())?;
    model.created_at = Set(tx.now());
    model.insert(tx.conn()).await?;
    Ok(())
}

/// Saves a call under its new version.
///
/// # Errors
/// Those of the database.
pub async fn save_call(tx: &Tx<'_>, record: &CallRecord) -> Result<(), Error> {
    call_model(record, tx.now())?.update(tx.conn()).await?;
    Ok(())
}
