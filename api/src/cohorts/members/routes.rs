//! `/cohorts/{id}/members` and `/cohort-members`.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use shared::cohorts::{
    CohortMemberDraft, CohortMemberPage, CohortMemberPatch, CohortMemberView, LetterReason, LetterState,
};
use shared::ids::{CohortId, CohortMemberId};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use super::store::MemberFilter;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of a cohort's cities.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_cohort_members)
        .service(create_cohort_member)
        .service(read_cohort_member)
        .service(update_cohort_member)
        .service(delete_cohort_member)
        .service(remove_cohort_member)
        .service(restore_cohort_member);
}

impl Versioned for CohortMemberView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // Its cohort closes, and cities are renamed, without a new version.
        answer::variant_of(self)
    }
}

/// Which cities of a cohort a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CohortMemberQuery {
    /// Only those whose letter stands so, separated by commas: `drafted,sent` for the unsigned.
    #[serde(default)]
    #[param(value_type = Option<Vec<LetterState>>, style = Form, explode = false, example = json!(["drafted", "sent"]))]
    letter: Several<LetterState>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count those of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// List a cohort's cities
///
/// Those whose letter waits come first, also as a table (CSV). Anybody sees those that have signed; a city's staff sees its own,
/// who leads the cohort sees all.
#[utoipa::path(
    tag = "cohorts",
    params(("id" = CohortId, Path, description = "The cohort's id"), CohortMemberQuery),
    responses((status = 200, description = "A page of cities", content(
        (CohortMemberPage = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/cohorts/{id}/members")]
async fn list_cohort_members(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
    query: Query<CohortMemberQuery>,
) -> Result<HttpResponse, Error> {
    let filter = MemberFilter {
        cohort_id: id.0,
        states: query.0.letter.0,
    };
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: query.0.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list_as(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Join a cohort
///
/// By the city's staff, or by who leads the cohort: with or without a partner, at one level at least, while the cohort is open.
/// Its letter of engagement is drafted.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortId, Path, description = "The cohort's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = CohortMemberDraft,
    responses((status = 201, description = "The city's place", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohorts/{id}/members")]
async fn create_cohort_member(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
    draft: Valid<CohortMemberDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/cohort-members/{}", answer.value.id))
}

/// Read a city's place in a cohort
///
/// How it takes part, and where its letter stands. Anybody reads it once it is signed; who answers for it, who signed and the
/// steps are told to the city and to who leads the cohort only.
#[utoipa::path(
    tag = "cohorts",
    params(("id" = CohortMemberId, Path, description = "The place's id")),
    responses((status = 200, description = "The city's place", body = CohortMemberView), (status = 304, description = "Not modified")),
)]
#[get("/cohort-members/{id}")]
async fn read_cohort_member(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a city's place in a cohort
///
/// Until its letter is signed (409 `letter_signed`). A letter that was sent is drafted again where what it says changes. Absent
/// fields stay as they are; `partner_id: null` says that there is no partner.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = CohortMemberPatch,
    responses((status = 200, description = "The city's place as it now is", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/cohort-members/{id}")]
async fn update_cohort_member(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
    patch: Valid<CohortMemberPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Leave a cohort
///
/// By the city's staff, until its letter is signed (409 `letter_signed`). It can be restored for 30 days; `ETag` tells the version
/// to restore.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "The city has left")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/cohort-members/{id}")]
async fn delete_cohort_member(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
) -> Result<HttpResponse, Error> {
    let version = service::leave(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Take a city out of a cohort
///
/// By who leads the cohort, with the reason, until the letter is signed (409 `letter_signed`). It can be restored for 30 days.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = LetterReason,
    responses((status = 200, description = "The city's place, which it has left", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohort-members/{id}/remove")]
async fn remove_cohort_member(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
    told: Valid<LetterReason>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::remove(&platform, &caller, id.0, &told.0).await?)
}

/// Restore a city in a cohort
///
/// Within 30 days after it left, while the cohort is open, with its letter as it stood. Whom the network took out is restored by
/// who leads the cohort only.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was left, as the answer told it"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The city's place, restored", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohort-members/{id}/restore")]
async fn restore_cohort_member(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}
