//! `/applications`.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put, web};
use serde::Deserialize;
use shared::applications::{
    ApplicationDraft, ApplicationPage, ApplicationPartiesDraft, ApplicationPatch, ApplicationState, ApplicationView,
    BudgetView, CorrectionDraft, DecisionDraft, Receipt, ReopeningDraft, SignOffDraft,
};
use shared::budget::Budget;
use shared::ids::{ApplicationId, CallId, CityId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::list::{self, ApplicationFilter, ApplicationSort};
use super::{begin, budget, corrections, handover, reopening, service, shortlist};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_applications)
        .service(create_application)
        .service(read_application)
        .service(update_application)
        .service(delete_application)
        .service(replace_application_parties)
        .service(read_budget)
        .service(replace_budget)
        .service(sign_off_application)
        .service(submit_application)
        .service(withdraw_application)
        .service(start_application_review)
        .service(shortlist_application)
        .service(request_correction)
        .service(decide_application)
        .service(reopen_decision)
        .service(restore_application)
        .service(read_receipt);
}

impl Versioned for ApplicationView {
    fn version(&self) -> i64 {
        self.summary.version
    }

    /// What the call asks and what it tells may change without a new version of the file.
    fn variant(&self) -> Option<String> {
        let signed = self
            .parties
            .iter()
            .filter(|party| party.signed_off_at.is_some())
            .count();
        // A decision is told later than it is made, and a waiting list moves on.
        let place = self.decision.as_ref().map(|decision| decision.waitlist_place);
        let told = (
            place,
            self.reopenings.len(),
            self.correction.as_ref().map(|_| self.summary.state),
        );
        let is_plain = self.form_sections.is_empty() && told == (None, 0, None);
        (!is_plain)
            .then(|| answer::variant_of(&(&self.form_sections, &self.questions, signed, told)))
            .flatten()
    }
}

impl Versioned for BudgetView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Query of the list of applications.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ApplicationQuery {
    /// Only those to this call.
    call_id: Option<CallId>,
    /// Only those in this state.
    state: Option<ApplicationState>,
    /// Only those that are not handed in yet.
    #[serde(default)]
    #[param(required = false)]
    unsent: bool,
    /// Only those with this city.
    city_id: Option<CityId>,
    /// Only those that have no grant.
    #[serde(default)]
    #[param(required = false)]
    without_grant: bool,
    /// Only those that a contract may be made of: accepted, in a call whose results are published, without a grant.
    #[serde(default)]
    #[param(required = false)]
    awaiting_contract: bool,
    /// Words in the title or in the names of cities, in any script.
    #[param(max_length = 200)]
    q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(required = false, inline)]
    sort: ApplicationSort,
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

/// List applications
///
/// Those of your own cities in any state; for officers and reviewers, what was handed in to their programmes.
#[utoipa::path(
    tag = "applications",
    params(ApplicationQuery),
    responses((status = 200, description = "A page of applications", content(
        (ApplicationPage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications")]
async fn list_applications(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<ApplicationQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = ApplicationFilter {
        call_id: query.call_id,
        state: query.state,
        city_id: query.city_id,
        unsent: query.unsent,
        without_grant: query.without_grant,
        awaiting_contract: query.awaiting_contract,
        q: query.q,
        sort: query.sort,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = list::list(&platform, &caller, &filter, &paging).await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// Begin an application
///
/// It is a draft that your city leads. With a partnership, its cities are in the file from the beginning; with a former file
/// of your city, so are that file's cities, themes and answers. Common questions are answered from your city's profile and
/// former files; `prefilled` names them until somebody writes or confirms them.
#[utoipa::path(
    tag = "applications",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat")),
    request_body = ApplicationDraft,
    responses((status = 201, description = "The application", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications")]
async fn create_application(
    platform: web::Data<Platform>,
    caller: Caller,
    body: Valid<ApplicationDraft>,
) -> Result<HttpResponse, Error> {
    let answer = begin::create(&platform, &caller, body.0).await?;
    answer::created(&answer, &format!("/api/v1/applications/{}", answer.value.summary.id))
}

/// Read an application
///
/// Its cities read it at any time, its funder once it is handed in; for everybody else it does not exist.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The application's id")),
    responses(
        (status = 200, description = "The application", body = ApplicationView),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications/{id}")]
async fn read_application(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Write in an application
///
/// Absent fields and answers stay as they are. A change takes back all sign-offs. When somebody else was faster the answer
/// is 412 with the current version in `ETag`, and nothing is overwritten: read again, merge, send again.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you change, as in its `ETag`"),
    ),
    request_body = ApplicationPatch,
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[patch("/applications/{id}")]
async fn update_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    body: Valid<ApplicationPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, body.0).await?)
}

/// Delete a draft
///
/// It can be restored for 30 days; `ETag` tells the version to restore.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you delete, as in its `ETag`"),
    ),
    responses((status = 204, description = "Deleted")),
    security(("session" = []), ("client" = [])),
)]
#[delete("/applications/{id}")]
async fn delete_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    let version = service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Say who takes part
///
/// All cities in place of the former ones, by the staff of the city that leads. A change takes back all sign-offs.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you change, as in its `ETag`"),
    ),
    request_body = ApplicationPartiesDraft,
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[put("/applications/{id}/parties")]
async fn replace_application_parties(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    body: Valid<ApplicationPartiesDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::replace_parties(&platform, &caller, id.0, body.0).await?)
}

/// Read the budget
///
/// Costs, contributions, the grant asked for, and what the funding rules make of them.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The application's id")),
    responses(
        (status = 200, description = "The budget", body = BudgetView),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications/{id}/budget")]
async fn read_budget(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    let view = budget::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Replace the budget
///
/// A budget that breaks a funding rule is kept too; the answer tells which, where and by how much. `If-Match` is the
/// version of the application.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The application's version, as in its `ETag`"),
    ),
    request_body = Budget,
    responses((status = 200, description = "The budget as it now is", body = BudgetView)),
    security(("session" = []), ("client" = [])),
)]
#[put("/applications/{id}/budget")]
async fn replace_budget(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    body: Valid<Budget>,
) -> Result<HttpResponse, Error> {
    answer::changed(&budget::replace(&platform, &caller, id.0, body.0).await?)
}

