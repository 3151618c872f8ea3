//! `/cohorts`.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use shared::cohorts::{CohortDraft, CohortPage, CohortPatch, CohortState, CohortView};
use shared::ids::{CityId, CohortId, NetworkId, ProgrammeId};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::CohortFilter;
use super::{letters, members, service};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_cohorts)
        .service(create_cohort)
        .service(read_cohort)
        .service(update_cohort)
        .service(delete_cohort)
        .service(restore_cohort)
        .service(close_cohort)
        .service(reopen_cohort)
        .configure(members::routes::configure)
        .configure(letters::routes::configure);
}

impl Versioned for CohortView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // Cities join and sign, and time passes, without a new version. What the clock says does not count.
        let mut said = self.clone();
        said.server_time = self.closes_at;
        answer::variant_of(&said)
    }
}

/// Which cohorts a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CohortQuery {
    /// Only those of this programme.
    #[param(value_type = Option<ProgrammeId>)]
    programme_id: Option<ProgrammeId>,
    /// Only those that this network leads.
    #[param(value_type = Option<NetworkId>)]
    network_id: Option<NetworkId>,
    /// Only those that this city is in: for anybody once it has signed, before for its staff and for who leads them.
    #[param(value_type = Option<CityId>)]
    city_id: Option<CityId>,
    /// Only those that are open, or closed, now.
    #[param(value_type = Option<CohortState>)]
    state: Option<CohortState>,
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

/// List cohorts
///
/// Those that close last come first, with how many cities have signed.
#[utoipa::path(
    tag = "cohorts",
    params(CohortQuery),
    responses((status = 200, description = "A page of cohorts", body = CohortPage)),
)]
#[get("/cohorts")]
async fn list_cohorts(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<CohortQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = CohortFilter {
        programme_id: query.programme_id,
        network_id: query.network_id,
        city_id: query.city_id,
        state: query.state.map(|state| (state, caller.now)),
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Make a cohort
///
/// By a network that leads it or by the programme's officers: with the levels of engagement that it offers, its last day, and
/// the letter's text, which is the usual one where none is given.
#[utoipa::path(
    tag = "cohorts",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = CohortDraft,
    responses((status = 201, description = "The cohort", body = CohortView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohorts")]
async fn create_cohort(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<CohortDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/cohorts/{}", answer.value.id))
}

/// Read a cohort
///
/// Who leads it, what it offers, until when, how many cities have signed, and your own cities in it.
#[utoipa::path(
    tag = "cohorts",
    params(("id" = CohortId, Path, description = "The cohort's id")),
    responses((status = 200, description = "The cohort", body = CohortView), (status = 304, description = "Not modified")),
)]
#[get("/cohorts/{id}")]
async fn read_cohort(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a cohort
///
/// Absent fields stay as they are. Where its name, its levels or the letter's text change, letters that were sent and are not
/// signed are drafted again. Another last day is taken while it is open (409 `cohort_closed`); once a letter was sent, no earlier
/// one. A level that a city has chosen stays.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortId, Path, description = "The cohort's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = CohortPatch,
    responses((status = 200, description = "The cohort as it now is", body = CohortView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/cohorts/{id}")]
async fn update_cohort(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
    patch: Valid<CohortPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Delete a cohort
///
/// While no letter was sent (409 `letters_sent`). It can be restored for 30 days; `ETag` tells the version to restore.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortId, Path, description = "The cohort's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "It is deleted")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/cohorts/{id}")]
async fn delete_cohort(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
) -> Result<HttpResponse, Error> {
    let version = service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Restore a cohort
///
/// Within 30 days of its deletion.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortId, Path, description = "The cohort's id"),
        ("If-Match" = String, Header, description = "The version that was deleted, as the answer told it"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The cohort, restored", body = CohortView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohorts/{id}/restore")]
async fn restore_cohort(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}

/// Close a cohort
///
/// Before its last day is over: from then on nobody joins, no letter is sent, and a signature is late.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortId, Path, description = "The cohort's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The cohort as it now is", body = CohortView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohorts/{id}/close")]
async fn close_cohort(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::close(&platform, &caller, id.0).await?)
}

/// Open a cohort again
///
/// One that was closed before its last day, as long as that is not over.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("id" = CohortId, Path, description = "The cohort's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The cohort as it now is", body = CohortView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cohorts/{id}/reopen")]
async fn reopen_cohort(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CohortId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::reopen(&platform, &caller, id.0).await?)
}
