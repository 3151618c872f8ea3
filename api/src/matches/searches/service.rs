//! Watching searches. The journal tells of them as things of their own, which are not public, and without what is searched.

use std::collections::HashSet;

use serde_json::json;
use shared::audit::Resource;
use shared::countries::is_country;
use shared::ids::{CityId, SavedSearchId};
use shared::matches::Suggestion;
use shared::preferences::{
    MEASURE, SEARCHES_MAX, SEEN_MAX, SavedSearchDraft, SavedSearchPage, SavedSearchView, SearchFilter, SeenDraft,
};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::scoring::{Score, Weights};
use uuid::Uuid;

use super::store::{self, Search};
use crate::caller::Caller;
use crate::cities::store as cities;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::matches::index::Wanted;
use crate::matches::suggestions::{self, SuggestionFilter};
use crate::matches::weights::{service as weights, store as kept};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Cities from the top of a ranking that are looked at.
const LOOKED_AT: usize = SEEN_MAX as usize;
/// Cities that a search remembers as seen; the oldest are forgotten first.
const KNOWN_MAX: usize = 1_000;
/// Countries of one filter.
const COUNTRIES_MAX: usize = 50;

/// The searches of a city, each with what is new in it.
///
/// # Errors
/// `NotFound` without such a city, `Unauthenticated` or `Denied`, and those of the database.
pub async fn list(platform: &Platform, caller: &Caller, city: CityId) -> Result<SavedSearchPage, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ReadPrivate { city })?;
    let mut items = Vec::new();
    for search in store::of_city(platform.db.read(), city).await? {
        items.push(with_news(platform, caller, search).await?);
    }
    Ok(SavedSearchPage {
        items,
        next: None,
        total: None,
    })
}

/// Watches a search from now on.
///
/// # Errors
/// `NotFound` without such a city, `Unauthenticated` or `Denied`, `Invalid`, `Conflict` where the city watches as many as it
/// may, and those of the database.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    draft: &SavedSearchDraft,
) -> Result<Answer<SavedSearchView>, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ManagePrivate { city })?;
    check(&draft.filter)?;
    let weights = match draft.weights {
        Some(wanted) => {
            weights::check(&wanted)?;
            wanted
        }
        None => kept::of_city(platform.db.read(), city)
            .await?
            .map_or_else(Weights::default, |kept| kept.weights),
    };
    let found = ranked(platform, caller, city, &draft.filter, weights).await?;
    let least = found.get(MEASURE - 1).map_or(0, |last| per_mille(&last.score));
    let known: Vec<CityId> = found
        .iter()
        .filter(|item| per_mille(&item.score) >= least)
        .map(|item| item.city.id)
        .collect();
    platform
        .db
        .write_once(caller, draft, async |tx| {
            // The city's row is what those who save at once wait for: together they save no more than one may.
            cities::for_update(tx, city).await?.ok_or(Error::NotFound)?;
            if store::count(tx, city).await? >= SEARCHES_MAX as u64 {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let search = Search {
                id: SavedSearchId(Uuid::now_v7()),
                city,
                version: 1,
                name: draft.name.trim().to_owned(),
                filter: draft.filter.clone(),
                weights,
                least,
                known: known.clone(),
                created_at: tx.now(),
                updated_at: tx.now(),
            };
            store::insert(tx, &search).await?;
            tx.record(
                "watch",
                Resource::SavedSearch,
                search.id.0,
                1,
                json!({ "city_id": city }),
            )
            .await?;
            Ok(view(search, Vec::new()))
        })
        .await
}

/// Stops watching a search.
///
/// # Errors
/// `NotFound` without such a search of this city, `Unauthenticated` or `Denied`, `PreconditionRequired` or `Stale`, and those
/// of the database.
pub async fn delete(platform: &Platform, caller: &Caller, city: CityId, id: SavedSearchId) -> Result<(), Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ManagePrivate { city })?;
    platform
        .db
        .write(caller, async |tx| {
            let search = store::for_update(tx, city, id).await?.ok_or(Error::NotFound)?;
            caller.expect_version(search.version)?;
            store::delete(tx, id).await?;
            let details = json!({ "city_id": city });
            tx.record("unwatch", Resource::SavedSearch, id.0, search.version + 1, details)
                .await
        })
        .await
}

