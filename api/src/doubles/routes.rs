//! `/doubles`, and what became of what is there no more.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::doubles::{
    DoubleDraft, DoubleMerge, DoublePage, DoubleRejection, DoubleSearchView, DoubleState, DoubleSubject, DoubleView,
    SuccessionList,
};
use shared::ids::{CityId, DoubleId, PartnershipId};
use shared::jobs::JobView;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::service;
use super::store::DoubleFilter;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::page::{CountryCode, Limit, Paging, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_doubles)
        .service(create_double)
        .service(search_doubles)
        .service(read_double_search)
        .service(read_double)
        .service(merge_double)
        .service(reject_double)
        .service(undo_double)
        .service(list_city_successions)
        .service(list_partnership_successions);
}

impl Versioned for DoubleView {
    fn version(&self) -> i64 {
        self.version
    }

    /// What stands beside each other changes without a change of the proposal.
    fn variant(&self) -> Option<String> {
        answer::variant_of(&(&self.a, &self.b))
    }
}

/// Which proposals a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DoubleQuery {
    /// Only doubles of these, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<DoubleSubject>>, style = Form, explode = false, example = json!(["city"]))]
    subject: Several<DoubleSubject>,
    /// Only in these states, separated by commas; without it, what waits for a decision.
    #[serde(default)]
    #[param(value_type = Option<Vec<DoubleState>>, style = Form, explode = false, example = json!(["proposed"]))]
    state: Several<DoubleState>,
    /// Only cities of these countries, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["UA"]))]
    country: Several<CountryCode>,
    /// Only those that are at least so likely, in percent.
    #[param(value_type = Option<u8>, minimum = 0, maximum = 100, example = 90)]
    score_min: Option<Percent>,
    /// Only those of this city or partnership.
    of: Option<Uuid>,
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

/// 0 to 100.
#[derive(Debug, Clone, Copy)]
struct Percent(u8);

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = u8::deserialize(deserializer)?;
        if percent <= 100 {
            Ok(Self(percent))
        } else {
            Err(serde::de::Error::custom("a percentage is 0 to 100"))
        }
    }
}

/// List likely doubles
///
/// Two cities, or two partnerships, that may be one, the most likely first, each with what speaks for and against it: how the
/// names compare across scripts and spellings, the distance, the number of inhabitants, partners of both, codes. For networks
/// and administrators.
#[utoipa::path(
    tag = "doubles",
    params(DoubleQuery),
    responses((status = 200, description = "A page of likely doubles", body = DoublePage)),
    security(("session" = []), ("client" = [])),
)]
#[get("/doubles")]
async fn list_doubles(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<DoubleQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = DoubleFilter {
        subjects: query.subject.0,
        states: if query.state.0.is_empty() {
            vec![DoubleState::Proposed]
        } else {
            query.state.0
        },
        countries: query.country.codes(),
        score_min: query.score_min.map(|percent| percent.0),
        of: query.of,
    };
    let paging = Paging {
        limit: query.limit,
        cursor: query.cursor,
        count: query.count,
    };
    let page = service::list(&platform, &caller, &filter, &paging).await?;
    answer::list(&request, &page, page.next.as_deref(), false)
}

