//! The table of reviews, with what their readers need of accounts, files and calls.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use shared::accounts::{Grant, Role};
use shared::applications::ApplicationState;
use shared::ids::{AccountId, ApplicationId, CallId, CityId, ProgrammeId, ReviewId};
use shared::partnerships::PartyRole;
use shared::problem::ProblemCode;
use shared::reviews::{ReviewState, ScoreSheet};
use shared::themes::Theme;
use uuid::Uuid;

use crate::applications::store::{role_of, state_of};
use crate::db::entity::{account, application, application_party, grant, review};
use crate::db::{Tx, constraint_of};
use crate::error::Error;

/// A review with its reviewer's name.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewRecord {
    /// The review's id.
    pub id: ReviewId,
    /// Grows by one with each change.
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The file.
    pub application_id: ApplicationId,
    /// The file's call.
    pub call_id: CallId,
    /// The call's programme.
    pub programme_id: ProgrammeId,
    /// Who judges.
    pub reviewer_id: AccountId,
    /// The name of who judges.
    pub reviewer_name: String,
    /// Where it stands.
    pub state: ReviewState,
    /// What it says.
    pub sheet: ScoreSheet,
    /// What the scores add up to so far.
    pub total: Option<u32>,
    /// How many there are.
    pub scored: u32,
    /// Why its reviewer is not free to judge.
    pub conflict: Option<String>,
    /// When it was filed.
    pub filed_at: Option<DateTime<Utc>>,
}

impl ReviewRecord {
    /// A review that somebody gets now.
    #[must_use]
    pub fn new(file: &FileRow, (programme_id, call_id): (ProgrammeId, CallId), reviewer: &Reviewer) -> Self {
        Self {
            id: ReviewId(Uuid::now_v7()),
            version: 1,
            updated_at: DateTime::default(),
            application_id: file.id,
            call_id,
            programme_id,
            reviewer_id: reviewer.id,
            reviewer_name: reviewer.name.clone(),
            state: ReviewState::Assigned,
            sheet: ScoreSheet::default(),
            total: None,
            scored: 0,
            conflict: None,
            filed_at: None,
        }
    }
}

#[derive(Debug, FromQueryResult)]
struct ReviewRow {
    #[sea_orm(nested)]
    review: review::Model,
    reviewer_name: String,
}

pub(super) fn state_of_review(code: &str) -> Result<ReviewState, Error> {
    ReviewState::from_code(code).ok_or_else(|| Error::internal(anyhow::anyhow!("unknown state of a review: {code}")))
}

impl ReviewRow {
    fn record(self) -> Result<ReviewRecord, Error> {
        let row = self.review;
        Ok(ReviewRecord {
            id: row.id,
            version: row.version,
            updated_at: row.updated_at,
            application_id: row.application_id,
            call_id: row.call_id,
            programme_id: row.programme_id,
            reviewer_id: row.reviewer_id,
            reviewer_name: self.reviewer_name,
            state: state_of_review(&row.state)?,
            sheet: serde_json::from_value(row.sheet)?,
            total: row.total.and_then(|total| u32::try_from(total).ok()),
            scored: u32::try_from(row.scored).unwrap_or(0),
            conflict: row.conflict,
            filed_at: row.filed_at,
        })
    }
}

fn to_account() -> RelationDef {
    review::Entity::belongs_to(account::Entity)
        .from(review::Column::ReviewerId)
        .to(account::Column::Id)
        .into()
}

fn reviews() -> sea_orm::Select<review::Entity> {
    review::Entity::find()
        .column_as(account::Column::Name, "reviewer_name")
        .join(JoinType::InnerJoin, to_account())
}

/// A review.
///
/// # Errors
/// Those of the database.
pub async fn review(conn: &impl ConnectionTrait, id: ReviewId) -> Result<Option<ReviewRecord>, Error> {
    let row = reviews().filter(review::Column::Id.eq(id));
    let row = row.into_model::<ReviewRow>().one(conn).await?;
    row.map(ReviewRow::record).transpose()
}

/// A review that nobody else changes before this transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn review_for_update(tx: &Tx<'_>, id: ReviewId) -> Result<Option<ReviewRecord>, Error> {
    if tx.has_row_locks() {
        let _: Option<ReviewId> = review::Entity::find_by_id(id)
            .select_only()
            .column(review::Column::Id)
            .lock_exclusive()
            .into_tuple()
            .one(tx.conn())
            .await?;
    }
    review(tx.conn(), id).await
}

