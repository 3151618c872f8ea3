//! `/applications/{id}/presence`.

use actix_web::{HttpResponse, put, web};
use shared::applications::{PresenceDraft, PresenceView};
use shared::ids::ApplicationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::valid::{Path, Valid};
use crate::platform::Platform;

/// The route of presence.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(replace_presence);
}

/// Say that you have a file open
///
/// To be said again every 15 seconds or so; after 45 you count as gone. Tells who else of the file's cities has it open and
/// where they are, and the file's version, so that a reader knows when what is shown is no longer what it says.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The application's id")),
    request_body = PresenceDraft,
    responses((status = 200, description = "Who else is there", body = PresenceView)),
    security(("session" = [])),
)]
#[put("/applications/{id}/presence")]
async fn replace_presence(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    draft: Valid<PresenceDraft>,
) -> Result<HttpResponse, Error> {
    let view = service::replace(&platform, &caller, id.0, &draft.0).await?;
    Ok(HttpResponse::Ok().json(view))
}
