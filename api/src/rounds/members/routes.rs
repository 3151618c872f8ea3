//! `/rounds/{id}/members`.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::Deserialize;
use shared::ids::{CityId, RoundId};
use shared::rounds::{RoundMemberPage, RoundMemberView, RoundMembersDraft, RoundSide, RoundView, WishList};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::Limit;
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of members.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_round_members)
        .service(change_round_members)
        .service(read_round_member)
        .service(replace_wishes);
}

impl Versioned for RoundMemberView {
    fn version(&self) -> i64 {
        self.version
    }

    /// Whether it may wish depends on the time.
    fn variant(&self) -> Option<String> {
        self.can_wish.then(|| "open".to_owned())
    }
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MemberQuery {
    /// Only those of this side.
    #[param(inline)]
    side: Option<RoundSide>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

/// List the members of a round
///
/// Its cities with their places, for its officers and for the staff of any of them. Whom they wish for is not told.
#[utoipa::path(
    tag = "rounds",
    params(("id" = RoundId, Path, description = "The round's id"), MemberQuery),
    responses((status = 200, description = "A page of members", content(
        (RoundMemberPage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/rounds/{id}/members")]
async fn list_round_members(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
    query: Query<MemberQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let page = service::list(
        &platform,
        &caller,
        id.0,
        query.side,
        query.cursor.as_deref(),
        query.limit.0,
    )
    .await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// Change the members of a round
///
/// Adds cities, gives them other places, takes out those with no place, and adds all cities of the directory that the
/// rules of a side allow. A city that the rules do not allow is refused. The version is the round's.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("If-Match" = String, Header, description = "The version of the round that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = RoundMembersDraft,
    responses((status = 200, description = "The round with its numbers of members", body = RoundView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/rounds/{id}/members")]
async fn change_round_members(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
    draft: Valid<RoundMembersDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::change(&platform, &caller, id.0, &draft.0).await?;
    answer::changed_once(&answer)
}

/// Read a member of a round
///
/// Its own staff sees its wishes.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("city_id" = CityId, Path, description = "The city's id"),
    ),
    responses(
        (status = 200, description = "The member", body = RoundMemberView),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/rounds/{id}/members/{city_id}")]
async fn read_round_member(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    ids: Path<(RoundId, CityId)>,
) -> Result<HttpResponse, Error> {
    let (round, city) = ids.0;
    let view = service::read(&platform, &caller, round, city).await?;
    answer::read(&request, &view, false)
}

/// Wish
///
/// Puts these wishes in the place of a city's former ones, while the round takes wishes. A wish outranks every city that
/// is not wished for. The city's own staff sees them; the round's officers see how many there are, and which ones in the
/// certificate of a result, which could not be checked without them.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundId, Path, description = "The round's id"),
        ("city_id" = CityId, Path, description = "The city that wishes"),
        ("If-Match" = String, Header, description = "The version of the member that was read"),
    ),
    request_body = WishList,
    responses((status = 200, description = "The member with its wishes", body = RoundMemberView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[put("/rounds/{id}/members/{city_id}/wishes")]
async fn replace_wishes(
    platform: web::Data<Platform>,
    caller: Caller,
    ids: Path<(RoundId, CityId)>,
    wishes: Valid<WishList>,
) -> Result<HttpResponse, Error> {
    let (round, city) = ids.0;
    let view = service::wish(&platform, &caller, round, city, &wishes.0).await?;
    answer::changed(&view)
}
