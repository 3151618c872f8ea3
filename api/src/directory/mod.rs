//! The directory kept ready in memory: every city's summary, fed from the database and told of changes.
//!
//! It holds no truth of its own. Lists, search and matching read it without a statement; a city's full profile is read
//! from the database once for each version and then kept ([`Directory::profile`]).

pub mod fold;
pub mod import;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use shared::audit::Resource;
use shared::cities::{CitySummary, CityView};
use shared::ids::CityId;

use crate::cities::store;
use crate::db::{Change, Db, Follower};
use crate::error::Error;

/// All cities of the directory.
#[derive(Debug, Default)]
pub struct Directory {
    cities: RwLock<Cities>,
    profiles: RwLock<HashMap<CityId, Arc<CityView>>>,
}

/// The cities by their id.
#[derive(Debug, Default)]
pub struct Cities {
    by_id: HashMap<CityId, Arc<CitySummary>>,
}

impl Cities {
    /// A city.
    #[must_use]
    pub fn get(&self, id: CityId) -> Option<&Arc<CitySummary>> {
        self.by_id.get(&id)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    fn put(&mut self, city: CitySummary) {
        let newer = self
            .by_id
            .get(&city.id)
            .is_none_or(|known| known.version <= city.version);
        if newer {
            self.by_id.insert(city.id, Arc::new(city));
        }
    }
}

impl Directory {
    /// Loads all cities.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn load(db: &Db) -> Result<Self, Error> {
        let mut cities = Cities::default();
        for city in store::all_summaries(db).await? {
            cities.put(city);
        }
        Ok(Self {
            cities: RwLock::new(cities),
            profiles: RwLock::default(),
        })
    }

    /// The cities, to be read for a moment: a change waits for it.
    pub fn cities(&self) -> RwLockReadGuard<'_, Cities> {
        self.cities.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The summary of a city.
    #[must_use]
    pub fn summary(&self, id: CityId) -> Option<Arc<CitySummary>> {
        self.cities().get(id).cloned()
    }

    /// The public profile of a city (`allowed` empty). What is kept is right as long as its version is the current one.
    ///
    /// # Errors
    /// `NotFound`, and those of the database.
    pub async fn profile(&self, db: &Db, id: CityId) -> Result<Arc<CityView>, Error> {
        let current = self.summary(id).ok_or(Error::NotFound)?.version;
        let kept = self
            .profiles
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned();
        if let Some(profile) = kept.filter(|profile| profile.summary.version == current) {
            return Ok(profile);
        }
        let profile = Arc::new(store::profile(db.read(), id).await?.ok_or(Error::NotFound)?);
        self.profiles
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, Arc::clone(&profile));
        Ok(profile)
    }
}

impl Follower for Directory {
    fn follow<'a>(
        &'a self,
        db: &'a Db,
        changes: &'a [Change],
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
        Box::pin(async move {
            let ids: Vec<CityId> = changes
                .iter()
                .filter(|change| change.resource == Resource::City)
                .map(|change| CityId(change.id))
                .collect();
            if ids.is_empty() {
                return Ok(());
            }
            let fresh = store::summaries(db, &ids).await?;
            let mut cities = self.cities.write().unwrap_or_else(PoisonError::into_inner);
            for city in fresh {
                cities.put(city);
            }
            Ok(())
        })
    }
}
