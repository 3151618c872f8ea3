//! `/cities`.

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::cities::kin::CityKin;
use shared::cities::{
    CityDraft, CityKind, CityPage, CityPatch, CitySort, CitySuggestions, CitySummary, CityView, Level,
};
use shared::ids::{CityId, NetworkId};
use shared::themes::Theme;
use utoipa_actix_web::service_config::ServiceConfig;

use super::formats::Listed;
use super::{kin, service};
use crate::caller::Caller;
use crate::directory::Search;
use crate::directory::list::{Filter, Position, Wanted};
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::geojson::FeatureCollection;
use crate::http::page::{self, AsOf, CountryCode, Limit, Several};
use crate::http::valid::{Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_cities)
        .service(search_cities)
        .service(read_city)
        .service(read_city_kin)
        .service(create_city)
        .service(update_city)
        .configure(super::contacts::routes::configure)
        .configure(super::steps::routes::configure);
}

impl Versioned for CityView {
    fn version(&self) -> i64 {
        self.summary.version
    }

    /// The network: one that comes to cover the region accompanies the city without a change of it. Its last digits are
    /// those that chance made.
    fn variant(&self) -> Option<String> {
        let network = self.network_id?.0.simple().to_string();
        network.get(20..).map(str::to_owned)
    }
}

/// Which cities to list, and in which order.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CityFilter {
    /// The beginning of a name, in any language and script, of one of its words, or of a code.
    #[param(max_length = 100, example = "Grenoble")]
    q: Option<String>,
    /// Countries, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["FR","UA"]))]
    country: Several<CountryCode>,
    /// Kinds of authority, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CityKind>>, style = Form, explode = false, example = json!(["municipality","hromada"]))]
    kind: Several<CityKind>,
    /// Levels of authority, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<Level>>, style = Form, explode = false, example = json!(["local"]))]
    level: Several<Level>,
    /// Themes of which it needs at least one, by slug, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<Theme>>, style = Form, explode = false, example = json!(["reconstruction","housing"]))]
    needs: Several<Theme>,
    /// Themes of which it offers at least one, by slug, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<Theme>>, style = Form, explode = false, example = json!(["culture"]))]
    offers: Several<Theme>,
    /// Fewest inhabitants.
    #[param(minimum = 0, example = 1000)]
    population_min: Option<i64>,
    /// Most inhabitants.
    #[param(minimum = 0, example = 100_000)]
    population_max: Option<i64>,
    /// Whether it looks for partners.
    open_to_partners: Option<bool>,
    /// The network that accompanies it.
    network_id: Option<NetworkId>,
    /// Changed at this time or later, RFC 3339.
    updated_since: Option<DateTime<Utc>>,
    /// The order; by name without it.
    #[param(inline)]
    sort: Option<CitySort>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Cities on a page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to tell the total.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// What somebody types.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CitySearch {
    /// The beginning of a name, in any language and script, of one of its words, or of a code.
    #[param(min_length = 1, max_length = 100, example = "Krementchouk")]
    q: String,
    /// Countries, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["FR","UA"]))]
    country: Several<CountryCode>,
    /// Kinds of authority, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CityKind>>, style = Form, explode = false, example = json!(["municipality","hromada"]))]
    kind: Several<CityKind>,
    /// Most cities to be given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 10)]
    limit: Option<Limit>,
}

/// Cities found while typing when the caller does not say how many.
const FOUND_DEFAULT: u32 = 10;

/// What [`CitySuggestions`] tells, borrowed.
#[derive(Serialize)]
struct Suggested<'a> {
    items: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    #[serde(flatten)]
    city: &'a CitySummary,
    matched: &'a str,
}

/// List cities
///
/// The whole directory in a stable order: a page stays right while cities come in. Several filters must all hold; of several
/// values of one filter, one is enough.
#[utoipa::path(
    tag = "cities",
    params(CityFilter),
    responses(
        (status = 200, description = "A page of cities", content(
            (CityPage = "application/json"),
            (String = "text/csv", example = "id,kind,name,name_fr,name_en,name_uk,country,subdivision,population,lat,lng,open_to_partners,needs,offers\r\n"),
            (FeatureCollection = "application/geo+json"),
        )),
        (status = 304, description = "Not modified"),
    ),
)]
#[get("/cities")]
async fn list_cities(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<CityFilter>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let sort = query.sort.unwrap_or(CitySort::Name);
    let after = match query.cursor.as_deref() {
        None => None,
        Some(cursor) => {
            let position: Position = page::position(cursor)?;
            if !position.fits(sort) {
                return Err(page::foreign_cursor());
            }
            Some(position)
        }
    };
    let filter = Filter {
        countries: query.country.codes(),
        kinds: query.kind.0,
        levels: query.level.0,
        needs: query.needs.0,
        offers: query.offers.0,
        population_min: query.population_min,
        population_max: query.population_max,
        open_to_partners: query.open_to_partners,
        network_id: query.network_id,
        updated_since: query.updated_since,
        text: query.q,
    };
    let wanted = Wanted {
        filter: &filter,
        sort,
        after,
        limit: query.limit.0 as usize,
        count: query.count,
    };
    let found = service::list(&platform, &caller, &wanted)?;
    let next = found.next.as_ref().map(page::cursor).transpose()?;
    let listed = Listed {
        items: &found.items,
        next: next.as_deref(),
        total: found.total,
    };
    answer::list_as(&request, &listed, next.as_deref(), caller.actor.is_public())
}

