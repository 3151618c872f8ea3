//! The table of campaigns, and what is counted of their files.

use std::collections::HashMap;

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use shared::applications::{ApplicationState, Outcome};
use shared::campaigns::{CampaignClaim, CampaignSummary, CountryFigures, FileFigures};
use shared::ids::{CallId, CampaignId, ProgrammeId};
use shared::language::Texts;
use shared::programmes::CallState;

use crate::db::entity::{application, application_party, call, campaign, city, funding_grant, rule_set};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A campaign with what is claimed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRecord {
    /// What stands in lists.
    pub summary: CampaignSummary,
    /// What somebody says of it.
    pub claim: Option<CampaignClaim>,
}

fn record_of(row: campaign::Model) -> Result<CampaignRecord, Error> {
    Ok(CampaignRecord {
        summary: CampaignSummary {
            id: row.id,
            version: row.version,
            programme_id: row.programme_id,
            year: row.year,
            name: serde_json::from_value(row.name)?,
        },
        claim: row.claim.map(serde_json::from_value).transpose()?,
    })
}

/// A call of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignCall {
    /// The call.
    pub id: CallId,
    /// Its title.
    pub title: Texts,
    /// Where it stands.
    pub state: CallState,
    /// The currency of its rules.
    pub currency: String,
    /// The country of the authorities that its rules ask for their own share.
    pub own_country: String,
}

/// What is counted of a campaign.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Its calls.
    pub calls: Vec<CampaignCall>,
    /// What is counted of the files of each call.
    pub by_call: HashMap<CallId, FileFigures>,
    /// How many files have a city in each country.
    pub by_country: Vec<CountryFigures>,
}

/// Counts what there is of a campaign now.
///
/// # Errors
/// Those of the database.
pub async fn counted(conn: &impl ConnectionTrait, id: CampaignId) -> Result<Counted, Error> {
    Ok(Counted {
        calls: calls_of(conn, id).await?,
        by_call: figures_by_call(conn, id).await?,
        by_country: figures_by_country(conn, id).await?,
    })
}

/// A campaign.
///
/// # Errors
/// Those of the database.
pub async fn find(conn: &impl ConnectionTrait, id: CampaignId) -> Result<Option<CampaignRecord>, Error> {
    let row = campaign::Entity::find_by_id(id).one(conn).await?;
    row.map(record_of).transpose()
}

/// Whether the programme has a campaign of this year.
///
/// # Errors
/// Those of the database.
pub async fn has_year(conn: &impl ConnectionTrait, programme: ProgrammeId, year: i32) -> Result<bool, Error> {
    let count = campaign::Entity::find()
        .filter(campaign::Column::ProgrammeId.eq(programme))
        .filter(campaign::Column::Year.eq(year))
        .count(conn)
        .await?;
    Ok(count > 0)
}

/// Adds a campaign and takes the calls into it; says how many calls it took: those of the programme that are in no other.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, of: &CampaignRecord, calls: &[CallId]) -> Result<u64, Error> {
    let row = campaign::Model {
        id: of.summary.id,
        version: of.summary.version,
        created_at: tx.now(),
        updated_at: tx.now(),
        programme_id: of.summary.programme_id,
        year: of.summary.year,
        name: serde_json::to_value(&of.summary.name)?,
        claim: of.claim.as_ref().map(serde_json::to_value).transpose()?,
    };
    campaign::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.conn())
        .await?;
    let taken = call::Entity::update_many()
        .col_expr(call::Column::CampaignId, Expr::value(Some(of.summary.id.0)))
        .filter(call::Column::Id.is_in(calls.iter().copied()))
        .filter(call::Column::ProgrammeId.eq(of.summary.programme_id))
        .filter(call::Column::CampaignId.is_null())
        .exec(tx.conn())
        .await?;
    Ok(taken.rows_affected)
}

/// The campaigns whose figures are seen: of these programmes (none for all), and those whose results are public.
fn seen(programmes: Option<&[ProgrammeId]>) -> Condition {
    let Some(programmes) = programmes else {
        return Condition::all();
    };
    let unpublished = call::Entity::find()
        .select_only()
        .column(call::Column::CampaignId)
        .filter(call::Column::CampaignId.is_not_null())
        .filter(call::Column::State.is_not_in([CallState::ResultsPublished.code(), CallState::Archived.code()]))
        .into_query();
    Condition::any()
        .add(campaign::Column::ProgrammeId.is_in(programmes.iter().copied()))
        .add(campaign::Column::Id.not_in_subquery(unpublished))
}

