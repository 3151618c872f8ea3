//! `/applications/{id}/comments` and `/comments`.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use shared::applications::{COMMENT_PLACE_MAX, CommentDraft, CommentPage, CommentPatch, CommentView};
use shared::ids::{ApplicationId, CommentId};
use shared::problem::{FieldCode, FieldError};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use super::store::CommentFilter;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of comments.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_comments)
        .service(create_comment)
        .service(read_comment)
        .service(update_comment)
        .service(delete_comment)
        .service(settle_comment)
        .service(reopen_comment)
        .service(restore_comment);
}

impl Versioned for CommentView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // What may be done with it depends on who reads, and names change without it.
        answer::variant_of(self)
    }
}

/// Which comments of a file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CommentQuery {
    /// Only those about this: `title`, `themes`, `parties`, `budget`, `documents`, or the key of a question.
    #[param(max_length = 80, example = "budget")]
    place: Option<String>,
    /// Only those that begin a conversation that is settled (true), or one that is not (false).
    settled: Option<bool>,
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

/// List a file's comments
///
/// The oldest first; answers name the comment that they answer. Only the staff of the file's cities sees them, also once
/// it is handed in.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The application's id"), CommentQuery),
    responses((status = 200, description = "A page of comments", body = CommentPage)),
    security(("session" = []), ("client" = [])),
)]
#[get("/applications/{id}/comments")]
async fn list_comments(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    query: Query<CommentQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    if query
        .place
        .as_ref()
        .is_some_and(|place| place.chars().count() as u64 > COMMENT_PLACE_MAX)
    {
        let fault = FieldError::new("?place", FieldCode::Length);
        return Err(Error::field(fault.with("max", COMMENT_PLACE_MAX)));
    }
    let filter = CommentFilter {
        application_id: id.0,
        place: query.place,
        settled: query.settled,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}

/// Comment on a file
///
/// By the staff of its cities, associated ones too: about the whole file or a part of it, or in answer to a comment that
/// begins a conversation. It is no part of what is signed, and the funder never sees it.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = CommentDraft,
    responses((status = 201, description = "The comment", body = CommentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/applications/{id}/comments")]
async fn create_comment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    draft: Valid<CommentDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/comments/{}", answer.value.id))
}

/// Read a comment
///
/// By the staff of the file's cities.
#[utoipa::path(
    tag = "applications",
    params(("id" = CommentId, Path, description = "The comment's id")),
    responses((status = 200, description = "The comment", body = CommentView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = [])),
)]
#[get("/comments/{id}")]
async fn read_comment(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CommentId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Change a comment
///
/// By its author; it then tells when it was changed.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = CommentId, Path, description = "The comment's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = CommentPatch,
    responses((status = 200, description = "The comment as it now is", body = CommentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/comments/{id}")]
async fn update_comment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CommentId>,
    patch: Valid<CommentPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Delete a comment
///
/// By its author, who can restore it for 30 days. Answers to it stay.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = CommentId, Path, description = "The comment's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "Deleted; the ETag is the version to restore")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/comments/{id}")]
async fn delete_comment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CommentId>,
) -> Result<HttpResponse, Error> {
    let version = service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Settle a conversation
///
/// Says of a comment that begins one that nothing is left to be said, by anybody of the file's cities. One that answers
/// another, or that is settled already, is answered with 409 `state_conflict`.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = CommentId, Path, description = "The comment's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The comment as it now is", body = CommentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/comments/{id}/settle")]
async fn settle_comment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CommentId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::settle(&platform, &caller, id.0, true).await?)
}

/// Take up a settled conversation
///
/// By anybody of the file's cities.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = CommentId, Path, description = "The comment's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The comment as it now is", body = CommentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/comments/{id}/reopen")]
async fn reopen_comment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CommentId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::settle(&platform, &caller, id.0, false).await?)
}

/// Restore a comment
///
/// Brings back, within 30 days, what its author has deleted.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = CommentId, Path, description = "The comment's id"),
        ("If-Match" = String, Header, description = "The version that deleting it answered with"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The comment", body = CommentView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/comments/{id}/restore")]
async fn restore_comment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<CommentId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}
