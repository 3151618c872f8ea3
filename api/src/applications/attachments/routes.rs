//! `/applications/{id}/attachments` and `/attachments`.

use actix_web::http::header::{
    CACHE_CONTROL, Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType, ETAG, ExtendedValue,
};
use actix_web::{HttpRequest, HttpResponse, body::SizedStream, delete, get, post, web};
use serde::Deserialize;
use shared::applications::{AttachmentPurpose, AttachmentView};
use shared::ids::{ApplicationId, AttachmentId, CityId};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, AttachmentDraft};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::upload::Upload;
use crate::http::valid::{Path, Query};
use crate::platform::Platform;

/// The routes of documents.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_attachment)
        .service(read_attachment)
        .service(read_attachment_content)
        .service(delete_attachment)
        .service(restore_attachment);
}

impl Versioned for AttachmentView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What is told of a document beside its bytes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AttachmentQuery {
    /// The document's name. What it is shows in its content, not in its name.
    #[param(min_length = 1, max_length = 200, example = "Lettre d'engagement.pdf")]
    name: String,
    /// What it is for.
    purpose: AttachmentPurpose,
    /// The city whose letter it is; for letters only.
    city_id: Option<CityId>,
}

/// Add a document
///
/// The body is the document itself, of at most 20 MiB: PDF, PNG, JPEG, or an Office or OpenDocument document without
/// macros. What it is is told by its content: another kind is answered with 415 `attachment_type`, a larger one with 413
/// `too_large`, an archive that unfolds out of measure with 422 `attachment_bomb`, and what the antivirus refuses with 422
/// `attachment_infected`. It is part of what the cities sign off: adding one takes back all sign-offs.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = ApplicationId, Path, description = "The application's id"),
        AttachmentQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    request_body(
        content = Vec<u8>,
        content_type = "application/octet-stream",
        description = "The document's bytes; any media type may be told, none is believed",
    ),
    responses((status = 201, description = "The document", body = AttachmentView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/applications/{id}/attachments")]
async fn create_attachment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ApplicationId>,
    query: Query<AttachmentQuery>,
    body: Upload,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let draft = AttachmentDraft {
        purpose: query.purpose,
        city_id: query.city_id,
        name: query.name,
    };
    let answer = service::add(&platform, &caller, id.0, draft, body).await?;
    answer::created(&answer, &format!("/api/v1/attachments/{}", answer.value.id))
}

/// Read what is told of a document
///
/// Who may read the application may read its documents.
#[utoipa::path(
    tag = "applications",
    params(("id" = AttachmentId, Path, description = "The document's id")),
    responses(
        (status = 200, description = "The document's name, kind, size and SHA-256", body = AttachmentView),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = [])),
)]
#[get("/attachments/{id}")]
async fn read_attachment(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AttachmentId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Download a document
///
/// Its bytes, to be saved: browsers are told not to show it and not to guess what it is.
#[utoipa::path(
    tag = "applications",
    params(("id" = AttachmentId, Path, description = "The document's id")),
    responses((
        status = 200,
        description = "The document's bytes, of the media type of its kind",
        body = Vec<u8>,
        content_type = "application/octet-stream",
    )),
    security(("session" = []), ("client" = [])),
)]
#[get("/attachments/{id}/content")]
async fn read_attachment_content(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AttachmentId>,
) -> Result<HttpResponse, Error> {
    let (view, bytes) = service::open(&platform, &caller, id.0).await?;
    let size = u64::try_from(view.size_bytes).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type(view.kind.media_type())
        .insert_header(to_be_saved_as(&view.name))
        // Compressed already, most of them; and the length stays told.
        .insert_header(ContentEncoding::Identity)
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((ETAG, format!("\"{}\"", view.sha256)))
        .body(SizedStream::new(size, bytes)))
}

/// Browsers save it under this name, and never show it among our pages.
fn to_be_saved_as(name: &str) -> ContentDisposition {
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            '"' | '\\' | '%' => '_',
            letter if letter.is_ascii() => letter,
            _ => '_',
        })
        .collect();
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    }
}

/// Remove a document
///
/// It can be restored for 30 days, then its bytes are deleted; `ETag` tells the version to restore. Takes back all
/// sign-offs.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = AttachmentId, Path, description = "The document's id"),
        ("If-Match" = String, Header, description = "The version that you remove, as in its `ETag`"),
    ),
    responses((status = 204, description = "Removed")),
    security(("session" = []), ("client" = [])),
)]
#[delete("/attachments/{id}")]
async fn delete_attachment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AttachmentId>,
) -> Result<HttpResponse, Error> {
    let version = service::remove(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Restore a removed document
///
/// Within 30 days, while the application is being written. Takes back all sign-offs.
#[utoipa::path(
    tag = "applications",
    params(
        ("id" = AttachmentId, Path, description = "The document's id"),
        ("If-Match" = String, Header, description = "The version that you act on, as in its `ETag`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to repeat"),
    ),
    responses((status = 200, description = "The document as it now is", body = AttachmentView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/attachments/{id}/restore")]
async fn restore_attachment(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<AttachmentId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}
