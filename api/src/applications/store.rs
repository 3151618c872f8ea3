//! The tables of applications.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SelectStatement, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use serde::{Deserialize, Serialize};
use shared::applications::{ApplicationState, Outcome};
use shared::budget::Budget;
use shared::ids::{AccountId, ApplicationId, CallId, CityId, PartnershipId, ProgrammeId};
use shared::language::Texts;
use shared::partnerships::PartyRole;
use shared::themes::Theme;
use uuid::Uuid;

use crate::db::entity::{application, application_party, call};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A city in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyRecord {
    /// The city.
    pub city_id: CityId,
    /// Lead, partner or associated.
    pub role: PartyRole,
    /// When it agreed.
    pub signed_off_at: Option<DateTime<Utc>>,
    /// The SHA-256 of what it agreed to.
    pub signed_sha256: Option<String>,
}

impl PartyRecord {
    /// Whether it agreed to the content with this hash.
    #[must_use]
    pub fn has_signed(&self, sha256: &str) -> bool {
        self.signed_sha256.as_deref() == Some(sha256)
    }
}

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRecord {
    /// Accepted or rejected.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// What was granted.
    pub granted_minor: Option<i64>,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// By whom; none for a program.
    pub decided_by: Option<AccountId>,
}

/// An application with its parties: the lead first.
#[derive(Debug, Clone, PartialEq)]
pub struct ApplicationRecord {
    /// The application's id.
    pub id: ApplicationId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The call.
    pub call_id: CallId,
    /// The call's programme.
    pub programme_id: ProgrammeId,
    /// The partnership that it comes from.
    pub partnership_id: Option<PartnershipId>,
    /// Where it stands.
    pub state: ApplicationState,
    /// The project's title.
    pub title: String,
    /// Answers by the key of their question.
    pub answers: BTreeMap<String, String>,
    /// Themes.
    pub themes: Vec<Theme>,
    /// The budget.
    pub budget: Budget,
    /// The currency of the budget.
    pub currency: String,
    /// When it was handed in.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The content that was handed in.
    pub receipt_content: Option<String>,
    /// Its hash.
    pub receipt_sha256: Option<String>,
    /// The decision.
    pub decision: Option<DecisionRecord>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Its cities.
    pub parties: Vec<PartyRecord>,
}

impl ApplicationRecord {
    /// A city of the file.
    #[must_use]
    pub fn party(&self, city: CityId) -> Option<&PartyRecord> {
        self.parties.iter().find(|party| party.city_id == city)
    }

    /// The city that leads.
    #[must_use]
    pub fn lead(&self) -> Option<CityId> {
        let lead = self.parties.iter().find(|party| party.role == PartyRole::Lead);
        lead.map(|party| party.city_id)
    }
}

fn unknown(what: &str, code: &str) -> Error {
    Error::internal(anyhow::anyhow!("unknown {what}: {code}"))
}

fn state_of(code: &str) -> Result<ApplicationState, Error> {
    ApplicationState::from_code(code).ok_or_else(|| unknown("state of an application", code))
}

fn role_of(code: &str) -> Result<PartyRole, Error> {
    PartyRole::from_code(code).ok_or_else(|| unknown("role of a party", code))
}

fn decision_of(model: &application::Model) -> Option<DecisionRecord> {
    Some(DecisionRecord {
        outcome: Outcome::from_code(model.outcome.as_deref()?)?,
        reason: model.reason.clone().unwrap_or_default(),
        granted_minor: model.granted_minor,
        decided_at: model.decided_at?,
        decided_by: model.decided_by,
    })
}