/// Marks cities as seen.
///
/// # Errors
/// `NotFound` without such a search of this city, `Unauthenticated` or `Denied`, `PreconditionRequired` or `Stale`, and those
/// of the database.
pub async fn see(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    id: SavedSearchId,
    draft: &SeenDraft,
) -> Result<Answer<SavedSearchView>, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ManagePrivate { city })?;
    let seen = platform
        .db
        .write_once(caller, draft, async |tx| {
            let mut search = store::for_update(tx, city, id).await?.ok_or(Error::NotFound)?;
            caller.expect_version(search.version)?;
            search.known.retain(|known| !draft.city_ids.contains(known));
            search.known.extend(&draft.city_ids);
            let forgotten = search.known.len().saturating_sub(KNOWN_MAX);
            search.known.drain(..forgotten);
            search.version += 1;
            search.updated_at = tx.now();
            store::save(tx, &search).await?;
            let details = json!({ "city_id": city });
            tx.record("see", Resource::SavedSearch, id.0, search.version, details)
                .await?;
            Ok(view(search, Vec::new()))
        })
        .await?;
    // What fits since the list was read is told with the answer: it stays new.
    let mut answer = seen;
    if let Some(search) = store::of_city(platform.db.read(), city)
        .await?
        .into_iter()
        .find(|search| search.id == id && search.version == answer.value.version)
    {
        answer.value = with_news(platform, caller, search).await?;
    }
    Ok(answer)
}

/// A search with the cities that fit and that nobody has seen.
async fn with_news(platform: &Platform, caller: &Caller, search: Search) -> Result<SavedSearchView, Error> {
    let found = ranked(platform, caller, search.city, &search.filter, search.weights).await?;
    let known: HashSet<CityId> = search.known.iter().copied().collect();
    let new = found
        .into_iter()
        .filter(|item| per_mille(&item.score) >= search.least && !known.contains(&item.city.id))
        .map(|item| item.city)
        .collect();
    Ok(view(search, new))
}

fn view(search: Search, new_cities: Vec<shared::cities::CitySummary>) -> SavedSearchView {
    SavedSearchView {
        id: search.id,
        version: search.version,
        name: search.name,
        filter: search.filter,
        weights: search.weights,
        least_per_mille: search.least,
        new_cities,
        created_at: search.created_at,
    }
}

async fn ranked(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    filter: &SearchFilter,
    weights: Weights,
) -> Result<Vec<Suggestion>, Error> {
    let wanted = SuggestionFilter {
        wanted: Wanted {
            countries: filter
                .countries
                .iter()
                .filter_map(|country| shared::scoring::outline::country_number(country))
                .collect(),
            but_country: None,
            level: filter.level,
            kind: filter.kind,
            population_min: filter.population_min,
            population_max: filter.population_max,
            needs: filter.needs,
            offers: filter.offers,
            distance_max_km: filter.distance_max_km,
            open: filter.open_to_partners,
            belongings: None,
        },
        include_own_country: filter.include_own_country.then_some(true),
        network: None,
        weights,
        after: None,
        limit: LOOKED_AT,
    };
    Ok(suggestions::suggest(platform, caller, city, wanted).await?.items)
}

/// How much of the highest score it is, in per mille.
fn per_mille(score: &Score) -> u32 {
    let (total, max) = (u64::from(score.total), u64::from(score.max));
    u32::try_from(total * 1_000 / max.max(1)).unwrap_or(u32::MAX)
}

/// What no type says of a filter.
fn check(filter: &SearchFilter) -> Result<(), Error> {
    let mut faults = Vec::new();
    let mut fault = |place: &str, code| faults.push(FieldError::new(format!("/filter/{place}"), code));
    if filter.countries.len() > COUNTRIES_MAX {
        fault("countries", FieldCode::Length);
    } else {
        for (at, country) in filter.countries.iter().enumerate() {
            if !is_country(country) {
                fault(&format!("countries/{at}"), FieldCode::Choice);
            }
        }
    }
    if filter.population_min.is_some_and(|least| least < 0) {
        fault("population_min", FieldCode::Range);
    }
    if filter.population_max.is_some_and(|most| most < 0) {
        fault("population_max", FieldCode::Range);
    }
    if filter.distance_max_km.is_some_and(|most| most > 50_000) {
        fault("distance_max_km", FieldCode::Range);
    }
    refuse(faults)
}
