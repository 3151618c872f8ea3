//! What a source tells of one authority, before the directory has seen it.

use chrono::NaiveDate;
use shared::cities::{CityKind, NameKind};
use shared::geo::Point;

/// A code in a list: scheme and value, for example `fr:insee` and `38185`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// The list.
    pub scheme: &'static str,
    /// The code in it.
    pub value: String,
}

impl Code {
    /// The code `value` of the list `scheme`.
    pub fn new(scheme: &'static str, value: impl Into<String>) -> Self {
        Self {
            scheme,
            value: value.into(),
        }
    }
}

/// INSEE's code of a French commune.
pub const INSEE: &str = "fr:insee";
/// The French business register's code of an authority.
pub const SIREN: &str = "fr:siren";
/// Code of a French department.
pub const DEPARTEMENT: &str = "fr:departement";
/// Code of a French region.
pub const REGION: &str = "fr:region";
/// Code of the Ukrainian register of territorial units.
pub const KATOTTG: &str = "ua:katottg";
/// Identifier of GeoNames.
pub const GEONAMES: &str = "geonames";
/// Identifier of Wikidata.
pub const WIKIDATA: &str = "wikidata";
/// Code of a subdivision of a country.
pub const ISO_SUBDIVISION: &str = "iso3166-2";
/// Row of an imported file of twinned cities.
pub const TWIN: &str = "twin";
/// Key of the directory's own list of authorities that stand in no register.
pub const SPECIAL: &str = "special";

/// A name beside the official one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OtherName {
    /// The name.
    pub text: String,
    /// Its language, BCP 47, where the source says it.
    pub language: Option<String>,
    /// What kind of name it is.
    pub kind: NameKind,
}

impl OtherName {
    /// A name in use whose language is not told.
    pub fn alternate(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            language: None,
            kind: NameKind::Alternate,
        }
    }

    /// A name in use in one language.
    pub fn in_language(language: &str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            language: Some(language.to_owned()),
            kind: NameKind::Alternate,
        }
    }

    /// A name of the past.
    pub fn former(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            language: None,
            kind: NameKind::Former,
        }
    }
}

/// How much a source may change of an authority that the directory already has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It only fills in what is missing.
    Fills,
    /// It keeps up to date what no official register tells.
    Describes,
    /// It is the official register: its name, population and place in the hierarchy hold.
    Official,
}

/// One authority as a source tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The line of the source that it stands on.
    pub line: u64,
    /// What the source may change.
    pub standing: Standing,
    /// What kind of authority it is.
    pub kind: CityKind,
    /// Its official name.
    pub name: String,
    /// Country, ISO 3166-1 alpha-2 (and `XK`).
    pub country: String,
    /// Subdivision, ISO 3166-2.
    pub subdivision: Option<String>,
    /// Inhabitants.
    pub population: Option<i64>,
    /// Where it is.
    pub location: Option<Point>,
    /// Its codes. The first that the directory knows decides which authority is meant.
    pub codes: Vec<Code>,
    /// Codes of the past (merged communes), each with the day on which it ended.
    pub former_codes: Vec<(Code, NaiveDate)>,
    /// Other names.
    pub names: Vec<OtherName>,
    /// Code of the authority above it.
    pub parent: Option<Code>,
    /// Code of the authority whose place is taken where its own is not known (the seat of a hromada).
    pub seat: Option<Code>,
    /// Code of the French commune that it lies in: it is that commune if the names agree, and a part of it otherwise.
    pub commune: Option<Code>,
    /// Whether it may be recognised by its name when no code is known.
    pub by_name: bool,
    /// Whether it only adds to an authority that is there, and is refused if there is none.
    pub known_only: bool,
}

impl Entry {
    /// An entry with nothing but what every source tells.
    pub fn new(
        line: u64,
        standing: Standing,
        kind: CityKind,
        name: impl Into<String>,
        country: impl Into<String>,
    ) -> Self {
        Self {
            line,
            standing,
            kind,
            name: name.into(),
            country: country.into(),
            subdivision: None,
            population: None,
            location: None,
            codes: Vec::new(),
            former_codes: Vec::new(),
            names: Vec::new(),
            parent: None,
            seat: None,
            commune: None,
            by_name: false,
            known_only: false,
        }
    }
}

/// A row that could not be taken, with the reason in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The line of the source.
    pub line: u64,
    /// Why it was refused.
    pub reason: String,
}

impl Refused {
    /// The row on `line` was refused because of `reason`.
    pub fn new(line: u64, reason: impl Into<String>) -> Self {
        Self {
            line,
            reason: reason.into(),
        }
    }
}

/// What a parser makes of one row.
pub type Row<T = Entry> = Result<T, Refused>;

/// A population: nothing for an empty field or zero.
pub(super) fn population(line: u64, text: &str) -> Row<Option<i64>> {
    match text.trim() {
        "" | "0" => Ok(None),
        text => match text.parse::<i64>() {
            Ok(people @ 1..=100_000_000) => Ok(Some(people)),
            _ => Err(Refused::new(
                line,
                format!("population `{text}` is not a number between 0 and 100,000,000"),
            )),
        },
    }
}

/// A point: nothing if both fields are empty.
pub(super) fn point(line: u64, lat: &str, lng: &str) -> Row<Option<Point>> {
    if lat.trim().is_empty() && lng.trim().is_empty() {
        return Ok(None);
    }
    match (lat.trim().parse(), lng.trim().parse()) {
        (Ok(lat), Ok(lng)) if (Point { lat, lng }).is_valid() => Ok(Some(Point { lat, lng })),
        _ => Err(Refused::new(line, format!("`{lat}`, `{lng}` is not a place on Earth"))),
    }
}

/// A country: two capital letters.
pub(super) fn country(line: u64, text: &str) -> Row<String> {
    let text = text.trim();
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        Ok(text.to_owned())
    } else {
        Err(Refused::new(
            line,
            format!("country `{text}` is not an ISO 3166-1 alpha-2 code"),
        ))
    }
}

/// Longest name that is taken, in characters.
const NAME_MAX: usize = 200;

/// A name: not empty, not endless, no control characters.
pub(super) fn name(line: u64, text: &str) -> Row<String> {
    let text = text.trim();
    if text.is_empty() {
        Err(Refused::new(line, "the name is missing"))
    } else if text.chars().count() > NAME_MAX {
        Err(Refused::new(
            line,
            format!("the name is longer than {NAME_MAX} characters"),
        ))
    } else if text.chars().any(char::is_control) {
        Err(Refused::new(line, "the name has control characters"))
    } else {
        Ok(text.to_owned())
    }
}
