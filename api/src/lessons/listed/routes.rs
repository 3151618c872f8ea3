//! `/meetings` and `/listed-lessons`.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put, web};
use serde::Deserialize;
use shared::ids::{ListedLessonId, MeetingId};
use shared::lessons::{
    LessonOrder, ListedLessonDraft, ListedLessonPatch, ListedLessonView, MeetingDraft, MeetingPage, MeetingPatch,
    MeetingView,
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of meetings and their lists.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_meetings)
        .service(create_meeting)
        .service(read_meeting)
        .service(update_meeting)
        .service(create_listed_lesson)
        .service(order_listed_lessons)
        .service(read_listed_lesson)
        .service(update_listed_lesson)
        .service(delete_listed_lesson)
        .service(restore_listed_lesson);
}

impl Versioned for MeetingView {
    fn version(&self) -> i64 {
        self.summary.version
    }

    fn variant(&self) -> Option<String> {
        // Partnerships change what the lessons come from without changing the list.
        answer::variant_of(self)
    }
}

impl Versioned for ListedLessonView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        answer::variant_of(self)
    }
}

/// Which meetings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MeetingQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// List meetings
///
/// The latest first, each with how many lessons its list has and how many places are left.
#[utoipa::path(
    tag = "lessons",
    params(
        MeetingQuery,
    ),
    responses((status = 200, description = "A page of meetings", body = MeetingPage)),
)]
#[get("/meetings")]
async fn list_meetings(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<MeetingQuery>,
) -> Result<HttpResponse, Error> {
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: false,
    };
    let page = service::list(&platform, &caller, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Add a meeting
///
/// Held by a city or a network, whose staff or coordinators keep its list. The list begins empty.
#[utoipa::path(
    tag = "lessons",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = MeetingDraft,
    responses((status = 201, description = "The meeting", body = MeetingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/meetings")]
async fn create_meeting(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<MeetingDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/meetings/{}", answer.value.summary.id))
}

/// Read a meeting
///
/// With the list of its lessons, at most ten, in their order, and the proposed lessons that each comes from.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = MeetingId, Path, description = "The meeting's id"),
    ),
    responses((status = 200, description = "The meeting", body = MeetingView), (status = 304, description = "Not modified")),
)]
#[get("/meetings/{id}")]
async fn read_meeting(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MeetingId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a meeting
///
/// Its name, place, days and source, by who holds it. Absent fields stay as they are.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = MeetingId, Path, description = "The meeting's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = MeetingPatch,
    responses((status = 200, description = "The meeting as it now is", body = MeetingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/meetings/{id}")]
async fn update_meeting(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MeetingId>,
    patch: Valid<MeetingPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update_meeting(&platform, &caller, id.0, &patch.0).await?)
}

/// Put a lesson on a meeting's list
///
/// At its end, with the proposed lessons that it comes from. A list has at most ten lessons: the eleventh is refused with 409
/// `lesson_list_full` until one is taken out; of two requests at once for the tenth place one wins.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = MeetingId, Path, description = "The meeting's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = ListedLessonDraft,
    responses((status = 201, description = "The lesson", body = ListedLessonView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/meetings/{id}/lessons")]
async fn create_listed_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MeetingId>,
    draft: Valid<ListedLessonDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::add(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/listed-lessons/{}", answer.value.id))
}

/// Order a meeting's list
///
/// Names each of its lessons once, the first one first; `If-Match` is the meeting's version.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = MeetingId, Path, description = "The meeting's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = LessonOrder,
    responses((status = 200, description = "The meeting with its list", body = MeetingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[put("/meetings/{id}/order")]
async fn order_listed_lessons(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MeetingId>,
    order: Valid<LessonOrder>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::order(&platform, &caller, id.0, &order.0).await?)
}

/// Read a lesson of a meeting's list
///
/// What it says, its place, and the proposed lessons that it comes from.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = ListedLessonId, Path, description = "The lesson's id"),
    ),
    responses((status = 200, description = "The lesson", body = ListedLessonView), (status = 304, description = "Not modified")),
)]
#[get("/listed-lessons/{id}")]
async fn read_listed_lesson(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ListedLessonId>,
) -> Result<HttpResponse, Error> {
    let view = service::read_one(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a lesson of a meeting's list
///
/// Absent fields stay as they are.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = ListedLessonId, Path, description = "The lesson's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = ListedLessonPatch,
    responses((status = 200, description = "The lesson as it now is", body = ListedLessonView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/listed-lessons/{id}")]
async fn update_listed_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ListedLessonId>,
    patch: Valid<ListedLessonPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Take a lesson out of a meeting's list
///
/// Those after it move up. It can be put back as long as the list has a place.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = ListedLessonId, Path, description = "The lesson's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "It is taken out")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/listed-lessons/{id}")]
async fn delete_listed_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ListedLessonId>,
) -> Result<HttpResponse, Error> {
    service::take_out(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Put a lesson back on a meeting's list
///
/// At its end; `If-Match` names the version that taking it out made. Where ten others are on the list the answer is 409 `lesson_list_full`.
#[utoipa::path(
    tag = "lessons",
    params(
        ("id" = ListedLessonId, Path, description = "The lesson's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The lesson as it now is", body = ListedLessonView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/listed-lessons/{id}/restore")]
async fn restore_listed_lesson(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ListedLessonId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::put_back(&platform, &caller, id.0).await?)
}
