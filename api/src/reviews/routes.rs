//! `/reviews`, and what calls have of them.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::Deserialize;
use shared::applications::ApplicationState;
use shared::ids::{CallId, ReviewId};
use shared::reviews::{
    Affordability, AssignmentReport, AssignmentsDraft, BalanceDraft, BulkDecisionDraft, CommitteePage, ConflictDraft,
    DecisionReport, ReviewPage, ReviewPlan, ReviewPlanView, ReviewState, ReviewView, ReviewerList, ScoreSheet,
    ShortlistDraft,
};
use shared::themes::Theme;
use utoipa_actix_web::service_config::ServiceConfig;

use super::committee::{self, CommitteeFilter, CommitteeSort};
use super::own::{self, ReviewFilter};
use super::{assignment, plan, service};
use crate::applications::{decisions, shortlist};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{CountryCode, Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read_review_plan)
        .service(replace_review_plan)
        .service(list_reviewers)
        .service(create_reviews)
        .service(balance_reviews)
        .service(read_committee)
        .service(decide_applications)
        .service(shortlist_applications)
        .service(list_reviews)
        .service(read_review)
        .service(replace_sheet)
        .service(file_review)
        .service(declare_conflict)
        .service(delete_review);
}

impl Versioned for ReviewPlanView {
    fn version(&self) -> i64 {
        self.version
    }

    /// Whether it may be changed depends on who reads it.
    fn variant(&self) -> Option<String> {
        self.can_update.then(|| "open".to_owned())
    }
}

impl Versioned for ReviewView {
    fn version(&self) -> i64 {
        self.summary.version
    }

    /// The file moves, and others file, without a new version of this review.
    fn variant(&self) -> Option<String> {
        let state = self.summary.application_state.code();
        Some(format!("{state}.{}.{}", self.others.len(), self.allowed.len()))
    }
}

/// Read how the files of a call are judged
///
/// The criteria with their weights and scales, and whether reviewers are told whose file they judge. Anybody who sees the
/// call may read it.
#[utoipa::path(
    tag = "reviews",
    params(("id" = CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The plan", body = ReviewPlanView), (status = 304, description = "Not modified")),
)]
#[get("/calls/{id}/review-plan")]
async fn read_review_plan(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
) -> Result<HttpResponse, Error> {
    let view = plan::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Say how the files of a call are judged
///
/// Before they are: once the call is under review, its plan stays. The version is the call's.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("If-Match" = String, Header, description = "The version of the call that was read"),
    ),
    request_body = ReviewPlan,
    responses((status = 200, description = "The plan as it now is", body = ReviewPlanView)),
    security(("session" = []), ("client" = [])),
)]
#[put("/calls/{id}/review-plan")]
async fn replace_review_plan(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<ReviewPlan>,
) -> Result<HttpResponse, Error> {
    answer::changed(&plan::replace(&platform, &caller, id.0, body.0).await?)
}

/// List the reviewers of a call
///
/// The people who review for its programme, with how many of its files they have, for officers.
#[utoipa::path(
    tag = "reviews",
    params(("id" = CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The reviewers", body = ReviewerList), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = [])),
)]
#[get("/calls/{id}/reviewers")]
async fn list_reviewers(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
) -> Result<HttpResponse, Error> {
    let list = assignment::reviewers(&platform, &caller, id.0).await?;
    answer::list(&request, &list, None, false)
}

/// Give files to reviewers
///
/// All that are told, or none. Who works for a city of the file, coordinates the network of one, or has declared a
/// conflict of interest is refused with the reason.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = AssignmentsDraft,
    responses((status = 200, description = "What was given", body = AssignmentReport)),
    security(("session" = []), ("client" = [])),
)]
#[post("/calls/{id}/reviews")]
async fn create_reviews(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<AssignmentsDraft>,
) -> Result<HttpResponse, Error> {
    answer::done_once(&assignment::assign(&platform, &caller, id.0, body.0).await?)
}

/// Give files to reviewers automatically
///
/// Every undecided file gets as many reviewers as it should have, nobody one with a conflict of interest, the load as
/// even as that allows. What is given already stays; files that lack reviewers are told. The same state always gives the
/// same result.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = BalanceDraft,
    responses((status = 200, description = "What was given, and what lacks reviewers", body = AssignmentReport)),
    security(("session" = []), ("client" = [])),
)]
#[post("/calls/{id}/balance-reviews")]
async fn balance_reviews(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<BalanceDraft>,
) -> Result<HttpResponse, Error> {
    answer::done_once(&assignment::assign_balanced(&platform, &caller, id.0, body.0).await?)
}

/// Which files of the committee's sheet.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CommitteeQuery {
    /// Only those in this state.
    #[param(inline)]
    state: Option<ApplicationState>,
    /// Only those with this theme.
    #[param(inline)]
    theme: Option<Theme>,
    /// Only those with a city of this country.
    #[param(inline)]
    country: Option<CountryCode>,
    /// Only those of which the envelope says this.
    #[param(inline)]
    affordability: Option<Affordability>,
    /// Only those that ask for at least this, in minor units.
    #[param(minimum = 0, maximum = 100_000_000_000_000_i64)]
    asked_min: Option<i64>,
    /// Only those that ask for at most this, in minor units.
    #[param(minimum = 0, maximum = 100_000_000_000_000_i64)]
    asked_max: Option<i64>,
    /// Words in the title or in the names of cities, in any script.
    #[param(max_length = 200)]
    q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(required = false, inline)]
    sort: CommitteeSort,
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

