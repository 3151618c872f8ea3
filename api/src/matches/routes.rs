//! `/matches` and `/cities/{id}/matches`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use shared::cities::{CityKind, Level};
use shared::ids::{CityId, MatchId, NetworkId};
use shared::matches::{
    AgreementDraft, MatchAction, MatchBox, MatchDraft, MatchPage, MatchReply, MatchState, MatchView, PairScore,
    SuggestionPage,
};
use shared::scoring::Weights;
use shared::scoring::outline::country_number;
use shared::themes::Theme;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::index::Wanted;
use super::store::MatchFilter;
use super::suggestions::SuggestionFilter;
use super::{service, suggestions};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::city::City;
use crate::http::page::{self, CountryCode, Limit, Several};
use crate::http::valid::{Path, Query, Valid};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_city_matches)
        .service(read_city_match)
        .service(list_matches)
        .service(create_match)
        .service(read_match)
        .service(accept_match)
        .service(decline_match)
        .service(withdraw_match)
        .service(agree_match)
        .configure(super::bans::routes::configure)
        .configure(super::weights::routes::configure)
        .configure(super::searches::routes::configure);
}

impl Versioned for MatchView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which partners are wanted, and how much each criterion counts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SuggestionQuery {
    /// Only these countries, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["UA","AM"]))]
    country: Several<CountryCode>,
    /// Whether cities of the own country may be suggested too; where nothing is said, only if `country` names it.
    include_own_country: Option<bool>,
    /// Only authorities of this level.
    level: Option<Level>,
    /// Only authorities of this kind.
    kind: Option<CityKind>,
    /// At least so many inhabitants.
    #[param(minimum = 0)]
    population_min: Option<i64>,
    /// At most so many inhabitants.
    #[param(minimum = 0)]
    population_max: Option<i64>,
    /// Only who needs this theme.
    needs: Option<Theme>,
    /// Only who offers this theme.
    offers: Option<Theme>,
    /// At most so many kilometres away.
    #[param(minimum = 0, maximum = 50_000)]
    distance_max_km: Option<u32>,
    /// Only who says, or does not say, that it looks for partners.
    open_to_partners: Option<bool>,
    /// Only members of this network.
    network_id: Option<NetworkId>,
    /// Weight of needs met by offers.
    #[param(minimum = 0, maximum = 100, default = 40)]
    w_needs: Option<u32>,
    /// Weight of shared goals.
    #[param(minimum = 0, maximum = 100, default = 10)]
    w_sdgs: Option<u32>,
    /// Weight of what existing twinnings teach; counts at most half as much as needs, where those count.
    #[param(minimum = 0, maximum = 100, default = 20)]
    w_history: Option<u32>,
    /// Weight of similar size.
    #[param(minimum = 0, maximum = 100, default = 0)]
    w_size: Option<u32>,
    /// Weight of the same level.
    #[param(minimum = 0, maximum = 100, default = 2)]
    w_level: Option<u32>,
    /// Weight of languages in common.
    #[param(minimum = 0, maximum = 100, default = 2)]
    w_languages: Option<u32>,
    /// Weight of nearness.
    #[param(minimum = 0, maximum = 100, default = 0)]
    w_distance: Option<u32>,
    /// Weight of countries looked for.
    #[param(minimum = 0, maximum = 100, default = 10)]
    w_country: Option<u32>,
    /// Weight of existing ties.
    #[param(minimum = 0, maximum = 100, default = 0)]
    w_ties: Option<u32>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many partners to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
}

impl SuggestionQuery {
    fn filter(&self) -> Result<SuggestionFilter, Error> {
        let usual = Weights::default();
        let weights = Weights {
            needs: self.w_needs.unwrap_or(usual.needs),
            sdgs: self.w_sdgs.unwrap_or(usual.sdgs),
            history: self.w_history.unwrap_or(usual.history),
            size: self.w_size.unwrap_or(usual.size),
            level: self.w_level.unwrap_or(usual.level),
            languages: self.w_languages.unwrap_or(usual.languages),
            distance: self.w_distance.unwrap_or(usual.distance),
            country: self.w_country.unwrap_or(usual.country),
            ties: self.w_ties.unwrap_or(usual.ties),
        };
        Ok(SuggestionFilter {
            wanted: Wanted {
                countries: self
                    .country
                    .0
                    .iter()
                    .filter_map(|country| country_number(&country.0))
                    .collect(),
                but_country: None,
                level: self.level,
                kind: self.kind,
                population_min: self.population_min,
                population_max: self.population_max,
                needs: self.needs,
                offers: self.offers,
                distance_max_km: self.distance_max_km,
                open: self.open_to_partners,
                belongings: None,
            },
            include_own_country: self.include_own_country,
            network: self.network_id,
            weights,
            after: self.cursor.as_deref().map(page::position).transpose()?,
            limit: self.limit.0 as usize,
        })
    }
}