fn record_of(model: application::Model, parties: Vec<application_party::Model>) -> Result<ApplicationRecord, Error> {
    Ok(ApplicationRecord {
        decision: decision_of(&model),
        id: model.id,
        version: model.version,
        updated_at: model.updated_at,
        call_id: model.call_id,
        programme_id: model.programme_id,
        partnership_id: model.partnership_id,
        state: state_of(&model.state)?,
        title: model.title,
        answers: serde_json::from_value(model.answers)?,
        themes: serde_json::from_value(model.themes)?,
        budget: serde_json::from_value(model.budget)?,
        currency: model.currency,
        submitted_at: model.submitted_at,
        receipt_content: model.receipt_content,
        receipt_sha256: model.receipt_sha256,
        deleted_at: model.deleted_at,
        parties: parties
            .into_iter()
            .map(|party| {
                Ok(PartyRecord {
                    city_id: party.city_id,
                    role: role_of(&party.role)?,
                    signed_off_at: party.signed_off_at,
                    signed_sha256: party.signed_sha256,
                })
            })
            .collect::<Result<_, Error>>()?,
    })
}

/// An application, deleted ones too.
///
/// # Errors
/// Those of the database.
pub async fn application(conn: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<ApplicationRecord>, Error> {
    let Some(model) = application::Entity::find_by_id(id).one(conn).await? else {
        return Ok(None);
    };
    let parties = application_party::Entity::find()
        .filter(application_party::Column::ApplicationId.eq(id))
        .order_by_asc(application_party::Column::Position)
        .all(conn)
        .await?;
    record_of(model, parties).map(Some)
}

/// An application that nobody else changes before this transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn application_for_update(tx: &Tx<'_>, id: ApplicationId) -> Result<Option<ApplicationRecord>, Error> {
    if tx.has_row_locks() {
        let _: Option<ApplicationId> = application::Entity::find_by_id(id)
            .select_only()
            .column(application::Column::Id)
            .lock_exclusive()
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    application(tx.conn(), id).await
}

/// The words under which a file is found and ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWords {
    /// Its title, folded.
    pub title_key: String,
    /// Title and cities, folded.
    pub search_key: String,
}

fn model_of(record: &ApplicationRecord, words: SearchWords) -> Result<application::ActiveModel, Error> {
    let decision = record.decision.as_ref();
    Ok(application::ActiveModel {
        id: Set(record.id),
        version: Set(record.version),
        updated_at: Set(record.updated_at),
        call_id: Set(record.call_id),
        programme_id: Set(record.programme_id),
        partnership_id: Set(record.partnership_id),
        state: Set(record.state.code().to_owned()),
        title: Set(record.title.clone()),
        title_key: Set(words.title_key),
        search_key: Set(words.search_key),
        answers: Set(serde_json::to_value(&record.answers)?),
        themes: Set(serde_json::to_value(&record.themes)?),
        budget: Set(serde_json::to_value(&record.budget)?),
        currency: Set(record.currency.clone()),
        cost_minor: Set(record.budget.cost_minor()),
        grant_asked_minor: Set(record.budget.grant_asked_minor),
        submitted_at: Set(record.submitted_at),
        receipt_content: Set(record.receipt_content.clone()),
        receipt_sha256: Set(record.receipt_sha256.clone()),
        outcome: Set(decision.map(|decision| decision.outcome.code().to_owned())),
        reason: Set(decision.map(|decision| decision.reason.clone())),
        granted_minor: Set(decision.and_then(|decision| decision.granted_minor)),
        decided_at: Set(decision.map(|decision| decision.decided_at)),
        decided_by: Set(decision.and_then(|decision| decision.decided_by)),
        deleted_at: Set(record.deleted_at),
        ..Default::default()
    })
}

/// Adds an application with its parties.
///
/// # Errors
/// Those of the database.
pub async fn insert_application(tx: &Tx<'_>, record: &ApplicationRecord, words: SearchWords) -> Result<(), Error> {
    let mut model = model_of(record, words)?;
    model.created_at = Set(tx.now());
    model.insert(tx.conn()).await?;
    insert_parties(tx, record).await
}

/// Saves an application under its new version; its parties stay as they are.
///
/// # Errors
/// Those of the database.
pub async fn save_application(tx: &Tx<'_>, record: &ApplicationRecord, words: SearchWords) -> Result<(), Error> {
    model_of(record, words)?.update(tx.conn()).await?;
    Ok(())
}

