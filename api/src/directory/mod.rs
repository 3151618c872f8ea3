//! The directory kept ready in memory: every city's summary, fed from the database and told of changes.
//!
//! It holds no truth of its own. Lists, search and matching read it without a statement; a city's full profile is read
//! from the database once for each version and then kept ([`Directory::published`]).

mod columns;
pub mod fold;
pub mod import;
pub mod list;
mod search;
mod store;

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use shared::audit::Resource;
use shared::cities::{CityKind, CitySummary, CityView};
use shared::ids::CityId;
use uuid::Uuid;

pub use self::columns::Cities;
use self::columns::{City, country_bytes};
use self::search::{Material, Wanted};
use crate::cities::store as profiles;
use crate::db::{Change, Db, Follower};
use crate::error::Error;
use crate::kept::Kept;
use crate::networks::store as networks;

/// Profiles of one generation that are kept: some 3 kB each.
const PROFILES_KEPT: usize = 10_000;
/// Codes of one generation that are kept.
const CODES_KEPT: usize = 50_000;
/// Answers to searches of one generation that are kept: some 3 kB each.
const SEARCHES_KEPT: usize = 4_000;

/// All cities of the directory.
#[derive(Debug)]
pub struct Directory {
    cities: Arc<RwLock<Cities>>,
    /// Held alone while everything is read anew, so that no change falls between the reading and the swap.
    feeding: tokio::sync::RwLock<()>,
    is_indexing: Arc<AtomicBool>,
    profiles: Kept<CityId, Arc<Profile>>,
    codes: Kept<String, CityId>,
    /// Answers to searches, each with the state of the directory in which it was made ([`Cities::changes`]).
    searches: Kept<Search, (u64, Bytes)>,
}

/// A public profile, and the same as JSON.
#[derive(Debug)]
pub struct Profile {
    /// The profile, with `allowed` empty.
    pub view: Arc<CityView>,
    /// What anybody gets.
    pub json: Bytes,
}

/// A city found while typing.
#[derive(Debug, Clone)]
pub struct Found {
    /// The city.
    pub city: Arc<CitySummary>,
    /// The name or code that matched.
    pub matched: String,
}

/// What is searched for while typing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Search {
    /// The words as they were typed.
    pub text: String,
    /// Only in these countries, unless empty.
    pub countries: Vec<String>,
    /// Only these kinds, unless empty.
    pub kinds: Vec<CityKind>,
    /// Most cities to be given.
    pub limit: usize,
}

impl Directory {
    /// Loads all cities.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn load(db: &Db) -> Result<Self, Error> {
        Ok(Self {
            cities: Arc::new(RwLock::new(read_all(db).await?)),
            feeding: tokio::sync::RwLock::default(),
            is_indexing: Arc::default(),
            profiles: Kept::new(PROFILES_KEPT),
            codes: Kept::new(CODES_KEPT),
            searches: Kept::new(SEARCHES_KEPT),
        })
    }

    /// Loads all cities anew, after an import that changed too much to be told one by one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reload(&self, db: &Db) -> Result<(), Error> {
        let _alone = self.feeding.write().await;
        let fresh = read_all(db).await?;
        self.cities_mut().replace(fresh);
        self.profiles.clear();
        Ok(())
    }

    /// The cities, to be read for a moment: a change waits for it.
    pub fn cities(&self) -> RwLockReadGuard<'_, Cities> {
        self.cities.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn cities_mut(&self) -> RwLockWriteGuard<'_, Cities> {
        self.cities.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The summary of a city.
    #[must_use]
    pub fn summary(&self, id: CityId) -> Option<Arc<CitySummary>> {
        self.cities().get(id).cloned()
    }

    /// The answer to a search, as `write` writes the cities that it finds. The same search gets it again until anything
    /// of the directory changes: what people type begins alike.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn search(
        &self,
        search: &Search,
        write: impl FnOnce(&[Found]) -> Result<Vec<u8>, Error>,
    ) -> Result<Bytes, Error> {
        let cities = self.cities();
        let kept = self.searches.get(search);
        if let Some((_, answer)) = kept.filter(|(changes, _)| *changes == cities.changes()) {
            return Ok(answer);
        }
        let (changes, found) = (cities.changes(), cities.search(search));
        drop(cities);
        let answer = Bytes::from(write(&found)?);
        self.searches.put(search.clone(), (changes, answer.clone()));
        Ok(answer)
    }

    /// The public profile of a city (`allowed` empty).
    ///
    /// # Errors
    /// `NotFound`, and those of the database.
    pub async fn profile(&self, db: &Db, id: CityId) -> Result<Arc<CityView>, Error> {
        Ok(Arc::clone(&self.published(db, id).await?.view))
    }

    /// The public profile of a city, ready to be sent. What is kept is right as long as its version and its network are the
    /// current ones.
    ///
    /// # Errors
    /// `NotFound`, and those of the database.
    pub async fn published(&self, db: &Db, id: CityId) -> Result<Arc<Profile>, Error> {
        let current = {
            let cities = self.cities();
            let version = cities.get(id).ok_or(Error::NotFound)?.version;
            (version, cities.network_of(id))
        };
        let kept = self.profiles.get(&id);
        if let Some(profile) = kept.filter(|profile| (profile.view.summary.version, profile.view.network_id) == current)
        {
            return Ok(profile);
        }
        let mut view = profiles::profile(db.read(), id).await?.ok_or(Error::NotFound)?;
        view.network_id = view.network_id.or_else(|| self.cities().network_of(id));
        let json = Bytes::from(serde_json::to_vec(&view)?);
        let profile = Arc::new(Profile {
            view: Arc::new(view),
            json,
        });
        self.profiles.put(id, Arc::clone(&profile));
        Ok(profile)
    }

    /// The profile of the city that has, or once had, a code.
    ///
    /// # Errors
    /// `NotFound`, and those of the database.
    pub async fn published_by_code(&self, db: &Db, scheme: &str, value: &str) -> Result<Arc<Profile>, Error> {
        let key = format!("{scheme}:{value}");
        // A kept code is only a hint: the profile knows whether it still holds.
        if let Some(id) = self.codes.get(key.as_str()) {
            let profile = self.published(db, id).await?;
            let mut codes = profile.view.codes.iter();
            if codes.any(|code| code.scheme == scheme && code.value == value) {
                return Ok(profile);
            }
        }
        let id = store::city_of_code(db, scheme, value).await?.ok_or(Error::NotFound)?;
        self.codes.put(key, id);
        self.published(db, id).await
    }

    /// Makes the large part of the search index anew, beside the requests, once there is much beside it.
    fn tend_index(&self) {
        let overgrown = self.cities().index.is_overgrown();
        if !overgrown || self.is_indexing.swap(true, Ordering::SeqCst) {
            return;
        }
        let material = Material::of(&self.cities());
        let (cities, is_indexing) = (Arc::clone(&self.cities), Arc::clone(&self.is_indexing));
        tokio::task::spawn_blocking(move || {
            let renewal = material.build();
            cities
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .index
                .renew(renewal);
            is_indexing.store(false, Ordering::SeqCst);
        });
    }
}