/// The reviews of a file, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn of_file(conn: &impl ConnectionTrait, file: ApplicationId) -> Result<Vec<ReviewRecord>, Error> {
    all(conn, review::Column::ApplicationId.eq(file)).await
}

/// The reviews of all files of a call, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn of_call(conn: &impl ConnectionTrait, call: CallId) -> Result<Vec<ReviewRecord>, Error> {
    all(conn, review::Column::CallId.eq(call)).await
}

async fn all(
    conn: &impl ConnectionTrait,
    condition: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<ReviewRecord>, Error> {
    let rows = reviews()
        .filter(condition)
        .order_by_asc(review::Column::Id)
        .into_model::<ReviewRow>()
        .all(conn)
        .await?;
    rows.into_iter().map(ReviewRow::record).collect()
}

fn model_of(record: &ReviewRecord, now: DateTime<Utc>) -> Result<review::ActiveModel, Error> {
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    Ok(review::ActiveModel {
        id: Set(record.id),
        version: Set(record.version),
        updated_at: Set(now),
        application_id: Set(record.application_id),
        call_id: Set(record.call_id),
        programme_id: Set(record.programme_id),
        reviewer_id: Set(record.reviewer_id),
        state: Set(record.state.code().to_owned()),
        open: Set(matches!(record.state, ReviewState::Assigned | ReviewState::Begun)),
        sheet: Set(serde_json::to_value(&record.sheet)?),
        total: Set(record.total.map(count)),
        scored: Set(count(record.scored)),
        conflict: Set(record.conflict.clone()),
        filed_at: Set(record.filed_at),
        ..Default::default()
    })
}

/// Adds reviews.
///
/// # Errors
/// `AlreadyExists` where one of the files has the reviewer already, and those of the database.
pub async fn insert(tx: &Tx<'_>, records: &[ReviewRecord]) -> Result<(), Error> {
    let mut models = Vec::with_capacity(records.len());
    for record in records {
        let mut model = model_of(record, tx.now())?;
        model.created_at = Set(tx.now());
        models.push(model);
    }
    // SQLite takes so many values in one statement, and not more.
    for some in models.chunks(500) {
        review::Entity::insert_many(some.iter().cloned())
            .exec_without_returning(tx.conn())
            .await
            .map_err(|error| match constraint_of(&error) {
                Some(constraint) if constraint.contains("reviewer_id") => Error::conflict(ProblemCode::AlreadyExists),
                _ => error.into(),
            })?;
    }
    Ok(())
}

/// Saves a review under its new version.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, record: &ReviewRecord) -> Result<(), Error> {
    model_of(record, tx.now())?.update(tx.conn()).await?;
    Ok(())
}

/// Takes a review away.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &Tx<'_>, id: ReviewId) -> Result<(), Error> {
    review::Entity::delete_by_id(id).exec(tx.conn()).await?;
    Ok(())
}

/// Somebody who reviews for a programme, with all that they act for.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewer {
    /// The account.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// What the person acts for.
    pub grants: Vec<Grant>,
}

/// The active accounts that review for a programme, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn reviewers(conn: &impl ConnectionTrait, programme: ProgrammeId) -> Result<Vec<Reviewer>, Error> {
    let to_account: RelationDef = grant::Entity::belongs_to(account::Entity)
        .from(grant::Column::AccountId)
        .to(account::Column::Id)
        .into();
    let of_programme = grant::Entity::find()
        .select_only()
        .column(grant::Column::AccountId)
        .filter(grant::Column::Role.eq(Role::Reviewer.code()))
        .filter(grant::Column::ScopeId.eq(programme.0))
        .into_query();
    let rows: Vec<(AccountId, String, String, Option<Uuid>)> = grant::Entity::find()
        .select_only()
        .column(grant::Column::AccountId)
        .column(account::Column::Name)
        .columns([grant::Column::Role, grant::Column::ScopeId])
        .join(JoinType::InnerJoin, to_account)
        .filter(grant::Column::AccountId.in_subquery(of_programme))
        .filter(account::Column::Active.eq(true))
        .order_by_asc(grant::Column::AccountId)
        .order_by_asc(grant::Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    let mut reviewers: Vec<Reviewer> = Vec::new();
    for (id, name, role, scope_id) in rows {
        if reviewers.last().is_none_or(|last| last.id != id) {
            reviewers.push(Reviewer {
                id,
                name,
                grants: Vec::new(),
            });
        }
        let grant = Role::from_code(&role).and_then(|role| Grant::from_parts(role, scope_id));
        if let Some(last) = reviewers.last_mut() {
            last.grants.extend(grant);
        }
    }
    Ok(reviewers)
}

