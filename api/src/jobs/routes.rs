//! `/jobs`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use shared::ids::JobId;
use shared::jobs::JobView;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::valid::Path;
use crate::platform::Platform;

/// The routes of long work.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_job).service(cancel_job);
}

impl Versioned for JobView {
    fn version(&self) -> i64 {
        self.version
    }

    /// Progress is told without a new version: what is asked for now is what is changed.
    fn variant(&self) -> Option<String> {
        Some(format!("{}of{}", self.done, self.of))
    }
}

/// Read long work
///
/// Where it stands and how far it is. For the officers of its programme, a search for doubles for networks and administrators; for
/// everybody else it does not exist.
#[utoipa::path(
    tag = "jobs",
    params(("id" = JobId, Path, description = "The job's id")),
    responses((status = 200, description = "The work", body = JobView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/jobs/{id}")]
async fn read_job(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<JobId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Cancel long work
///
/// Work that waits ends at once; work that is being carried out ends at its next step, and leaves nothing behind.
#[utoipa::path(
    tag = "jobs",
    params(
        ("id" = JobId, Path, description = "The job's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The work, cancelled or about to end", body = JobView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/jobs/{id}/cancel")]
async fn cancel_job(platform: web::Data<Platform>, caller: Caller, id: Path<JobId>) -> Result<HttpResponse, Error> {
    let answer = service::cancel(&platform, &caller, id.0).await?;
    answer::changed_once(&answer)
}
