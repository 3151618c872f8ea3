//! `/partnerships` and `/cities/{id}/partnerships`.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use shared::doubles::{DoubleSubject, SuccessionView};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::past::PartnershipChangeList;
use shared::partnerships::{
    PartnershipAdvance, PartnershipDraft, PartnershipKind, PartnershipMap, PartnershipPage, PartnershipPatch,
    PartnershipState, PartnershipView,
};
use shared::themes::Theme;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::list::store::{PartnershipFilter, PartnershipSort};
use super::map::{self, MapFilter};
use super::{history, list, service};
use crate::caller::Caller;
use crate::doubles::successions;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::{City, redirect};
use crate::http::format::{self, Format, Formatted};
use crate::http::geojson::FeatureCollection;
use crate::http::page::{self, AsOf, CountryCode, Limit, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_partnerships)
        .service(create_partnership)
        .service(map_partnerships)
        .service(list_city_partnerships)
        .service(read_partnership)
        .service(list_partnership_changes)
        .service(update_partnership)
        .service(delete_partnership)
        .service(advance_partnership)
        .service(restore_partnership);
}

impl Versioned for PartnershipView {
    fn version(&self) -> i64 {
        self.summary.version
    }
}

/// Which partnerships a list holds, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PartnershipQuery {
    /// Authorities of one of these countries take part, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["AM","UA"]))]
    country: Several<CountryCode>,
    /// Only these kinds, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<PartnershipKind>>, style = Form, explode = false, example = json!(["project","twinning"]))]
    kind: Several<PartnershipKind>,
    /// Only these states, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<PartnershipState>>, style = Form, explode = false, example = json!(["active","dormant"]))]
    state: Several<PartnershipState>,
    /// Only those of this city.
    city_id: Option<CityId>,
    /// Only those about this theme.
    theme: Option<Theme>,
    /// Words of their names or of their parties' names, in any script.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only those of this platform, by its name.
    platform: Option<String>,
    /// Only those that hang on this one.
    parent_id: Option<PartnershipId>,
    /// Only the phases that follow this one: those whose `predecessor_id` it is.
    predecessor_id: Option<PartnershipId>,
    /// As they stood at this moment: a time, or a day, which stands for its end (UTC).
    #[param(value_type = Option<String>, format = DateTime, example = "2026-01-31T17:30:00Z")]
    as_of: Option<AsOf>,
    /// The order: latest change first, or by name.
    #[serde(default)]
    #[param(inline, value_type = Option<PartnershipSort>)]
    sort: PartnershipSort,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many partnerships to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count the partnerships of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

impl PartnershipQuery {
    async fn answer(
        self,
        request: &HttpRequest,
        platform: &Platform,
        caller: &Caller,
        of_city: Option<CityId>,
    ) -> Result<HttpResponse, Error> {
        let filter = PartnershipFilter {
            countries: self.country.codes(),
            kinds: self.kind.0,
            states: self.state.0,
            cities: of_city.into_iter().chain(self.city_id).collect(),
            theme: self.theme,
            q: self.q,
            platform: self.platform,
            parent_id: self.parent_id,
            predecessor_id: self.predecessor_id,
            unchanged_since: None,
        };
        let as_of = self.as_of.map(|as_of| as_of.0);
        let after = self.cursor.as_deref().map(page::position).transpose()?;
        let page = list::list(platform, &filter, self.sort, after, as_of, self.limit.0, self.count).await?;
        answer::list_as(request, &page, page.next.as_deref(), caller.actor.is_public())
    }
}

