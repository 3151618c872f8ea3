//! Every city's outline kept ready in memory, to rank a whole directory for one of them.
//!
//! The outlines stand in blocks that are shared with whoever ranks: a ranking takes a snapshot (one reference), works
//! without any lock, and a change copies only the block that somebody is still reading. Ranking itself is
//! [`Snapshot::rank`]: pure, exact, by the scoring that the browser has too.

pub mod store;

use std::collections::{BinaryHeap, HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use shared::audit::Resource;
use shared::cities::{CityKind, Level};
use shared::ids::{CityId, MatchId, PartnershipId};
use shared::scoring::outline::Plan;
use shared::scoring::{Facts, Outline, Weights};
use shared::themes::Theme;

use super::bans::store as bans;
use super::languages::main_languages;
use super::standings::Standings;
use crate::db::{Change, Db, Follower};
use crate::error::Error;
use crate::partnerships::atlas::Atlas;

/// Cities in one block.
const BLOCK: usize = 1_024;

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
    /// What the score is made of; partner countries are filled in by the index.
    pub facts: Facts,
}

/// A row of the index.
#[derive(Debug, Clone)]
struct Row {
    id: CityId,
    version: i64,
    kind: CityKind,
    open: bool,
    outline: Outline,
}

type Block = Vec<Row>;

/// The outlines of all cities, with the bonds and matches that keep a pair from being suggested.
#[derive(Debug, Default)]
pub struct MatchIndex {
    atlas: Arc<Atlas>,
    cities: RwLock<Cities>,
    standings: Standings,
}

#[derive(Debug, Default)]
struct Cities {
    blocks: Arc<Vec<Arc<Block>>>,
    place: HashMap<CityId, usize>,
}

impl Cities {
    fn row(&self, id: CityId) -> Option<&Row> {
        let place = *self.place.get(&id)?;
        self.blocks.get(place / BLOCK)?.get(place % BLOCK)
    }

    fn row_mut(&mut self, id: CityId) -> Option<&mut Row> {
        let place = *self.place.get(&id)?;
        let block = Arc::make_mut(&mut self.blocks).get_mut(place / BLOCK)?;
        Arc::make_mut(block).get_mut(place % BLOCK)
    }

    fn put(&mut self, row: Row) {
        if let Some(known) = self.row(row.id) {
            if known.version <= row.version
                && let Some(known) = self.row_mut(row.id)
            {
                *known = row;
            }
            return;
        }
        self.place.insert(row.id, self.place.len());
        let blocks = Arc::make_mut(&mut self.blocks);
        match blocks.last_mut().filter(|block| block.len() < BLOCK) {
            Some(block) => Arc::make_mut(block).push(row),
            None => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(row);
                blocks.push(Arc::new(block));
            }
        }
    }
}

impl MatchIndex {
    /// Loads all cities, matches and bans; the partnerships are in `atlas`, which this index keeps up to date from here
    /// on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn load(db: &Db, atlas: Arc<Atlas>) -> Result<Self, Error> {
        let index = Self {
            atlas,
            cities: RwLock::default(),
            standings: Standings::default(),
        };
        let facts = store::city_facts(db, None).await?;
        let rows = tokio::task::spawn_blocking(move || rows_of(facts)).await;
        index.put_rows(rows.map_err(Error::internal)?);
        index.set_partner_countries(index.atlas.cities());
        index.standings.put_matches(store::standings(db, None).await?);
        index.standings.put_bans(bans::all(db).await?);
        Ok(index)
    }

    fn put_rows(&self, rows: Vec<Row>) {
        let mut cities = self.cities.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            cities.put(row);
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
            let Some(own) = cities.row(city).map(|row| row.outline.country()) else {
                continue;
            };
            let countries: Vec<u16> = partners
                .iter()
                .filter_map(|partner| cities.row(*partner).map(|row| row.outline.country()))
                .filter(|&country| country != own)
                .collect();
            if let Some(row) = cities.row_mut(city) {
                row.outline.set_partner_countries(countries.into_iter());
            }
        }
    }

    /// The cities as they are now, to be ranked without a lock.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let cities = self.cities.read().unwrap_or_else(PoisonError::into_inner);
        Snapshot(Arc::clone(&cities.blocks))
    }

    /// The outline of a city.
    #[must_use]
    pub fn outline(&self, city: CityId) -> Option<Outline> {
        let cities = self.cities.read().unwrap_or_else(PoisonError::into_inner);
        cities.row(city).map(|row| row.outline.clone())
    }

    /// Who is not suggested to a city, by what has passed between them: itself, its partners, open and recently declined
    /// matches, banned pairs. As places in the snapshot, ascending.
    #[must_use]
    pub fn barred(&self, city: CityId, now: DateTime<Utc>) -> Vec<usize> {
        let mut others = self.barred_cities(city, now);
        others.insert(city);
        let cities = self.cities.read().unwrap_or_else(PoisonError::into_inner);
        let mut places: Vec<usize> = others
            .iter()
            .filter_map(|other| cities.place.get(other).copied())
            .collect();
        places.sort_unstable();
        places
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

fn rows_of(facts: Vec<CityFacts>) -> Vec<Row> {
    facts
        .into_iter()
        .map(|mut city| {
            if city.facts.languages.is_empty() {
                let spoken = main_languages(&city.facts.country);
                city.facts.languages = spoken.iter().map(|&tag| tag.to_owned()).collect();
            }
            Row {
                id: city.id,
                version: city.version,
                kind: city.kind,
                open: city.open,
                outline: Outline::of(&city.facts),
            }
        })
        .collect()
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
                self.put_rows(rows_of(store::city_facts(db, Some(&ids)).await?));
                touched.extend(ids);
                self.atlas.note_cities();
            }
            if !partnerships.is_empty() {
                let ids: Vec<PartnershipId> = partnerships.into_iter().collect();
                touched.extend(self.atlas.refresh(db, &ids).await?);
            }
            self.set_partner_countries(touched);
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
}