/// Sign off
///
/// Your city agrees to what the file says now. Any later change takes the agreement back.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = SignOffDraft,
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/sign-off")]
async fn sign_off_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    body: Valid<SignOffDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&handover::sign_off(&platform, &caller, id.0, body.0).await?)
}

/// Hand an application in
///
/// Every section complete, every funding rule kept, every city's sign-off there, and the deadline not over by the server's
/// clock: otherwise 409 with `incomplete`, `sign_off_missing`, `call_not_open` or `deadline_passed`, and `errors` that name
/// what is missing. A correction that was asked for is handed in so, too, until its own deadline: after it, `correction_over`.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/submit")]
async fn submit_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&handover::submit(&platform, &caller, id.0).await?)
}

/// Take an application back
///
/// By the city that leads, until it knows of a decision, and from the waiting list. The funder no longer sees it.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/withdraw")]
async fn withdraw_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&handover::withdraw(&platform, &caller, id.0).await?)
}

/// Begin to judge an application
///
/// By an officer of the programme. It takes an application off the shortlist, too.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/start-review")]
async fn start_application_review(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&handover::start_review(&platform, &caller, id.0).await?)
}

/// Put an application on the shortlist
///
/// By an officer of the programme: it is among those that the last choice is made of. Until the results are public its cities
/// are told that it is being judged.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/shortlist")]
async fn shortlist_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&shortlist::shortlist(&platform, &caller, id.0).await?)
}

/// Ask for a correction
///
/// By an officer of the programme, with a reason and a last day, in the call's time zone, which the cities of the file also get
/// by mail. Until the end of that day they write in it, all sign it again, and hand it in again; nobody decides meanwhile. The
/// funder reads what was handed in, before as after; what is not handed in by then is refused with `correction_over`.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = CorrectionDraft,
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/request-correction")]
async fn request_correction(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    body: Valid<CorrectionDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&corrections::request(&platform, &caller, id.0, body.0).await?)
}

/// Decide on an application
///
/// Accepted, on the waiting list or rejected, always with a reason; what is granted is never above what was asked for or above
/// the ceiling. Who is on the waiting list is accepted later, where the envelope holds the grant, or rejected. The cities of
/// the file learn of a decision once the results of the call are published.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = DecisionDraft,
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/decide")]
async fn decide_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    body: Valid<DecisionDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&handover::decide(&platform, &caller, id.0, body.0).await?)
}

/// Reopen a decision
///
/// By an administrator, with a reason that the cities of the file and its officers read, also by mail. The file is under
/// review again, what it was granted is free for the call's other files, and the former decision stays in `reopenings`. Once
/// a contract was made on the decision, `decision_bound` is the answer.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = ReopeningDraft,
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/reopen")]
async fn reopen_decision(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    body: Valid<ReopeningDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&reopening::reopen(&platform, &caller, id.0, body.0).await?)
}

/// Restore a deleted draft
///
/// Within 30 days, by the city that leads.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/restore")]
async fn restore_application(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}

/// Read the receipt
///
/// The content that was handed in, byte for byte, with its SHA-256 and the server's time, and our signature of both: hash
/// `content`, and check `signature` with the key `key_id` of `/api/v1/receipt-keys`. Neither needs this server.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The application's id")),
    responses((status = 200, description = "The receipt", body = Receipt), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications/{id}/receipt")]
async fn read_receipt(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    let receipt = handover::receipt(&platform, &caller, id.0).await?;
    answer::list(&request, &receipt, None, false)
}
