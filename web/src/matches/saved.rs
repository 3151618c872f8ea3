//! Saved searches as addresses: what stands in the address of a ranking becomes what the server watches, and back.

use super::model::{self, Filters};
use crate::app;
use shared::cities::Level;
use shared::ids::CityId;
use shared::matches::Suggestion;
use shared::preferences::{SavedSearchView, SearchFilter};
use shared::scoring::ThemeUrgency;
use shared::themes::Theme;

/// Bounds of the sizes that have some of their own, by their codes.
const SIZES: [(&str, Option<i64>, Option<i64>); 3] = [
    ("small", None, Some(9_999)),
    ("medium", Some(10_000), Some(100_000)),
    ("large", Some(100_001), None),
];

/// What the server watches for these filters.
pub fn watched(filters: &Filters, own_population: Option<i64>) -> SearchFilter {
    let (population_min, population_max) = match (filters.size.as_str(), own_population) {
        ("similar", Some(own)) => (Some(own / 3), Some(own.saturating_mul(3))),
        (size, _) => SIZES
            .into_iter()
            .find(|(code, ..)| *code == size)
            .map_or((None, None), |(_, least, most)| (least, most)),
    };
    SearchFilter {
        countries: Some(filters.country.clone())
            .filter(|country| country.len() == 2)
            .into_iter()
            .collect(),
        include_own_country: false,
        level: Level::from_code(&filters.level),
        kind: None,
        population_min,
        population_max,
        needs: Theme::from_slug(&filters.needs),
        offers: Theme::from_slug(&filters.offers),
        distance_max_km: filters.distance.parse().ok(),
        open_to_partners: (filters.open == "yes").then_some(true),
    }
}

/// The filters of a search that is watched.
fn filters(search: &SearchFilter) -> Filters {
    let bounds = (search.population_min, search.population_max);
    let size = match bounds {
        (None, None) => "",
        _ => SIZES
            .into_iter()
            .find(|(_, least, most)| (*least, *most) == bounds)
            .map_or("similar", |(code, ..)| code),
    };
    Filters {
        country: search.countries.first().cloned().unwrap_or_default(),
        needs: search.needs.map(|theme| theme.slug().to_owned()).unwrap_or_default(),
        offers: search.offers.map(|theme| theme.slug().to_owned()).unwrap_or_default(),
        level: search.level.map(|level| level.code().to_owned()).unwrap_or_default(),
        size: size.to_owned(),
        distance: search
            .distance_max_km
            .map(|distance| distance.to_string())
            .unwrap_or_default(),
        open: search
            .open_to_partners
            .filter(|open| *open)
            .map(|_| "yes".to_owned())
            .unwrap_or_default(),
    }
}

/// Where a search that is watched is looked at.
pub fn place(city: CityId, search: &SavedSearchView) -> String {
    let mut query = filters(&search.filter).active();
    query.push(("weights", model::weights_code(&search.weights)));
    app::address(&format!("/cities/{city}/partners"), &query)
}

/// The filters that leave a candidate out: the name in the address and the value.
pub fn left_out(filters: &Filters, own_population: Option<i64>, item: &Suggestion) -> Vec<(&'static str, String)> {
    let wanted = watched(filters, own_population);
    let facts = &item.facts;
    let themes = |statements: &[ThemeUrgency], theme: Theme| statements.iter().any(|known| known.theme == theme);
    let fits = |name: &str| match name {
        "country" => wanted.countries.is_empty() || wanted.countries.contains(&facts.country),
        "level" => wanted.level.is_none_or(|level| level == facts.level),
        "size" => {
            wanted
                .population_min
                .is_none_or(|least| facts.population.is_some_and(|count| count >= least))
                && wanted
                    .population_max
                    .is_none_or(|most| facts.population.is_some_and(|count| count <= most))
        }
        "needs" => wanted.needs.is_none_or(|theme| themes(&facts.needs, theme)),
        "offers" => wanted.offers.is_none_or(|theme| themes(&facts.offers, theme)),
        "distance" => wanted
            .distance_max_km
            .is_none_or(|most| item.distance_km.is_some_and(|km| km <= most)),
        _ => wanted
            .open_to_partners
            .is_none_or(|open| open == item.city.open_to_partners),
    };
    let mut active = filters.active();
    active.retain(|(name, _)| !fits(name));
    active
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_survive_being_watched() {
        for size in ["", "similar", "small", "medium", "large"] {
            let asked = Filters {
                country: "UA".to_owned(),
                needs: "climate".to_owned(),
                offers: "water-and-waste".to_owned(),
                level: "local".to_owned(),
                size: size.to_owned(),
                distance: "1000".to_owned(),
                open: "yes".to_owned(),
            };
            assert_eq!(filters(&watched(&asked, Some(150_000))), asked);
        }
        assert_eq!(filters(&watched(&Filters::default(), None)), Filters::default());
    }

    #[test]
    fn what_an_address_says_wrongly_is_not_watched() {
        let asked = Filters {
            country: "Ukraine".to_owned(),
            needs: "gold".to_owned(),
            distance: "far".to_owned(),
            size: "similar".to_owned(),
            ..Filters::default()
        };
        assert_eq!(watched(&asked, None), SearchFilter::default());
    }
}
