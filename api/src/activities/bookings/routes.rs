//! `/activities/{id}/bookings` and `/bookings`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::activities::{BookingDraft, BookingPage, BookingView};
use shared::ids::{ActivityId, BookingId};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{Limit, Paging};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of bookings.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_bookings)
        .service(create_booking)
        .service(read_booking)
        .service(cancel_booking);
}

impl Versioned for BookingView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which bookings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BookingQuery {
    /// How many bookings to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// List the bookings of an exhibition
///
/// The earliest first, with those that were cancelled: the days of those are free again.
#[utoipa::path(
    tag = "activities",
    params(("id" = ActivityId, Path, description = "The exhibition's id"), BookingQuery),
    responses((status = 200, description = "A page of bookings", body = BookingPage)),
)]
#[get("/activities/{id}/bookings")]
async fn list_bookings(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ActivityId>,
    query: Query<BookingQuery>,
) -> Result<HttpResponse, Error> {
    let paging = Paging {
        limit: query.0.limit,
        cursor: query.0.cursor,
        count: false,
    };
    let page = service::list(&platform, &caller, id.0, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Book an exhibition
///
/// For an authority of the partnership and days on which it travels. Where it is elsewhere on one of these days the answer
/// is 409 `booking_overlap`, with the days of the booking that stands against it; of two requests at once one wins.
#[utoipa::path(
    tag = "activities",
    params(
        ("id" = ActivityId, Path, description = "The exhibition's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = BookingDraft,
    responses((status = 201, description = "The booking", body = BookingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/activities/{id}/bookings")]
async fn create_booking(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ActivityId>,
    draft: Valid<BookingDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/bookings/{}", answer.value.id))
}

/// Read a booking
///
/// Who shows the exhibition, where and when.
#[utoipa::path(
    tag = "activities",
    params(("id" = BookingId, Path, description = "The booking's id")),
    responses((status = 200, description = "The booking", body = BookingView), (status = 304, description = "Not modified")),
)]
#[get("/bookings/{id}")]
async fn read_booking(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<BookingId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Cancel a booking
///
/// Its days are free again; to show the exhibition after all it is booked anew.
#[utoipa::path(
    tag = "activities",
    params(
        ("id" = BookingId, Path, description = "The booking's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The booking as it now is", body = BookingView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/bookings/{id}/cancel")]
async fn cancel_booking(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<BookingId>,
) -> Result<HttpResponse, Error> {
    let answer = service::cancel(&platform, &caller, id.0).await?;
    answer::changed_once(&answer)
}
