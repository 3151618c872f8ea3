//! The tables of `api/data/`, carried inside the binary.

use std::collections::HashMap;
use std::io::Read;

use anyhow::{Context as _, Result, anyhow};
use csv::{Reader, StringRecord};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::cities::CityKind;

use super::entry::{
    Code, DEPARTEMENT, Entry, GEONAMES, INSEE, ISO_SUBDIVISION, KATOTTG, OtherName, REGION, Refused, Row, SIREN,
    SPECIAL, Standing, point, population,
};
use super::geonames::subdivision;

const COLLECTIVITES: &[u8] = include_bytes!("../../../data/collectivites_fr.csv.zst");
const COMMUNES: &[u8] = include_bytes!("../../../data/communes_fr.csv.zst");
const FORMER: &[u8] = include_bytes!("../../../data/communes_fr_former.csv.zst");
const PLACES: &[u8] = include_bytes!("../../../data/places.csv.zst");
const PARTIES: &[u8] = include_bytes!("../../../data/special_parties.csv");
/// Raised when the way in which the tables are read changes: then they are read again at the next start.
const READING: u64 = 1;

/// A number that changes when the bundled tables do.
pub(super) fn digest() -> i64 {
    let mut digest = READING;
    for table in [COLLECTIVITES, COMMUNES, FORMER, PLACES, PARTIES] {
        digest = xxhash_rust::xxh3::xxh3_64_with_seed(table, digest);
    }
    digest.cast_signed()
}

/// Everything bundled, from the top of the hierarchy down.
pub(super) fn read() -> Result<impl Iterator<Item = Row>> {
    let former = former_codes()?;
    let collectivites = table(COLLECTIVITES)?.map(collectivite);
    let communes = table(COMMUNES)?.map(move |row| commune(row, &former));
    let places = table(PLACES)?.map(place);
    let parties = rows(PARTIES).map(party);
    Ok(collectivites.chain(communes).chain(places).chain(parties))
}

/// The rows of a compressed table.
fn table<T: DeserializeOwned>(bytes: &'static [u8]) -> Result<impl Iterator<Item = Row<(u64, T)>>> {
    Ok(rows(
        zstd::stream::read::Decoder::new(bytes).context("a bundled table is damaged")?,
    ))
}

fn rows<T: DeserializeOwned>(input: impl Read) -> impl Iterator<Item = Row<(u64, T)>> {
    let mut reader = Reader::from_reader(input);
    let header = reader.headers().cloned();
    let mut record = StringRecord::new();
    std::iter::from_fn(move || match reader.read_record(&mut record) {
        Ok(false) => None,
        Ok(true) => {
            let line = record.position().map_or(0, csv::Position::line);
            let row = header
                .as_ref()
                .map_err(ToString::to_string)
                .and_then(|header| record.deserialize(Some(header)).map_err(|error| error.to_string()));
            Some(row.map(|row| (line, row)).map_err(|reason| Refused::new(line, reason)))
        }
        Err(error) => Some(Err(Refused::new(
            error.position().map_or(0, csv::Position::line),
            error.to_string(),
        ))),
    })
}

#[derive(Deserialize)]
struct Former {
    code: String,
    name: String,
    insee: String,
    until: chrono::NaiveDate,
}

fn former_codes() -> Result<HashMap<String, Vec<Former>>> {
    let mut by_commune: HashMap<String, Vec<Former>> = HashMap::new();
    for row in table::<Former>(FORMER)? {
        let (_, row) = row.map_err(|refused| {
            anyhow!(
                "bundled table of former communes, line {}: {}",
                refused.line,
                refused.reason
            )
        })?;
        by_commune.entry(row.insee.clone()).or_default().push(row);
    }
    Ok(by_commune)
}

#[derive(Deserialize)]
struct Collectivite {
    kind: String,
    code: String,
    name: String,
    full_name: String,
    parent: String,
    population: String,
    lat: String,
    lng: String,
}

fn collectivite(row: Row<(u64, Collectivite)>) -> Row {
    let (line, row) = row?;
    let (kind, scheme, subdivision) = match row.kind.as_str() {
        "region" => (CityKind::Region, REGION, None),
        "departement" => (CityKind::Department, DEPARTEMENT, Some(format!("FR-{}", row.code))),
        _ => (CityKind::Intercommunality, SIREN, None),
    };
    let mut entry = Entry::new(line, Standing::Official, kind, row.full_name, "FR");
    entry.codes.push(Code::new(scheme, &row.code));
    entry.population = population(line, &row.population)?;
    entry.location = point(line, &row.lat, &row.lng)?;
    entry.parent = row
        .parent
        .split_once(':')
        .map(|(kind, code)| Code::new(if kind == "region" { REGION } else { DEPARTEMENT }, code));
    entry.subdivision = subdivision.or_else(|| {
        entry
            .parent
            .as_ref()
            .filter(|parent| parent.scheme == DEPARTEMENT)
            .map(|parent| format!("FR-{}", parent.value))
    });
    entry.names.push(OtherName::alternate(row.name));
    Ok(entry)
}

#[derive(Deserialize)]
struct Commune {
    insee: String,
    name: String,
    department: String,
    siren: String,
    population: String,
    lat: String,
    lng: String,
    geonameid: String,
    names: String,
}