/// Campaigns, the latest year first.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    programmes: Option<&[ProgrammeId]>,
    after: Option<(i32, CampaignId)>,
    limit: u64,
) -> Result<Vec<CampaignRecord>, Error> {
    let mut found = campaign::Entity::find().filter(seen(programmes));
    if let Some((year, id)) = after {
        let same = campaign::Column::Year.eq(year).and(campaign::Column::Id.gt(id));
        found = found.filter(Condition::any().add(campaign::Column::Year.lt(year)).add(same));
    }
    let rows = found
        .order_by_desc(campaign::Column::Year)
        .order_by_asc(campaign::Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    rows.into_iter().map(record_of).collect()
}

#[derive(Debug, FromQueryResult)]
struct CallRow {
    id: CallId,
    title: serde_json::Value,
    state: String,
    rules: serde_json::Value,
}

fn to_rules() -> RelationDef {
    call::Entity::belongs_to(rule_set::Entity)
        .from(call::Column::RuleSetId)
        .to(rule_set::Column::Id)
        .into()
}

/// The calls of a campaign.
async fn calls_of(conn: &impl ConnectionTrait, id: CampaignId) -> Result<Vec<CampaignCall>, Error> {
    let rows = call::Entity::find()
        .select_only()
        .columns([call::Column::Id, call::Column::Title, call::Column::State])
        .column_as(rule_set::Column::Content, "rules")
        .join(JoinType::InnerJoin, to_rules())
        .filter(call::Column::CampaignId.eq(id))
        .order_by_asc(call::Column::Id)
        .into_model::<CallRow>()
        .all(conn)
        .await?;
    let calls = rows.into_iter().map(|row| {
        let rules: shared::budget::RuleSet = serde_json::from_value(row.rules)?;
        Ok(CampaignCall {
            id: row.id,
            title: serde_json::from_value(row.title)?,
            state: CallState::from_code(&row.state)
                .ok_or_else(|| Error::internal(anyhow::anyhow!("unknown state of a call: {}", row.state)))?,
            currency: rules.currency,
            own_country: rules.own_country,
        })
    });
    calls.collect()
}

/// Files that were handed in to a call of the campaign.
fn of_campaign(id: CampaignId) -> Condition {
    let calls = call::Entity::find()
        .select_only()
        .column(call::Column::Id)
        .filter(call::Column::CampaignId.eq(id))
        .into_query();
    let handed_in = ApplicationState::ALL
        .iter()
        .filter(|state| state.is_handed_in())
        .map(|state| state.code());
    Condition::all()
        .add(application::Column::CallId.in_subquery(calls))
        .add(application::Column::DeletedAt.is_null())
        .add(application::Column::State.is_in(handed_in))
}

fn is_supported() -> SimpleExpr {
    Expr::col((application::Entity, application::Column::Outcome)).eq(Outcome::Accepted.code())
}

fn sum(expr: impl ExprTrait) -> SimpleExpr {
    expr.sum().cast_as("bigint")
}

#[derive(Debug, FromQueryResult)]
struct CountRow {
    call_id: CallId,
    applications: i64,
    supported: Option<i64>,
    asked: Option<i64>,
    awarded: Option<i64>,
}

/// What is counted of the files of each call.
async fn figures_by_call(conn: &impl ConnectionTrait, id: CampaignId) -> Result<HashMap<CallId, FileFigures>, Error> {
    let supported: SimpleExpr = CaseStatement::new().case(is_supported(), 1).finally(0).into();
    let rows = application::Entity::find()
        .select_only()
        .column(application::Column::CallId)
        .column_as(application::Column::Id.count(), "applications")
        .column_as(sum(supported), "supported")
        .column_as(sum(Expr::col(application::Column::GrantAskedMinor)), "asked")
        .column_as(sum(Expr::col(application::Column::GrantedMinor)), "awarded")
        .filter(of_campaign(id))
        .group_by(application::Column::CallId)
        .into_model::<CountRow>()
        .all(conn)
        .await?;
    let paid: Vec<(CallId, Option<i64>)> = funding_grant::Entity::find()
        .select_only()
        .column(funding_grant::Column::CallId)
        .column_as(sum(Expr::col(funding_grant::Column::DisbursedMinor)), "paid")
        .filter(
            funding_grant::Column::CallId.in_subquery(
                call::Entity::find()
                    .select_only()
                    .column(call::Column::Id)
                    .filter(call::Column::CampaignId.eq(id))
                    .into_query(),
            ),
        )
        .group_by(funding_grant::Column::CallId)
        .into_tuple()
        .all(conn)
        .await?;
    let paid: HashMap<CallId, i64> = paid.into_iter().map(|(call, sum)| (call, sum.unwrap_or(0))).collect();
    let figures = rows.into_iter().map(|row| {
        let told = FileFigures {
            applications: row.applications.unsigned_abs(),
            supported: row.supported.unwrap_or(0).unsigned_abs(),
            rate_bp: None,
            asked_minor: row.asked.unwrap_or(0),
            awarded_minor: row.awarded.unwrap_or(0),
            disbursed_minor: paid.get(&row.call_id).copied().unwrap_or(0),
        };
        (row.call_id, told.with_rate())
    });
    Ok(figures.collect())
}

#[derive(Debug, FromQueryResult)]
struct CountryRow {
    country: String,
    applications: i64,
    supported: i64,
}

/// How many files have a city in each country.
async fn figures_by_country(conn: &impl ConnectionTrait, id: CampaignId) -> Result<Vec<CountryFigures>, Error> {
    let file = || Expr::col((application::Entity, application::Column::Id));
    let accepted: SimpleExpr = CaseStatement::new().case(is_supported(), file()).into();
    let to_party: RelationDef = application::Entity::belongs_to(application_party::Entity)
        .from(application::Column::Id)
        .to(application_party::Column::ApplicationId)
        .into();
    let to_city: RelationDef = application_party::Entity::belongs_to(city::Entity)
        .from(application_party::Column::CityId)
        .to(city::Column::Id)
        .into();
    let rows = application::Entity::find()
        .select_only()
        .column_as(city::Column::Country, "country")
        .column_as(file().count_distinct(), "applications")
        .column_as(accepted.count_distinct(), "supported")
        .join(JoinType::InnerJoin, to_party)
        .join(JoinType::InnerJoin, to_city)
        .filter(of_campaign(id))
        .group_by(city::Column::Country)
        .into_model::<CountryRow>()
        .all(conn)
        .await?;
    let mut countries: Vec<CountryFigures> = rows
        .into_iter()
        .map(|row| CountryFigures {
            country: row.country,
            applications: row.applications.unsigned_abs(),
            supported: row.supported.unsigned_abs(),
        })
        .collect();
    countries.sort_by(|a, b| {
        b.applications
            .cmp(&a.applications)
            .then_with(|| a.country.cmp(&b.country))
    });
    Ok(countries)
}
