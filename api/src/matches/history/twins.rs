//! Twinned cities and the pairs between them, as the two files of `api import cities` and `api import pairs` tell them.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use shared::history::columns::Place;
use shared::scoring::Facts;
use shared::scoring::outline::country_number;

use crate::directory::fold::fold;
use crate::directory::import::entry::TWIN;
use crate::directory::import::pairs::{read_cities, read_pairs};
use crate::matches::languages::main_languages;

/// Cities and pairs by their positions.
#[derive(Debug, Clone, Default)]
pub struct Twins {
    /// What the history knows of each city.
    pub places: Vec<Place>,
    /// What the other criteria know of it: no needs or offers are told in such files.
    pub facts: Vec<Facts>,
    /// Who is twinned with whom, each pair once.
    pub pairs: Vec<(u32, u32)>,
}

impl Twins {
    /// Those that have a partner at all, and their pairs.
    #[must_use]
    pub fn linked(&self) -> Self {
        let mut has = vec![false; self.places.len()];
        for &(a, b) in &self.pairs {
            has[a as usize] = true;
            has[b as usize] = true;
        }
        let mut numbers = Vec::with_capacity(has.len());
        let mut linked = Self::default();
        for (at, has) in has.iter().enumerate() {
            numbers.push(linked.places.len() as u32);
            if *has {
                linked.places.push(self.places[at].clone());
                linked.facts.push(self.facts[at].clone());
            }
        }
        let number = |at: u32| numbers[at as usize];
        linked.pairs = self.pairs.iter().map(|&(a, b)| (number(a), number(b))).collect();
        linked
    }
}

/// The place of an authority.
#[must_use]
pub fn place_of(facts: &Facts, name: &str) -> Place {
    Place {
        country: country_number(&facts.country).unwrap_or(0),
        population: facts.population,
        point: facts.location,
        name: fold(name),
    }
}

/// Reads `twin_cities.csv` and `twin_links.csv`; rows that cannot be read are left out.
///
/// # Errors
/// Where a file or its head cannot be read.
pub fn read(cities: &Path, links: &Path) -> Result<Twins> {
    let open = |path: &Path| File::open(path).with_context(|| format!("reading {}", path.display()));
    let mut twins = Twins::default();
    let mut by_id: HashMap<String, u32> = HashMap::new();
    for entry in read_cities(open(cities)?)?.flatten() {
        let facts = Facts {
            languages: main_languages(&entry.country)
                .iter()
                .map(|&tag| tag.to_owned())
                .collect(),
            country: entry.country,
            level: entry.kind.level(),
            population: entry.population,
            location: entry.location,
            needs: Vec::new(),
            offers: Vec::new(),
            wanted_countries: Vec::new(),
            wanted_levels: Vec::new(),
            engagement: None,
            partner_countries: Vec::new(),
        };
        if let Some(id) = entry.codes.into_iter().find(|code| code.scheme == TWIN) {
            by_id.insert(id.value, twins.places.len() as u32);
            twins.places.push(place_of(&facts, &entry.name));
            twins.facts.push(facts);
        }
    }
    for pair in read_pairs(open(links)?)?.flatten() {
        let sides = by_id.get(&pair.a.code.value).zip(by_id.get(&pair.b.code.value));
        if let Some((&a, &b)) = sides.filter(|(a, b)| a != b) {
            twins.pairs.push((a.min(b), a.max(b)));
        }
    }
    twins.pairs.sort_unstable();
    twins.pairs.dedup();
    Ok(twins)
}
