//! Every city's outline kept ready in memory, to rank a whole directory for one of them.
//!
//! The outlines stand in [`columns`], what changed since beside them ([`cities`]). A ranking takes a snapshot, works
//! without any lock, and is exact, by the scoring that the browser has too.

mod cities;
pub mod columns;
mod ground;
mod kept;
mod memo;
pub mod store;

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use shared::audit::Resource;
use shared::cities::{CityKind, Level};
use shared::history::columns::Place;
use shared::ids::{CityId, MatchId, PartnershipId};
use shared::scoring::{Facts, Outline};
use shared::themes::Theme;

use super::bans::store as bans;
use super::history::memory::{Known, Memory};
use super::history::twins::place_of;
use super::languages::main_languages;
use super::standings::Standings;
use crate::db::{Change, Db, Follower, journal};
use crate::error::Error;
use crate::partnerships::atlas::Atlas;
use cities::Cities;
pub use cities::Snapshot;
use columns::{Belonging, Member};
use kept::Until;
pub use memo::Learned;
use memo::Memo;

/// With more changes than these, an index is better made from the database than from a file.
const CHANGES: usize = 20_000;

/// What the index reads of a city; languages are empty where the city stated none.
#[derive(Debug, Clone, PartialEq)]
pub struct CityFacts {
    /// Which city.
    pub id: CityId,
    /// Its version; a later one replaces it.
    pub version: i64,
    /// What kind of authority it is.
    pub kind: CityKind,
    /// Whether it looks for partners.
    pub open: bool,
    /// Through what it belongs to a network, if it does.
    pub belonging: Option<Belonging>,
    /// Its official name.
    pub name: String,
    /// What the score is made of; partner countries are filled in by the index.
    pub facts: Facts,
}

/// The outlines of all cities, with the bonds and matches that keep a pair from being suggested.
#[derive(Debug, Default)]
pub struct MatchIndex {
    atlas: Arc<Atlas>,
    cities: Arc<RwLock<Cities>>,
    /// Whether new columns are being made.
    at_work: Arc<AtomicBool>,
    /// Up to which place of the journal the file in the data folder knows all.
    kept_until: AtomicI64,
    standings: Standings,
    history: Arc<Memory>,
    memo: Memo,
}