/// Rank partners for a city
///
/// All other cities of the directory by one score, best first, each with its reasons: what each side gets by each
/// criterion. The parts add up to the score, and `facts` are what it was made of, so that anybody can compute it again.
/// Left out are the city itself, its partners, open and recently declined matches, banned pairs and its own country,
/// unless `country` names it or `include_own_country` lets it in.
#[utoipa::path(
    tag = "matches",
    params(("id" = CityId, Path, description = "The city that looks for partners"), SuggestionQuery),
    responses((status = 200, description = "Ranked partners", content(
        (SuggestionPage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/cities/{id}/matches")]
async fn list_city_matches(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    city: City,
    query: Query<SuggestionQuery>,
) -> Result<HttpResponse, Error> {
    let page = suggestions::suggest(&platform, &caller, city.0, query.0.filter()?).await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// The step of a path that names the other city.
#[derive(Debug, Deserialize)]
struct Other {
    other_id: CityId,
}

/// Read how well two cities fit
///
/// The score of the pair in both directions, with the usual weights: criteria, values, contributions, what existing
/// partnerships say, what would raise it, and the facts that it was computed from. It says nothing of whether the two may
/// be suggested to each other.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = CityId, Path, description = "The city that looks for partners"),
        ("other_id" = CityId, Path, description = "The city that it is held against"),
    ),
    responses((status = 200, description = "The score of the pair", body = PairScore)),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/cities/{id}/matches/{other_id}")]
async fn read_city_match(
    platform: web::Data<Platform>,
    caller: Caller,
    request: HttpRequest,
    city: City,
    other: Path<Other>,
) -> Result<HttpResponse, Error> {
    let score = suggestions::pair(&platform, &caller, city.0, other.0.other_id).await?;
    answer::list(&request, &score, None, false)
}

/// Which matches a list holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MatchQuery {
    /// Only matches of this city.
    city_id: Option<CityId>,
    /// Only those that the other city began (`incoming`), or one's own (`outgoing`).
    #[param(inline)]
    r#box: Option<MatchBox>,
    /// Only these states, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<MatchState>>, style = Form, explode = false, example = json!(["interested","contact_opened"]))]
    state: Several<MatchState>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many matches to give.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to count the matches of all pages.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// List matches
///
/// What has passed between the caller's cities and others, latest change first.
#[utoipa::path(
    tag = "matches",
    params(MatchQuery),
    responses((status = 200, description = "A page of matches", content(
        (MatchPage = "application/json"),
        (String = "text/csv"),
    ))),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/matches")]
async fn list_matches(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<MatchQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let filter = MatchFilter {
        cities: None,
        side: query.r#box,
        states: query.state.0,
    };
    let after = query.cursor.as_deref().map(page::position).transpose()?;
    let page = service::list(
        &platform,
        &caller,
        query.city_id,
        filter,
        after,
        query.limit.0,
        query.count,
    )
    .await?;
    answer::list_as(&request, &page, page.next.as_deref(), false)
}

/// Tell interest
///
/// Begins a match with another city (201). Where that city has told its interest already, this answers it, and the
/// contact is open (200).
#[utoipa::path(
    tag = "matches",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer")),
    request_body = MatchDraft,
    responses(
        (status = 201, description = "The interest is told", body = MatchView),
        (status = 200, description = "The contact is open: the other city was interested already", body = MatchView),
    ),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/matches")]
async fn create_match(
    platform: web::Data<Platform>,
    caller: Caller,
    draft: Valid<MatchDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::create(&platform, &caller, &draft.0).await?;
    if answer.value.state == MatchState::Interested {
        answer::created(&answer, &format!("/api/v1/matches/{}", answer.value.id))
    } else {
        answer::changed_once(&answer)
    }
}

/// Read a match
///
/// For the staff of its two cities; for everybody else it does not exist.
#[utoipa::path(
    tag = "matches",
    params(("id" = MatchId, Path, description = "The match's id")),
    responses((status = 200, description = "The match", body = MatchView), (status = 304, description = "Not modified")),
    security(("session" = []), ("client" = ["read"])),
)]
#[get("/matches/{id}")]
async fn read_match(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MatchId>,
) -> Result<HttpResponse, Error> {
    let view = service::read(&platform, &caller, id.0).await?;
    answer::read(&request, &view, false)
}

/// Accept an interest
///
/// Opens the contact: each side now sees the other's contact persons.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = MatchId, Path, description = "The match's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = MatchReply,
    responses((status = 200, description = "The contact is open", body = MatchView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/matches/{id}/accept")]
async fn accept_match(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MatchId>,
    reply: Valid<MatchReply>,
) -> Result<HttpResponse, Error> {
    let answer = service::act(&platform, &caller, id.0, MatchAction::Accept, &reply.0).await?;
    answer::changed_once(&answer)
}

/// Decline an interest
///
/// The other side is told neutrally, without the message, and the two are not suggested to each other for a time.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = MatchId, Path, description = "The match's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = MatchReply,
    responses((status = 200, description = "The match is declined", body = MatchView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/matches/{id}/decline")]
async fn decline_match(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MatchId>,
    reply: Valid<MatchReply>,
) -> Result<HttpResponse, Error> {
    let answer = service::act(&platform, &caller, id.0, MatchAction::Decline, &reply.0).await?;
    answer::changed_once(&answer)
}

/// Withdraw from a match
///
/// Takes an interest back, or leaves an open contact.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = MatchId, Path, description = "The match's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = MatchReply,
    responses((status = 200, description = "The match is withdrawn", body = MatchView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/matches/{id}/withdraw")]
async fn withdraw_match(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MatchId>,
    reply: Valid<MatchReply>,
) -> Result<HttpResponse, Error> {
    let answer = service::act(&platform, &caller, id.0, MatchAction::Withdraw, &reply.0).await?;
    answer::changed_once(&answer)
}

/// Agree on a partnership
///
/// Makes a partnership of both cities, in state `idea`, led by the one that began; `partnership_id` names it.
#[utoipa::path(
    tag = "matches",
    params(
        ("id" = MatchId, Path, description = "The match's id"),
        ("If-Match" = String, Header, description = "The version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request give the first answer"),
    ),
    request_body = AgreementDraft,
    responses((status = 200, description = "The partnership is made", body = MatchView)),
    security(("session" = []), ("client" = ["write"])),
)]
#[post("/matches/{id}/agree")]
async fn agree_match(
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<MatchId>,
    draft: Valid<AgreementDraft>,
) -> Result<HttpResponse, Error> {
    let answer = service::agree(&platform, &caller, id.0, &draft.0).await?;
    answer::changed_once(&answer)
}