fn commune(row: Row<(u64, Commune)>, former: &HashMap<String, Vec<Former>>) -> Row {
    let (line, row) = row?;
    let mut entry = Entry::new(line, Standing::Official, CityKind::Municipality, row.name, "FR");
    entry.population = population(line, &row.population)?;
    entry.location = point(line, &row.lat, &row.lng)?;
    entry.subdivision = Some(format!("FR-{}", row.department));
    entry.parent = Some(Code::new(DEPARTEMENT, &row.department));
    entry.names.extend(split(&row.names).map(OtherName::alternate));
    for past in former.get(&row.insee).into_iter().flatten() {
        entry.former_codes.push((Code::new(INSEE, &past.code), past.until));
        if !past.name.is_empty() {
            entry.names.push(OtherName::former(&past.name));
        }
    }
    entry.codes.push(Code::new(INSEE, row.insee));
    for (scheme, code) in [(SIREN, row.siren), (GEONAMES, row.geonameid)] {
        if !code.is_empty() {
            entry.codes.push(Code::new(scheme, code));
        }
    }
    Ok(entry)
}

#[derive(Deserialize)]
struct Place {
    geonameid: String,
    name: String,
    name_uk: String,
    country: String,
    admin1: String,
    lat: String,
    lng: String,
    population: String,
    names: String,
}

fn place(row: Row<(u64, Place)>) -> Row {
    let (line, row) = row?;
    let mut entry = Entry::new(line, Standing::Describes, CityKind::Municipality, row.name, row.country);
    entry.population = population(line, &row.population)?;
    entry.location = point(line, &row.lat, &row.lng)?;
    entry.subdivision = subdivision(&entry.country, &row.admin1, "");
    entry.codes.push(Code::new(GEONAMES, row.geonameid));
    if !row.name_uk.is_empty() {
        entry.names.push(OtherName::in_language("uk", row.name_uk));
    }
    entry.names.extend(split(&row.names).map(OtherName::alternate));
    Ok(entry)
}

#[derive(Deserialize)]
struct Party {
    name: String,
    kind: String,
    country: String,
    codes: String,
    lat: String,
    lng: String,
    names: String,
}

fn party(row: Row<(u64, Party)>) -> Row {
    let (line, row) = row?;
    let kind =
        CityKind::from_code(&row.kind).ok_or_else(|| Refused::new(line, format!("kind `{}` is unknown", row.kind)))?;
    let mut entry = Entry::new(line, Standing::Fills, kind, row.name, row.country);
    entry.location = point(line, &row.lat, &row.lng)?;
    for code in split(&row.codes) {
        let (scheme, value) = code
            .split_once('=')
            .ok_or_else(|| Refused::new(line, format!("`{code}` is not scheme=code")))?;
        let scheme = [GEONAMES, ISO_SUBDIVISION, SPECIAL]
            .into_iter()
            .find(|known| *known == scheme)
            .or((scheme == "katottg").then_some(KATOTTG));
        entry.codes.push(Code::new(
            scheme.ok_or_else(|| Refused::new(line, format!("`{code}` is in no known list")))?,
            value,
        ));
    }
    for name in split(&row.names) {
        let (language, text) = name
            .split_once('=')
            .ok_or_else(|| Refused::new(line, format!("`{name}` is not language=name")))?;
        entry.names.push(OtherName::in_language(language, text));
    }
    Ok(entry)
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_row_can_be_read() {
        let rows: Vec<Row> = read().unwrap().collect();
        let refused: Vec<&Refused> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
        assert!(refused.is_empty(), "{:?}", &refused[..refused.len().min(5)]);
        assert!(rows.len() > 75_000, "{}", rows.len());
    }

    #[test]
    fn crimea_is_in_ukraine() {
        let simferopol = read()
            .unwrap()
            .flatten()
            .find(|entry| entry.codes.contains(&Code::new(GEONAMES, "693805")))
            .unwrap();
        assert_eq!(
            (
                simferopol.name.as_str(),
                simferopol.country.as_str(),
                simferopol.subdivision.as_deref()
            ),
            ("Simferopol", "UA", Some("UA-43"))
        );
    }

    #[test]
    fn every_party_of_the_demonstration_is_bundled() {
        #[derive(Deserialize)]
        struct Seed {
            side: String,
            name: String,
            country: String,
            scheme: String,
            code: String,
        }
        let known: HashMap<Code, Entry> = read()
            .unwrap()
            .flatten()
            .flat_map(|entry| entry.codes.clone().into_iter().map(move |code| (code, entry.clone())))
            .collect();
        let mut countries = std::collections::BTreeSet::new();
        let mut sides = [0, 0];
        for row in rows::<Seed>(include_bytes!("../../../data/demo/aap2025_parties.csv").as_slice()) {
            let (line, seed) = row.unwrap();
            let scheme = match seed.scheme.as_str() {
                "insee" => INSEE,
                "insee-dep" => DEPARTEMENT,
                "siren" => SIREN,
                "katottg" => KATOTTG,
                "iso3166-2" => ISO_SUBDIVISION,
                "geonames" => GEONAMES,
                "special" => SPECIAL,
                _ => {
                    assert!(seed.side == "NET" || seed.side == "ASSOC", "line {line}: {}", seed.name);
                    continue;
                }
            };
            let entry = known
                .get(&Code::new(scheme, seed.code))
                .unwrap_or_else(|| panic!("line {line}: {} is not bundled", seed.name));
            assert_eq!(entry.country, seed.country, "{}", seed.name);
            sides[usize::from(seed.side == "EXT")] += 1;
            if seed.side == "EXT" {
                countries.insert(seed.country);
            }
        }
        assert_eq!((sides, countries.len()), ([14, 14], 9));
    }
}