/// A file that was handed in to a call, without what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct FileRow {
    /// The application's id.
    pub id: ApplicationId,
    /// Its version.
    pub version: i64,
    /// Where it stands.
    pub state: ApplicationState,
    /// The project's title.
    pub title: String,
    /// The title, folded.
    pub title_key: String,
    /// Title and cities, folded.
    pub search_key: String,
    /// Themes.
    pub themes: Vec<Theme>,
    /// All costs.
    pub cost_minor: i64,
    /// The grant asked for.
    pub grant_asked_minor: i64,
    /// What was granted.
    pub granted_minor: Option<i64>,
    /// When it was handed in.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Until when a correction of it is taken, in milliseconds since 1970.
    pub correction_until_ms: Option<i64>,
    /// Its cities, the lead first.
    pub parties: Vec<(CityId, PartyRole)>,
}

#[derive(Debug, FromQueryResult)]
struct FilePartyRow {
    id: ApplicationId,
    version: i64,
    state: String,
    title: String,
    title_key: String,
    search_key: String,
    themes: serde_json::Value,
    cost_minor: i64,
    grant_asked_minor: i64,
    granted_minor: Option<i64>,
    submitted_at: Option<DateTime<Utc>>,
    correction_until_ms: Option<i64>,
    city_id: CityId,
    role: String,
}

/// The files that were handed in to a call with their cities, in one statement.
///
/// # Errors
/// Those of the database.
pub async fn files_of(conn: &impl ConnectionTrait, call: CallId) -> Result<Vec<FileRow>, Error> {
    let to_party: RelationDef = application::Entity::belongs_to(application_party::Entity)
        .from(application::Column::Id)
        .to(application_party::Column::ApplicationId)
        .into();
    let handed_in = ApplicationState::ALL.iter().filter(|state| state.is_handed_in());
    let rows = application::Entity::find()
        .select_only()
        .columns([
            application::Column::Id,
            application::Column::Version,
            application::Column::State,
            application::Column::Title,
            application::Column::TitleKey,
            application::Column::SearchKey,
            application::Column::Themes,
            application::Column::CostMinor,
            application::Column::GrantAskedMinor,
            application::Column::GrantedMinor,
            application::Column::SubmittedAt,
            application::Column::CorrectionUntilMs,
        ])
        .columns([application_party::Column::CityId, application_party::Column::Role])
        .join(JoinType::InnerJoin, to_party)
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::State.is_in(handed_in.map(|state| state.code())))
        .filter(application::Column::DeletedAt.is_null())
        .order_by_asc(application::Column::Id)
        .order_by_asc(application_party::Column::Position)
        .into_model::<FilePartyRow>()
        .all(conn)
        .await?;
    let mut files: Vec<FileRow> = Vec::new();
    for row in rows {
        let party = (row.city_id, role_of(&row.role)?);
        match files.last_mut().filter(|last| last.id == row.id) {
            Some(last) => last.parties.push(party),
            None => files.push(FileRow {
                id: row.id,
                version: row.version,
                state: state_of(&row.state)?,
                title: row.title,
                title_key: row.title_key,
                search_key: row.search_key,
                themes: serde_json::from_value(row.themes)?,
                cost_minor: row.cost_minor,
                grant_asked_minor: row.grant_asked_minor,
                granted_minor: row.granted_minor,
                submitted_at: row.submitted_at,
                correction_until_ms: row.correction_until_ms,
                parties: vec![party],
            }),
        }
    }
    Ok(files)
}

/// Reviews by their file.
#[must_use]
pub fn by_file(records: Vec<ReviewRecord>) -> HashMap<ApplicationId, Vec<ReviewRecord>> {
    let mut by_file: HashMap<ApplicationId, Vec<ReviewRecord>> = HashMap::new();
    for record in records {
        by_file.entry(record.application_id).or_default().push(record);
    }
    by_file
}
