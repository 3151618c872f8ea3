//! `/programmes` and `/calls`.

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use serde::Deserialize;
use shared::budget::difference::RuleSetDifference;
use shared::budget::{Assessment, RuleSet, RuleSetDraft};
use shared::ids::{CallId, ProgrammeId, RuleSetId};
use shared::programmes::{
    CallAdvance, CallDraft, CallPage, CallPatch, CallState, CallView, ProgrammeDraft, ProgrammePage, ProgrammeView,
    RuleSetPage, RuleTrial,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::calls::{self, CallFilter};
use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_programmes)
        .service(create_programme)
        .service(read_programme)
        .service(list_rule_sets)
        .service(create_rule_set)
        .service(read_rule_set)
        .service(compare_rule_sets)
        .service(try_rule_set)
        .service(list_calls)
        .service(create_call)
        .service(read_call)
        .service(update_call)
        .service(advance_call);
}

impl Versioned for ProgrammeView {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Versioned for RuleSet {
    fn version(&self) -> i64 {
        self.version
    }

    /// The next version says until when this one holds.
    fn variant(&self) -> Option<String> {
        self.valid_to.map(|last| last.format("%Y%m%d").to_string())
    }
}

impl Versioned for CallView {
    fn version(&self) -> i64 {
        self.version
    }

    /// A deadline passes, and rules end, without a new version of the call; and what one may do is one's own.
    fn variant(&self) -> Option<String> {
        let told = (self.takes_applications, self.rules.valid_to, &self.programme_name);
        answer::variant_of(&(told, &self.next_states, &self.allowed))
    }
}

/// Query of a list without filters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Most items of the page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 100, default = 25, required = false)]
    limit: Limit,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Whether `total` is told.
    #[serde(default)]
    #[param(required = false)]
    count: bool,
}

impl From<PageQuery> for Paging {
    fn from(query: PageQuery) -> Self {
        Self {
            limit: query.limit,
            cursor: query.cursor,
            count: query.count,
        }
    }
}

/// List programmes
///
/// Programmes of funders, in the order in which they were added.
#[utoipa::path(
    tag = "programmes",
    params(PageQuery),
    responses((status = 200, description = "A page of programmes", body = ProgrammePage)),
)]
#[get("/programmes")]
async fn list_programmes(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Error> {
    let page = service::list_programmes(&platform, &caller, &query.0.into()).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Add a programme
///
/// Administrators add programmes; their officers then write rules and calls.
#[utoipa::path(
    tag = "programmes",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    request_body = ProgrammeDraft,
    responses((status = 201, description = "The programme", body = ProgrammeView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/programmes")]
async fn create_programme(
    platform: web::Data<Platform>,
    caller: Caller,
    body: Valid<ProgrammeDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create_programme(&platform, &caller, body.0).await?;
    answer::created(&answer, &format!("/api/v1/programmes/{}", answer.value.id))
}

/// Read a programme
///
/// What it is about and who funds it.
#[utoipa::path(
    tag = "programmes",
    params(("id" = ProgrammeId, Path, description = "The programme's id")),
    responses((status = 200, description = "The programme", body = ProgrammeView), (status = 304, description = "Not modified")),
)]
#[get("/programmes/{id}")]
async fn read_programme(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ProgrammeId>,
) -> Result<HttpResponse, Error> {
    let view = service::read_programme(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// List the rule sets of a programme
///
/// Funding rules as dated data, the latest first. A call keeps the rule set that it was made with.
#[utoipa::path(
    tag = "programmes",
    params(("id" = ProgrammeId, Path, description = "The programme's id"), PageQuery),
    responses((status = 200, description = "A page of rule sets", body = RuleSetPage)),
)]
#[get("/programmes/{id}/rule-sets")]
async fn list_rule_sets(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ProgrammeId>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Error> {
    let page = service::list_rule_sets(&platform, &caller, id.0, &query.0.into()).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Add a rule set
///
/// Rules are never changed: the next version of their name follows, and calls under the former one keep it. It begins after
/// the former version began, and after its last day where that one says until when it holds; a former version without an end
/// holds until the day before.
#[utoipa::path(
    tag = "programmes",
    params(
        ("id" = ProgrammeId, Path, description = "The programme's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = RuleSetDraft,
    responses((status = 201, description = "The rule set", body = RuleSet)),
    security(("session" = []), ("client" = [])),
)]
#[post("/programmes/{id}/rule-sets")]
async fn create_rule_set(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ProgrammeId>,
    body: Valid<RuleSetDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create_rule_set(&platform, &caller, id.0, body.0).await?;
    answer::created(&answer, &format!("/api/v1/programmes/{}/rule-sets", id.0))
}

/// Read a rule set
///
/// One version of a programme's funding rules.
#[utoipa::path(
    tag = "programmes",
    params(
        ("id" = ProgrammeId, Path, description = "The programme's id"),
        ("rule_set_id" = RuleSetId, Path, description = "The rule set's id"),
    ),
    responses((status = 200, description = "The rule set", body = RuleSet), (status = 304, description = "Not modified")),
)]
#[get("/programmes/{id}/rule-sets/{rule_set_id}")]
async fn read_rule_set(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    ids: Path<(ProgrammeId, RuleSetId)>,
) -> Result<HttpResponse, Error> {
    let (programme, id) = ids.0;
    let rules = service::read_rule_set(&platform, &caller, programme, id).await?;
    answer::list(&request, &rules, None, caller.actor.is_public())
}

/// Query of a comparison.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DifferenceQuery {
    /// The rules to compare with; those that were added to the programme before, where it is absent.
    from: Option<RuleSetId>,
}

/// Compare a rule set with a former one
///
/// What changes from one version of a programme's rules to another, change by change: as data, and as a sentence in French,
/// English and Ukrainian.
#[utoipa::path(
    tag = "programmes",
    params(
        ("id" = ProgrammeId, Path, description = "The programme's id"),
        ("rule_set_id" = RuleSetId, Path, description = "The rule set's id"),
        DifferenceQuery,
    ),
    responses((status = 200, description = "What changes", body = RuleSetDifference)),
)]
#[get("/programmes/{id}/rule-sets/{rule_set_id}/difference")]
async fn compare_rule_sets(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    ids: Path<(ProgrammeId, RuleSetId)>,
    query: Query<DifferenceQuery>,
) -> Result<HttpResponse, Error> {
    let (programme, id) = ids.0;
    let difference = service::compare_rule_sets(&platform, &caller, programme, id, query.0.from).await?;
    answer::list(&request, &difference, None, caller.actor.is_public())
}

