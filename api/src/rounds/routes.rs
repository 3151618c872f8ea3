//! `/rounds`.

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use serde::Deserialize;
use shared::ids::{ProgrammeId, RoundId};
use shared::jobs::{JobKind, JobView};
use shared::rounds::{RoundAction, RoundCertificate, RoundDraft, RoundPage, RoundPatch, RoundState, RoundView};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, RoundFilter};
use super::{members, pairs, work};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_rounds)
        .service(create_round)
        .service(read_round)
        .service(update_round)
        .service(open_round)
        .service(publish_round)
        .service(close_round)
        .service(cancel_round)
        .service(simulate_round)
        .service(run_round)
        .service(read_round_certificate)
        .configure(members::routes::configure)
        .configure(pairs::routes::configure);
}

impl Versioned for RoundView {
    fn version(&self) -> i64 {
        self.version
    }

    /// Its window and its work go on without a new version.
    fn variant(&self) -> Option<String> {
        let window = self.takes_wishes.then_some("open");
        let work = self.job_state.map(|state| state.code());
        let told: Vec<&str> = window.into_iter().chain(work).collect();
        (!told.is_empty()).then(|| told.join("."))
    }
}

/// Which rounds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RoundQuery {
    /// Only rounds in this state.
    #[param(inline)]
    state: Option<RoundState>,
    /// Only rounds of this programme.
    programme_id: Option<ProgrammeId>,
    /// Most items of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Whether `total` is told.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// List matching rounds
///
/// The latest first. Rounds that are being prepared are seen by the officers of their programme.
#[utoipa::path(
    tag = "rounds",
    params(RoundQuery),
    responses((status = 200, description = "A page of rounds", body = RoundPage)),
)]
#[get("/rounds")]
async fn list_rounds(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<RoundQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = RoundFilter {
        state: query.state,
        programme_id: query.programme_id,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Prepare a matching round
///
/// Its sides with who may be on them, how it is matched, and what counts how much. A round of two sides matches one with
/// the other; a round of one side matches any with any (`stable` only).
#[utoipa::path(
    tag = "rounds",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = RoundDraft,
    responses((status = 201, description = "The round", body = RoundView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds")]
async fn create_round(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<RoundDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/rounds/{}", answer.value.id))
}

/// Read a matching round
///
/// What it says and where it stands; for its officers also what the last computation found.
#[utoipa::path(
    tag = "rounds",
    params(("id" = RoundId, Path, description = "The round's id")),
    responses((status = 200, description = "The round", body = RoundView), (status = 304, description = "Not modified")),
)]
#[get("/rounds/{id}")]
async fn read_round(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Change a matching round
///
/// How it is matched can be changed until its result is published.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = RoundPatch,
    responses((status = 200, description = "The round as it now is", body = RoundView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/rounds/{id}")]
async fn update_round(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
    patch: Valid<RoundPatch>,
) -> Result<HttpResponse, Error> {
    let view = service::update(&platform, &caller, id.0, &patch.0).await?;
    answer::changed(&view)
}

/// Open a round to wishes
///
/// Its cities see it, and its members wish until `wishes_until`.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The round as it now is", body = RoundView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds/{id}/open")]
async fn open_round(platform: web::Data<Platform>, caller: Caller, id: Path<RoundId>) -> Result<HttpResponse, Error> {
    let answer = service::advance(&platform, &caller, id.0, RoundAction::Open).await?;
    answer::changed_once(&answer)
}

/// Publish a result
///
/// Shows each pair to its two cities, who then answer. Publishing again shows the pairs of a further run.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The round as it now is", body = RoundView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds/{id}/publish")]
async fn publish_round(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
) -> Result<HttpResponse, Error> {
    let answer = service::advance(&platform, &caller, id.0, RoundAction::Publish).await?;
    answer::changed_once(&answer)
}

/// Close a round
///
/// Nobody answers any more; what was agreed stays.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The round as it now is", body = RoundView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds/{id}/close")]
async fn close_round(platform: web::Data<Platform>, caller: Caller, id: Path<RoundId>) -> Result<HttpResponse, Error> {
    let answer = service::advance(&platform, &caller, id.0, RoundAction::Close).await?;
    answer::changed_once(&answer)
}

/// Give a round up
///
/// Before it is published.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The round as it now is", body = RoundView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds/{id}/cancel")]
async fn cancel_round(platform: web::Data<Platform>, caller: Caller, id: Path<RoundId>) -> Result<HttpResponse, Error> {
    let answer = service::advance(&platform, &caller, id.0, RoundAction::Cancel).await?;
    answer::changed_once(&answer)
}

/// Match a round on trial
///
/// Answers at once with the work that does it; its result is for the officers alone, and nothing else changes.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 202, description = "The work, and where its progress is read", body = JobView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds/{id}/simulate")]
async fn simulate_round(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
) -> Result<HttpResponse, Error> {
    let answer = service::ask_for_work(&platform, &caller, id.0, JobKind::SimulateRound).await?;
    answer::accepted(&answer, &format!("/api/v1/jobs/{}", answer.value.id))
}

/// Match a round
///
/// Answers at once with the work that does it. A round whose pairs were shown already keeps those that nobody
/// declined; only the places that are left are matched.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 202, description = "The work, and where its progress is read", body = JobView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds/{id}/run")]
async fn run_round(platform: web::Data<Platform>, caller: Caller, id: Path<RoundId>) -> Result<HttpResponse, Error> {
    let answer = service::ask_for_work(&platform, &caller, id.0, JobKind::RunRound).await?;
    answer::accepted(&answer, &format!("/api/v1/jobs/{}", answer.value.id))
}

/// Read the certificate of a result
///
/// All that the last result was made of (facts, places, wishes, weights, pairs that were not possible) and the result
/// itself, for the round's officers: whoever reads it can compare every pair with the result. Which of several reasons
/// made a pair impossible stands nowhere.
#[utoipa::path(
    tag = "rounds",
    params(("id" = RoundId, Path, description = "The round's id")),
    responses(
        (status = 200, description = "The certificate", body = RoundCertificate),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/rounds/{id}/certificate")]
async fn read_round_certificate(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
) -> Result<HttpResponse, Error> {
    let json = work::service::certificate(&platform, &caller, id.0).await?;
    let etag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&json));
    Ok(answer::read_ready(&request, json.into(), &etag, false))
}