/// Propose a double
///
/// Two that a person takes for one: two communes that merged, a renamed authority that was entered anew, or what the system
/// did not see.
#[utoipa::path(
    tag = "doubles",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = DoubleDraft,
    responses((status = 201, description = "The proposal", body = DoubleView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/doubles")]
async fn create_double(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<DoubleDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/doubles/{}", answer.value.id))
}

/// Look for doubles
///
/// Compares all cities and all partnerships, and keeps what is likely one as proposals: long work, whose progress, end and
/// report are read where `Location` says, and which can be cancelled there; then nothing of it stays. Where a search waits or goes
/// on already, that one is answered. It also happens by itself some minutes after an import. What a person rejected is not
/// proposed again.
#[utoipa::path(
    tag = "doubles",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    responses((status = 202, description = "The work", body = JobView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/doubles/search")]
async fn search_doubles(platform: web::Data<Platform>, caller: Caller) -> Result<HttpResponse, Error> {
    let answer = service::ask_for_search(&platform, &caller).await?;
    answer::accepted(&answer, &format!("/api/v1/jobs/{}", answer.value.id))
}

/// Read the last search for doubles
///
/// The one that somebody asked for last: where it stands, how far it is, and what it found.
#[utoipa::path(
    tag = "doubles",
    responses((status = 200, description = "The last search", body = DoubleSearchView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/doubles/search")]
async fn read_double_search(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    answer::list(
        &request,
        &service::latest_search(&platform, &caller).await?,
        None,
        false,
    )
}

/// Read a likely double
///
/// The two beside each other, with what speaks for and against it, and what was decided.
#[utoipa::path(
    tag = "doubles",
    params(("id" = DoubleId, Path, description = "The proposal's id")),
    responses(
        (status = 200, description = "The proposal", body = DoubleView),
        (status = 304, description = "Not modified"),
    ),
    security(("session" = []), ("client" = [])),
)]
#[get("/doubles/{id}")]
async fn read_double(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<DoubleId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Merge a double
///
/// One is kept, the other goes into it with its names, codes and partnerships; a twinning that both had becomes one and keeps
/// who said so. The old id answers with the way to the kept one, and the reason. What has work of its own (people,
/// applications, matches …) is not merged away: the answer is 409 `merge_in_use`, and it is to be kept.
#[utoipa::path(
    tag = "doubles",
    params(
        ("id" = DoubleId, Path, description = "The proposal's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = DoubleMerge,
    responses((status = 200, description = "The proposal, merged", body = DoubleView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/doubles/{id}/merge")]
async fn merge_double(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<DoubleId>,
    told: Valid<DoubleMerge>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::merge(&platform, &caller, id.0, &told.0).await?)
}

/// Reject a double
///
/// They are two, and are not proposed again.
#[utoipa::path(
    tag = "doubles",
    params(
        ("id" = DoubleId, Path, description = "The proposal's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = DoubleRejection,
    responses((status = 200, description = "The proposal, rejected", body = DoubleView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/doubles/{id}/reject")]
async fn reject_double(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<DoubleId>,
    told: Valid<DoubleRejection>,
) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::reject(&platform, &caller, id.0, &told.0).await?)
}

/// Undo a decision on a double
///
/// What was merged is two again, as it was; what was rejected waits for a decision again. Partnerships that were changed since
/// keep those changes.
#[utoipa::path(
    tag = "doubles",
    params(
        ("id" = DoubleId, Path, description = "The proposal's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The proposal, open again", body = DoubleView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/doubles/{id}/undo")]
async fn undo_double(platform: web::Data<Platform>, caller: Caller, id: Path<DoubleId>) -> Result<HttpResponse, Error> {
    answer::changed_once(&service::undo(&platform, &caller, id.0).await?)
}

/// List what a city took the place of
///
/// Doubles that went into it, communes that merged into it, and names under which it was entered before, with the reason.
#[utoipa::path(
    tag = "cities",
    params(("id" = CityId, Path, description = "The city")),
    responses((status = 200, description = "The former ones, the latest first", body = SuccessionList)),
)]
#[get("/cities/{id}/successions")]
async fn list_city_successions(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let list = service::predecessors(&platform, &caller, DoubleSubject::City, city.0.0).await?;
    answer::list(&request, &list, None, caller.actor.is_public())
}

/// List what a partnership took the place of
///
/// Doubles that went into it, with the reason.
#[utoipa::path(
    tag = "partnerships",
    params(("id" = PartnershipId, Path, description = "The partnership's id")),
    responses((status = 200, description = "The former ones, the latest first", body = SuccessionList)),
)]
#[get("/partnerships/{id}/successions")]
async fn list_partnership_successions(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let list = service::predecessors(&platform, &caller, DoubleSubject::Partnership, id.0.0).await?;
    answer::list(&request, &list, None, caller.actor.is_public())
}
