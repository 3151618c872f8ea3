//! `/cities/{id}/weights`.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use shared::ids::CityId;
use shared::preferences::{WeightsDraft, WeightsView};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::valid::Valid;
use crate::platform::Platform;

/// The routes of kept weights.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_weights).service(replace_weights);
}

impl Versioned for WeightsView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Read the weights of a city
///
/// How much each criterion counts for it, as its staff keeps them; the usual weights, in version 0, as long as it has kept
/// none. For its staff and for administrators. A ranking uses what its own request says: send these with it.
#[utoipa::path(
    tag = "matches",
    params(("id" = CityId, Path, description = "The city")),
    responses((status = 200, description = "The weights", body = WeightsView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/cities/{id}/weights")]
async fn read_weights(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let weights = service::read(&platform, &caller, city.0).await?;
    answer::read(&request, &weights, false)
}

/// Keep the weights of a city
///
/// They take the place of the former ones. Nobody else sees them.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = CityId, Path, description = "The city"),
        ("If-Match" = String, Header, description = "The version that was read; `\"0\"` where the city had none"),
    ),
    request_body = WeightsDraft,
    responses((status = 200, description = "The weights as they are now kept", body = WeightsView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[put("/cities/{id}/weights")]
async fn replace_weights(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    draft: Valid<WeightsDraft>,
) -> Result<HttpResponse, Error> {
    let weights = service::replace(&platform, &caller, city.0, &draft.0).await?;
    answer::changed(&weights)
}