/// Search cities while typing
///
/// Finds names in every language and script, former names and codes by their beginning: the whole name first, then its
/// beginning, then the beginning of one of its words; the largest cities first. One slip of the finger is forgiven where
/// nothing else is found.
#[utoipa::path(
    tag = "cities",
    params(CitySearch),
    responses(
        (status = 200, description = "Cities, best first", body = CitySuggestions),
        (status = 304, description = "Not modified"),
    ),
)]
#[get("/cities/search")]
async fn search_cities(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<CitySearch>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let search = Search {
        text: query.q,
        countries: query.country.codes(),
        kinds: query.kind.0,
        limit: query.limit.map_or(FOUND_DEFAULT, |limit| limit.0) as usize,
    };
    let found = service::search(&platform, &caller, &search, |found| {
        let items = found
            .iter()
            .map(|found| Suggestion {
                city: &found.city,
                matched: &found.matched,
            })
            .collect();
        Ok(serde_json::to_vec(&Suggested { items })?)
    })?;
    Ok(answer::list_ready(&request, found, caller.actor.is_public()))
}

/// Which moment is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CityMoment {
    /// As it stood at this moment: a time, or a day, which stands for its end (UTC).
    #[param(value_type = Option<String>, format = DateTime, example = "2026-01-31T17:30:00Z")]
    as_of: Option<AsOf>,
}

/// Read a city
///
/// The public profile of an authority: names, codes, needs, offers, what it looks for; with `as_of`, as it once stood, where people
/// changed it since (what an import changes stands as it is today). A code of the past, and a city that went into another one,
/// answers with the way to today's.
#[utoipa::path(
    tag = "cities",
    params(("id" = CityId, Path, description = "The city"), CityMoment),
    responses(
        (status = 200, description = "The city", body = CityView),
        (status = 304, description = "Not modified"),
    ),
)]
#[get("/cities/{id}")]
async fn read_city(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    query: Query<CityMoment>,
) -> Result<HttpResponse, Error> {
    if let Some(at) = query.0.as_of {
        let view = service::read_past(&platform, &caller, city.0, at.0).await?;
        return answer::read(&request, &view, caller.actor.is_public());
    }
    let profile = service::read(&platform, &caller, city.0).await?;
    if caller.actor.is_public() {
        return Ok(answer::read_ready(
            &request,
            profile.json.clone(),
            &profile.view.etag(),
            true,
        ));
    }
    let view = service::for_caller(&platform, &caller, CityView::clone(&profile.view));
    answer::read(&request, &view, false)
}

/// Read the kin of a city
///
/// What it lies in (a commune's department, a settlement's community), what lies in it, and what it took the place of, with the day
/// and the reason.
#[utoipa::path(
    tag = "cities",
    params(("id" = CityId, Path, description = "The city")),
    responses((status = 200, description = "The kin", body = CityKin), (status = 304, description = "Not modified")),
)]
#[get("/cities/{id}/kin")]
async fn read_city_kin(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
) -> Result<HttpResponse, Error> {
    let found = kin::read(&platform, &caller, city.0).await?;
    answer::list(&request, &found, None, caller.actor.is_public())
}

/// Add a city
///
/// An authority that the directory lacks, with its codes in official lists; for network coordinators and administrators. Look
/// first whether it is there: `GET /cities/{scheme}:{code}`, or `GET /cities?q=`. A code that another city has or had is
/// 409 `already_exists`.
#[utoipa::path(
    tag = "cities",
    params((
        "Idempotency-Key" = Option<String>,
        Header,
        description = "The same key with the same body gives the first answer again, for 24 hours",
    )),
    request_body = CityDraft,
    responses((status = 201, description = "The city", body = CityView)),
    security(("session" = []), ("client" = [])),
)]
#[post("/cities")]
async fn create_city(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<CityDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    answer::created(&answer, &format!("/api/v1/cities/{}", answer.value.summary.id))
}

/// Update a city's profile
///
/// An absent field stays as it is, null clears it; a list takes the place of the former one, descriptions are merged by
/// language.
#[utoipa::path(
    tag = "cities",
    params(
        ("id" = CityId, Path, description = "The city"),
        ("If-Match" = String, Header, description = "The version that you read, for example `\"3\"`"),
    ),
    request_body = CityPatch,
    responses((status = 200, description = "The city as it now is", body = CityView)),
    security(("session" = []), ("client" = [])),
)]
#[patch("/cities/{id}")]
async fn update_city(
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    patch: Valid<CityPatch>,
) -> Result<HttpResponse, Error> {
    let view = service::update(&platform, &caller, city.0, &patch.0).await?;
    answer::changed(&view)
}
