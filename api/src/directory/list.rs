//! Lists of cities from memory: filters, orders, and pages that hold still when cities come in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::cities::{CityKind, CitySort, CitySummary, Level};
use shared::ids::{CityId, NetworkId};
use shared::themes::Theme;

use super::columns::{Cities, City, Slot, country_bytes};
use super::search;

/// Which cities are wanted; an empty list lets all through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Countries.
    pub countries: Vec<String>,
    /// Kinds of authority.
    pub kinds: Vec<CityKind>,
    /// Levels of authority.
    pub levels: Vec<Level>,
    /// Themes of which it needs at least one.
    pub needs: Vec<Theme>,
    /// Themes of which it offers at least one.
    pub offers: Vec<Theme>,
    /// Fewest inhabitants.
    pub population_min: Option<i64>,
    /// Most inhabitants.
    pub population_max: Option<i64>,
    /// Whether it looks for partners.
    pub open_to_partners: Option<bool>,
    /// The network that accompanies it.
    pub network_id: Option<NetworkId>,
    /// Changed at this time or later.
    pub updated_since: Option<DateTime<Utc>>,
    /// Beginning of a name or of one of its words, or of a code.
    pub text: Option<String>,
}

/// Where a page ended: the key of its last city in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    sort: CitySort,
    name: Option<String>,
    population: Option<i64>,
    id: CityId,
}

impl Position {
    fn of(sort: CitySort, city: &City) -> Self {
        let by_name = matches!(sort, CitySort::Name | CitySort::NameDescending);
        Self {
            sort,
            name: by_name.then(|| city.sort_name.to_string()),
            population: if by_name { None } else { city.summary.population },
            id: city.summary.id,
        }
    }

    /// Whether it belongs to a list in this order.
    #[must_use]
    pub fn fits(&self, sort: CitySort) -> bool {
        self.sort == sort
    }
}

/// What a list is asked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Which cities.
    pub filter: &'a Filter,
    /// In which order.
    pub sort: CitySort,
    /// After which one.
    pub after: Option<Position>,
    /// How many.
    pub limit: usize,
    /// Whether to count all of them.
    pub count: bool,
}

/// A page of cities.
#[derive(Debug, Clone)]
pub struct Page {
    /// The cities.
    pub items: Vec<Arc<CitySummary>>,
    /// Where the next page begins, if there is one.
    pub next: Option<Position>,
    /// How many there are on all pages, where that was asked.
    pub total: Option<u64>,
}

/// A filter made ready to be asked many times.
struct Sieve<'a> {
    filter: &'a Filter,
    countries: Vec<[u8; 2]>,
    needs: u32,
    offers: u32,
    /// The slots that the text finds.
    found: Option<Vec<u64>>,
    passes_all: bool,
}

impl<'a> Sieve<'a> {
    fn new(cities: &Cities, filter: &'a Filter) -> Self {
        let mask = |themes: &[Theme]| themes.iter().fold(0_u32, |mask, &theme| mask | 1 << theme as u32);
        let passes_all = filter.countries.is_empty()
            && filter.kinds.is_empty()
            && filter.levels.is_empty()
            && filter.needs.is_empty()
            && filter.offers.is_empty()
            && filter.population_min.is_none()
            && filter.population_max.is_none()
            && filter.open_to_partners.is_none()
            && filter.network_id.is_none()
            && filter.updated_since.is_none()
            && filter.text.is_none();
        Self {
            filter,
            countries: filter.countries.iter().map(|code| country_bytes(code)).collect(),
            needs: mask(&filter.needs),
            offers: mask(&filter.offers),
            found: filter.text.as_deref().map(|text| search::find_all(cities, text)),
            passes_all,
        }
    }

    fn passes(&self, slot: Slot, city: &City) -> bool {
        if self.passes_all {
            return true;
        }
        let (filter, summary) = (self.filter, &*city.summary);
        let within = |population: i64| {
            filter.population_min.is_none_or(|min| population >= min)
                && filter.population_max.is_none_or(|max| population <= max)
        };
        let found = |bits: &Vec<u64>| {
            bits.get(slot as usize / 64)
                .is_some_and(|bits| bits & (1 << (slot % 64)) != 0)
        };
        self.found.as_ref().is_none_or(found)
            && (self.countries.is_empty() || self.countries.contains(&city.country))
            && (filter.kinds.is_empty() || filter.kinds.contains(&city.kind))
            && (filter.levels.is_empty() || filter.levels.contains(&city.kind.level()))
            && (self.needs == 0 || self.needs & city.needs != 0)
            && (self.offers == 0 || self.offers & city.offers != 0)
            && filter
                .open_to_partners
                .is_none_or(|open| open == summary.open_to_partners)
            && filter.network_id.is_none_or(|network| city.network == Some(network))
            && filter.updated_since.is_none_or(|since| city.updated_at >= since)
            && (filter.population_min.is_none() && filter.population_max.is_none()
                || summary.population.is_some_and(within))
    }
}

impl Cities {
    /// A page of the cities that the filter lets through.
    #[must_use]
    pub fn list(&self, wanted: &Wanted<'_>) -> Page {
        let sieve = Sieve::new(self, wanted.filter);
        let (order, backwards) = match wanted.sort {
            CitySort::Name => (&self.by_name, false),
            CitySort::NameDescending => (&self.by_name, true),
            CitySort::Population => (&self.by_population, true),
            CitySort::PopulationDescending => (&self.by_population, false),
        };
        let rest = self.after(order, backwards, wanted.after.as_ref());
        let mut page = if backwards {
            self.take(rest.iter().rev(), &sieve, wanted)
        } else {
            self.take(rest.iter(), &sieve, wanted)
        };
        page.total = wanted.count.then(|| {
            if sieve.passes_all {
                return self.by_name.len() as u64;
            }
            let all = self.by_name.iter();
            all.filter(|&&slot| sieve.passes(slot, &self.slots[slot as usize]))
                .count() as u64
        });
        page
    }

    /// The part of an order that comes after a position.
    fn after<'a>(&self, order: &'a [Slot], backwards: bool, position: Option<&Position>) -> &'a [Slot] {
        let Some(position) = position else {
            return order;
        };
        let name = (position.name.as_deref().unwrap_or_default(), position.id);
        let population = (std::cmp::Reverse(position.population.unwrap_or(-1)), position.id);
        let compared = |slot: &Slot| {
            let city = &self.slots[*slot as usize];
            match position.sort {
                CitySort::Name | CitySort::NameDescending => city.name_key().cmp(&name),
                CitySort::Population | CitySort::PopulationDescending => city.population_key().cmp(&population),
            }
        };
        if backwards {
            &order[..order.partition_point(|slot| compared(slot).is_lt())]
        } else {
            &order[order.partition_point(|slot| compared(slot).is_le())..]
        }
    }

    fn take<'a>(&self, order: impl Iterator<Item = &'a Slot>, sieve: &Sieve<'_>, wanted: &Wanted<'_>) -> Page {
        let mut items = Vec::with_capacity(wanted.limit);
        let mut last = None;
        let mut next = None;
        for &slot in order {
            let city = &self.slots[slot as usize];
            if !sieve.passes(slot, city) {
                continue;
            }
            if items.len() == wanted.limit {
                next = last.map(|last| Position::of(wanted.sort, last));
                break;
            }
            items.push(Arc::clone(&city.summary));
            last = Some(city);
        }
        Page {
            items,
            next,
            total: None,
        }
    }
}
