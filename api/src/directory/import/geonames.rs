//! GeoNames' dump: `cities500.txt` (or `cities1000`, `allCountries`) and `alternateNamesV2.txt`, tab-separated without quotes, as its readme documents them.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};

use shared::cities::{CityKind, NameKind};

use super::entry::{
    Code, Entry, GEONAMES, INSEE, OtherName, Refused, Row, Standing, WIKIDATA, country, name, point, population,
};
use super::insee::is_commune;

/// Fields of a line of the main table.
const PLACE_FIELDS: usize = 19;
/// Feature codes of populated places that are no town: parts of one, historical, abandoned or destroyed places.
const NO_TOWN: [&str; 4] = ["PPLX", "PPLH", "PPLQ", "PPLW"];

/// Lines of a file without quoting, with their numbers; a line that is not UTF-8 is refused and reading goes on.
fn lines(input: impl Read) -> impl Iterator<Item = (u64, Result<String, String>)> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut number = 0;
    let mut broken = false;
    std::iter::from_fn(move || {
        if broken {
            return None;
        }
        let mut bytes = Vec::new();
        match input.read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(_) => number += 1,
            Err(error) => {
                broken = true;
                return Some((number + 1, Err(error.to_string())));
            }
        }
        while bytes.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            bytes.pop();
        }
        Some((
            number,
            String::from_utf8(bytes).map_err(|_| "the line is not UTF-8".to_owned()),
        ))
    })
}

/// Reads the main table.
pub fn read_places(input: impl Read) -> impl Iterator<Item = Row> {
    lines(input)
        .filter(|(_, text)| text.as_ref().map_or(true, |text| !text.is_empty()))
        .map(|(line, text)| place(line, &text.map_err(|reason| Refused::new(line, reason))?))
}

fn place(line: u64, text: &str) -> Row {
    let fields: Vec<&str> = text.split('\t').collect();
    let &[
        id,
        main,
        ascii,
        others,
        lat,
        lng,
        class,
        feature,
        country_code,
        _,
        admin1,
        admin2,
        admin3,
        admin4,
        people,
        ..,
    ] = fields.as_slice()
    else {
        return Err(Refused::new(
            line,
            format!("{} fields instead of {PLACE_FIELDS}", fields.len()),
        ));
    };
    if id.parse::<u32>().is_err() {
        return Err(Refused::new(line, format!("`{id}` is not a GeoNames identifier")));
    }
    if class != "P" || NO_TOWN.contains(&feature) {
        return Err(Refused::new(line, format!("{class}.{feature} is no town")));
    }
    let country = country(line, country_code)?;
    let mut entry = Entry::new(
        line,
        Standing::Describes,
        CityKind::Municipality,
        name(line, main)?,
        country,
    );
    entry.location = point(line, lat, lng)?;
    entry.population = population(line, people)?;
    entry.subdivision = subdivision(&entry.country, admin1, admin2);
    entry.codes.push(Code::new(GEONAMES, id));
    entry.by_name = true;
    if ascii != main && !ascii.is_empty() {
        entry.names.push(OtherName::alternate(ascii));
    }
    entry.names.extend(
        others
            .split(',')
            .filter(|other| is_worth_keeping(other))
            .map(OtherName::alternate),
    );
    if entry.country == "FR" {
        // In France the lowest level is INSEE's code of the commune: what bears another name there is a part of it.
        let commune = [admin4, admin3].into_iter().find(|code| is_commune(code));
        if let Some(commune) = commune {
            entry.commune = Some(Code::new(INSEE, commune));
        }
    }
    Ok(entry)
}

/// Whether an alternate name without a language is a name at all: neither an airport's code nor a web address.
pub(super) fn is_worth_keeping(text: &str) -> bool {
    let is_code = text.len() <= 5 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    !text.is_empty() && !is_code && !text.contains("://") && !text.contains("www.")
}

/// The ISO 3166-2 code of a place, for the countries where GeoNames' own codes tell it.
pub(super) fn subdivision(country: &str, admin1: &str, admin2: &str) -> Option<String> {
    match country {
        "UA" => ukrainian_subdivision(admin1).map(str::to_owned),
        "FR" if !admin2.is_empty() && admin2.len() <= 3 => Some(format!("FR-{admin2}")),
        "US" | "CH" if admin1.len() == 2 => Some(format!("{country}-{admin1}")),
        "BE" if admin1.len() == 3 => Some(format!("BE-{admin1}")),
        _ => None,
    }
}

fn ukrainian_subdivision(admin1: &str) -> Option<&'static str> {
    Some(match admin1 {
        "01" => "UA-71",
        "02" => "UA-74",
        "03" => "UA-77",
        "04" => "UA-12",
        "05" => "UA-14",
        "06" => "UA-26",
        "07" => "UA-63",
        "08" => "UA-65",
        "09" => "UA-68",
        "10" => "UA-35",
        "11" => "UA-43",
        "12" => "UA-30",
        "13" => "UA-32",
        "14" => "UA-09",
        "15" => "UA-46",
        "16" => "UA-48",
        "17" => "UA-51",
        "18" => "UA-53",
        "19" => "UA-56",
        "20" => "UA-40",
        "21" => "UA-59",
        "22" => "UA-61",
        "23" => "UA-05",
        "24" => "UA-07",
        "25" => "UA-21",
        "26" => "UA-23",
        "27" => "UA-18",
        _ => return None,
    })
}