/// List partnerships
///
/// Partnerships of all kinds, with the names of their parties.
#[utoipa::path(
    tag = "partnerships",
    params(PartnershipQuery),
    responses((status = 200, description = "A page of partnerships", content(
        (PartnershipPage = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/partnerships")]
async fn list_partnerships(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<PartnershipQuery>,
) -> Result<HttpResponse, Error> {
    query.0.answer(&request, &platform, &caller, None).await
}

/// List a city's partnerships
///
/// Those in which the city takes part, in whichever role; with `city_id`, those that it shares with that one.
#[utoipa::path(
    tag = "partnerships",
    params(("id" = CityId, Path, description = "The city"), PartnershipQuery),
    responses((status = 200, description = "A page of partnerships", content(
        (PartnershipPage = "application/json"),
        (String = "text/csv"),
    ))),
)]
#[get("/cities/{id}/partnerships")]
async fn list_city_partnerships(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    query: Query<PartnershipQuery>,
) -> Result<HttpResponse, Error> {
    platform.directory.summary(city.0).ok_or(Error::NotFound)?;
    query.0.answer(&request, &platform, &caller, Some(city.0)).await
}

/// Make a partnership
///
/// It begins as an idea. A twinning of the same two authorities is stored once. Exactly one party leads, an authority or a network; authorities of at least two countries take
/// part; pairs are of authorities that take part. Parties are named by their ids: authorities of `GET /cities/{scheme}:{code}`, networks of `GET /networks`, associated actors of
/// `GET /organisations?kind=actor`; who is not there is added by `POST /cities` and `POST /organisations`. A project of a twinning names it as `parent_id`; a second phase names the
/// first as `predecessor_id`, and the first is asked for what follows by `GET /partnerships?predecessor_id=`.
#[utoipa::path(
    tag = "partnerships",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = PartnershipDraft,
    responses((status = 201, description = "The partnership", body = PartnershipView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships")]
async fn create_partnership(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<PartnershipDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/partnerships/{}", answer.value.summary.id))
}

/// Which part of the map is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MapQuery {
    /// Only these kinds, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<PartnershipKind>>, style = Form, explode = false, example = json!(["project"]))]
    kind: Several<PartnershipKind>,
    /// Only these states, separated by commas; without it, all but ended and terminated ones.
    #[serde(default)]
    #[param(value_type = Option<Vec<PartnershipState>>, style = Form, explode = false, example = json!(["active"]))]
    state: Several<PartnershipState>,
    /// Only partnerships of this city.
    city_id: Option<CityId>,
    /// Only partnerships with an authority of one of these countries, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["AM"]))]
    country: Several<CountryCode>,
    /// As it stood at this moment: a time, or a day, which stands for its end (UTC).
    #[param(value_type = Option<String>, format = DateTime, example = "2026-01-31T17:30:00Z")]
    as_of: Option<AsOf>,
}

/// Map partnerships
///
/// Points and arcs to draw on a map: pairs where a partnership has some, else its lead with each other authority; where a
/// network leads, authorities of different countries.
#[utoipa::path(
    tag = "partnerships",
    params(MapQuery),
    responses((status = 200, description = "Points and arcs", content(
        (PartnershipMap = "application/json"),
        (FeatureCollection = "application/geo+json"),
    ))),
)]
#[get("/partnerships/map")]
async fn map_partnerships(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<MapQuery>,
) -> Result<HttpResponse, Error> {
    let public = caller.actor.is_public();
    let filter = MapFilter {
        kinds: query.0.kind.0,
        states: query.0.state.0,
        city_id: query.0.city_id,
        countries: query.0.country.codes(),
    };
    if let Some(at) = query.0.as_of {
        return answer::list_as(&request, &map::past(&platform, &filter, at.0).await?, None, public);
    }
    let is_json = format::negotiate(request.headers(), PartnershipMap::FORMATS)? == Format::Json;
    if is_json && filter == MapFilter::default() {
        let drawing = map::whole(&platform)?;
        let json = web::Bytes::from_owner(drawing.json);
        let mut response = answer::read_ready(&request, json, &answer::etag(drawing.hash), public);
        answer::vary_by_accept(&mut response);
        return Ok(response);
    }
    answer::list_as(&request, &map::part(&platform, &filter), None, public)
}

/// Which moment is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MomentQuery {
    /// As it stood at this moment: a time, or a day, which stands for its end (UTC).
    #[param(value_type = Option<String>, format = DateTime, example = "2026-01-31T17:30:00Z")]
    as_of: Option<AsOf>,
}

