//! Lists in other formats than JSON, by `Accept`: CSV for spreadsheets, GeoJSON for maps. A page in another format holds
//! the same things as the page in JSON; the way to the next one is in `Link`.

use actix_web::http::header::{ACCEPT, HeaderMap};
use serde::Serialize;
use shared::problem::ProblemCode;

use super::geojson::FeatureCollection;
use crate::error::Error;

/// A format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The format of the API.
    Json,
    /// A table (RFC 4180) with a line of names, for spreadsheets.
    Csv,
    /// Places (RFC 7946), for maps.
    GeoJson,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::GeoJson => "application/geo+json",
        }
    }

    /// Its media type as `Content-Type` tells it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json | Self::GeoJson => self.media_type(),
        }
    }
}

/// A list that is written in several formats.
pub trait Formatted: Serialize {
    /// What it can be written as; the first where the caller does not mind.
    const FORMATS: &'static [Format];

    /// Its items as a table.
    ///
    /// # Errors
    /// Where it is none, or cannot be written.
    fn table(&self) -> Result<Table, Error> {
        Err(not_acceptable(Self::FORMATS))
    }

    /// Its items as places.
    ///
    /// # Errors
    /// Where it has none.
    fn places(&self) -> Result<FeatureCollection, Error> {
        Err(not_acceptable(Self::FORMATS))
    }

    /// The list in one of its formats.
    ///
    /// # Errors
    /// Internal, where it cannot be written.
    fn write(&self, format: Format) -> Result<Vec<u8>, Error> {
        match format {
            Format::Json => Ok(serde_json::to_vec(self)?),
            Format::Csv => self.table()?.finish(),
            Format::GeoJson => Ok(serde_json::to_vec(&self.places()?)?),
        }
    }
}

/// The format that the caller likes best of those offered (RFC 9110, 12.5.1).
///
/// # Errors
/// `NotAcceptable`, where it wants none of them.
pub fn negotiate(headers: &HeaderMap, offered: &[Format]) -> Result<Format, Error> {
    let mut ranges = Vec::new();
    for header in headers.get_all(ACCEPT) {
        let header = header.to_str().unwrap_or_default();
        ranges.extend(header.split(',').filter_map(range));
    }
    let Some(first) = offered.first().filter(|_| ranges.is_empty()) else {
        let mut best: Option<(u32, Format)> = None;
        for &format in offered {
            let weight = weight_of(format, &ranges);
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, format));
            }
        }
        return best.map(|(_, format)| format).ok_or_else(|| not_acceptable(offered));
    };
    Ok(*first)
}

/// A media range in small letters and its weight in thousandths.
fn range(item: &str) -> Option<(String, u32)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?.to_ascii_lowercase();
    let weight = parts
        .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
        .map_or(1_000, |weight| {
            let weight = weight.parse::<f32>().unwrap_or(0.0);
            (weight.clamp(0.0, 1.0) * 1_000.0).round() as u32
        });
    Some((range, weight))
}

/// The weight of the narrowest range that a format is in.
fn weight_of(format: Format, ranges: &[(String, u32)]) -> u32 {
    let media_type = format.media_type();
    let family = media_type.split('/').next().unwrap_or_default();
    let narrowness = |range: &str| {
        if range == media_type {
            3
        } else if range.strip_suffix("/*") == Some(family) {
            2
        } else if range == "*/*" {
            1
        } else {
            0
        }
    };
    ranges
        .iter()
        .map(|(range, weight)| (narrowness(range), *weight))
        .filter(|(narrowness, _)| *narrowness > 0)
        .max()
        .map_or(0, |(_, weight)| weight)
}

fn not_acceptable(offered: &[Format]) -> Error {
    let names: Vec<&str> = offered.iter().map(|format| format.media_type()).collect();
    Error::Unreadable {
        code: ProblemCode::NotAcceptable,
        detail: format!("offered here: {}", names.join(", ")),
        errors: Vec::new(),
    }
}