impl MatchIndex {
    /// Loads all cities, matches and bans; the partnerships are in `atlas`, which this index keeps up to date from here
    /// on. Where `folder` has a file of an index that can be used, most of it comes from there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn load(db: &Db, atlas: Arc<Atlas>, folder: Option<&Path>) -> Result<Self, Error> {
        let kept = match folder {
            Some(folder) => Self::from_file(db, Arc::clone(&atlas), folder).await?,
            None => None,
        };
        let index = match kept {
            Some(index) => index,
            None => Self::from_database(db, atlas).await?,
        };
        index.standings.put_matches(store::standings(db, None).await?);
        index.standings.put_bans(bans::all(db).await?);
        Ok(index)
    }

    async fn from_database(db: &Db, atlas: Arc<Atlas>) -> Result<Self, Error> {
        let mut facts = store::city_facts(db, None).await?;
        let known = Arc::clone(&atlas);
        let made = tokio::task::spawn_blocking(move || {
            // Slots in the order of ids: so the index is the same in every process.
            facts.sort_unstable_by_key(|city| city.id);
            let countries: HashMap<CityId, Vec<String>> = partner_countries(&facts, &known);
            let mut places = Vec::with_capacity(facts.len());
            let mut members = Vec::with_capacity(facts.len());
            for (slot, mut city) in (0..).zip(facts) {
                if let Some(countries) = countries.get(&city.id) {
                    city.facts.partner_countries.clone_from(countries);
                }
                let (member, place) = member_of(city, slot);
                places.push(place);
                members.push(member);
            }
            let history = Memory::default();
            history.tell_all(places);
            (Cities::of(members), history)
        });
        let (cities, history) = made.await.map_err(Error::internal)?;
        Ok(Self {
            atlas,
            cities: Arc::new(RwLock::new(cities)),
            history: Arc::new(history),
            ..Self::default()
        })
    }

    /// The index of a file with what changed since; none where that cannot be.
    async fn from_file(db: &Db, atlas: Arc<Atlas>, folder: &Path) -> Result<Option<Self>, Error> {
        let folder = folder.to_owned();
        let read = tokio::task::spawn_blocking(move || kept::read(&folder)).await;
        let kept = match read.map_err(Error::internal)? {
            Ok(kept) => kept,
            Err(error) => {
                tracing::info!(%error, "no index in the data folder: it is made from the database");
                return Ok(None);
            }
        };
        let Some(changes) = changes_since(db, kept.until).await? else {
            tracing::info!("the index in the data folder is of another state: it is made from the database");
            return Ok(None);
        };
        let history = Memory::default();
        history.tell_all(kept.places);
        let index = Self {
            atlas,
            cities: Arc::new(RwLock::new(Cities::of_columns(kept.columns))),
            history: Arc::new(history),
            ..Self::default()
        };
        let mut cities: HashSet<CityId> = kept.others.into_iter().collect();
        let changed = changes.iter().filter(|change| change.resource == Resource::City);
        cities.extend(changed.map(|change| CityId(change.id)));
        let ids: Vec<CityId> = cities.iter().copied().collect();
        index.put_cities(store::city_facts(db, Some(&ids)).await?);
        if changes.iter().any(|change| change.resource == Resource::Partnership) {
            cities.extend(index.atlas.cities());
            cities.extend(index.snapshot().columns.with_partners());
        }
        index.set_partner_countries(cities);
        if index.read(Cities::len) as u64 != store::count(db).await? {
            tracing::info!("the index in the data folder has other cities: it is made from the database");
            return Ok(None);
        }
        Ok(Some(index))
    }

    /// Keeps the index in a file of the folder, unless it is there as it is now.
    ///
    /// # Errors
    /// Those of the database, and of the file.
    pub async fn keep(&self, db: &Db, folder: &Path) -> Result<(), Error> {
        // All up to here is taken in, perhaps more: that is read again at the start.
        let seq = db.told_until();
        if seq == 0 || self.kept_until.swap(seq, Ordering::SeqCst) == seq {
            return Ok(());
        }
        let until = until(db, seq).await?;
        let (snapshot, history, folder) = (self.snapshot(), Arc::clone(&self.history), folder.to_owned());
        let written = tokio::task::spawn_blocking(move || {
            let (mut columns, unusual) = snapshot.columns_anew();
            let others: Vec<CityId> = unusual.iter().map(|member| member.id).collect();
            history.look_at_places(|places| kept::write(&folder, &mut columns, places, &others, until))
        });
        written.await.map_err(Error::internal)?.map_err(Error::internal)
    }

    fn put_cities(&self, facts: Vec<CityFacts>) {
        let mut cities = self.cities.write().unwrap_or_else(PoisonError::into_inner);
        for city in facts {
            let (member, place) = member_of(city, 0);
            let slot = cities.put(member);
            self.history.tell(slot as usize, place);
        }
    }

    /// Takes out those of `ids` that are there no more: merged into another one.
    fn remove_all_but(&self, ids: &[CityId], there: &[CityFacts]) {
        if ids.len() == there.len() {
            return;
        }
        let there: HashSet<CityId> = there.iter().map(|facts| facts.id).collect();
        let mut cities = self.cities.write().unwrap_or_else(PoisonError::into_inner);
        for id in ids.iter().filter(|id| !there.contains(id)) {
            cities.remove(*id);
        }
    }

    /// Notes in which other countries these cities have partners.
    fn set_partner_countries(&self, touched: impl IntoIterator<Item = CityId>) {
        let partners: Vec<(CityId, HashSet<CityId>)> = touched
            .into_iter()
            .map(|city| (city, self.atlas.partners_of(city)))
            .collect();
        let mut cities = self.cities.write().unwrap_or_else(PoisonError::into_inner);
        for (city, partners) in partners {
            let own = cities.country(city);
            let countries: Vec<u16> = partners
                .iter()
                .filter_map(|partner| cities.country(*partner))
                .filter(|country| own != Some(*country))
                .collect();
            cities.set_partner_countries(city, countries.into_iter());
        }
    }

    /// Makes new columns where many cities are beside the old ones; answers go on meanwhile.
    fn tidy_up(&self) {
        if !self.read(Cities::wants_columns) || self.at_work.swap(true, Ordering::SeqCst) {
            return;
        }
        let (cities, at_work) = (Arc::clone(&self.cities), Arc::clone(&self.at_work));
        tokio::task::spawn_blocking(move || {
            let snapshot = cities.read().unwrap_or_else(PoisonError::into_inner).snapshot();
            let (columns, unusual) = snapshot.columns_anew();
            let mut cities = cities.write().unwrap_or_else(PoisonError::into_inner);
            cities.take_columns(&snapshot, columns, unusual);
            at_work.store(false, Ordering::SeqCst);
        });
    }

    fn read<T>(&self, look: impl FnOnce(&Cities) -> T) -> T {
        look(&self.cities.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The cities as they are now, to be ranked without a lock.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.read(Cities::snapshot)
    }

    /// What history is judged by now.
    ///
    /// # Errors
    /// Where the work stopped.
    pub async fn history(self: &Arc<Self>) -> Result<Arc<Known>, Error> {
        let index = Arc::clone(self);
        self.history.known(move || index.pairs()).await
    }

    /// Makes ready what the first question would have to wait for.
    ///
    /// # Errors
    /// Where the work stopped.
    pub async fn get_ready(self: Arc<Self>) -> Result<(), Error> {
        let known = self.history().await?;
        let ready = move || drop(self.memo.ground(&known, &self.snapshot().columns));
        tokio::task::spawn_blocking(ready).await.map_err(Error::internal)
    }

    /// What history says of all cities to the one in a slot; none where it is not known yet.
    #[must_use]
    pub fn learned(&self, slot: u32, known: &Arc<Known>, snapshot: &Snapshot) -> Option<Arc<Learned>> {
        self.memo.learned(slot, known, snapshot)
    }

    /// Who is whose partner, by slots.
    fn pairs(&self) -> Vec<(u32, u32)> {
        let partners: Vec<(CityId, HashSet<CityId>)> = self
            .atlas
            .cities()
            .into_iter()
            .map(|city| (city, self.atlas.partners_of(city)))
            .collect();
        self.read(|cities| {
            let mut pairs = Vec::new();
            for (city, partners) in partners {
                let Some(slot) = cities.slot(city) else { continue };
                let others = partners.iter().filter_map(|partner| cities.slot(*partner));
                pairs.extend(others.filter(|other| *other > slot).map(|other| (slot, other)));
            }
            // The same in every process.
            pairs.sort_unstable();
            pairs
        })
    }

    /// The city in a slot.
    #[must_use]
    pub fn city_at(&self, slot: u32) -> Option<CityId> {
        self.read(|cities| cities.city_at(slot))
    }

    /// The city as it is ranked.
    #[must_use]
    pub fn member(&self, city: CityId) -> Option<Arc<Member>> {
        self.read(|cities| cities.member(city))
    }

    /// Who is not suggested to a city, by what has passed between them: itself, its partners, open and recently declined
    /// matches, banned pairs. Ascending.
    #[must_use]
    pub fn barred(&self, city: CityId, now: DateTime<Utc>) -> Vec<CityId> {
        let mut others = self.barred_cities(city, now);
        others.insert(city);
        let mut others: Vec<CityId> = others.into_iter().collect();
        others.sort_unstable();
        others
    }

    /// The others who are not matched with a city, by what has passed between them.
    #[must_use]
    pub fn barred_cities(&self, city: CityId, now: DateTime<Utc>) -> HashSet<CityId> {
        let mut others = self.atlas.partners_of(city);
        others.extend(self.standings.barred(city, now));
        others
    }

    /// The match that two cities have, if any.
    #[must_use]
    pub fn match_of(&self, a: CityId, b: CityId) -> Option<MatchId> {
        self.standings.match_of(a, b)
    }
}

