//! The names of countries, for sentences that the server says.

use std::collections::HashMap;
use std::sync::OnceLock;

use shared::language::Language;

/// Countries with their names, out of open data; its README tells the sources.
const COUNTRIES: &str = include_str!("../../data/countries.csv");

/// The name of a country in a language; its code where it is not in the table.
#[must_use]
pub(super) fn name(code: &str, language: Language) -> String {
    static TABLE: OnceLock<HashMap<String, [String; 3]>> = OnceLock::new();
    let names = TABLE.get_or_init(read).get(code);
    let column = match language {
        Language::Fr => 0,
        Language::En => 1,
        Language::Uk => 2,
    };
    names.map_or_else(|| code.to_owned(), |names| names[column].clone())
}

fn read() -> HashMap<String, [String; 3]> {
    let mut reader = csv::Reader::from_reader(COUNTRIES.as_bytes());
    let rows = reader.deserialize::<HashMap<String, String>>();
    rows.filter_map(Result::ok)
        .filter_map(|mut row| {
            let names = ["name_fr", "name_en", "name_uk"].map(|column| row.remove(column).unwrap_or_default());
            Some((row.remove("iso2")?, names))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_name_in_each_language() {
        assert_eq!(name("UA", Language::Fr), "Ukraine");
        assert_eq!(name("UA", Language::Uk), "Україна");
        assert_eq!(name("ZZ", Language::En), "ZZ");
        for code in shared::countries::COUNTRIES {
            for language in Language::ALL {
                let name = name(code, language);
                assert!(!name.is_empty() && name != code, "{code}");
            }
        }
    }
}
