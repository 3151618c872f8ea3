//! `/cities/{id}/searches`.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::Deserialize;
use shared::ids::{CityId, SavedSearchId};
use shared::preferences::{SavedSearchDraft, SavedSearchPage, SavedSearchView, SeenDraft};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::valid::{Path, Valid};
use crate::platform::Platform;

/// The routes of saved searches.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_saved_searches)
        .service(create_saved_search)
        .service(delete_saved_search)
        .service(see_saved_search);
}

impl Versioned for SavedSearchView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which search of the city.
#[derive(Debug, Deserialize)]
struct SearchStep {
    search_id: SavedSearchId,
}

/// List the searches that a city watches
///
/// Each with the cities that fit and that its staff has not marked as seen. A city fits that passes the filter and scores
/// at least as well as the 25th did when the search was saved; where fewer were found, the filter alone decides. For the
/// city's staff and for administrators.
#[utoipa::path(
    tag = "matches",
    params(("id" = CityId, Path, description = "The city")),
    responses((status = 200, description = "The searches", body = SavedSearchPage), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/cities/{id}/searches")]
async fn list_saved_searches(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let page = service::list(&platform, &caller, city.0).await?;
    answer::list(&request, &page, None, false)
}

/// Watch a search
///
/// The cities that fit now count as seen. A city watches at most 20 searches (409).
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = CityId, Path, description = "The city that looks for partners"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = SavedSearchDraft,
    responses((status = 201, description = "The search", body = SavedSearchView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cities/{id}/searches")]
async fn create_saved_search(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    draft: Valid<SavedSearchDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, city.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/cities/{}/searches", city.0))
}

/// Stop watching a search
///
/// It is gone for the whole staff of the city.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = CityId, Path, description = "The city"),
        ("search_id" = SavedSearchId, Path, description = "The search's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "The search is no longer watched")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/cities/{id}/searches/{search_id}")]
async fn delete_saved_search(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    search: Path<SearchStep>,
) -> Result<HttpResponse, Error> {
    service::delete(&platform, &caller, city.0, search.0.search_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Mark cities as seen
///
/// They are new no more in this search. What fits since the list was read stays new.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = CityId, Path, description = "The city that looks for partners"),
        ("search_id" = SavedSearchId, Path, description = "The search's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = SeenDraft,
    responses((status = 200, description = "The search as it now is", body = SavedSearchView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cities/{id}/searches/{search_id}/seen")]
async fn see_saved_search(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    search: Path<SearchStep>,
    draft: Valid<SeenDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::see(&platform, &caller, city.0, search.0.search_id, &draft.0).await?;
    answer::changed_once(&answer)
}
