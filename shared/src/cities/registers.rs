//! Official lists of authorities, and the form of the codes in them. Pure.

use serde::{Deserialize, Serialize};

use super::codes;

/// Longest code, in characters.
pub const CODE_MAX: u64 = 24;

codes!(
    /// An official list that gives each authority a code.
    CityScheme {
        /// INSEE's code of a French commune: `38185`, `2A004`.
        FrInsee = "fr:insee",
        /// The French business register's code of an authority, nine digits.
        FrSiren = "fr:siren",
        /// A French department: `38`, `2A`, `974`.
        FrDepartement = "fr:departement",
        /// A French region, two digits.
        FrRegion = "fr:region",
        /// The Ukrainian register of territorial units: `UA` and 17 digits.
        UaKatottg = "ua:katottg",
        /// GeoNames' number of a place.
        Geonames = "geonames",
        /// Wikidata's identifier: `Q1234`.
        Wikidata = "wikidata",
        /// A subdivision of a country, ISO 3166-2: `AM-GR`.
        Iso31662 = "iso3166-2",
    }
);

/// A code of a city that is being added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CityCodeDraft {
    /// The list.
    pub scheme: CityScheme,
    /// The code in that list, in its form: `38185`, `UA53020110010031694`, `Q1234`, `AM-GR`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 24, example = "38185"))]
    pub value: String,
}

impl CityScheme {
    /// The country whose authorities it lists, ISO 3166-1 alpha-2; none where it lists those of any country.
    #[must_use]
    pub const fn country(self) -> Option<&'static str> {
        match self {
            Self::FrInsee | Self::FrSiren | Self::FrDepartement | Self::FrRegion => Some("FR"),
            Self::UaKatottg => Some("UA"),
            Self::Geonames | Self::Wikidata | Self::Iso31662 => None,
        }
    }

    /// Whether a code has the form of those in the list.
    #[must_use]
    pub fn has_form(self, value: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Numbers that stand for something do not begin with a zero.
        let number = |text: &str| digits(text) && text.len() <= 12 && !text.starts_with('0');
        // Corsica has letters in the second place.
        let department = |text: &str| digits(text) || text.starts_with("2A") || text.starts_with("2B");
        match self {
            Self::FrInsee => value.len() == 5 && value.is_ascii() && department(&value[..2]) && digits(&value[2..]),
            Self::FrSiren => value.len() == 9 && digits(value),
            Self::FrDepartement => match value.len() {
                2 => department(value),
                3 => value.starts_with('9') && digits(value),
                _ => false,
            },
            Self::FrRegion => value.len() == 2 && digits(value),
            Self::UaKatottg => value.len() == 19 && value.strip_prefix("UA").is_some_and(digits),
            Self::Geonames => number(value),
            Self::Wikidata => value.strip_prefix('Q').is_some_and(number),
            Self::Iso31662 => value.split_once('-').is_some_and(|(country, part)| {
                let upper = |byte: u8| byte.is_ascii_uppercase();
                country.len() == 2
                    && country.bytes().all(upper)
                    && (1..=3).contains(&part.len())
                    && part.bytes().all(|byte| upper(byte) || byte.is_ascii_digit())
            }),
        }
    }

    /// Whether the list has authorities of a country at all: the code of a subdivision begins with its country's.
    #[must_use]
    pub fn fits_country(self, value: &str, country: &str) -> bool {
        match self {
            Self::Iso31662 => value.split('-').next() == Some(country),
            _ => self.country().is_none_or(|only| only == country),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_form_of_their_list() {
        for (scheme, good, bad) in [
            (
                CityScheme::FrInsee,
                &["38185", "2A004", "97411"][..],
                &["3818", "AA004", "381855", "3818é"][..],
            ),
            (CityScheme::FrSiren, &["200046977"], &["20004697", "20004697X"]),
            (
                CityScheme::FrDepartement,
                &["38", "2A", "974"],
                &["3", "938A", "100", "2C"],
            ),
            (CityScheme::FrRegion, &["84", "01"], &["8", "ARA"]),
            (
                CityScheme::UaKatottg,
                &["UA53020110010031694"],
                &["UA530201100100316", "53020110010031694UA"],
            ),
            (CityScheme::Geonames, &["616250"], &["0616250", "Q616250", ""]),
            (CityScheme::Wikidata, &["Q1289"], &["1289", "Q", "q1289", "Q0"]),
            (CityScheme::Iso31662, &["AM-GR", "FR-38"], &["AM", "am-gr", "AM-GRGR"]),
        ] {
            for value in good {
                assert!(scheme.has_form(value), "{value}");
                assert!(value.len() as u64 <= CODE_MAX);
            }
            for value in bad {
                assert!(!scheme.has_form(value), "{value}");
            }
        }
        assert!(CityScheme::Iso31662.fits_country("AM-GR", "AM"));
        assert!(!CityScheme::Iso31662.fits_country("AM-GR", "FR"));
        assert!(!CityScheme::UaKatottg.fits_country("UA53020110010031694", "FR"));
        assert!(CityScheme::Geonames.fits_country("616250", "AM"));
    }
}
