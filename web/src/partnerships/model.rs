//! What the screens about partnerships think, without a browser.

use shared::partnerships::PartnershipSummary;

/// The partnerships to tell as stories: the ones with most parties first, each with a set of countries of its own, so that one does not read the same twice.
pub fn stories(mut all: Vec<PartnershipSummary>, count: usize) -> Vec<PartnershipSummary> {
    all.sort_by_key(|partnership| std::cmp::Reverse(partnership.city_count));
    let mut told: Vec<PartnershipSummary> = Vec::new();
    for partnership in all {
        let known = told.iter().any(|other| other.countries == partnership.countries);
        if !known && told.len() < count {
            told.push(partnership);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::partnerships::{PartnershipKind, PartnershipState};

    fn partnership(name: &str, cities: u32, countries: &[&str]) -> PartnershipSummary {
        PartnershipSummary {
            id: "01980a5c-7c00-7000-8000-000000000001".parse().unwrap(),
            version: 1,
            name: name.to_owned(),
            kind: PartnershipKind::Project,
            state: PartnershipState::Active,
            platform: None,
            countries: countries.iter().map(|code| (*code).to_owned()).collect(),
            party_names: Vec::new(),
            city_count: cities,
            themes: Vec::new(),
            started_on: None,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn stories_are_large_and_differ_in_countries() {
        let all = vec![
            partnership("a", 2, &["FR", "UA"]),
            partnership("b", 6, &["AM", "FR"]),
            partnership("c", 4, &["AM", "FR"]),
            partnership("d", 3, &["AL", "FR", "XK"]),
        ];
        let names: Vec<_> = stories(all, 3).into_iter().map(|story| story.name).collect();
        assert_eq!(names, ["b", "d", "a"]);
    }
}