/// Read the committee's sheet
///
/// Every file that was handed in, with its place by the mean of its filed sheets, how far these lie apart, what was asked
/// and granted, and what the envelope affords walking down the ranking. Places and amounts are those among all files,
/// whatever is shown. Before the deadline it tells how many files there are, and nothing of them.
#[utoipa::path(
    tag = "reviews",
    params(("id" = CallId, Path, description = "The call's id"), CommitteeQuery),
    responses((status = 200, description = "A page of the sheet", content(
        (CommitteePage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = [])),
)]
#[get("/calls/{id}/committee")]
async fn read_committee(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    query: Query<CommitteeQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = CommitteeFilter {
        state: query.state,
        theme: query.theme,
        country: query.country.map(|country| country.0),
        affordability: query.affordability,
        asked_min: query.asked_min,
        asked_max: query.asked_max,
        q: query.q,
        sort: query.sort,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = committee::read(&platform, &caller, id.0, &filter, &paging).await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// Decide on several applications
///
/// All that are told, or none; each with its version and its reason. What does not fit is told file by file. What a call
/// grants never passes its envelope, however many officers decide at once: `envelope_exceeded` names the grants that are
/// too much.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = BulkDecisionDraft,
    responses((status = 200, description = "What was decided", body = DecisionReport)),
    security(("session" = []), ("client" = [])),
)]
#[post("/calls/{id}/decide")]
async fn decide_applications(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<BulkDecisionDraft>,
) -> Result<HttpResponse, Error> {
    answer::done_once(&decisions::decide_many(&platform, &caller, id.0, body.0).await?)
}

/// Put several applications on the shortlist, or take them off
///
/// All that are told, or none; each with its version. What does not fit is told file by file.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = CallId, Path, description = "The call's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = ShortlistDraft,
    responses((status = 200, description = "Where the applications stand now", body = DecisionReport)),
    security(("session" = []), ("client" = [])),
)]
#[post("/calls/{id}/shortlist")]
async fn shortlist_applications(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    body: Valid<ShortlistDraft>,
) -> Result<HttpResponse, Error> {
    answer::done_once(&shortlist::shortlist_many(&platform, &caller, id.0, body.0).await?)
}

/// Which of one's own reviews.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReviewQuery {
    /// Only those of files to this call.
    call_id: Option<CallId>,
    /// Only those in this state.
    #[param(inline)]
    state: Option<ReviewState>,
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

/// List your reviews
///
/// The files that were given to you: what is still to be done first. A file whose call takes applications again, or that
/// was taken back, is left out.
#[utoipa::path(
    tag = "reviews",
    params(ReviewQuery),
    responses((status = 200, description = "A page of reviews", body = ReviewPage)),
    security(("session" = [])),
)]
#[get("/reviews")]
async fn list_reviews(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<ReviewQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = ReviewFilter {
        call_id: query.call_id,
        state: query.state,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = own::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}

/// Read a review
///
/// The file beside its sheet. Of a blind call, the reviewer gets the file without the names of its cities. What others
/// have filed is told once one's own sheet is filed; officers read what is filed.
#[utoipa::path(
    tag = "reviews",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 200, description = "The review", body = ReviewView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = [])),
)]
#[get("/reviews/{id}")]
async fn read_review(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ReviewId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Write the score sheet
///
/// Scores with comments, and an opinion on the whole, in place of what was written before. It need not be complete.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = ReviewId, Path, description = "The review's id"),
        ("If-Match" = String, Header, description = "The version that you change, as in its `ETag`"),
    ),
    request_body = ScoreSheet,
    responses((status = 200, description = "The review as it now is", body = ReviewView)),
    security(("session" = []), ("client" = [])),
)]
#[put("/reviews/{id}/sheet")]
async fn replace_sheet(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ReviewId>,
    body: Valid<ScoreSheet>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::replace_sheet(&platform, &caller, id.0, body.0).await?)
}

/// File a review
///
/// It then counts in the ranking, and is not changed any more. A criterion without a score is told as `incomplete`.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = ReviewId, Path, description = "The review's id"),
        ("If-Match" = String, Header, description = "The version that you file, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    responses((status = 200, description = "The review as it now is", body = ReviewView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/reviews/{id}/file")]
async fn file_review(platform: web::Data<Platform>, caller: Caller, id: Path<ReviewId>) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::file(&platform, &caller, id.0).await?)
}

/// Declare a conflict of interest
///
/// The file is then not judged by this reviewer, and not given to them again. The reason is for the officers.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = ReviewId, Path, description = "The review's id"),
        ("If-Match" = String, Header, description = "The version that you know, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = ConflictDraft,
    responses((status = 200, description = "The review as it now is", body = ReviewView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/reviews/{id}/declare-conflict")]
async fn declare_conflict(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ReviewId>,
    body: Valid<ConflictDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::declare_conflict(&platform, &caller, id.0, body.0).await?)
}

/// Take a file from its reviewer
///
/// By an officer, as long as the sheet is not filed.
#[utoipa::path(
    tag = "reviews",
    params(
        ("id" = ReviewId, Path, description = "The review's id"),
        ("If-Match" = String, Header, description = "The version that you delete, as in the committee's sheet"),
    ),
    responses((status = 204, description = "Taken away")),
    security(("session" = []), ("client" = [])),
)]
#[delete("/reviews/{id}")]
async fn delete_review(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ReviewId>,
) -> Result<HttpResponse, Error> {
    service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
