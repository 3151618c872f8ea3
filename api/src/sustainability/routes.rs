//! `/partnerships/{id}/plan`.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::Deserialize;
use shared::ids::PartnershipId;
use shared::sustainability::{SustainabilityPlanDraft, SustainabilityPlanPage, SustainabilityPlanView};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

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
        .service(read_sustainability_plan)
        .service(create_sustainability_plan)
        .service(replace_sustainability_plan)
        .service(list_plan_editions);
}

impl Versioned for SustainabilityPlanView {
    fn version(&self) -> i64 {
        self.edition.version
    }

    fn variant(&self) -> Option<String> {
        // The partnership and the city can be renamed without a new edition.
        answer::variant_of(self)
    }
}

/// Which editions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EditionQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many editions to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// Read a partnership's sustainability plan
///
/// Its latest edition: what the cities do themselves, what a delegation of the European Union does, what headquarters and
/// others do. 404 where there is none yet.
#[utoipa::path(
    tag = "sustainability",
    params(("id" = PartnershipId, Path, description = "The partnership's id")),
    responses((status = 200, description = "The plan", body = SustainabilityPlanView), (status = 304, description = "Not modified")),
)]
#[get("/partnerships/{id}/plan")]
async fn read_sustainability_plan(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Write a partnership's sustainability plan
///
/// Its first edition, by who may change the partnership. At least one of the three parts says something. Where there is a plan
/// already the answer is 409 `already_exists`: replace that.
#[utoipa::path(
    tag = "sustainability",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = SustainabilityPlanDraft,
    responses((status = 201, description = "The plan", body = SustainabilityPlanView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/plan")]
async fn create_sustainability_plan(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<SustainabilityPlanDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/partnerships/{}/plan", id.0))
}

/// Replace a partnership's sustainability plan
///
/// Makes the next edition; the former ones stay to be read. Where nothing is different there is no new one.
#[utoipa::path(
    tag = "sustainability",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = SustainabilityPlanDraft,
    responses((status = 200, description = "The plan as it now is", body = SustainabilityPlanView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[put("/partnerships/{id}/plan")]
async fn replace_sustainability_plan(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<SustainabilityPlanDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::replace(&platform, &caller, id.0, &draft.0).await?)
}

/// List the editions of a sustainability plan
///
/// The latest first, each with when and for which authority it was written.
#[utoipa::path(
    tag = "sustainability",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        EditionQuery,
    ),
    responses((status = 200, description = "A page of editions", body = SustainabilityPlanPage)),
)]
#[get("/partnerships/{id}/plan/editions")]
async fn list_plan_editions(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    query: Query<EditionQuery>,
) -> Result<HttpResponse, Error> {
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: false,
    };
    let page = service::editions(&platform, &caller, id.0, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}
