//! `/cohort-members/{id}/letter`, the steps of a letter of engagement, and sending all that are drafted.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use shared::cohorts::{CohortMemberView, EngagementLetter, Filing, LetterReason, SendingReport, Signing};
use shared::ids::{CohortId, CohortMemberId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::valid::{Path, Valid};
use crate::platform::Platform;

/// The routes of letters of engagement.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read_engagement_letter)
        .service(send_engagement_letters)
        .service(send_engagement_letter)
        .service(sign_engagement_letter)
        .service(refuse_engagement_letter)
        .service(file_engagement_letter)
        .service(withdraw_engagement_letter);
}

impl Versioned for EngagementLetter {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // A draft says what its cohort says today.
        answer::variant_of(self)
    }
}

/// Read a letter of engagement
///
/// What it says in each language, filled in: a draft as it would be sent now, any other as it was sent. By the city's staff and
/// who leads the cohort.
#[utoipa::path(
    tag = "cohorts",
    params(("id" = CohortMemberId, Path, description = "The place's id")),
    responses((status = 200, description = "The letter", body = EngagementLetter), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = [])),
)]
#[get("/cohort-members/{id}/letter")]
async fn read_engagement_letter(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
) -> Result<HttpResponse, Error> {
    let letter = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &letter, false)
}

/// Send all drafted letters of a cohort
///
/// By who leads the cohort, while it is open: each city's staff gets a mail. Asked again, it sends what was drafted since.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortId, Path, description = "The cohort's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "What was sent", body = SendingReport)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohorts/{id}/send")]
async fn send_engagement_letters(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
) -> Result<HttpResponse, Error> {
    answer::done_once(&service::send_drafted(&platform, &caller, id.0).await?)
}

/// Send a letter of engagement
///
/// A drafted one, by who leads the cohort, while it is open: the city's staff gets a mail. What the letter says is kept from now on.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The city's place as it now is", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohort-members/{id}/send")]
async fn send_engagement_letter(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::send(&platform, &caller, id.0).await?)
}

/// Sign a letter of engagement
///
/// One that was sent, by the city's staff: name and function of who signed, and the day under the letter. After the cohort has
/// closed it is noted as late.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = Signing,
    responses((status = 200, description = "The city's place as it now is", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohort-members/{id}/sign")]
async fn sign_engagement_letter(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
    signing: Valid<Signing>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::sign(&platform, &caller, id.0, &signing.0).await?)
}

/// Refuse a letter of engagement
///
/// One that was sent, by the city's staff, with the reason.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = LetterReason,
    responses((status = 200, description = "The city's place as it now is", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohort-members/{id}/refuse")]
async fn refuse_engagement_letter(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
    told: Valid<LetterReason>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::decline(&platform, &caller, id.0, &told.0).await?)
}

/// File a letter of engagement
///
/// One that is signed, by who leads the cohort, under a reference.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = Filing,
    responses((status = 200, description = "The city's place as it now is", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohort-members/{id}/file")]
async fn file_engagement_letter(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
    filing: Valid<Filing>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::file(&platform, &caller, id.0, &filing.0).await?)
}

/// Take a letter of engagement back
///
/// One that was sent or refused becomes a draft again, by who leads the cohort, with the reason. A signed one stays (409
/// `letter_signed`).
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortMemberId, Path, description = "The place's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = LetterReason,
    responses((status = 200, description = "The city's place as it now is", body = CohortMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohort-members/{id}/withdraw")]
async fn withdraw_engagement_letter(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortMemberId>,
    told: Valid<LetterReason>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::withdraw(&platform, &caller, id.0, &told.0).await?)
}
