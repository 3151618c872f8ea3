//! `/cities/{id}/steps`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use shared::ids::CityId;
use shared::steps::CitySteps;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer;
use crate::http::city::City;
use crate::platform::Platform;

/// The routes of a city's steps.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_city_steps);
}

/// Read how far a city is
///
/// The five steps (find a partner, build a project, get funding, join a network, contribute), where each stands, what best
/// comes next, and the figures that this is judged by. For the city's staff and for administrators.
#[utoipa::path(
    tag = "cities",
    params(("id" = CityId, Path, description = "The city")),
    responses((status = 200, description = "The steps", body = CitySteps), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/cities/{id}/steps")]
async fn read_city_steps(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let steps = service::read(&platform, &caller, city.0).await?;
    answer::list(&request, &steps, None, false)
}
