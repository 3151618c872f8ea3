//! The cities in memory, each in its slot, with the orders in which lists go through them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use shared::cities::{CityKind, CitySummary};
use shared::ids::{CityId, NetworkId};
use shared::networks::NetworkView;

use super::fold::fold;
use super::search::{Index, head_of};
use super::store::Row;

/// A city's place in memory; it keeps it until all cities are loaded anew.
pub(super) type Slot = u32;

/// All cities.
#[derive(Debug, Default)]
pub struct Cities {
    pub(super) slots: Vec<City>,
    by_id: HashMap<CityId, Slot>,
    pub(super) by_name: Vec<Slot>,
    pub(super) by_population: Vec<Slot>,
    pub(super) index: Index,
    networks: Vec<NetworkView>,
    changes: u64,
    /// Slots whose cities are there no more.
    gone: usize,
}

/// What is kept of a city.
#[derive(Debug, Clone)]
pub(super) struct City {
    pub(super) summary: Arc<CitySummary>,
    /// The folded name: the same order for every script, accent and case.
    pub(super) sort_name: Box<str>,
    /// The keys for search, one a line.
    pub(super) keys: Arc<str>,
    /// The network: its own, else the one that covers its subdivision.
    pub(super) network: Option<NetworkId>,
    own_network: Option<NetworkId>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) needs: u32,
    pub(super) offers: u32,
    /// What filters look at most, beside each other.
    pub(super) country: [u8; 2],
    pub(super) kind: CityKind,
}

impl City {
    fn new(row: Row, networks: &[NetworkView]) -> Self {
        // The first key is the folded name, unless nothing of the name can be folded.
        let sort_name = match row.search_keys.lines().next() {
            Some(key) => key.into(),
            None => fold(&row.summary.name).into_boxed_str(),
        };
        let mask = |themes: &[shared::themes::Theme]| themes.iter().fold(0, |mask, &theme| mask | 1 << theme as u32);
        Self {
            country: country_bytes(&row.summary.country),
            kind: row.summary.kind,
            needs: mask(&row.summary.needs),
            offers: mask(&row.summary.offers),
            sort_name,
            keys: row.search_keys.into(),
            network: network_of(networks, row.network_id, &row.summary),
            own_network: row.network_id,
            updated_at: row.updated_at,
            summary: Arc::new(row.summary),
        }
    }

    /// The place in the order by name.
    pub(super) fn name_key(&self) -> (&str, CityId) {
        (&self.sort_name, self.summary.id)
    }

    /// The place in the order by population, the largest first and those without one last.
    pub(super) fn population_key(&self) -> (Reverse<i64>, CityId) {
        (Reverse(self.summary.population.unwrap_or(-1)), self.summary.id)
    }
}

/// A country's code as bytes: quicker to compare.
pub(super) fn country_bytes(code: &str) -> [u8; 2] {
    code.as_bytes().try_into().unwrap_or_default()
}

fn network_of(networks: &[NetworkView], own: Option<NetworkId>, city: &CitySummary) -> Option<NetworkId> {
    own.or_else(|| {
        let subdivision = city.subdivision.as_ref()?;
        networks
            .iter()
            .find(|network| network.country == city.country && network.subdivisions.contains(subdivision))
            .map(|network| network.id)
    })
}

impl Cities {
    /// A city.
    #[must_use]
    pub fn get(&self, id: CityId) -> Option<&Arc<CitySummary>> {
        self.city(id).map(|city| &city.summary)
    }

