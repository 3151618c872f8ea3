//! What the screens about cities think, without a browser.

use shared::cities::CitySummary;
use shared::language::Language;

/// The name for a reader: in their language where known, else the official one.
pub fn name_for(city: &CitySummary, language: Language) -> String {
    city.labels.get(language.tag()).filter(|label| !label.is_empty()).unwrap_or(&city.name).clone()
}

/// Whether two names differ only in case and in what is not a letter.
pub fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters(a) == letters(b)
}

/// The filters of the list of cities, as they stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Words searched for.
    pub q: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Kind of authority.
    pub kind: String,
    /// Theme of a need.
    pub need: String,
    /// Theme of an offer.
    pub offer: String,
    /// `yes` for those that look for partners.
    pub open: String,
    /// Order.
    pub sort: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_letters() {
        assert!(same_letters("saint etienne", "Saint-Etienne"));
        assert!(!same_letters("Lviv", "Львів"));
    }
}
