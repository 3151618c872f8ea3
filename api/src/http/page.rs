//! Cursors of lists: opaque to the caller, checked when they come back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use shared::countries::{COUNTRIES, is_country};
use shared::page::{LIMIT_DEFAULT, LIMIT_MAX};
use shared::problem::ProblemCode;

use crate::error::Error;

/// How many items a page holds: 1 to [`LIMIT_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub u32);

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT_DEFAULT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let limit = u32::deserialize(deserializer)?;
        if (1..=LIMIT_MAX).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err(D::Error::custom(format!("limit must be 1 to {LIMIT_MAX}")))
        }
    }
}

/// A past moment: a time, or a day, which stands for its end (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for AsOf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let end_of_day = || {
            let day = shared::time::parse_day(&text)?;
            day.and_hms_milli_opt(23, 59, 59, 999).map(|end| end.and_utc())
        };
        let at = shared::time::parse(&text).or_else(end_of_day);
        at.map(Self).ok_or_else(|| D::Error::custom("as_of is a day or a time"))
    }
}

/// How a list is paged.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    /// Most items.
    pub limit: Limit,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Whether all are counted.
    pub count: bool,
}

/// Several codes in one query parameter, separated by commas: `?country=FR,UA`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<T>(pub Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| T::deserialize(serde::de::value::StrDeserializer::<D::Error>::new(item)))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// A country in a query: a code of ISO 3166-1 alpha-2, or `XK`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryCode(pub String);

impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Small letters are understood too.
        let code = String::deserialize(deserializer)?.to_ascii_uppercase();
        if is_country(&code) {
            Ok(Self(code))
        } else {
            Err(D::Error::unknown_variant(&code, &["a code of ISO 3166-1 alpha-2"]))
        }
    }
}

impl utoipa::PartialSchema for CountryCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some("A country: ISO 3166-1 alpha-2, and `XK` for Kosovo."))
            .enum_values(Some(COUNTRIES))
            .into()
    }
}

impl utoipa::ToSchema for CountryCode {}

impl Several<CountryCode> {
    /// The codes.
    #[must_use]
    pub fn codes(self) -> Vec<String> {
        self.0.into_iter().map(|country| country.0).collect()
    }
}

/// Cuts what was read to a page. One item more than the page holds was asked for: where it came, there is a next page, which
/// goes on after the place of the last item here.
pub fn cut<T, P>(items: &mut Vec<T>, limit: usize, place: impl FnOnce(&T) -> P) -> Option<P> {
    let more = items.len() > limit;
    items.truncate(limit);
    items.last().filter(|_| more).map(place)
}

/// Writes where a list went on as an opaque cursor.
///
/// # Errors
/// Internal, where the position cannot be written as JSON.
pub fn cursor(position: &impl Serialize) -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(position)?))
}

/// Reads a cursor back.
///
/// # Errors
/// `Unreadable` with `cursor_invalid` for one that this list did not make.
pub fn position<T: DeserializeOwned>(cursor: &str) -> Result<T, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| foreign_cursor())?;
    serde_json::from_slice(&bytes).map_err(|_| foreign_cursor())
}

/// What is said of a cursor that this list did not make.
#[must_use]
pub fn foreign_cursor() -> Error {
    Error::Unreadable {
        code: ProblemCode::CursorInvalid,
        detail: "use the `next` of the page before".to_owned(),
        errors: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_where_more_was_read_than_it_holds() {
        let cut = |mut items: Vec<u8>, limit| (cut(&mut items, limit, |last| *last), items);
        assert_eq!(cut(vec![1, 2, 3], 2), (Some(2), vec![1, 2]));
        assert_eq!(cut(vec![1, 2], 2), (None, vec![1, 2]));
        assert_eq!(cut(Vec::new(), 2), (None, Vec::new()));
    }
}
