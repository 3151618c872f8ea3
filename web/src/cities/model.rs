//! What the screens about cities think, without a browser.

use shared::cities::CitySummary;
use shared::language::{Language, label_for};

/// The name for a reader: in their language where known, else the official one.
pub fn name_for(city: &CitySummary, language: Language) -> String {
    label_for(&city.name, &city.labels, language).to_owned()
}

/// Whether two names differ only in case and in what is not a letter.
pub fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    letters(a) == letters(b)
}

/// The filters of the directory, with the names that they have in the page's address and in the API's query.
pub const FILTERS: [&str; 6] = ["q", "country", "kind", "need", "offer", "open_to_partners"];

/// The orders of the directory, as the API names them; the first is the default without words searched for.
pub const SORTS: [&str; 3] = ["-population", "population", "name"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_letters() {
        assert!(same_letters("saint etienne", "Saint-Etienne"));
        assert!(!same_letters("Lviv", "Львів"));
    }
}
