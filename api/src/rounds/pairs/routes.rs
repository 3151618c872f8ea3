//! `/rounds/{id}/pairs` and `/round-pairs`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::ids::{CityId, RoundId, RoundPairId};
use shared::rounds::{RoundPairAction, RoundPairPage, RoundPairSort, RoundPairState, RoundPairView};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, PairFilter, PairPaging};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{CountryCode, Limit, Several};
use crate::http::valid::{Path, Query};
use crate::platform::Platform;

/// The routes of pairs.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_round_pairs)
        .service(list_own_round_pairs)
        .service(read_round_pair)
        .service(accept_round_pair)
        .service(decline_round_pair)
        .service(withdraw_round_pair);
}

impl Versioned for RoundPairView {
    fn version(&self) -> i64 {
        self.version
    }

    /// What may be done depends on its round too.
    fn variant(&self) -> Option<String> {
        (!self.allowed.is_empty()).then(|| self.allowed.len().to_string())
    }
}

/// Which pairs, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PairQuery {
    /// Only pairs of this city.
    city_id: Option<CityId>,
    /// Only these states, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<RoundPairState>>, style = Form, explode = false, example = json!(["proposed","accepted"]))]
    state: Several<RoundPairState>,
    /// Only pairs with a city of one of these countries, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["PL","UA"]))]
    country: Several<CountryCode>,
    /// Only pairs of which a city wished for the other; for the round's officers.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    wished: bool,
    /// In which order: the best total first where nothing else is asked for.
    #[param(inline)]
    sort: Option<RoundPairSort>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many pairs to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count the pairs of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

impl PairQuery {
    fn parts(self) -> (PairFilter, PairPaging) {
        let filter = PairFilter {
            city: self.city_id,
            states: self.state.0,
            countries: self.country.codes(),
            only_wished: self.wished,
        };
        let paging = PairPaging {
            sort: self.sort.unwrap_or(RoundPairSort::TotalDescending),
            cursor: self.cursor,
            limit: self.limit.0,
            count: self.count,
        };
        (filter, paging)
    }
}

/// List the pairs of a round
///
/// Its officers see all of them with totals and wishes; the staff of its cities those of their own that were shown.
#[utoipa::path(
    tag = "rounds",
    params(("id" = RoundId, Path, description = "The round's id"), PairQuery),
    responses((status = 200, description = "A page of pairs", content(
        (RoundPairPage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/rounds/{id}/pairs")]
async fn list_round_pairs(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundId>,
    query: Query<PairQuery>,
) -> Result<HttpResponse, Error> {
    let (filter, paging) = query.0.parts();
    let page = service::list(&platform, &caller, id.0, filter, &paging).await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// List the pairs of one's own cities
///
/// What rounds have proposed to them, of all rounds.
#[utoipa::path(
    tag = "rounds",
    params(PairQuery),
    responses((status = 200, description = "A page of pairs", content(
        (RoundPairPage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/round-pairs")]
async fn list_own_round_pairs(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<PairQuery>,
) -> Result<HttpResponse, Error> {
    let (filter, paging) = query.0.parts();
    let page = service::list_own(&platform, &caller, filter, &paging).await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// Read a pair of a round
///
/// For the staff of its two cities once it was shown, and for the round's officers; for everybody else it does not exist.
#[utoipa::path(
    tag = "rounds",
    params(("id" = RoundPairId, Path, description = "The pair's id")),
    responses(
        (status = 200, description = "The pair", body = RoundPairView),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/round-pairs/{id}")]
async fn read_round_pair(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundPairId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Accept a pair of a round
///
/// Once both cities have accepted, they have a partnership in state `idea`; `partnership_id` names it.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundPairId, Path, description = "The pair's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The pair as it now stands", body = RoundPairView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/round-pairs/{id}/accept")]
async fn accept_round_pair(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundPairId>,
) -> Result<HttpResponse, Error> {
    let answer = service::answer(&platform, &caller, id.0, RoundPairAction::Accept).await?;
    answer::changed_once(&answer)
}

/// Decline a pair of a round
///
/// Neutral: no reason is asked for. The place is free for whoever is matched when the round is run again.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundPairId, Path, description = "The pair's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The pair as it now stands", body = RoundPairView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/round-pairs/{id}/decline")]
async fn decline_round_pair(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundPairId>,
) -> Result<HttpResponse, Error> {
    let answer = service::answer(&platform, &caller, id.0, RoundPairAction::Decline).await?;
    answer::changed_once(&answer)
}

/// Take an acceptance back
///
/// While the other city has not answered.
#[utoipa::path(
    tag = "rounds",
    params(
        ("id" = RoundPairId, Path, description = "The pair's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The pair as it now stands", body = RoundPairView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/round-pairs/{id}/withdraw")]
async fn withdraw_round_pair(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<RoundPairId>,
) -> Result<HttpResponse, Error> {
    let answer = service::answer(&platform, &caller, id.0, RoundPairAction::Withdraw).await?;
    answer::changed_once(&answer)
}
