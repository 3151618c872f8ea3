//! `/campaigns`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::campaigns::{CampaignDraft, CampaignPage, CampaignView};
use shared::ids::CampaignId;
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
        .service(list_campaigns)
        .service(create_campaign)
        .service(read_campaign);
}

impl Versioned for CampaignView {
    fn version(&self) -> i64 {
        self.summary.version
    }
}

/// How the list of campaigns is paged.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CampaignQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many campaigns to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// List campaigns
///
/// Those whose results are public, and those of your programmes; the latest year first.
#[utoipa::path(
    tag = "programmes",
    params(CampaignQuery),
    responses((status = 200, description = "A page of campaigns", body = CampaignPage)),
)]
#[get("/campaigns")]
async fn list_campaigns(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<CampaignQuery>,
) -> Result<HttpResponse, Error> {
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: false,
    };
    let page = service::list(&platform, &caller, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Make a campaign
///
/// Of calls of the programme that are in no other campaign. What is claimed of it is kept beside what is computed.
#[utoipa::path(
    tag = "programmes",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = CampaignDraft,
    responses((status = 201, description = "The campaign with its figures", body = CampaignView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/campaigns")]
async fn create_campaign(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<CampaignDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, draft.0).await?;
    answer::created(&answer, &format!("/api/v1/campaigns/{}", answer.value.summary.id))
}

/// Read a campaign
///
/// With its figures, computed from the files when you ask: all together, call by call, country by country.
#[utoipa::path(
    tag = "programmes",
    params(("id" = CampaignId, Path, description = "The campaign's id")),
    responses((status = 200, description = "The campaign with its figures", content(
        (CampaignView = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/campaigns/{id}")]
async fn read_campaign(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CampaignId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::list_as(&request, &view, None, caller.actor.is_public())
}
