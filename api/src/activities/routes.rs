//! `/activities`, and what partnerships and cities have of them.

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use shared::activities::{
    ActivityAdvance, ActivityDraft, ActivityKind, ActivityPage, ActivityPatch, ActivityState, ActivityView,
};
use shared::ids::{ActivityId, CityId, PartnershipId};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{ActivityFilter, ActivitySort, Whose};
use super::{bookings, calendar, list, service};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::page::{Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_activities)
        .service(create_activity)
        .service(list_city_activities)
        .service(read_activity)
        .service(update_activity)
        .service(advance_activity)
        .service(read_partnership_calendar)
        .service(read_city_calendar)
        .configure(bookings::routes::configure);
}

impl Versioned for ActivityView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which activities a list holds, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ActivityQuery {
    /// Only these kinds, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<ActivityKind>>, style = Form, explode = false, example = json!(["training"]))]
    kind: Several<ActivityKind>,
    /// Only these states, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<ActivityState>>, style = Form, explode = false, example = json!(["planned","held"]))]
    state: Several<ActivityState>,
    /// Only what lasts until this day at least.
    #[serde(default, with = "shared::time::day_option")]
    from: Option<NaiveDate>,
    /// Only what begins on this day at the latest.
    #[serde(default, with = "shared::time::day_option")]
    until: Option<NaiveDate>,
    /// The order: the latest first day first, or the earliest.
    #[serde(default)]
    #[param(inline, value_type = Option<ActivitySort>)]
    sort: ActivitySort,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many activities to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count the activities of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

impl ActivityQuery {
    async fn answer(
        self,
        request: &HttpRequest,
        platform: &Platform,
        caller: &Caller,
        whose: Whose,
    ) -> Result<HttpResponse, Error> {
        let filter = ActivityFilter {
            whose,
            kinds: self.kind.0,
            states: self.state.0,
            from: self.from,
            until: self.until,
        };
        let paging = Paging {
            limit: self.limit,
            cursor: self.cursor,
            count: self.count,
        };
        let page = list::list(platform, caller, &filter, self.sort, &paging).await?;
        answer::list_as(request, &page, page.next.as_deref(), caller.actor.is_public())
    }
}

/// List a partnership's activities
///
/// What it has done and plans, the latest first.
#[utoipa::path(
    tag = "activities",
    params(("id" = PartnershipId, Path, description = "The partnership's id"), ActivityQuery),
    responses((status = 200, description = "A page of activities", content(
        (ActivityPage = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/partnerships/{id}/activities")]
async fn list_activities(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    query: Query<ActivityQuery>,
) -> Result<HttpResponse, Error> {
    let whose = Whose::Partnership(id.0);
    query.0.answer(&request, &platform, &caller, whose).await
}

/// List a city's activities
///
/// Those of all partnerships in which it takes part, in whichever role, the latest first.
#[utoipa::path(
    tag = "activities",
    params(("id" = CityId, Path, description = "The city"), ActivityQuery),
    responses((status = 200, description = "A page of activities", content(
        (ActivityPage = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/cities/{id}/activities")]
async fn list_city_activities(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    query: Query<ActivityQuery>,
) -> Result<HttpResponse, Error> {
    query.0.answer(&request, &platform, &caller, Whose::City(city.0)).await
}

/// Add an activity
///
/// Planned, or held already. Whom it concerns are parties or associated actors of the partnership; people are counted, not
/// named.
#[utoipa::path(
    tag = "activities",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = ActivityDraft,
    responses((status = 201, description = "The activity", body = ActivityView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/activities")]
async fn create_activity(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    draft: Valid<ActivityDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, id.0, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/activities/{}", answer.value.id))
}

/// Read an activity
///
/// What is done, when, where, with whom and at which cost.
#[utoipa::path(
    tag = "activities",
    params(("id" = ActivityId, Path, description = "The activity's id")),
    responses((status = 200, description = "The activity", body = ActivityView), (status = 304, description = "Not modified")),
)]
#[get("/activities/{id}")]
async fn read_activity(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ActivityId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change an activity
///
/// Absent fields stay as they are, null clears. An exhibition goes on while it is booked: its days hold all bookings.
#[utoipa::path(
    tag = "activities",
    params(
        ("id" = ActivityId, Path, description = "The activity's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = ActivityPatch,
    responses((status = 200, description = "The activity as it now is", body = ActivityView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/activities/{id}")]
async fn update_activity(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ActivityId>,
    patch: Valid<ActivityPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Advance an activity
///
/// `held` from its first day on, `cancelled` with a reason or without; `planned` takes either back.
#[utoipa::path(
    tag = "activities",
    params(
        ("id" = ActivityId, Path, description = "The activity's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = ActivityAdvance,
    responses((status = 200, description = "The activity in its new state", body = ActivityView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/activities/{id}/advance")]
async fn advance_activity(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<ActivityId>,
    advance: Valid<ActivityAdvance>,
) -> Result<HttpResponse, Error> {
    let answer = service::advance(&platform, &caller, id.0, &advance.0).await?;
    answer::changed_once(&answer)
}

/// Read a partnership's calendar
///
/// Its activities and the bookings of its exhibitions as iCalendar (RFC 5545), to be subscribed to: what is to come and
/// what was held in the year before.
#[utoipa::path(
    tag = "activities",
    params(("id" = PartnershipId, Path, description = "The partnership's id")),
    responses(
        (status = 200, description = "The calendar", body = String, content_type = "text/calendar"),
        (status = 304, description = "Not modified"),
    ),
)]
#[get("/partnerships/{id}/calendar")]
async fn read_partnership_calendar(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let calendar = calendar::calendar(&platform, &caller, Whose::Partnership(id.0)).await?;
    Ok(answer::calendar(&request, calendar))
}

/// Read a city's calendar
///
/// The activities of all its partnerships, and where it shows their exhibitions, as iCalendar (RFC 5545).
#[utoipa::path(
    tag = "activities",
    params(("id" = CityId, Path, description = "The city")),
    responses(
        (status = 200, description = "The calendar", body = String, content_type = "text/calendar"),
        (status = 304, description = "Not modified"),
    ),
)]
#[get("/cities/{id}/calendar")]
async fn read_city_calendar(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let calendar = calendar::calendar(&platform, &caller, Whose::City(city.0)).await?;
    Ok(answer::calendar(&request, calendar))
}
