//! `/grants`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::grants::{
    ContractsDraft, ContractsReport, FundingDraft, FundingView, GrantPage, GrantReportDraft, GrantReturn, GrantState,
    InstalmentChoice, InstalmentRequest,
};
use shared::ids::{ApplicationId, CallId, FundingId};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::list::{self, FundingFilter};
use super::service::{self, Asked};
use super::together;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_grants)
        .service(create_grant)
        .service(create_grants)
        .service(read_grant)
        .service(sign_grant)
        .service(request_instalment)
        .service(approve_instalment)
        .service(return_instalment)
        .service(pay_instalment)
        .service(hand_in_report)
        .service(accept_report)
        .service(return_report)
        .service(close_grant);
}

impl Versioned for FundingView {
    fn version(&self) -> i64 {
        self.summary.version
    }

    // Whether a report is overdue changes with the day, and what one may do with who asks.
    fn variant(&self) -> Option<String> {
        let overdue = if self.summary.overdue { "o" } else { "i" };
        let allowed = self.allowed.iter().map(|&action| format!("{:x}", action as u8));
        Some(format!("{overdue}{}", allowed.collect::<String>()))
    }
}

/// Which grants a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GrantQuery {
    /// Only those in this state.
    state: Option<GrantState>,
    /// Only those of this call.
    call_id: Option<CallId>,
    /// Only that of this application.
    application_id: Option<ApplicationId>,
    /// Only those with a report that is overdue.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    overdue: bool,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many grants to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count the grants of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// List grants
///
/// Those of your cities and of your programmes: the earliest report due first, so that what is overdue stands on top.
#[utoipa::path(
    tag = "grants",
    params(GrantQuery),
    responses((status = 200, description = "A page of grants", content(
        (GrantPage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/grants")]
async fn list_grants(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<GrantQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = FundingFilter {
        state: query.state,
        call_id: query.call_id,
        application_id: query.application_id,
        overdue: query.overdue,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = list::list(&platform, &caller, &filter, &paging).await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// Make a grant
///
/// The contract of an accepted application. The award is paid in one instalment a year; the last one in the parts that the
/// rules of the call tell. Parts add up to the award exactly.
#[utoipa::path(
    tag = "grants",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = FundingDraft,
    responses((status = 201, description = "The grant", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants")]
async fn create_grant(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<FundingDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, draft.0).await?;
    answer::created(&answer, &format!("/api/v1/grants/{}", answer.value.summary.id))
}

/// Make the grants of several files
///
/// The contracts of accepted applications of a call whose results are published: all of them, or none. Files that have
/// changed, that were not accepted or have their contract already are told, each with its place. The contracts have one date
/// and one duration; each has its reference.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = ContractsDraft,
    responses((status = 200, description = "The contracts that were made", body = ContractsReport)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/calls/{id}/contract")]
async fn create_grants(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    draft: Valid<ContractsDraft>,
) -> Result<HttpResponse, Error> {
    answer::done_once(&together::create(&platform, &caller, id.0, draft.0).await?)
}

/// Read a grant
///
/// Contract, instalments and reports: for its cities and its funder.
#[utoipa::path(
    tag = "grants",
    params(("id" = FundingId, Path, description = "The grant's id")),
    responses((status = 200, description = "The grant", body = FundingView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/grants/{id}")]
async fn read_grant(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Sign the contract
///
/// For the city that leads, or for the funder: once both have signed, the project is under way.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/sign")]
async fn sign_grant(platform: web::Data<Platform>, caller: Caller, id: Path<FundingId>) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::Sign).await?)
}

/// Ask for an instalment
///
/// The next one, with its interim report where it needs one. The last one of several is unlocked by the accepted final report.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = InstalmentRequest,
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/request")]
async fn request_instalment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
    body: Valid<InstalmentRequest>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::Request(body.0)).await?)
}

/// Approve an instalment
///
/// The request, with its interim report; it is then to be paid.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = InstalmentChoice,
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/approve")]
async fn approve_instalment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
    body: Valid<InstalmentChoice>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::Approve(body.0.number)).await?)
}

/// Send a request back
///
/// With the reason, and with a new date for its report where it is needed.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = GrantReturn,
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/return")]
async fn return_instalment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
    body: Valid<GrantReturn>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::Return(body.0)).await?)
}

/// Pay an instalment
///
/// Says that it is paid today. All payments together never pass the award.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = InstalmentChoice,
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/pay")]
async fn pay_instalment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
    body: Valid<InstalmentChoice>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::Pay(body.0.number)).await?)
}

/// Hand in the final report
///
/// With what was spent in all.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = GrantReportDraft,
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/hand-in-report")]
async fn hand_in_report(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
    body: Valid<GrantReportDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::HandInReport(body.0)).await?)
}

/// Accept the final report
///
/// The last instalment may then be asked for.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/accept-report")]
async fn accept_report(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::AcceptReport).await?)
}

/// Send the final report back
///
/// With the reason, and with a new date where it is needed.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = GrantReturn,
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/return-report")]
async fn return_report(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
    body: Valid<GrantReturn>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::ReturnReport(body.0)).await?)
}

/// End a grant
///
/// Once all is reported and paid.
#[utoipa::path(
    tag = "grants",
    params(
        ("id" = FundingId, Path, description = "The grant's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The grant as it now is", body = FundingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/grants/{id}/close")]
async fn close_grant(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::go(&platform, &caller, id.0, Asked::Close).await?)
}
