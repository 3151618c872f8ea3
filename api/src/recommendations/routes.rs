//! `/recommendations` and `/meetings/{id}/recommendations`.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use shared::ids::{LessonId, ListedLessonId, MeetingId, RecommendationId};
use shared::recommendations::{
    Addressee, RecommendationAdvance, RecommendationDraft, RecommendationPage, RecommendationPatch,
    RecommendationState, RecommendationView,
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use super::store::RecommendationFilter;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_recommendations)
        .service(list_meeting_recommendations)
        .service(create_recommendation)
        .service(read_recommendation)
        .service(update_recommendation)
        .service(delete_recommendation)
        .service(restore_recommendation)
        .service(advance_recommendation);
}

impl Versioned for RecommendationView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // Partnerships change the lessons that it comes from without changing it.
        answer::variant_of(self)
    }
}

/// Which recommendations a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RecommendationQuery {
    /// Only those that come from this proposed lesson.
    #[param(value_type = Option<LessonId>)]
    lesson_id: Option<LessonId>,
    /// Only those that come from this lesson of a meeting's list.
    #[param(value_type = Option<ListedLessonId>)]
    listed_lesson_id: Option<ListedLessonId>,
    /// Only those to these, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<Addressee>>, style = Form, explode = false, example = json!(["headquarters"]))]
    addressee: Several<Addressee>,
    /// Only those that stand so, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<RecommendationState>>, style = Form, explode = false, example = json!(["taken_up"]))]
    state: Several<RecommendationState>,
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

/// Which recommendations of a meeting.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MeetingRecommendationQuery {
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

/// List recommendations
///
/// What meetings recommend, the oldest first: all, or those that come from a lesson. Drafts are told only to who holds their
/// meeting.
#[utoipa::path(
    tag = "recommendations",
    params(RecommendationQuery),
    responses((status = 200, description = "A page of recommendations", body = RecommendationPage)),
)]
#[get("/recommendations")]
async fn list_recommendations(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<RecommendationQuery>,
) -> Result<HttpResponse, Error> {
    let filter = RecommendationFilter {
        meeting_id: None,
        lesson_id: query.0.lesson_id,
        listed_lesson_id: query.0.listed_lesson_id,
        addressees: query.0.addressee.0,
        states: query.0.state.0,
    };
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: query.0.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// List a meeting's recommendations
///
/// The oldest first, each with the lessons that it comes from and what became of it.
#[utoipa::path(
    tag = "recommendations",
    params(
        ("id" = MeetingId, Path, description = "The meeting's id"),
        MeetingRecommendationQuery,
    ),
    responses((status = 200, description = "A page of recommendations", body = RecommendationPage)),
)]
#[get("/meetings/{id}/recommendations")]
async fn list_meeting_recommendations(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MeetingId>,
    query: Query<MeetingRecommendationQuery>,
) -> Result<HttpResponse, Error> {
    let filter = RecommendationFilter {
        meeting_id: Some(id.0),
        ..RecommendationFilter::default()
    };
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: query.0.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Write a recommendation
///
/// By who holds the meeting, as a draft: to whom, and which lessons it comes from — at least one, of the meeting's list or as
/// partnerships propose them.
#[utoipa::path(
    tag = "recommendations",
    params(
        ("id" = MeetingId, Path, description = "The meeting's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = RecommendationDraft,
    responses((status = 201, description = "The recommendation", body = RecommendationView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/meetings/{id}/recommendations")]
async fn create_recommendation(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MeetingId>,
    draft: Valid<RecommendationDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/recommendations/{}", answer.value.id))
}

/// Read a recommendation
///
/// To whom, the lessons that it comes from, and what became of it.
#[utoipa::path(
    tag = "recommendations",
    params(("id" = RecommendationId, Path, description = "The recommendation's id")),
    responses((status = 200, description = "The recommendation", body = RecommendationView), (status = 304, description = "Not modified")),
)]
#[get("/recommendations/{id}")]
async fn read_recommendation(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RecommendationId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a recommendation
///
/// While it is a draft: what a meeting has adopted stays as it is (409 `state_conflict`). Absent fields stay as they are.
#[utoipa::path(
    tag = "recommendations",
    params(
        ("id" = RecommendationId, Path, description = "The recommendation's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = RecommendationPatch,
    responses((status = 200, description = "The recommendation as it now is", body = RecommendationView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/recommendations/{id}")]
async fn update_recommendation(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RecommendationId>,
    patch: Valid<RecommendationPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Delete a recommendation
///
/// While it is a draft: what a meeting has adopted stays (409 `state_conflict`). It can be restored for 30 days.
#[utoipa::path(
    tag = "recommendations",
    params(
        ("id" = RecommendationId, Path, description = "The recommendation's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "It is deleted")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/recommendations/{id}")]
async fn delete_recommendation(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RecommendationId>,
) -> Result<HttpResponse, Error> {
    service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Restore a recommendation
///
/// A draft, within 30 days of its deletion.
#[utoipa::path(
    tag = "recommendations",
    params(
        ("id" = RecommendationId, Path, description = "The recommendation's id"),
        ("If-Match" = String, Header, description = "The version that was deleted, as the change made it"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The recommendation, restored", body = RecommendationView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/recommendations/{id}/restore")]
async fn restore_recommendation(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RecommendationId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}

/// Move a recommendation on
///
/// Draft, adopted, addressed, then taken up or declined; a recommendation that is declined says why. Any other step is
/// refused with 409 `state_conflict`.
#[utoipa::path(
    tag = "recommendations",
    params(
        ("id" = RecommendationId, Path, description = "The recommendation's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = RecommendationAdvance,
    responses((status = 200, description = "The recommendation as it now is", body = RecommendationView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/recommendations/{id}/advance")]
async fn advance_recommendation(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RecommendationId>,
    step: Valid<RecommendationAdvance>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::advance(&platform, &caller, id.0, &step.0).await?)
}
