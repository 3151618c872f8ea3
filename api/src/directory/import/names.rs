//! Authorities by their name, for rows whose codes nobody knows. Read country by country when first needed.

use std::collections::HashMap;

use shared::cities::CityKind;
use shared::geo::Point;
use shared::ids::CityId;
use xxhash_rust::xxh3::xxh3_64;

use super::entry::Entry;
use super::merge::Known;
use crate::directory::fold::fold;

/// Two places of the same name that lie nearer to each other than this are the same.
const SAME_PLACE_KM: f64 = 25.0;
/// Candidates of one row that are looked at closely.
const CANDIDATES: usize = 5;

/// An authority under one of its names.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) id: CityId,
    pub(super) kind: CityKind,
    pub(super) subdivision: Option<String>,
    pub(super) population: Option<i64>,
    pub(super) location: Option<Point>,
}

impl Spot {
    pub(super) fn of(known: &Known) -> Self {
        Self {
            id: known.id,
            kind: known.kind,
            subdivision: known.subdivision.clone(),
            population: known.population,
            location: known.location,
        }
    }
}

/// Countries that are loaded, each with its authorities by the hash of a folded name.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    countries: HashMap<String, HashMap<u64, Vec<Spot>>>,
}

impl NameIndex {
    /// Whether a country has been loaded.
    pub(super) fn has(&self, country: &str) -> bool {
        self.countries.contains_key(country)
    }

    /// Begins a country.
    pub(super) fn open(&mut self, country: &str) {
        self.countries.entry(country.to_owned()).or_default();
    }

    /// Adds an authority under every line of its search keys, if its country is loaded.
    pub(super) fn add(&mut self, country: &str, search_keys: &str, spot: &Spot) {
        if let Some(names) = self.countries.get_mut(country) {
            for key in search_keys.lines() {
                names.entry(xxh3_64(key.as_bytes())).or_default().push(spot.clone());
            }
        }
    }

    /// The authorities that `entry` may mean by its name and place, the likeliest first.
    pub(super) fn candidates(&self, entry: &Entry) -> Vec<CityId> {
        let Some(same_name) = self
            .countries
            .get(&entry.country)
            .and_then(|names| names.get(&xxh3_64(fold(&entry.name).as_bytes())))
        else {
            return Vec::new();
        };
        let mut spots: Vec<&Spot> = same_name.iter().filter(|spot| spot.kind == entry.kind).collect();
        match entry.location {
            Some(here) => {
                let is_only = spots.len() == 1;
                let distance = |spot: &Spot| spot.location.map(|there| here.distance_km(there));
                spots.retain(|spot| distance(spot).map_or(is_only, |km| km < SAME_PLACE_KM));
                spots.sort_by(|a, b| {
                    distance(a)
                        .unwrap_or(SAME_PLACE_KM)
                        .total_cmp(&distance(b).unwrap_or(SAME_PLACE_KM))
                        .then_with(|| b.population.cmp(&a.population))
                });
            }
            None => {
                if entry.subdivision.is_some() {
                    spots.retain(|spot| spot.subdivision.is_none() || spot.subdivision == entry.subdivision);
                }
                spots.sort_by_key(|spot| std::cmp::Reverse(spot.population));
            }
        }
        spots.iter().take(CANDIDATES).map(|spot| spot.id).collect()
    }

    /// The towns that bear a name, in one country or in all that are loaded.
    pub(super) fn towns_named(&self, name: &str, country: Option<&str>) -> Vec<CityId> {
        let key = xxh3_64(fold(name).as_bytes());
        let mut ids: Vec<CityId> = self
            .countries
            .iter()
            .filter(|(code, _)| country.is_none_or(|country| country == code.as_str()))
            .flat_map(|(_, names)| names.get(&key).into_iter().flatten())
            .filter(|spot| spot.kind == CityKind::Municipality)
            .map(|spot| spot.id)
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }
}
