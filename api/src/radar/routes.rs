//! `/cities/{id}/radar`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use shared::ids::CityId;
use shared::radar::RadarList;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer;
use crate::http::city::City;
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_radar);
}

/// Read a city's radar
///
/// What of its partnerships needs attention, with the reason, the day and what can be done: terms that end or are over,
/// letters and drafts that wait for a signature, partnerships in which nothing has happened for a year, suspended and
/// dormant ones, those whose term or grant ends without a sustainability plan, those whose sides judged them very differently,
/// corrections of applications that funders ask for, contact persons whom nobody has confirmed since their mandate ended or an
/// election was held, and, for those who may read them, letters of engagement that wait for a signature, grants with a report that is overdue or that end
/// without anything to follow. It proposes and never does.
#[utoipa::path(
    tag = "partnerships",
    params(("id" = CityId, Path, description = "The city")),
    responses((status = 200, description = "What needs attention, the most pressing first", body = RadarList)),
    security(("session" = []), ("client" = [])),
)]
#[get("/cities/{id}/radar")]
async fn read_radar(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let list = service::read(&platform, &caller, city.0).await?;
    answer::list(&request, &list, None, false)
}
