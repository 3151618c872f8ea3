//! The main languages of countries: what a city's staff is taken to speak where it has not said so.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Countries with their main languages, out of open data; its README tells the sources.
const COUNTRIES: &str = include_str!("../../data/countries.csv");

/// The main languages of a country as BCP 47 tags, most used first; empty for a country that is not in the table.
#[must_use]
pub fn main_languages(country: &str) -> &'static [&'static str] {
    static TABLE: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    TABLE.get_or_init(read).get(country).map_or(&[], Vec::as_slice)
}

/// The columns are counted from the end: names before them may be quoted.
fn read() -> HashMap<&'static str, Vec<&'static str>> {
    let mut lines = COUNTRIES.lines();
    let languages = lines
        .next()
        .and_then(|head| head.split(',').rev().position(|name| name == "languages"))
        .unwrap_or(0);
    lines
        .filter_map(|line| {
            let country = line.split(',').next()?;
            let languages = line.rsplit(',').nth(languages)?;
            Some((country, languages.split('|').filter(|tag| !tag.is_empty()).collect()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_of_the_demonstration_have_their_languages() {
        assert_eq!(main_languages("FR").first(), Some(&"fr"));
        assert_eq!(main_languages("UA").first(), Some(&"uk"));
        assert_eq!(main_languages("AM").first(), Some(&"hy"));
        assert_eq!(main_languages("GN").first(), Some(&"fr"));
        assert!(main_languages("XK").contains(&"sq"));
        assert!(main_languages("ZZ").is_empty());
    }
}