/// Try rules on a budget
///
/// What rules that are not there yet would make of a budget: the ceiling, the better option, instalments, broken rules.
/// Nothing is kept.
#[utoipa::path(
    tag = "programmes",
    params(("id" = ProgrammeId, Path, description = "The programme's id")),
    request_body = RuleTrial,
    responses((status = 200, description = "What the rules make of the budget", body = Assessment)),
    security(("session" = []), ("client" = [])),
)]
#[post("/programmes/{id}/rule-sets/try")]
async fn try_rule_set(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ProgrammeId>,
    body: Valid<RuleTrial>,
) -> Result<HttpResponse, Error> {
    let assessment = service::try_rule_set(&platform, &caller, id.0, body.0).await?;
    answer::list(&request, &assessment, None, false)
}

/// Query of the list of calls.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CallQuery {
    /// Only calls in this state.
    state: Option<CallState>,
    /// Only calls of this programme.
    programme_id: Option<ProgrammeId>,
    /// Only calls that take applications now.
    #[serde(default)]
    #[param(required = false)]
    open: bool,
    /// Most items of the page.
    #[serde(default)]
    #[param(value_type = u32, minimum = 1, maximum = 100, default = 25, required = false)]
    limit: Limit,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Whether `total` is told.
    #[serde(default)]
    #[param(required = false)]
    count: bool,
}

/// List calls
///
/// Open calls first by deadline, then announced ones, then those that are over, the latest first. Drafts are seen by the
/// officers of their programme only.
#[utoipa::path(
    tag = "programmes",
    params(CallQuery),
    responses((status = 200, description = "A page of calls", content(
        (CallPage = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/calls")]
async fn list_calls(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<CallQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = CallFilter {
        state: query.state,
        programme_id: query.programme_id,
        open: query.open,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = calls::list(&platform, &caller, &filter, &paging).await?;
    // It tells the server's time: nobody keeps it.
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// Add a call
///
/// It begins as a draft that only the programme's officers see.
#[utoipa::path(
    tag = "programmes",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    request_body = CallDraft,
    responses((status = 201, description = "The call", body = CallView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/calls")]
async fn create_call(
    platform: web::Data<Platform>,
    caller: Caller,
    body: Valid<CallDraft>,
) -> Result<HttpResponse, Error> {
    let answer = calls::create(&platform, &caller, body.0).await?;
    answer::created(&answer, &format!("/api/v1/calls/{}", answer.value.id))
}

/// Read a call
///
/// Its window in its own time zone, its questions, and the funding rules that hold.
#[utoipa::path(
    tag = "programmes",
    params(("id" = CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call", body = CallView), (status = 304, description = "Not modified")),
)]
#[get("/calls/{id}")]
async fn read_call(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
) -> Result<HttpResponse, Error> {
    let view = calls::read(&platform, &caller, id.0).await?;
    // It tells the server's time: nobody keeps it.
    answer::read(&request, &view, false)
}

/// Change a call
///
/// Title and text as long as it is not archived; the window freely until it opens, and then only to prolong it.
#[utoipa::path(
    tag = "programmes",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("If-Match" = String, Header, description = "The version that you change, as in its `ETag`"),
    ),
    request_body = CallPatch,
    responses((status = 200, description = "The call as it now is", body = CallView)),
    security(("session" = []), ("client" = [])),
)]
#[patch("/calls/{id}")]
async fn update_call(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<CallPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&calls::update(&platform, &caller, id.0, body.0).await?)
}

/// Move a call to another state
///
/// `next_states` of the call says where to: it opens before its deadline, and closes once the deadline with its grace is
/// over.
#[utoipa::path(
    tag = "programmes",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("If-Match" = String, Header, description = "The version that you move, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = CallAdvance,
    responses((status = 200, description = "The call as it now is", body = CallView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/calls/{id}/advance")]
async fn advance_call(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<CallAdvance>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&calls::advance(&platform, &caller, id.0, body.0).await?)
}
