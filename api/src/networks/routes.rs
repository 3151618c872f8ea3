//! `/networks`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use shared::ids::NetworkId;
use shared::networks::{NetworkKind, NetworkPage, NetworkView};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, Filter};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::answer::{self, Versioned};
use crate::http::page::{self, CountryCode, Limit, Several};
use crate::http::valid::{Path, Query};
use crate::platform::Platform;

/// The routes of this feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_networks).service(read_network);
}

impl Versioned for NetworkView {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Which networks to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NetworkFilter {
    /// Countries of their seat, ISO 3166-1 alpha-2, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<CountryCode>>, style = Form, explode = false, example = json!(["FR"]))]
    country: Several<CountryCode>,
    /// Kinds of network, separated by commas.
    #[serde(default)]
    #[param(value_type = Option<Vec<NetworkKind>>, style = Form, explode = false, example = json!(["regional_multi_actor"]))]
    kind: Several<NetworkKind>,
    /// A subdivision that they cover, ISO 3166-2.
    #[param(max_length = 10, example = "FR-38")]
    subdivision: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Networks on a page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 25)]
    limit: Limit,
    /// Whether to tell the total.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    count: bool,
}

/// Where a page ended; names are unlike each other.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    network: String,
}

/// List networks
///
/// By name.
#[utoipa::path(
    tag = "networks",
    params(NetworkFilter),
    responses((status = 200, description = "A page of networks", body = NetworkPage), (status = 304, description = "Not modified")),
)]
#[get("/networks")]
async fn list_networks(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    query: Query<NetworkFilter>,
) -> Result<HttpResponse, Error> {
    let query = query.0;
    let after: Option<Position> = query.cursor.as_deref().map(page::position).transpose()?;
    let filter = Filter {
        countries: query.country.codes(),
        kinds: query.kind.0,
        subdivision: query.subdivision,
    };
    let all = service::list(&platform, &caller, &filter)?;
    let total = query.count.then_some(all.len() as u64);
    let limit = query.limit.0 as usize;
    let mut items: Vec<NetworkView> = all
        .into_iter()
        .filter(|network| after.as_ref().is_none_or(|after| network.name > after.network))
        .take(limit + 1)
        .collect();
    let next = page::cut(&mut items, limit, |network| Position {
        network: network.name.clone(),
    });
    let next = next.as_ref().map(page::cursor).transpose()?;
    let page = NetworkPage { items, next, total };
    answer::list(&request, &page, page.next.as_deref(), caller.actor.is_public())
}

/// Read a network
///
/// With the subdivisions whose cities it accompanies.
#[utoipa::path(
    tag = "networks",
    params(("id" = NetworkId, Path, description = "The network's id")),
    responses((status = 200, description = "The network", body = NetworkView), (status = 304, description = "Not modified")),
)]
#[get("/networks/{id}")]
async fn read_network(
    request: HttpRequest,
    platform: web::Data<Platform>,
    caller: Caller,
    id: Path<NetworkId>,
) -> Result<HttpResponse, Error> {
    let network = service::read(&platform, &caller, id.0)?;
    answer::read(&request, &network, caller.actor.is_public())
}
