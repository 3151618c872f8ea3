//! The tables of applications.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::applications::{ApplicationState, Outcome, ReopeningView};
use shared::budget::Budget;
use shared::forms::PrefillSource;
use shared::ids::{AccountId, ApplicationId, CallId, CityId, PartnershipId, ProgrammeId};
use shared::partnerships::PartyRole;
use shared::themes::Theme;
use uuid::Uuid;

use super::attachments::store::{self as attachments, AttachmentRecord};
use super::corrections::record::CorrectionRecord;
use super::waitlist::store as waitlist;
use crate::db::Tx;
use crate::db::entity::{application, application_party};
use crate::error::Error;
use crate::programmes::CallRecord;

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
    /// Accepted, on the waiting list, or rejected.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// What was granted.
    pub granted_minor: Option<i64>,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// By whom; none for a program.
    pub decided_by: Option<AccountId>,
    /// Its place in the committee's ranking when it was put on the waiting list.
    pub waitlist_rank: Option<u32>,
    /// Its place on the waiting list, where one was asked for.
    pub waitlist_place: Option<u32>,
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
    /// Where answers come from that nobody has looked at yet, by the key of their question.
    pub prefilled: BTreeMap<String, PrefillSource>,
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
    /// The correction that was asked for last, with the version that is not on the desk.
    pub correction: Option<CorrectionRecord>,
    /// Whether the correction is on the desk, and not what was handed in.
    pub is_correction: bool,
    /// Decisions that were taken back, latest first.
    pub reopenings: Vec<ReopeningView>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Its cities.
    pub parties: Vec<PartyRecord>,
    /// Its documents, oldest first.
    pub attachments: Vec<AttachmentRecord>,
}

impl ApplicationRecord {
    /// A file for a call that says nothing yet, with these cities.
    #[must_use]
    pub fn empty(call: &CallRecord, title: &str, parties: Vec<PartyRecord>, now: DateTime<Utc>) -> Self {
        Self {
            id: ApplicationId(Uuid::now_v7()),
            version: 1,
            updated_at: now,
            call_id: call.id,
            programme_id: call.programme_id,
            partnership_id: None,
            state: ApplicationState::Draft,
            title: title.to_owned(),
            answers: BTreeMap::new(),
            prefilled: BTreeMap::new(),
            themes: Vec::new(),
            budget: Budget::default(),
            currency: call.rules.currency.clone(),
            submitted_at: None,
            receipt_content: None,
            receipt_sha256: None,
            decision: None,
            correction: None,
            is_correction: false,
            reopenings: Vec::new(),
            deleted_at: None,
            parties,
            attachments: Vec::new(),
        }
    }

    /// A city of the file.
    #[must_use]
    pub fn party(&self, city: CityId) -> Option<&PartyRecord> {
        self.parties.iter().find(|party| party.city_id == city)
    }

    /// Its cities with their roles.
    #[must_use]
    pub fn roles(&self) -> Vec<(CityId, PartyRole)> {
        self.parties.iter().map(|party| (party.city_id, party.role)).collect()
    }

