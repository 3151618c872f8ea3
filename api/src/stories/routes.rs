//! `/stories`, `/partnerships/{id}/story` and `/story-pictures`.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ContentEncoding, ETAG};
use actix_web::{HttpRequest, HttpResponse, body::SizedStream, delete, get, post, put, web};
use serde::Deserialize;
use shared::ids::{PartnershipId, StoryPictureId};
use shared::stories::{StoryAdvance, StoryDraft, StoryPage, StoryView};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{pictures, service};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::upload::Upload;
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_stories)
        .service(read_story)
        .service(create_story)
        .service(replace_story)
        .service(advance_story)
        .service(add_story_picture)
        .service(remove_story_picture)
        .service(read_story_picture);
}

impl Versioned for StoryView {
    fn version(&self) -> i64 {
        self.version
    }

    fn variant(&self) -> Option<String> {
        // The partnership can be renamed, and readers know more or less of the picture, without a new version.
        answer::variant_of(self)
    }
}

/// Which stories a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StoryQuery {
    /// Only that of this partnership; who may change it gets it also while it is not published.
    #[param(value_type = Option<PartnershipId>)]
    partnership_id: Option<PartnershipId>,
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

/// List stories
///
/// The stories of partnerships that are published, the latest first.
#[utoipa::path(
    tag = "stories",
    params(StoryQuery),
    responses((status = 200, description = "A page of stories", body = StoryPage)),
)]
#[get("/stories")]
async fn list_stories(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<StoryQuery>,
) -> Result<HttpResponse, Error> {
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: query.0.count,
    };
    let page = service::list(&platform, &caller, query.0.partnership_id, &paging).await?;
    let answer = answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())?;
    // Consent may be taken back at any moment.
    Ok(answer::asked_again(answer))
}

/// Read a partnership's story
///
/// In three languages, with its picture where it has one. A story that is not published is read only by who may change it;
/// for others it is not there.
#[utoipa::path(
    tag = "stories",
    params(("id" = PartnershipId, Path, description = "The partnership's id")),
    responses((status = 200, description = "The story", body = StoryView), (status = 304, description = "Not modified")),
)]
#[get("/partnerships/{id}/story")]
async fn read_story(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    let answer = answer::read(&request, &view, caller.actor.is_public())?;
    Ok(answer::asked_again(answer))
}

/// Begin a partnership's story
///
/// As a draft, which may still lack some of its texts, by who may change the partnership. Where there is a story already the
/// answer is 409 `already_exists`: replace what that says.
#[utoipa::path(
    tag = "stories",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = StoryDraft,
    responses((status = 201, description = "The story", body = StoryView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/story")]
async fn create_story(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<StoryDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/partnerships/{}/story", id.0))
}

/// Replace what a story says
///
/// All of it: an absent text is one that is not there. A published story has to stay whole; a withdrawn one is made a draft
/// again first (409 `state_conflict`).
#[utoipa::path(
    tag = "stories",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = StoryDraft,
    responses((status = 200, description = "The story as it now is", body = StoryView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[put("/partnerships/{id}/story")]
async fn replace_story(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<StoryDraft>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::replace(&platform, &caller, id.0, &draft.0).await?)
}

/// Move a story on
///
/// A draft is published, a published story is withdrawn, with the reason, and a withdrawn one becomes a draft again; any
/// other step is refused with 409 `state_conflict`. It is published only once it has each text in each language and, where it
/// has a picture, what that shows, who made it, and who agreed to it when; what lacks is named.
#[utoipa::path(
    tag = "stories",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = StoryAdvance,
    responses((status = 200, description = "The story as it now is", body = StoryView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/story/advance")]
async fn advance_story(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    step: Valid<StoryAdvance>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::advance(&platform, &caller, id.0, &step.0).await?)
}

/// Send the picture of a story
///
/// While the story is a draft. The body is the picture itself, PNG or JPEG, of at most 5 MiB and 8,000 pixels a side: what it
/// is is told by its content; another kind is answered with 415 `attachment_type`, a larger one with 413 `too_large`, and
/// what the antivirus refuses with 422 `attachment_infected`. It takes the place of the picture before, and what was said of
/// that one is forgotten: who agreed to it did not agree to this one. Where, when and by whom it was taken is taken out of it
/// before it is stored; which way is up stays.
#[utoipa::path(
    tag = "stories",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "The picture's bytes; any media type may be told, none is believed",
    ),
    responses((status = 201, description = "The story with its picture", body = StoryView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/story/picture")]
async fn add_story_picture(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    body: Upload,
) -> Result<HttpResponse, Error> {
    let answer = pictures::add(&platform, &caller, id.0, body).await?;
    let picture = answer.value.picture.as_ref().map(|picture| picture.id.to_string());
    let location = format!("/api/v1/story-pictures/{}", picture.unwrap_or_default());
    answer::created(&answer, &location)
}

/// Take the picture of a story away
///
/// Also from a published one, with all that is said of it. Whoever is in it may have asked for that: its bytes are deleted, and
/// it cannot be restored. `ETag` tells the story's new version.
#[utoipa::path(
    tag = "stories",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version of the story that was read"),
    ),
    responses((status = 204, description = "Taken away")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/partnerships/{id}/story/picture")]
async fn remove_story_picture(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let version = pictures::remove(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Read the picture of a story
///
/// Its bytes. A picture that is replaced has another id; one that was taken away is not there any more.
#[utoipa::path(
    tag = "stories",
    params(("id" = StoryPictureId, Path, description = "The picture's id")),
    responses(
        (
            status = 200,
            description = "The picture's bytes, of the media type of its kind",
            body = Vec<u8>,
            content_type = "application/octet-stream",
        ),
        (status = 304, description = "Not modified"),
    ),
)]
#[get("/story-pictures/{id}")]
async fn read_story_picture(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<StoryPictureId>,
) -> Result<HttpResponse, Error> {
    let (picture, is_public, bytes) = pictures::open(&platform, &caller, id.0).await?;
    let etag = format!("\"{}\"", picture.sha256);
    let cache = if is_public {
        answer::ASKED_AGAIN
    } else {
        "private, no-store"
    };
    if answer::is_known(&request, &etag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .insert_header((CACHE_CONTROL, cache))
            .finish());
    }
    let size = u64::try_from(picture.size_bytes).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type(picture.kind.media_type())
        // Compressed already.
        .insert_header(ContentEncoding::Identity)
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((ETAG, etag))
        .body(SizedStream::new(size, bytes)))
}