/// Reads the table of alternate names: a name, or the Wikidata identifier, of a place among `known`. Rows about anything else are passed over as `None`.
pub fn read_names<'k>(input: impl Read + 'k, known: &'k HashSet<u32>) -> impl Iterator<Item = Row<Option<Entry>>> + 'k {
    lines(input)
        .filter(|(_, text)| text.as_ref().map_or(true, |text| !text.is_empty()))
        .map(move |(line, text)| alternate(line, &text.map_err(|reason| Refused::new(line, reason))?, known))
}

fn alternate(line: u64, text: &str, known: &HashSet<u32>) -> Row<Option<Entry>> {
    let fields: Vec<&str> = text.split('\t').collect();
    let &[_, id, language, other, ref flags @ ..] = fields.as_slice() else {
        return Err(Refused::new(line, format!("{} fields instead of 10", fields.len())));
    };
    let id: u32 = id
        .parse()
        .map_err(|_| Refused::new(line, format!("`{id}` is not a GeoNames identifier")))?;
    if !known.contains(&id) {
        return Ok(None);
    }
    let mut entry = Entry::new(line, Standing::Fills, CityKind::Municipality, "", "");
    entry.known_only = true;
    entry.codes.push(Code::new(GEONAMES, id.to_string()));
    match language {
        "wkdt" if other.starts_with('Q') => entry.codes.push(Code::new(WIKIDATA, other)),
        // Links, postcodes, codes of airports, ports and stations, and spellings of them, are no names.
        "link" | "post" | "iata" | "icao" | "faac" | "tcid" | "unlc" | "abbr" | "phon" | "piny" | "wkdt" => {
            return Ok(None);
        }
        _ => {
            let is_historic = flags.get(3) == Some(&"1");
            let is_colloquial = flags.get(2) == Some(&"1");
            if is_colloquial {
                return Ok(None);
            }
            entry.names.push(OtherName {
                text: name(line, other)?,
                language: (!language.is_empty() && language.len() <= 7).then(|| language.to_owned()),
                kind: if is_historic {
                    NameKind::Former
                } else {
                    NameKind::Alternate
                },
            });
        }
    }
    Ok(Some(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KREMENCHUK: &str = "704147\tKremenchuk\tKremenchuk\tKHU,Krementchouk,Кременчук\t49.06253\t33.40484\tP\tPPLA2\tUA\t\t18\t\t\t\t224997\t\t79\tEurope/Kyiv\t2024-01-01";

    #[test]
    fn a_place_is_read_with_its_names_and_subdivision() {
        let entry = read_places(KREMENCHUK.as_bytes()).next().unwrap().unwrap();
        assert_eq!(
            (entry.name.as_str(), entry.subdivision.as_deref(), entry.population),
            ("Kremenchuk", Some("UA-53"), Some(224_997))
        );
        assert_eq!(
            entry.names,
            [OtherName::alternate("Krementchouk"), OtherName::alternate("Кременчук")]
        );
    }

    #[test]
    fn bad_rows_are_refused_with_their_line_and_the_rest_is_read() {
        let bytes = [
            b"1\tX\n".as_slice(),
            b"\xff\xfe\tbad\n",
            KREMENCHUK.replace("PPLA2", "PPLX").as_bytes(),
            b"\n",
            KREMENCHUK.replace("49.06253", "149").as_bytes(),
            b"\n",
            KREMENCHUK.as_bytes(),
            b"\r\n",
        ]
        .concat();
        let rows: Vec<Row> = read_places(bytes.as_slice()).collect();
        let refused: Vec<(u64, &str)> = rows
            .iter()
            .filter_map(|row| row.as_ref().err())
            .map(|refused| (refused.line, refused.reason.as_str()))
            .collect();
        assert_eq!(
            refused,
            [
                (1, "2 fields instead of 19"),
                (2, "the line is not UTF-8"),
                (3, "P.PPLX is no town"),
                (4, "`149`, `33.40484` is not a place on Earth")
            ]
        );
        assert!(rows[4].is_ok());
    }

    #[test]
    fn alternate_names_carry_language_and_age() {
        let known = HashSet::from([704_147]);
        let text = "1\t704147\tfr\tKrementchouk\t1\t\t\t\t\t\n2\t704147\twkdt\tQ159219\t\t\t\t\t\t\n3\t704147\tlink\thttps://x\t\t\t\t\t\t\n4\t1\tfr\tAilleurs\t\t\t\t\t\t\n5\t704147\t\tKremenczug\t\t\t\t1\t\t\n";
        let rows: Vec<Option<Entry>> = read_names(text.as_bytes(), &known).map(Result::unwrap).collect();
        assert_eq!(
            rows[0].as_ref().unwrap().names,
            [OtherName::in_language("fr", "Krementchouk")]
        );
        assert_eq!(rows[1].as_ref().unwrap().codes[1], Code::new(WIKIDATA, "Q159219"));
        assert_eq!((&rows[2], &rows[3]), (&None, &None));
        assert_eq!(rows[4].as_ref().unwrap().names[0].kind, NameKind::Former);
    }
}