    /// All cities, in no particular order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<CitySummary>> {
        self.by_name.iter().map(|&slot| &self.slots[slot as usize].summary)
    }

    /// All cities with every name and code folded, one a line; in no particular order.
    pub(crate) fn with_keys(&self) -> impl Iterator<Item = (&Arc<CitySummary>, &Arc<str>)> {
        self.by_name.iter().map(|&slot| {
            let city = &self.slots[slot as usize];
            (&city.summary, &city.keys)
        })
    }

    /// The network of a city: the one that it names, else the one that covers its subdivision.
    #[must_use]
    pub fn network_of(&self, id: CityId) -> Option<NetworkId> {
        self.city(id)?.network
    }

    /// All networks, by name.
    #[must_use]
    pub fn networks(&self) -> &[NetworkView] {
        &self.networks
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// How often anything of them has changed: what was made of them holds while this stays.
    pub(crate) const fn changes(&self) -> u64 {
        self.changes
    }

    fn city(&self, id: CityId) -> Option<&City> {
        self.by_id.get(&id).map(|&slot| &self.slots[slot as usize])
    }

    /// Makes everything anew.
    pub(super) fn build(rows: Vec<Row>, networks: Vec<NetworkView>) -> Self {
        let slots: Vec<City> = rows.into_iter().map(|row| City::new(row, &networks)).collect();
        let all = || 0..Slot::try_from(slots.len()).unwrap_or(Slot::MAX);
        let by_id = all().map(|slot| (slots[slot as usize].summary.id, slot)).collect();
        // Most names differ in their first eight bytes: only the others have to be looked up.
        let mut by_name: Vec<(u64, Slot)> = all()
            .map(|slot| (head_of(slots[slot as usize].sort_name.as_bytes()), slot))
            .collect();
        let name_key = |slot: Slot| slots[slot as usize].name_key();
        by_name.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| name_key(a.1).cmp(&name_key(b.1))));
        let by_name = by_name.into_iter().map(|(_, slot)| slot).collect();
        let mut by_population: Vec<Slot> = all().collect();
        by_population.sort_unstable_by_key(|&slot| slots[slot as usize].population_key());
        let index = Index::build(
            slots.iter().map(|city| Arc::clone(&city.keys)).collect(),
            &by_population,
        );
        Self {
            slots,
            by_id,
            by_name,
            by_population,
            index,
            networks,
            changes: 0,
            gone: 0,
        }
    }

    /// Takes over all that was read anew.
    pub(super) fn replace(&mut self, fresh: Self) {
        let changes = self.changes + 1;
        *self = Self { changes, ..fresh };
    }

    /// Takes in cities as they now are; older versions than the known ones are passed over.
    pub(super) fn put(&mut self, rows: Vec<Row>) {
        self.changes += 1;
        let newer: Vec<Row> = rows
            .into_iter()
            .filter(|row| {
                self.get(row.summary.id)
                    .is_none_or(|known| known.version <= row.summary.version)
            })
            .collect();
        let mut moved = Vec::new();
        for row in newer {
            moved.extend(self.put_one(row));
        }
        self.place_anew(&moved);
    }

    /// Takes out cities that are there no more. Their slots stay empty: others keep theirs.
    pub(super) fn remove(&mut self, ids: &[CityId]) {
        let slots: HashSet<Slot> = ids.iter().filter_map(|id| self.by_id.remove(id)).collect();
        if slots.is_empty() {
            return;
        }
        self.changes += 1;
        self.gone += slots.len();
        self.by_name.retain(|slot| !slots.contains(slot));
        self.by_population.retain(|slot| !slots.contains(slot));
        for slot in slots {
            self.slots[slot as usize].keys = "".into();
            self.index.put(slot, "".into());
        }
    }

    /// Takes in a city; its slot if it has to be placed in the orders.
    fn put_one(&mut self, row: Row) -> Option<Slot> {
        let city = City::new(row, &self.networks);
        let id = city.summary.id;
        let Some(&slot) = self.by_id.get(&id) else {
            let slot = Slot::try_from(self.slots.len()).unwrap_or(Slot::MAX);
            self.index.put(slot, Arc::clone(&city.keys));
            self.by_id.insert(id, slot);
            self.slots.push(city);
            return Some(slot);
        };
        let known = &mut self.slots[slot as usize];
        let moves = known.sort_name != city.sort_name || known.summary.population != city.summary.population;
        if moves || known.keys != city.keys {
            self.index.put(slot, Arc::clone(&city.keys));
        }
        *known = city;
        moves.then_some(slot)
    }

    /// Places cities in the orders, in which the others stand as before.
    fn place_anew(&mut self, moved: &[Slot]) {
        if moved.is_empty() {
            return;
        }
        let is_new = moved.len() + self.by_name.len() + self.gone == self.slots.len();
        if !is_new {
            let moved: HashSet<Slot> = moved.iter().copied().collect();
            self.by_name.retain(|slot| !moved.contains(slot));
            self.by_population.retain(|slot| !moved.contains(slot));
        }
        let slots = &self.slots;
        place(&mut self.by_name, moved, |slot| slots[slot as usize].name_key());
        place(&mut self.by_population, moved, |slot| {
            slots[slot as usize].population_key()
        });
    }

    /// Takes in networks as they now are.
    pub(super) fn put_networks(&mut self, networks: Vec<NetworkView>) {
        self.changes += 1;
        self.networks = networks;
        for city in &mut self.slots {
            city.network = network_of(&self.networks, city.own_network, &city.summary);
        }
    }
}

/// Enters slots into an order; what stands in it moves once at most, whatever their number.
fn place<K: Ord>(order: &mut Vec<Slot>, moved: &[Slot], key: impl Fn(Slot) -> K) {
    let mut moved = moved.to_vec();
    moved.sort_unstable_by_key(|&slot| key(slot));
    let mut end = order.len();
    order.resize(end + moved.len(), 0);
    for (before, &slot) in moved.iter().enumerate().rev() {
        let own = key(slot);
        let at = order[..end].partition_point(|&other| key(other) < own);
        order.copy_within(at..end, at + before + 1);
        order[at + before] = slot;
        end = at;
    }
}
