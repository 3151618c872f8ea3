//! `/applications/{id}/versions`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::applications::{ApplicationView, FileVersionPage, FileVersionView, VersionRestoreDraft};
use shared::ids::ApplicationId;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of versions.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_application_versions)
        .service(read_application_version)
        .service(restore_application_version);
}

impl Versioned for FileVersionView {
    fn version(&self) -> i64 {
        self.summary.version
    }

    fn variant(&self) -> Option<String> {
        // Names change without it.
        answer::variant_of(self)
    }
}

/// Which versions of a file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VersionQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count those of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// List a file's versions
///
/// Who changed what, and when: the latest first, at most the last 200. What one person writes on within ten minutes is one
/// version as long as nothing gets shorter. Only the staff of the file's cities sees them.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The application's id"), VersionQuery),
    responses((status = 200, description = "A page of versions", body = FileVersionPage)),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications/{id}/versions")]
async fn list_application_versions(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    query: Query<VersionQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = service::list(&platform, &caller, id.0, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}

/// Read what a file said
///
/// By the staff of its cities.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("version" = i64, Path, description = "The version, as the list tells it", minimum = 1),
    ),
    responses((status = 200, description = "What it said", body = FileVersionView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications/{id}/versions/{version}")]
async fn read_application_version(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    path: Path<(ApplicationId, i64)>,
) -> Result<HttpResponse, Error> {
    let (id, version) = path.0;
    let view = service::read(&platform, &caller, id, version).await?;
    answer::read(&request, &view, false)
}

/// Bring back what a file said
///
/// By those who may write in it: title, themes, budget and answers say again what they said in a version, all or only those
/// that are named. It is a change like any other: agreements are taken back, and it can be undone in the same way.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("version" = i64, Path, description = "The version, as the list tells it", minimum = 1),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body = VersionRestoreDraft,
    responses((status = 200, description = "The application as it now is", body = ApplicationView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/applications/{id}/versions/{version}/restore")]
async fn restore_application_version(
    platform: web::Data<Platform>,
    caller: Caller,
    path: Path<(ApplicationId, i64)>,
    draft: Valid<VersionRestoreDraft>,
) -> Result<HttpResponse, Error> {
    let (id, version) = path.0;
    answer::changed_once(&service::restore(&platform, &caller, id, version, &draft.0).await?)
}
