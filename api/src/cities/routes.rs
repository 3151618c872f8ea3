//! `/cities`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use shared::cities::CityView;
use shared::ids::CityId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::valid::Path;
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_city);
}

impl Versioned for CityView {
    fn version(&self) -> i64 {
        self.summary.version
    }
}

/// Read a city
///
/// The public profile of an authority: names, codes, needs, offers, what it looks for.
#[utoipa::path(
    tag = "cities",
    params(("id" = CityId, Path, description = "The city's id")),
    responses((status = 200, description = "The city", body = CityView), (status = 304, description = "Not modified")),
)]
#[get("/cities/{id}")]
async fn read_city(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CityId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}
