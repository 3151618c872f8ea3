//! `/partnerships/{id}/lessons` and `/lessons`; meetings have their own.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use shared::ids::{ActivityId, LessonId, PartnershipId, ResultId};
use shared::lessons::{LessonDraft, LessonPage, LessonPatch, LessonView};
use shared::themes::Theme;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use super::store::LessonFilter;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_lessons)
        .service(list_partnership_lessons)
        .service(create_lesson)
        .service(read_lesson)
        .service(update_lesson)
        .service(delete_lesson)
        .service(restore_lesson)
        .configure(super::listed::routes::configure);
}

impl Versioned for LessonView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // Meetings put it on their lists, and what it rests on is renamed, without changing it.
        answer::variant_of(self)
    }
}

/// Which lessons a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LessonQuery {
    /// Only those about these themes, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<Theme>>, style = Form, explode = false, example = json!(["climate"]))]
    theme: Several<Theme>,
    /// Only those that rest on this result.
    #[param(value_type = Option<ResultId>)]
    result_id: Option<ResultId>,
    /// Only those that rest on this activity.
    #[param(value_type = Option<ActivityId>)]
    activity_id: Option<ActivityId>,
    /// Only those of this partnership, and of the others that its authorities take part in: where there are some, a renewal
    /// names one.
    #[param(value_type = Option<PartnershipId>)]
    for_renewal_of: Option<PartnershipId>,
    /// Only those that this partnership was renewed with.
    #[param(value_type = Option<PartnershipId>)]
    used_by: Option<PartnershipId>,
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

/// Which lessons of a partnership.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PartnershipLessonQuery {
    /// Only those about these themes, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<Theme>>, style = Form, explode = false, example = json!(["climate"]))]
    theme: Several<Theme>,
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

/// List lessons
///
/// Those that partnerships propose, the oldest first: all, or those that rest on a result or an activity.
#[utoipa::path(
    tag = "lessons",
    params(
        LessonQuery,
    ),
    responses((status = 200, description = "A page of lessons", body = LessonPage)),
)]
#[get("/lessons")]
async fn list_lessons(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<LessonQuery>,
) -> Result<HttpResponse, Error> {
    let filter = LessonFilter {
        partnership_id: None,
        themes: query.0.theme.0,
        result_id: query.0.result_id,
        activity_id: query.0.activity_id,
        for_renewal_of: query.0.for_renewal_of,
        used_by: query.0.used_by,
    };
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: query.0.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// List a partnership's lessons
///
/// The oldest first, with what they rest on and the lessons on meetings' lists that come from them.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        PartnershipLessonQuery,
    ),
    responses((status = 200, description = "A page of lessons", body = LessonPage)),
)]
#[get("/partnerships/{id}/lessons")]
async fn list_partnership_lessons(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    query: Query<PartnershipLessonQuery>,
) -> Result<HttpResponse, Error> {
    let filter = LessonFilter {
        partnership_id: Some(id.0),
        themes: query.0.theme.0,
        ..LessonFilter::default()
    };
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: query.0.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Propose a lesson
///
/// In the writer's language. It rests on at least one result or activity of the partnership.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = LessonDraft,
    responses((status = 201, description = "The lesson", body = LessonView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/lessons")]
async fn create_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<LessonDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/lessons/{}", answer.value.id))
}

/// Read a lesson
///
/// What was learned, what it rests on, and the lessons on meetings' lists that come from it.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = LessonId, Path, description = "The lesson's id"),
    ),
    responses((status = 200, description = "The lesson", body = LessonView), (status = 304, description = "Not modified")),
)]
#[get("/lessons/{id}")]
async fn read_lesson(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<LessonId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a lesson
///
/// Absent fields stay as they are.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = LessonId, Path, description = "The lesson's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = LessonPatch,
    responses((status = 200, description = "The lesson as it now is", body = LessonView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/lessons/{id}")]
async fn update_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<LessonId>,
    patch: Valid<LessonPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Delete a lesson
///
/// It can be restored for 30 days. A meeting's lesson that comes from it stays, and names it no longer.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = LessonId, Path, description = "The lesson's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "It is deleted")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/lessons/{id}")]
async fn delete_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<LessonId>,
) -> Result<HttpResponse, Error> {
    service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Restore a lesson
///
/// Within 30 days of its deletion; `If-Match` names the version that the deletion made.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = LessonId, Path, description = "The lesson's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The lesson as it now is", body = LessonView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/lessons/{id}/restore")]
async fn restore_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<LessonId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}