/// The change at a place of the journal.
async fn until(db: &Db, seq: i64) -> Result<Until, Error> {
    let (id, version) = journal::entry_at(db, seq).await?.unwrap_or_default();
    Ok(Until {
        seq,
        version,
        id: id.into_bytes(),
    })
}

/// What changed since; none where the journal is not the one that was known, or too much did.
async fn changes_since(db: &Db, known: Until) -> Result<Option<Vec<Change>>, Error> {
    if until(db, known.seq).await? != known {
        return Ok(None);
    }
    journal::all_since(db, known.seq, CHANGES).await
}

/// The other countries in which cities have partners; `facts` in the order of ids.
fn partner_countries(facts: &[CityFacts], atlas: &Atlas) -> HashMap<CityId, Vec<String>> {
    let country = |city: CityId| {
        let at = facts.binary_search_by_key(&city, |facts| facts.id).ok()?;
        facts.get(at).map(|city| &city.facts.country)
    };
    atlas
        .cities()
        .into_iter()
        .map(|city| {
            let own = country(city);
            let partners = atlas.partners_of(city);
            let others = partners.iter().filter_map(|partner| country(*partner));
            let others = others.filter(|country| own != Some(country)).cloned();
            (city, others.collect())
        })
        .collect()
}

/// The city with its slot, and what history knows of it.
fn member_of(mut city: CityFacts, slot: u32) -> (Member, Place) {
    if city.facts.languages.is_empty() {
        let spoken = main_languages(&city.facts.country);
        city.facts.languages = spoken.iter().map(|&tag| tag.to_owned()).collect();
    }
    let place = place_of(&city.facts, &city.name);
    let member = Member {
        id: city.id,
        version: city.version,
        slot,
        kind: city.kind,
        open: city.open,
        belonging: city.belonging,
        outline: Outline::of(&city.facts),
    };
    (member, place)
}