    /// Whether the results of its call once told of it as accepted, and that decision was reopened.
    #[must_use]
    pub fn was_listed(&self) -> bool {
        let mut reopenings = self.reopenings.iter();
        reopenings.any(|reopening| reopening.after_publication && reopening.outcome == Outcome::Accepted)
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

pub(crate) fn state_of(code: &str) -> Result<ApplicationState, Error> {
    ApplicationState::from_code(code).ok_or_else(|| unknown("state of an application", code))
}

pub(crate) fn role_of(code: &str) -> Result<PartyRole, Error> {
    PartyRole::from_code(code).ok_or_else(|| unknown("role of a party", code))
}

fn decision_of(model: &application::Model) -> Option<DecisionRecord> {
    Some(DecisionRecord {
        outcome: Outcome::from_code(model.outcome.as_deref()?)?,
        reason: model.reason.clone().unwrap_or_default(),
        granted_minor: model.granted_minor,
        decided_at: model.decided_at?,
        decided_by: model.decided_by,
        waitlist_rank: model.waitlist_rank.and_then(|rank| u32::try_from(rank).ok()),
        waitlist_place: None,
    })
}

fn record_of(
    model: application::Model,
    parties: Vec<application_party::Model>,
    attachments: Vec<AttachmentRecord>,
) -> Result<ApplicationRecord, Error> {
    let mut record = ApplicationRecord {
        decision: decision_of(&model),
        correction: model.correction.map(serde_json::from_value).transpose()?,
        is_correction: false,
        id: model.id,
        version: model.version,
        updated_at: model.updated_at,
        call_id: model.call_id,
        programme_id: model.programme_id,
        partnership_id: model.partnership_id,
        state: state_of(&model.state)?,
        title: model.title,
        answers: serde_json::from_value(model.answers)?,
        prefilled: serde_json::from_value(model.prefilled)?,
        themes: serde_json::from_value(model.themes)?,
        budget: serde_json::from_value(model.budget)?,
        currency: model.currency,
        submitted_at: model.submitted_at,
        receipt_content: model.receipt_content,
        receipt_sha256: model.receipt_sha256,
        reopenings: model
            .reopenings
            .map(serde_json::from_value)
            .transpose()?
            .unwrap_or_default(),
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
        attachments,
    };
    record.put_in_order();
    Ok(record)
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
    let attachments = attachments::of_file(conn, id).await?;
    let mut record = record_of(model, parties, attachments)?;
    waitlist::find_places(conn, std::slice::from_mut(&mut record)).await?;
    Ok(Some(record))
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

/// Applications that nobody else changes before this transaction ends, locked in the order of their ids: who locks several
/// never waits in a circle.
///
/// # Errors
/// Those of the database.
pub async fn applications_for_update(
    tx: &Tx<'_>,
    ids: &[ApplicationId],
) -> Result<HashMap<ApplicationId, ApplicationRecord>, Error> {
    let mut select = application::Entity::find()
        .filter(application::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(application::Column::Id);
    if tx.has_row_locks() {
        select = select.lock_exclusive();
    }
    let files = whole(tx.conn(), select.all(tx.conn()).await?).await?;
    Ok(files.into_iter().map(|file| (file.id, file)).collect())
}

/// The files of a call that are decided, as they are now.
///
/// # Errors
/// Those of the database.
pub async fn decided(conn: &impl ConnectionTrait, call: CallId) -> Result<Vec<ApplicationRecord>, Error> {
    let decided = ApplicationState::ALL.iter().filter(|state| state.is_decided());
    let models = application::Entity::find()
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::State.is_in(decided.map(|state| state.code())))
        .filter(application::Column::DeletedAt.is_null())
        .order_by_asc(application::Column::Id)
        .all(conn)
        .await?;
    whole(conn, models).await
}

/// Files with their parties and documents.
///
/// # Errors
/// Those of the database.
pub(super) async fn whole(
    conn: &impl ConnectionTrait,
    models: Vec<application::Model>,
) -> Result<Vec<ApplicationRecord>, Error> {
    let ids: Vec<ApplicationId> = models.iter().map(|model| model.id).collect();
    let rows = application_party::Entity::find()
        .filter(application_party::Column::ApplicationId.is_in(ids.iter().copied()))
        .order_by_asc(application_party::Column::Position)
        .all(conn)
        .await?;
    let mut parties: HashMap<ApplicationId, Vec<application_party::Model>> = HashMap::new();
    for row in rows {
        parties.entry(row.application_id).or_default().push(row);
    }
    let mut documents = attachments::of_files(conn, &ids).await?;
    models
        .into_iter()
        .map(|model| {
            let of_file = parties.remove(&model.id).unwrap_or_default();
            let with_it = documents.remove(&model.id).unwrap_or_default();
            record_of(model, of_file, with_it)
        })
        .collect()
}

/// When a file was begun.
///
/// # Errors
/// Those of the database.
pub async fn created_at(conn: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<DateTime<Utc>>, Error> {
    Ok(application::Entity::find_by_id(id)
        .select_only()
        .column(application::Column::CreatedAt)
        .into_tuple()
        .one(conn)
        .await?)
}

/// What a call has granted, in minor units.
///
/// # Errors
/// Those of the database.
pub async fn granted_by(conn: &impl ConnectionTrait, call: CallId) -> Result<i64, Error> {
    let sum: Option<Option<i64>> = application::Entity::find()
        .select_only()
        .column_as(
            Expr::col(application::Column::GrantedMinor).sum().cast_as("bigint"),
            "granted",
        )
        .filter(application::Column::CallId.eq(call))
        .filter(application::Column::Outcome.eq(Outcome::Accepted.code()))
        .filter(application::Column::DeletedAt.is_null())
        .into_tuple()
        .one(conn)
        .await?;
    Ok(sum.flatten().unwrap_or(0))
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
    if record.is_correction {
        // The columns are of what was handed in.
        let mut turned = record.clone();
        turned.turn();
        return model_of(&turned, words);
    }
    let is_corrected = record.state == ApplicationState::CorrectionRequested;
    let state = if is_corrected {
        ApplicationState::InReview
    } else {
        record.state
    };
    let correction = record.correction.as_ref();
    let decision = record.decision.as_ref();
    Ok(application::ActiveModel {
        id: Set(record.id),
        version: Set(record.version),
        updated_at: Set(record.updated_at),
        call_id: Set(record.call_id),
        programme_id: Set(record.programme_id),
        partnership_id: Set(record.partnership_id),
        // Once the deadline of a correction is over it is in review, with nobody's doing.
        state: Set(state.code().to_owned()),
        correction: Set(correction.map(serde_json::to_value).transpose()?),
        correction_until_ms: Set(correction
            .filter(|_| is_corrected)
            .map(|correction| correction.until.timestamp_millis())),
        title: Set(record.title.clone()),
        title_key: Set(words.title_key),
        search_key: Set(words.search_key),
        answers: Set(serde_json::to_value(&record.answers)?),
        prefilled: Set(serde_json::to_value(&record.prefilled)?),
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
        waitlist_rank: Set(decision
            .and_then(|decision| decision.waitlist_rank)
            .and_then(|rank| i32::try_from(rank).ok())),
        reopenings: Set(match record.reopenings.is_empty() {
            true => None,
            false => Some(serde_json::to_value(&record.reopenings)?),
        }),
        was_listed: Set(record.was_listed()),
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

/// Adds many applications with their parties, in few statements.
///
/// # Errors
/// Those of the database.
pub async fn insert_applications(tx: &Tx<'_>, files: &[(ApplicationRecord, SearchWords)]) -> Result<(), Error> {
    /// Rows in one statement: both databases bound their parameters.
    const ROWS: usize = 200;
    for files in files.chunks(ROWS) {
        let mut models = Vec::with_capacity(files.len());
        for (record, words) in files {
            let mut model = model_of(record, words.clone())?;
            model.created_at = Set(record.updated_at);
            models.push(model);
        }
        application::Entity::insert_many(models)
            .exec_without_returning(tx.conn())
            .await?;
        let parties = files.iter().flat_map(|(record, _)| party_models(record));
        application_party::Entity::insert_many(parties)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

async fn insert_parties(tx: &Tx<'_>, record: &ApplicationRecord) -> Result<(), Error> {
    application_party::Entity::insert_many(party_models(record))
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

fn party_models(record: &ApplicationRecord) -> impl Iterator<Item = application_party::ActiveModel> {
    record
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
        })
}

/// Takes back all agreements.
///
/// # Errors
/// Those of the database.
pub async fn clear_sign_offs(tx: &Tx<'_>, id: ApplicationId) -> Result<(), Error> {
    unsign(tx, application_party::Column::ApplicationId.eq(id)).await
}

/// Takes back the agreements of these parties.
///
/// # Errors
/// Those of the database.
pub(super) async fn unsign(tx: &Tx<'_>, which: SimpleExpr) -> Result<(), Error> {
    application_party::Entity::update_many()
        .col_expr(
            application_party::Column::SignedOffAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .col_expr(application_party::Column::SignedSha256, Expr::value(None::<String>))
        .col_expr(application_party::Column::SignedOffBy, Expr::value(None::<Uuid>))
        .filter(which)
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
