//! `/cities/{id}/bans`.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::Deserialize;
use shared::ids::{BanId, CityId};
use shared::matches::{BanDraft, BanPage, BanView};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::page::{self, Limit};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of bans.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_bans).service(create_ban).service(delete_ban);
}

impl Versioned for BanView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which page of the bans.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BanQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many bans to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// List the bans of a city
///
/// The cities with which it is never to be matched, the latest first; for its staff and for administrators. What others
/// ban is nowhere told.
#[utoipa::path(
    tag = "matches",
    params(("id" = CityId, Path, description = "The city"), BanQuery),
    responses((status = 200, description = "A page of bans", body = BanPage), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/cities/{id}/bans")]
async fn list_bans(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    query: Query<BanQuery>,
) -> Result<HttpResponse, Error> {
    let after = query.0.cursor.as_deref().map(page::position).transpose()?;
    let page = service::list(&platform, &caller, city.0, after, query.0.limit.0).await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}

/// Ban a city
///
/// The two are not suggested to each other any more, and neither can tell interest in the other. The other side does not
/// learn of it. A match that is open has to be declined or withdrawn first (409).
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = CityId, Path, description = "The city that bans"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = BanDraft,
    responses((status = 201, description = "The ban", body = BanView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/cities/{id}/bans")]
async fn create_ban(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    draft: Valid<BanDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, city.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/cities/{}/bans", city.0))
}

/// Which ban of the city.
#[derive(Debug, Deserialize)]
struct BanStep {
    ban_id: BanId,
}

/// Lift a ban
///
/// The two may be matched again, unless the other side has a ban of its own.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = CityId, Path, description = "The city that banned"),
        ("ban_id" = BanId, Path, description = "The ban's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "The ban is lifted")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/cities/{id}/bans/{ban_id}")]
async fn delete_ban(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    ban: Path<BanStep>,
) -> Result<HttpResponse, Error> {
    service::lift(&platform, &caller, city.0, ban.0.ban_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
