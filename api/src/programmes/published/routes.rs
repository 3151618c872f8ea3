//! `/calls/{id}/results`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use shared::ids::CallId;
use shared::programmes::PublishedResults;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer;
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query};
use crate::platform::Platform;

/// The routes of what a call decided.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_call_results);
}

/// How the results are paged.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ResultsQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many projects to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// Read the results of a call
///
/// The accepted projects by title, with what each is granted, and after them the waiting list by place. Public once the call's results are published; before that its
/// officers read them. A decision that was reopened after that stays in the list: `reopened` until it is made again, then
/// `accepted` or `removed`, with `reopened_at`.
#[utoipa::path(
    tag = "programmes",
    params(("id" = CallId, Path, description = "The call's id"), ResultsQuery),
    responses((status = 200, description = "A page of the results", content(
        (PublishedResults = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/calls/{id}/results")]
async fn read_call_results(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CallId>,
    query: Query<ResultsQuery>,
) -> Result<HttpResponse, Error> {
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: false,
    };
    let results = super::read(&platform, &caller, id.0, &paging).await?;
    let public = results.call_state.has_public_results() && caller.actor.is_public();
    answer::list_as(&request, &results, results.next.as_deref(), public)
}