/// A table that is being written: a line of names, then a line for each item.
#[derive(Debug)]
pub struct Table {
    writer: csv::Writer<Vec<u8>>,
    line: csv::StringRecord,
}

impl Table {
    /// A table with these columns.
    ///
    /// # Errors
    /// Internal, where it cannot be written.
    pub fn new(columns: &[&str]) -> Result<Self, Error> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        writer.write_record(columns).map_err(Error::internal)?;
        Ok(Self {
            writer,
            line: csv::StringRecord::new(),
        })
    }

    /// A cell with words that people wrote. What a spreadsheet would take for a formula gets an apostrophe before it, and
    /// is words again.
    pub fn words(&mut self, text: &str) -> &mut Self {
        if is_formula(text) {
            self.line.push_field(&format!("'{text}"));
        } else {
            self.line.push_field(text);
        }
        self
    }

    /// A cell with a number, a code, an id or a time of ours; empty where there is none.
    pub fn value(&mut self, value: Option<impl ToString>) -> &mut Self {
        self.line
            .push_field(&value.map(|value| value.to_string()).unwrap_or_default());
        self
    }

    /// A cell with several words, separated by semicolons.
    pub fn several<'a>(&mut self, items: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let items: Vec<&str> = items.into_iter().collect();
        self.words(&items.join("; "))
    }

    /// Ends the line.
    ///
    /// # Errors
    /// Internal, where it has not as many cells as the table has columns.
    pub fn end_line(&mut self) -> Result<(), Error> {
        self.writer.write_record(&self.line).map_err(Error::internal)?;
        self.line.clear();
        Ok(())
    }

    fn finish(self) -> Result<Vec<u8>, Error> {
        self.writer
            .into_inner()
            .map_err(|error| Error::internal(anyhow::anyhow!("{error}")))
    }
}

/// Whether a spreadsheet would compute it: signs that begin a formula, in their wide forms too, or white space that hides one.
fn is_formula(text: &str) -> bool {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let hidden = text.starts_with(['\t', '\r', '\n']);
    hidden || text.trim_start().starts_with(SIGNS)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const ALL: &[Format] = &[Format::Json, Format::Csv, Format::GeoJson];

    fn chosen(accept: &str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, HeaderValue::from_str(accept).unwrap());
        negotiate(&headers, ALL).ok()
    }

    #[test]
    fn the_heaviest_format_wins_and_the_narrowest_range_counts() {
        assert_eq!(negotiate(&HeaderMap::new(), ALL).ok(), Some(Format::Json));
        for (accept, format) in [
            ("*/*", Some(Format::Json)),
            ("text/csv", Some(Format::Csv)),
            ("TEXT/CSV; charset=utf-8", Some(Format::Csv)),
            ("text/*", Some(Format::Csv)),
            ("application/geo+json, application/json;q=0.9", Some(Format::GeoJson)),
            ("application/json;q=0.5, text/csv;q=0.8", Some(Format::Csv)),
            ("application/*;q=0.3, application/json;q=0", Some(Format::GeoJson)),
            ("text/html, application/xhtml+xml, */*;q=0.8", Some(Format::Json)),
            ("text/html", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(chosen(accept), format, "{accept}");
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        let mut table = Table::new(&["a", "b"]).unwrap();
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            table.words(text).value(Some(-1.5));
            table.end_line().unwrap();
        }
        table.words("Saint-Étienne, \"la ville\"").value(None::<i64>);
        table.end_line().unwrap();
        let text = String::from_utf8(table.finish().unwrap()).unwrap();
        let mut lines = text.split("\r\n");
        assert_eq!(lines.next(), Some("a,b"));
        assert_eq!(lines.next(), Some("'=1+1,-1.5"));
        assert!(text.contains("\r\n\"Saint-Étienne, \"\"la ville\"\"\",\r\n"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells: Vec<String> = reader.records().map(|line| line.unwrap()[0].to_owned()).collect();
        assert_eq!(cells.iter().filter(|cell| cell.starts_with('\'')).count(), 7);
    }
}
