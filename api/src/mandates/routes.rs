//! `/elections` and `/contact-confirmation`.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::Deserialize;
use shared::ids::{CityId, ElectionId};
use shared::mandates::{ContactConfirmation, ElectionDraft, ElectionPage, ElectionView};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{links, service};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{CountryCode, Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_elections)
        .service(create_election)
        .service(read_election)
        .service(delete_election)
        .service(restore_election)
        .service(read_contact_confirmation)
        .service(confirm_contact_by_mail);
}

impl Versioned for ElectionView {
    fn version(&self) -> i64 {
        self.version
    }

    /// That its contacts are marked is no change that a person makes.
    fn variant(&self) -> Option<String> {
        self.applied_at.map(|_| "applied".to_owned())
    }
}

/// Which elections to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ElectionQuery {
    /// Only those in these countries, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["FR"]))]
    country: Several<CountryCode>,
    /// Only those that are held in this city: its own, and those of its country for authorities of its kind.
    city_id: Option<CityId>,
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

/// List elections
///
/// The latest first. After the day of an election, the contacts of its cities that have a mandate are to be confirmed.
#[utoipa::path(
    tag = "mandates",
    params(ElectionQuery),
    responses((status = 200, description = "A page of elections", body = ElectionPage), (status = 304, description = "Not modified")),
)]
#[get("/elections")]
async fn list_elections(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<ElectionQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = service::list(&platform, &caller, query.country.codes(), query.city_id, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Enter an election
///
/// Of one city, by its staff; of all cities of a country, or of those of one kind, by administrators. On the day after it, the
/// contacts of these cities who hold an elected office, or a mandate with an end, are marked, and the staff is told by mail.
#[utoipa::path(
    tag = "mandates",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = ElectionDraft,
    responses((status = 201, description = "The election", body = ElectionView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/elections")]
async fn create_election(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<ElectionDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    let location = format!("/api/v1/elections/{}", answer.value.id);
    answer::created(&answer, &location)
}

/// Read an election
///
/// With the day on which it is decided, where it is held, and whether the contacts of its cities are marked already.
#[utoipa::path(
    tag = "mandates",
    params(("id" = ElectionId, Path, description = "The election's id")),
    responses((status = 200, description = "The election", body = ElectionView), (status = 304, description = "Not modified")),
)]
#[get("/elections/{id}")]
async fn read_election(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ElectionId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Delete an election
///
/// Nobody is marked because of it any more; who is marked already stays so until somebody confirms. It can be restored for 30
/// days.
#[utoipa::path(
    tag = "mandates",
    params(
        ("id" = ElectionId, Path, description = "The election's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "Deleted; the ETag is the version to restore")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/elections/{id}")]
async fn delete_election(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ElectionId>,
) -> Result<HttpResponse, Error> {
    let version = service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Restore an election
///
/// Brings back, within 30 days, one that was deleted; 409 `already_exists` where the same was entered again.
#[utoipa::path(
    tag = "mandates",
    params(
        ("id" = ElectionId, Path, description = "The election's id"),
        ("If-Match" = String, Header, description = "The version that deleting it answered with"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The election", body = ElectionView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/elections/{id}/restore")]
async fn restore_election(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ElectionId>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::restore(&platform, &caller, id.0).await?)
}

/// Whom to confirm.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Proof {
    /// The token of the mail's link.
    #[param(max_length = 100)]
    token: String,
}

/// Read what the link of a mail confirms
///
/// The token is the permission: nobody has to be signed in. It tells the contact's name and function, and nothing else; reading
/// changes nothing. 404 for a token that was never given out, or whose reader acts for the city no more; 409 `link_used` once
/// somebody has answered, 409 `link_expired` after 60 days.
#[utoipa::path(
    tag = "mandates",
    params(Proof),
    responses(
        (status = 200, description = "Who is to be confirmed", body = ContactConfirmation),
        (status = 404, description = "`not_found`: no such token"),
        (status = 409, description = "`link_used` or `link_expired`"),
    ),
)]
#[get("/contact-confirmation")]
async fn read_contact_confirmation(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    proof: Query<Proof>,
) -> Result<HttpResponse, Error> {
    let of = links::read(&platform, &caller, &proof.0.token).await?;
    answer::list(&request, &of, None, false)
}

/// Confirm a contact person by the link of a mail
///
/// Says, once, that it is still the right person. Nobody has to be signed in: the token is the permission, for this and nothing
/// else.
#[utoipa::path(
    tag = "mandates",
    params(
        Proof,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses(
        (status = 200, description = "Who was confirmed", body = ContactConfirmation),
        (status = 404, description = "`not_found`: no such token"),
        (status = 409, description = "`link_used` or `link_expired`"),
    ),
)]
#[post("/contact-confirmation")]
async fn confirm_contact_by_mail(
    platform: web::Data<Platform>,
    caller: Caller,
    proof: Query<Proof>,
) -> Result<HttpResponse, Error> {
    answer::done_once(&links::confirm(&platform, &caller, &proof.0.token).await?)
}
