//! `/partnerships/{id}/results` and `/results`.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use shared::ids::{PartnershipId, ResultId};
use shared::results::{Measure, ResultDraft, ResultPage, ResultPatch, ResultView};
use shared::themes::Theme;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use super::store::ResultFilter;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_results)
        .service(create_result)
        .service(read_result)
        .service(update_result)
        .service(delete_result)
        .service(restore_result)
        .service(add_measure);
}

impl Versioned for ResultView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which results a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ResultQuery {
    /// Only those about these themes, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<Theme>>, style = Form, explode = false, example = json!(["climate"]))]
    theme: Several<Theme>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many results to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count the results of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// List a partnership's results
///
/// By theme, with all that was measured.
#[utoipa::path(
    tag = "results",
    params(("id" = PartnershipId, Path, description = "The partnership's id"), ResultQuery),
    responses((status = 200, description = "A page of results", content(
        (ResultPage = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/partnerships/{id}/results")]
async fn list_results(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    query: Query<ResultQuery>,
) -> Result<HttpResponse, Error> {
    let filter = ResultFilter {
        partnership_id: id.0,
        themes: query.0.theme.0,
    };
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: query.0.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list_as(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Add a result
///
/// With its evidence: an indicator, whose measures are added one by one, or a document. Without goals it has those of its
/// theme.
#[utoipa::path(
    tag = "results",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = ResultDraft,
    responses((status = 201, description = "The result", body = ResultView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/results")]
async fn create_result(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<ResultDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/results/{}", answer.value.id))
}

/// Read a result
///
/// What is achieved, what shows it, and all that was measured.
#[utoipa::path(
    tag = "results",
    params(("id" = ResultId, Path, description = "The result's id")),
    responses((status = 200, description = "The result", body = ResultView), (status = 304, description = "Not modified")),
)]
#[get("/results/{id}")]
async fn read_result(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ResultId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a result
///
/// Absent fields stay as they are. An indicator stays an indicator, a document a document.
#[utoipa::path(
    tag = "results",
    params(
        ("id" = ResultId, Path, description = "The result's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = ResultPatch,
    responses((status = 200, description = "The result as it now is", body = ResultView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/results/{id}")]
async fn update_result(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ResultId>,
    patch: Valid<ResultPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Delete a result
///
/// With all that was measured. It can be restored for 30 days; a lesson that rests on it stays, and names it no longer.
#[utoipa::path(
    tag = "results",
    params(
        ("id" = ResultId, Path, description = "The result's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "It is deleted")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/results/{id}")]
async fn delete_result(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ResultId>,
) -> Result<HttpResponse, Error> {
    service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Restore a result
///
/// Within 30 days of its deletion, with all that was measured.
#[utoipa::path(
    tag = "results",
    params(
        ("id" = ResultId, Path, description = "The result's id"),
        ("If-Match" = String, Header, description = "The version that was deleted, as the change made it"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The result, restored", body = ResultView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/results/{id}/restore")]
async fn restore_result(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ResultId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}

/// Add a measure
///
/// A value on a day, up to today, with who measured it; the measure of the same day is corrected.
#[utoipa::path(
    tag = "results",
    params(
        ("id" = ResultId, Path, description = "The result's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = Measure,
    responses((status = 200, description = "The result with the measure", body = ResultView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/results/{id}/measures")]
async fn add_measure(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ResultId>,
    measure: Valid<Measure>,
) -> Result<HttpResponse, Error> {
    let answer = service::measure(&platform, &caller, id.0, &measure.0).await?;
    answer::changed_once(&answer)
}