impl Follower for MatchIndex {
    fn follow<'a>(
        &'a self,
        db: &'a Db,
        changes: &'a [Change],
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
        Box::pin(async move {
            let mut cities: HashSet<CityId> = HashSet::new();
            let mut partnerships: HashSet<PartnershipId> = HashSet::new();
            let mut matches: HashSet<MatchId> = HashSet::new();
            for change in changes {
                match change.resource {
                    Resource::City => drop(cities.insert(CityId(change.id))),
                    Resource::Partnership => drop(partnerships.insert(PartnershipId(change.id))),
                    Resource::Match => drop(matches.insert(MatchId(change.id))),
                    _ => {}
                }
            }
            // There are few: all are read again.
            if changes.iter().any(|change| change.resource == Resource::Ban) {
                self.standings.put_bans(bans::all(db).await?);
            }
            let mut touched = HashSet::new();
            if !cities.is_empty() {
                let ids: Vec<CityId> = cities.into_iter().collect();
                let facts = store::city_facts(db, Some(&ids)).await?;
                self.remove_all_but(&ids, &facts);
                self.put_cities(facts);
                touched.extend(ids);
                self.atlas.note_cities();
            }
            if !partnerships.is_empty() {
                let ids: Vec<PartnershipId> = partnerships.into_iter().collect();
                touched.extend(self.atlas.refresh(db, &ids).await?);
                self.history.tell_of_partnerships();
            }
            if !touched.is_empty() {
                self.set_partner_countries(touched);
            }
            self.tidy_up();
            if !matches.is_empty() {
                let ids: Vec<MatchId> = matches.into_iter().collect();
                self.standings.put_matches(store::standings(db, Some(&ids)).await?);
            }
            Ok(())
        })
    }
}

/// Which cities may be suggested at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only these countries, as numbers; empty for all.
    pub countries: Vec<u16>,
    /// Not this country.
    pub but_country: Option<u16>,
    /// Only this level.
    pub level: Option<Level>,
    /// Only this kind.
    pub kind: Option<CityKind>,
    /// At least so many inhabitants.
    pub population_min: Option<i64>,
    /// At most so many inhabitants.
    pub population_max: Option<i64>,
    /// Only who needs this.
    pub needs: Option<Theme>,
    /// Only who offers this.
    pub offers: Option<Theme>,
    /// At most so far.
    pub distance_max_km: Option<u32>,
    /// Only who says (or does not say) that it looks for partners.
    pub open: Option<bool>,
    /// Only who belongs to a network through one of these.
    pub belongings: Option<Vec<Belonging>>,
}

/// Where a ranking went on: the total and the id of the last city.
pub type Position = (u32, CityId);

#[cfg(test)]
mod tests;