impl Wanted {
    fn takes(&self, us: &Outline, row: &Row) -> bool {
        let them = &row.outline;
        (self.countries.is_empty() || self.countries.contains(&them.country()))
            && self.but_country.is_none_or(|country| them.country() != country)
            && self.level.is_none_or(|level| them.level() == level)
            && self.kind.is_none_or(|kind| row.kind == kind)
            && self.open.is_none_or(|open| row.open == open)
            && self
                .population_min
                .is_none_or(|least| them.population().is_some_and(|population| population >= least))
            && self
                .population_max
                .is_none_or(|most| them.population().is_some_and(|population| population <= most))
            && self.needs.is_none_or(|theme| them.needs(theme))
            && self.offers.is_none_or(|theme| them.offers(theme))
            && self
                .distance_max_km
                .is_none_or(|most| us.distance_km(them).is_some_and(|km| km <= most))
    }
}

/// Where a ranking went on: the total and the id of the last city.
pub type Position = (u32, CityId);

/// A city found by a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Which city.
    pub id: CityId,
    /// The total of its score.
    pub total: u32,
    /// Its facts, as they were ranked.
    pub outline: Outline,
}

/// The best cities in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// At most as many as were asked for; equal totals in the order of ids.
    pub best: Vec<Found>,
    /// How many cities may be suggested at all.
    pub total: u64,
    /// Whether others follow.
    pub more: bool,
}

/// All cities at one time.
#[derive(Debug, Clone)]
pub struct Snapshot(Arc<Vec<Arc<Block>>>);

impl Snapshot {
    /// Ranks all cities for `us` and gives the best `limit` after a position. Exact: a city is given up only once it
    /// cannot come among the best any more.
    #[must_use]
    pub fn rank(
        &self,
        us: &Outline,
        weights: &Weights,
        wanted: &Wanted,
        barred: &[usize],
        after: Option<Position>,
        limit: usize,
    ) -> Ranking {
        // The key grows with the rank: the heap's top is the worst that is kept.
        let after = after.map(|(total, id)| (u32::MAX - total, id));
        let mut heap: BinaryHeap<(u32, CityId, usize)> = BinaryHeap::with_capacity(limit + 2);
        let mut barred = barred.iter().copied().peekable();
        let plan = Plan::of(weights);
        let mut total = 0;
        for (number, block) in self.0.iter().enumerate() {
            for (offset, row) in block.iter().enumerate() {
                let place = number * BLOCK + offset;
                if barred.next_if_eq(&place).is_some() || !wanted.takes(us, row) {
                    continue;
                }
                total += 1;
                let least = match heap.peek() {
                    Some(worst) if heap.len() > limit => u32::MAX - worst.0,
                    _ => 0,
                };
                let Some(score) = us.total_from(&row.outline, &plan, least) else {
                    continue;
                };
                let key = (u32::MAX - score, row.id);
                if after.is_some_and(|after| key <= after) {
                    continue;
                }
                if heap.len() <= limit {
                    heap.push((key.0, key.1, place));
                } else if heap.peek().is_some_and(|worst| key < (worst.0, worst.1)) {
                    heap.pop();
                    heap.push((key.0, key.1, place));
                }
            }
        }
        let mut kept = heap.into_sorted_vec();
        let more = kept.len() > limit;
        kept.truncate(limit);
        let best = kept
            .into_iter()
            .filter_map(|(key, id, place)| {
                let row = self.0.get(place / BLOCK)?.get(place % BLOCK)?;
                Some(Found {
                    id,
                    total: u32::MAX - key,
                    outline: row.outline.clone(),
                })
            })
            .collect();
        Ranking { best, total, more }
    }
}

#[cfg(test)]
mod tests;
