//! `/partnerships/{id}/assessments` and `/assessments`.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::Deserialize;
use shared::assessments::{AssessmentDraft, AssessmentSheet, AssessmentView, AssessmentYearPage};
use shared::ids::{AssessmentId, PartnershipId};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{service, years};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_assessments)
        .service(create_assessment)
        .service(read_assessment)
        .service(replace_assessment_sheet)
        .service(file_assessment)
        .service(take_back_assessment);
}

impl Versioned for AssessmentView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // Another side files, and with that changes what may be done.
        answer::variant_of(self)
    }
}

/// Which years.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AssessmentQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many years to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// List the years of a partnership's self-assessment
///
/// This year first, then those of which something is filed. Each year has its sides beside each other: the scores of those
/// that you may read, and how far they are apart. Who has filed reads what the others have filed; anybody reads a year that
/// every side has filed.
#[utoipa::path(
    tag = "assessments",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        AssessmentQuery,
    ),
    responses((status = 200, description = "A page of years", body = AssessmentYearPage)),
)]
#[get("/partnerships/{id}/assessments")]
async fn list_assessments(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    query: Query<AssessmentQuery>,
) -> Result<HttpResponse, Error> {
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: false,
    };
    let page = years::list(&platform, &caller, id.0, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Begin a self-assessment
///
/// Of a year up to this one, for an authority that takes part, by its own staff. Nobody else reads it until it is filed.
#[utoipa::path(
    tag = "assessments",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = AssessmentDraft,
    responses((status = 201, description = "The assessment, without scores", body = AssessmentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/assessments")]
async fn create_assessment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<AssessmentDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/assessments/{}", answer.value.id))
}

/// Read a self-assessment
///
/// One's own always; that of another side once both are filed; any once every side has filed.
#[utoipa::path(
    tag = "assessments",
    params(("id" = AssessmentId, Path, description = "The assessment's id")),
    responses((status = 200, description = "The assessment", body = AssessmentView), (status = 304, description = "Not modified")),
)]
#[get("/assessments/{id}")]
async fn read_assessment(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AssessmentId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Write the scores of a self-assessment
///
/// In place of the former ones; they need not be complete. What is filed is not changed: 409 `assessment_filed`.
#[utoipa::path(
    tag = "assessments",
    params(
        ("id" = AssessmentId, Path, description = "The assessment's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = AssessmentSheet,
    responses((status = 200, description = "The assessment as it now is", body = AssessmentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[put("/assessments/{id}/sheet")]
async fn replace_assessment_sheet(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AssessmentId>,
    sheet: Valid<AssessmentSheet>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::replace_sheet(&platform, &caller, id.0, &sheet.0).await?)
}

/// File a self-assessment
///
/// Each principle needs a score and what shows it: otherwise 409 `assessment_incomplete`, with `errors` that name them. Whoever
/// files then reads what the other sides have filed; where it is the last side of the year, anybody reads all.
#[utoipa::path(
    tag = "assessments",
    params(
        ("id" = AssessmentId, Path, description = "The assessment's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The assessment as it now is", body = AssessmentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/assessments/{id}/file")]
async fn file_assessment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AssessmentId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::file(&platform, &caller, id.0).await?)
}

/// Take back a self-assessment
///
/// To write on, as long as no other side has filed: from then on others read it, and the answer is 409 `assessment_filed`.
#[utoipa::path(
    tag = "assessments",
    params(
        ("id" = AssessmentId, Path, description = "The assessment's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The assessment as it now is", body = AssessmentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/assessments/{id}/take-back")]
async fn take_back_assessment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AssessmentId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::take_back(&platform, &caller, id.0).await?)
}
