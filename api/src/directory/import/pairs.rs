//! Twinned cities and the pairs between them: two CSV files that refer to each other, or the answer of a SPARQL query.
//!
//! # The query
//! Wikidata keeps twinnings as property P190. Asked at its query service and saved as CSV, this gives a file that [`read_pairs`] takes (one country at a time, or the
//! service gives up; here France, Q142):
//! ```sparql
//! SELECT ?city ?cityLabel ?cityCountry ?partner ?partnerLabel ?partnerCountry WHERE {
//!   ?city wdt:P190 ?partner ; wdt:P17 wd:Q142 .
//!   ?city wdt:P17/wdt:P297 ?cityCountry .
//!   ?partner wdt:P17/wdt:P297 ?partnerCountry .
//!   SERVICE wikibase:label { bd:serviceParam wikibase:language "fr,en,uk". }
//! }
//! ```
//! The two country columns may be missing; with them a city that the directory does not know by its Wikidata identifier is found by its name more often.

use std::io::Read;

use anyhow::Result;
use shared::cities::CityKind;

use super::columns::{Columns, field};
use super::entry::{
    Code, Entry, GEONAMES, INSEE, KATOTTG, Refused, Row, Standing, TWIN, WIKIDATA, country, name, point, population,
};
use super::insee::is_commune;
use super::katottg;

/// Reads twinned cities: columns `id`, `name`, `iso2`, `lat`, `lng` and, if there are any, `population`, `insee`, `katottg`, `geonameid`, `wikidata`.
pub fn read_cities(input: impl Read) -> Result<impl Iterator<Item = Row>> {
    let mut columns = Columns::open(input)?;
    let id = columns.require(&["id"])?;
    let label = columns.require(&["name"])?;
    let iso2 = columns.require(&["iso2", "country"])?;
    let lat = columns.require(&["lat"])?;
    let lng = columns.require(&["lng", "lon"])?;
    let people = columns.position(&["population"]);
    let insee = columns.position(&["insee"]);
    let unit = columns.position(&["katottg"]);
    let geoname = columns.position(&["geonameid"]);
    let wikidata = columns.position(&["wikidata"]);
    Ok(std::iter::from_fn(move || {
        let (line, record) = match columns.next()? {
            Ok(found) => found,
            Err(refused) => return Some(Err(refused)),
        };
        Some((|| {
            let id = field(record, Some(id));
            if id.is_empty() || id.len() > 40 {
                return Err(Refused::new(line, "the id is missing or longer than 40 characters"));
            }
            let text = name(line, field(record, Some(label)))?;
            let mut entry = Entry::new(
                line,
                Standing::Fills,
                kind(&text),
                text,
                country(line, field(record, Some(iso2)))?,
            );
            entry.location = point(line, field(record, Some(lat)), field(record, Some(lng)))?;
            entry.population = population(line, field(record, people))?;
            entry.by_name = true;
            let commune = field(record, insee);
            if !commune.is_empty() {
                if !is_commune(commune) {
                    return Err(Refused::new(line, format!("`{commune}` is not an INSEE code")));
                }
                entry.codes.push(Code::new(INSEE, commune));
            }
            let unit = field(record, unit);
            if !unit.is_empty() {
                if !katottg::is_code(unit) {
                    return Err(Refused::new(line, format!("`{unit}` is not a KATOTTG code")));
                }
                entry.codes.push(Code::new(KATOTTG, unit));
            }
            let geoname = field(record, geoname);
            if !geoname.is_empty() {
                if geoname.parse::<u32>().is_err() {
                    return Err(Refused::new(line, format!("`{geoname}` is not a GeoNames identifier")));
                }
                entry.codes.push(Code::new(GEONAMES, geoname));
            }
            let entity = field(record, wikidata);
            if !entity.is_empty() {
                entry.codes.push(Code::new(WIKIDATA, entity_id(line, entity)?));
            }
            // Last: the codes of official lists decide first which city is meant.
            entry.codes.push(Code::new(TWIN, id));
            Ok(entry)
        })())
    }))
}

/// What the name of a twinned place gives away of its kind.
fn kind(name: &str) -> CityKind {
    let last = name.rsplit([' ', '-']).next().unwrap_or_default().to_lowercase();
    match last.as_str() {
        "oblast" | "province" | "region" | "voivodeship" | "prefecture" | "governorate" => CityKind::Region,
        "county" | "department" => CityKind::Department,
        "district" | "raion" => CityKind::District,
        _ => CityKind::Municipality,
    }
}

/// One side of a pair as the file names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Side {
    /// The code it goes by.
    pub code: Code,
    /// Its name, if the code is not known.
    pub label: Option<String>,
    /// Its country, to tell equal names apart.
    pub country: Option<String>,
}

/// Two cities that are twinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The line of the source.
    pub line: u64,
    /// One of them.
    pub a: Side,
    /// The other.
    pub b: Side,
}