/// Saves the parties of an application in place of the former ones.
///
/// # Errors
/// Those of the database.
pub async fn replace_parties(tx: &Tx<'_>, record: &ApplicationRecord) -> Result<(), Error> {
    application_party::Entity::delete_many()
        .filter(application_party::Column::ApplicationId.eq(record.id))
        .exec(tx.conn())
        .await?;
    insert_parties(tx, record).await
}

async fn insert_parties(tx: &Tx<'_>, record: &ApplicationRecord) -> Result<(), Error> {
    let parties = record
        .parties
        .iter()
        .zip(0..)
        .map(|(party, position)| application_party::ActiveModel {
            id: Set(Uuid::now_v7()),
            application_id: Set(record.id),
            city_id: Set(party.city_id),
            role: Set(party.role.code().to_owned()),
            position: Set(position),
            signed_off_at: Set(party.signed_off_at),
            signed_sha256: Set(party.signed_sha256.clone()),
            signed_off_by: Set(None),
        });
    application_party::Entity::insert_many(parties)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Takes back all agreements.
///
/// # Errors
/// Those of the database.
pub async fn clear_sign_offs(tx: &Tx<'_>, id: ApplicationId) -> Result<(), Error> {
    application_party::Entity::update_many()
        .col_expr(
            application_party::Column::SignedOffAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .col_expr(application_party::Column::SignedSha256, Expr::value(None::<String>))
        .col_expr(application_party::Column::SignedOffBy, Expr::value(None::<Uuid>))
        .filter(application_party::Column::ApplicationId.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Keeps the agreement of a city.
///
/// # Errors
/// Those of the database.
pub async fn sign_off(
    tx: &Tx<'_>,
    id: ApplicationId,
    city: CityId,
    sha256: &str,
    by: Option<AccountId>,
) -> Result<(), Error> {
    application_party::Entity::update_many()
        .col_expr(application_party::Column::SignedOffAt, Expr::value(tx.now()))
        .col_expr(application_party::Column::SignedSha256, Expr::value(sha256))
        .col_expr(
            application_party::Column::SignedOffBy,
            Expr::value(by.map(|account| account.0)),
        )
        .filter(application_party::Column::ApplicationId.eq(id))
        .filter(application_party::Column::CityId.eq(city))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Which files are listed, and whose they are.
#[derive(Debug, Clone, Default)]
pub struct ApplicationScope {
    /// The cities whose files are seen in any state.
    pub cities: Vec<CityId>,
    /// The programmes whose files are seen once they are handed in; none for all.
    pub programmes: Option<Vec<ProgrammeId>>,
    /// Only to this call.
    pub call_id: Option<CallId>,
    /// Only in this state.
    pub state: Option<ApplicationState>,
    /// Only with this city.
    pub city_id: Option<CityId>,
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

fn in_scope(scope: &ApplicationScope) -> Condition {
    let handed_in = application::Column::State.is_in(
        ApplicationState::ALL
            .iter()
            .filter(|state| state.is_handed_in())
            .map(|state| state.code()),
    );
    let mut seen = Condition::any().add(application::Column::Id.in_subquery(files_with(scope.cities.iter().copied())));
    seen = seen.add(match &scope.programmes {
        None => Condition::all().add(handed_in),
        Some(programmes) => Condition::all()
            .add(handed_in)
            .add(application::Column::ProgrammeId.is_in(programmes.iter().copied())),
    });
    let mut condition = Condition::all().add(application::Column::DeletedAt.is_null()).add(seen);
    if let Some(call) = scope.call_id {
        condition = condition.add(application::Column::CallId.eq(call));
    }
    if let Some(state) = scope.state {
        condition = condition.add(application::Column::State.eq(state.code()));
    }
    if let Some(city) = scope.city_id {
        condition = condition.add(application::Column::Id.in_subquery(files_with([city])));
    }
    if let Some(words) = &scope.words {
        condition = condition.add(application::Column::SearchKey.contains(words));
    }
    condition
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
            application::Column::State,
            application::Column::Title,
            application::Column::TitleKey,
            application::Column::Currency,
            application::Column::CostMinor,
            application::Column::GrantAskedMinor,
            application::Column::SubmittedAt,
        ])
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
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| has_more).map(|last| last.position(order));
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
