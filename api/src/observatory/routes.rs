//! `/observatory`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use shared::observatory::Figures;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer;
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_figures);
}

/// Read the figures of the home page
///
/// How many authorities, partnerships and open calls there are, computed when you ask.
#[utoipa::path(
    tag = "observatory",
    responses((status = 200, description = "The figures", body = Figures), (status = 304, description = "Not modified")),
)]
#[get("/observatory/figures")]
async fn read_figures(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    let figures = service::figures(&platform, &caller).await?;
    answer::list(&request, &figures, None, caller.actor.is_public())
}