async fn read_all(db: &Db) -> Result<Cities, Error> {
    let networks = networks::all(db).await?;
    let rows = store::all(db).await?;
    tokio::task::spawn_blocking(move || Cities::build(rows, networks))
        .await
        .map_err(Error::internal)
}

/// A key as the profile writes it, where it is its name or one of its labels; a code in capitals, another name with its
/// words' initials in capitals.
fn written(city: &City, key: &str) -> String {
    // The common case costs no folding.
    if *city.sort_name == *key {
        return city.summary.name.clone();
    }
    let written = std::iter::once(&city.summary.name)
        .chain(city.summary.labels.values())
        .find(|name| fold::keys(name).iter().any(|folded| folded == key));
    if let Some(name) = written {
        return name.clone();
    }
    if key.bytes().any(|byte| byte.is_ascii_digit()) {
        return key.to_uppercase();
    }
    let mut out = String::with_capacity(key.len());
    let mut starts = true;
    for c in key.chars() {
        if starts {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        starts = c == ' ';
    }
    out
}

impl Cities {
    /// The cities whose names or codes begin with what was typed, best first.
    fn search(&self, search: &Search) -> Vec<Found> {
        // `fr:insee:38185`: the list says the country, the code itself is searched for.
        let (scheme, text) = search
            .text
            .rsplit_once(':')
            .map_or((None, search.text.as_str()), |(scheme, code)| (Some(scheme), code));
        let country = scheme
            .and_then(|scheme| scheme.split_once(':'))
            .map(|(country, _)| country_bytes(&country.trim().to_ascii_uppercase()));
        let countries: Vec<[u8; 2]> = search.countries.iter().map(|code| country_bytes(code)).collect();
        let limit = search.limit;
        let found = search::find(self, &Wanted { text, limit }, |city| {
            (countries.is_empty() || countries.contains(&city.country))
                && (search.kinds.is_empty() || search.kinds.contains(&city.kind))
                && country.is_none_or(|country| city.country == country)
        });
        found
            .into_iter()
            .map(|(city, key)| Found {
                matched: written(city, key),
                city: Arc::clone(&city.summary),
            })
            .collect()
    }
}

impl Follower for Directory {
    fn follow<'a>(
        &'a self,
        db: &'a Db,
        changes: &'a [Change],
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
        Box::pin(async move {
            if changes.iter().any(|change| change.resource == Resource::Network) {
                let _alone = self.feeding.write().await;
                let networks = networks::all(db).await?;
                self.cities_mut().put_networks(networks);
                self.profiles.clear();
            }
            let mut ids: Vec<CityId> = changes
                .iter()
                .filter(|change| change.resource == Resource::City)
                .map(|change| CityId(change.id))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            if ids.first() == Some(&CityId(Uuid::nil())) {
                return self.reload(db).await;
            }
            if ids.is_empty() {
                return Ok(());
            }
            let _feeding = self.feeding.read().await;
            let rows = store::some(db, &ids).await?;
            let there: HashSet<CityId> = rows.iter().map(|row| row.summary.id).collect();
            ids.retain(|id| !there.contains(id));
            {
                let mut cities = self.cities_mut();
                cities.put(rows);
                // Merged into another one.
                cities.remove(&ids);
            }
            self.tend_index();
            Ok(())
        })
    }
}