/// List what became of a partnership
///
/// When its kind (a twinning that became a decentralised cooperation), its state and its name changed, the latest first, at most a
/// hundred. Who changed it is told to who may change it. `as_of` on the partnership itself tells all of how it stood.
#[utoipa::path(
    tag = "partnerships",
    params(("id" = PartnershipId, Path, description = "The partnership")),
    responses((status = 200, description = "The changes", body = PartnershipChangeList), (status = 304, description = "Not modified")),
)]
#[get("/partnerships/{id}/history")]
async fn list_partnership_changes(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let found = history::list(&platform, &caller, id.0).await?;
    answer::list(&request, &found, None, caller.actor.is_public())
}

/// Read a partnership
///
/// Its parties, pairs, state and where it may go from there; with `as_of`, as it once stood. One that was merged into another
/// answers with the way there, and the reason.
#[utoipa::path(
    tag = "partnerships",
    params(("id" = PartnershipId, Path, description = "The partnership's id"), MomentQuery),
    responses(
        (status = 200, description = "The partnership", body = PartnershipView),
        (status = 304, description = "Not modified"),
        (status = 308, description = "It went into another one; `Location` has the way there, the body the reason", body = SuccessionView),
    ),
)]
#[get("/partnerships/{id}")]
async fn read_partnership(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    query: Query<MomentQuery>,
) -> Result<HttpResponse, Error> {
    let as_of = query.0.as_of.map(|as_of| as_of.0);
    let read = service::read(&platform, &caller, id.0, as_of).await;
    if matches!(read, Err(Error::NotFound))
        && let Some(why) = successions::successor(&platform, DoubleSubject::Partnership, id.0.0).await?
    {
        return Ok(redirect(&request, &why.to_id.to_string(), Some(&why)));
    }
    let view = read?;
    answer::read(&request, &view, caller.actor.is_public())
}

/// Change a partnership
///
/// Absent fields stay as they are, null clears, lists are replaced as a whole. Who leads is changed only by who leads.
#[utoipa::path(
    tag = "partnerships",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    request_body = PartnershipPatch,
    responses((status = 200, description = "The partnership as it now is", body = PartnershipView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[patch("/partnerships/{id}")]
async fn update_partnership(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    patch: Valid<PartnershipPatch>,
) -> Result<HttpResponse, Error> {
    answer::changed(&service::update(&platform, &caller, id.0, &patch.0).await?)
}

/// Delete a partnership
///
/// It can be restored for 30 days, with the version that the answer's `ETag` tells.
#[utoipa::path(
    tag = "partnerships",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
    ),
    responses((status = 204, description = "It is deleted")),
    security(("session" = []), ("client" = ["write"])),
)]
#[delete("/partnerships/{id}")]
async fn delete_partnership(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let version = service::delete(&platform, &caller, id.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header((ETAG, answer::etag(version)))
        .finish())
}

/// Advance a partnership
///
/// Moves it to one of its `next_states`. A signature names the competent bodies of authorities of at least two countries, with
/// the day and the document; a suspension needs a reason and a condition, a termination and giving up a reason. A term ends
/// after its last day. A renewal, from `expired` to `active`, tells the new term and names in `lesson_ids` the lessons that it
/// uses: at least one where the partnership, or another one that one of its authorities takes part in, has proposed lessons
/// (else 409 `renewal_needs_lessons`). They are found by `/lessons?for_renewal_of=`.
#[utoipa::path(
    tag = "partnerships",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = PartnershipAdvance,
    responses((status = 200, description = "The partnership in its new state", body = PartnershipView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/advance")]
async fn advance_partnership(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
    advance: Valid<PartnershipAdvance>,
) -> Result<HttpResponse, Error> {
    let answer = service::advance(&platform, &caller, id.0, &advance.0).await?;
    answer::changed_once(&answer)
}

/// Restore a partnership
///
/// Brings a deleted one back, within 30 days.
#[utoipa::path(
    tag = "partnerships",
    params(
        ("id" = PartnershipId, Path, description = "The partnership's id"),
        ("If-Match" = String, Header, description = "The version that its deletion told, or `*`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    responses((status = 200, description = "The partnership is back", body = PartnershipView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/partnerships/{id}/restore")]
async fn restore_partnership(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<PartnershipId>,
) -> Result<HttpResponse, Error> {
    let answer = service::restore(&platform, &caller, id.0).await?;
    answer::changed_once(&answer)
}
