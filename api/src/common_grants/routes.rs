//! `/common-grants`: the routes of the CommonGrants protocol that are read and searched.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::ids::{ApplicationId, CallId, FundingId};
use shared::problem::{FieldCode, FieldError};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{OneApplication, OneAward, OneOpportunity, Opportunities};
use super::search::asked::OpportunitySearch;
use super::search::{self, FoundOpportunities, PageOf};
use super::service;
use crate::caller::Caller;
use crate::error::{Error, refuse};
use crate::http::answer;
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_opportunities)
        .service(search_opportunities)
        .service(read_opportunity)
        .service(read_common_application)
        .service(read_award);
}

/// Most items of a page, as the protocol has it by default.
const PAGE_SIZE: u32 = 100;
/// The last page that is asked for.
const PAGE_MAX: u32 = 10_000;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// The page, from 1.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<u32>,
    /// Most items of a page.
    #[param(minimum = 1, maximum = 100)]
    page_size: Option<u32>,
}

impl PageQuery {
    fn checked(&self) -> Result<(u32, u32), Error> {
        let (page, size) = (self.page.unwrap_or(1), self.page_size.unwrap_or(PAGE_SIZE));
        let mut faults = Vec::new();
        for (name, value, max) in [("?page", page, PAGE_MAX), ("?pageSize", size, PAGE_SIZE)] {
            if !(1..=max).contains(&value) {
                faults.push(FieldError::new(name, FieldCode::Range).with("min", 1).with("max", max));
            }
        }
        refuse(faults)?;
        Ok((page, size))
    }
}

/// List calls as opportunities
///
/// In the words of the CommonGrants protocol, version 0.4: the public calls, the last changed first, by page number.
#[utoipa::path(
    tag = "common-grants",
    params(PageQuery),
    responses((status = 200, description = "A page of opportunities", body = Opportunities)),
)]
#[get("/common-grants/opportunities")]
async fn list_opportunities(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Error> {
    let (page, size) = query.0.checked()?;
    let found = service::opportunities(&platform, &caller, page, size).await?;
    answer::list(&request, &found, None, caller.actor.is_public())
}

/// Search calls as opportunities
///
/// As version 0.4 of the CommonGrants protocol has it: the public calls that have these words and fit all of these filters, in
/// this order, by page number. The answer repeats the filters and the order. What the protocol knows and calls here do not
/// tell is said in `errors`; a filter or an order of one's own, and values that the protocol does not know, are refused.
/// Nothing is changed.
#[utoipa::path(
    tag = "common-grants",
    request_body = OpportunitySearch,
    responses((status = 200, description = "A page of the opportunities that were found", body = FoundOpportunities)),
)]
#[post("/common-grants/opportunities/search")]
async fn search_opportunities(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    body: Valid<OpportunitySearch>,
) -> Result<HttpResponse, Error> {
    let asked = body.0;
    refuse(asked.faults(PAGE_MAX, PAGE_SIZE))?;
    let page = PageOf {
        page: asked.pagination.and_then(|asked| asked.page).unwrap_or(1),
        size: asked.pagination.and_then(|asked| asked.page_size).unwrap_or(PAGE_SIZE),
    };
    let found = search::search(&platform, &caller, asked, page).await?;
    answer::list(&request, &found, None, false)
}

/// Read a call as an opportunity
///
/// With the way in: its one competition, which has the call's id, and its form.
#[utoipa::path(
    tag = "common-grants",
    params(("id" = CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The opportunity", body = OneOpportunity)),
)]
#[get("/common-grants/opportunities/{id}")]
async fn read_opportunity(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
) -> Result<HttpResponse, Error> {
    let found = service::read_opportunity(&platform, &caller, id.0).await?;
    answer::list(&request, &found, None, caller.actor.is_public())
}

/// Read an application in the words of CommonGrants
///
/// By those who may read the application. States that the protocol does not have are told as its nearest, with the state as
/// this API has it in `customValue`.
#[utoipa::path(
    tag = "common-grants",
    params(("id" = ApplicationId, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = OneApplication)),
    security(("session" = []), ("client" = [])),
)]
#[get("/common-grants/applications/{id}")]
async fn read_common_application(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
) -> Result<HttpResponse, Error> {
    let found = service::read_application(&platform, &caller, id.0).await?;
    answer::list(&request, &found, None, false)
}

/// Read a grant as an award
///
/// By those who may read the grant.
#[utoipa::path(
    tag = "common-grants",
    params(("id" = FundingId, Path, description = "The grant's id")),
    responses((status = 200, description = "The award", body = OneAward)),
    security(("session" = []), ("client" = [])),
)]
#[get("/common-grants/awards/{id}")]
async fn read_award(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<FundingId>,
) -> Result<HttpResponse, Error> {
    let found = service::read_award(&platform, &caller, id.0).await?;
    answer::list(&request, &found, None, false)
}