/// Reads pairs: columns `a`, `b` with the ids of [`read_cities`], or the answer of the query above.
pub fn read_pairs(input: impl Read) -> Result<impl Iterator<Item = Row<Pair>>> {
    let mut columns = Columns::open(input)?;
    let by_id = columns.position(&["a"]).zip(columns.position(&["b"]));
    let sides = match by_id {
        Some((a, b)) => [
            Position {
                code: a,
                label: None,
                country: None,
            },
            Position {
                code: b,
                label: None,
                country: None,
            },
        ],
        None => ["city", "partner"]
            .map(|side| columns.position(&[side]).map(|code| (side, code)))
            .map(|found| {
                found.map(|(side, code)| Position {
                    code,
                    label: columns.position(&[&format!("{side}label")]),
                    country: columns.position(&[&format!("{side}country")]),
                })
            })
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .and_then(|sides| <[Position; 2]>::try_from(sides).ok())
            .ok_or_else(|| anyhow::anyhow!("the file has neither the columns `a`, `b` nor `city`, `partner`"))?,
    };
    Ok(std::iter::from_fn(move || {
        let (line, record) = match columns.next()? {
            Ok(found) => found,
            Err(refused) => return Some(Err(refused)),
        };
        Some((|| {
            let [a, b] = &sides;
            let side = |position: &Position| -> Row<Side> {
                let code = field(record, Some(position.code));
                if by_id.is_some() {
                    if code.is_empty() {
                        return Err(Refused::new(line, "an id is missing"));
                    }
                    return Ok(Side {
                        code: Code::new(TWIN, code),
                        label: None,
                        country: None,
                    });
                }
                let label = field(record, position.label);
                let country_code = field(record, position.country);
                Ok(Side {
                    code: Code::new(WIKIDATA, entity_id(line, code)?),
                    // Without a label the query service repeats the identifier.
                    label: (!label.is_empty() && !is_entity(label)).then(|| label.to_owned()),
                    country: if country_code.is_empty() {
                        None
                    } else {
                        Some(country(line, country_code)?)
                    },
                })
            };
            let (a, b) = (side(a)?, side(b)?);
            if a.code == b.code {
                return Err(Refused::new(line, "a city cannot be its own twin"));
            }
            Ok(Pair { line, a, b })
        })())
    }))
}

/// Where the fields of one side stand.
struct Position {
    code: usize,
    label: Option<usize>,
    country: Option<usize>,
}

fn is_entity(text: &str) -> bool {
    text.len() > 1 && text.starts_with('Q') && text.bytes().skip(1).all(|b| b.is_ascii_digit())
}

/// `Q159219`, also at the end of the entity's address.
fn entity_id(line: u64, text: &str) -> Row<String> {
    let id = text.rsplit('/').next().unwrap_or_default();
    if is_entity(id) {
        Ok(id.to_owned())
    } else {
        Err(Refused::new(line, format!("`{text}` is not a Wikidata identifier")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_keep_their_codes_with_the_files_own_id_last() {
        let text = "id,name,country,iso2,lat,lng,population,insee,katottg,geonameid,coord_verified\n\
            1,Grenoble,France,FR,45.17,5.72,158000,38185,,,y\n\
            57,Shirak Province,Armenia,AM,40.8333,43.9167,,,,,n\n\
            58,Nowhere,X,Xx,,,,,,,n\n";
        let rows: Vec<Row> = read_cities(text.as_bytes()).unwrap().collect();
        assert_eq!(
            rows[0].as_ref().unwrap().codes,
            [Code::new(INSEE, "38185"), Code::new(TWIN, "1")]
        );
        assert_eq!(rows[1].as_ref().unwrap().kind, CityKind::Region);
        assert_eq!(rows[2].as_ref().unwrap_err().line, 4);
    }

    #[test]
    fn both_shapes_of_pairs_are_read() {
        let rows: Vec<Row<Pair>> = read_pairs("a,b\n1,2\n3,3\n".as_bytes()).unwrap().collect();
        assert_eq!(rows[0].as_ref().unwrap().b.code, Code::new(TWIN, "2"));
        assert!(rows[1].is_err());

        let answer = "city,cityLabel,partner,partnerLabel\nhttp://www.wikidata.org/entity/Q1289,Grenoble,http://www.wikidata.org/entity/Q159219,Q159219\nx,Y,Q1,Z\n";
        let rows: Vec<Row<Pair>> = read_pairs(answer.as_bytes()).unwrap().collect();
        let pair = rows[0].as_ref().unwrap();
        assert_eq!(
            (pair.a.code.value.as_str(), pair.a.label.as_deref(), &pair.b.label),
            ("Q1289", Some("Grenoble"), &None)
        );
        assert_eq!(rows[1].as_ref().unwrap_err().line, 3);
        assert!(read_pairs("x,y\n1,2\n".as_bytes()).is_err());
    }
}
