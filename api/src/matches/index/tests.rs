use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use shared::cities::Urgency;
use shared::geo::Point;
use shared::scoring::{ThemeUrgency, Weights, score_with_history};
use uuid::Uuid;

use super::columns::{Asked, Given, Taught, Teaching};
use super::*;

const COUNTRIES: &[&str] = &["AM", "FR", "UA"];

fn statements() -> impl Strategy<Value = Vec<ThemeUrgency>> {
    (subsequence(Theme::ALL.to_vec(), 0..=8), select(Urgency::ALL)).prop_map(|(themes, urgency)| {
        themes
            .into_iter()
            .map(|theme| ThemeUrgency { theme, urgency })
            .collect()
    })
}

fn city() -> impl Strategy<Value = (CityKind, bool, Facts)> {
    (
        select(CityKind::ALL),
        any::<bool>(),
        select(COUNTRIES),
        option::of(0_i64..1_000_000),
        option::of((40_i32..55, 0_i32..45)),
        statements(),
        statements(),
    )
        .prop_map(|(kind, open, country, population, place, needs, offers)| {
            let facts = Facts {
                country: country.to_owned(),
                level: kind.level(),
                population,
                location: place.map(|(lat, lng)| Point {
                    lat: lat.into(),
                    lng: lng.into(),
                }),
                languages: vec!["fr".to_owned()],
                needs,
                offers,
                wanted_countries: Vec::new(),
                wanted_levels: Vec::new(),
                engagement: None,
                partner_countries: Vec::new(),
            };
            (kind, open, facts)
        })
}

fn wanted() -> impl Strategy<Value = Wanted> {
    (
        subsequence(COUNTRIES.to_vec(), 0..=2),
        option::of(select(Level::ALL)),
        option::of(0_i64..1_000_000),
        option::of(select(Theme::ALL)),
        option::of(0_u32..4_000),
        option::of(any::<bool>()),
    )
        .prop_map(
            |(countries, level, population_min, needs, distance_max_km, open)| Wanted {
                countries: countries
                    .iter()
                    .filter_map(|code| shared::scoring::outline::country_number(code))
                    .collect(),
                level,
                population_min,
                needs,
                distance_max_km,
                open,
                ..Wanted::default()
            },
        )
}

/// Filters and sorts everything, by facts and scores alone.
fn naive(
    us: &Facts,
    all: &[CityFacts],
    weights: &Weights,
    history: &dyn Fn(usize) -> u32,
    wanted: &Wanted,
    barred: &HashSet<CityId>,
) -> Vec<(u32, CityId)> {
    let codes: Vec<u16> = wanted.countries.clone();
    let mut ranked: Vec<(u32, CityId)> = all
        .iter()
        .enumerate()
        .filter(|(_, city)| !barred.contains(&city.id))
        .filter(|(_, city)| {
            let number = shared::scoring::outline::country_number(&city.facts.country);
            codes.is_empty() || number.is_some_and(|number| codes.contains(&number))
        })
        .filter(|(_, city)| wanted.level.is_none_or(|level| city.facts.level == level))
        .filter(|(_, city)| {
            wanted
                .population_min
                .is_none_or(|least| city.facts.population.is_some_and(|p| p >= least))
        })
        .filter(|(_, city)| {
            wanted
                .needs
                .is_none_or(|theme| city.facts.needs.iter().any(|need| need.theme == theme))
        })
        .filter(|(_, city)| wanted.open.is_none_or(|open| city.open == open))
        .filter(|(_, city)| {
            wanted.distance_max_km.is_none_or(|most| {
                us.location
                    .zip(city.facts.location)
                    .is_some_and(|(a, b)| a.distance_km(b).round() as u32 <= most)
            })
        })
        .map(|(place, city)| {
            let (us, them) = (Outline::of(us), Outline::of(&city.facts));
            (score_with_history(&us, &them, weights, history(place)).total, city.id)
        })
        .collect();
    ranked.sort_by_key(|(total, id)| (u32::MAX - total, *id));
    ranked
}

proptest! {
    #[test]
    fn pages_of_the_index_are_the_naive_ranking(
        cities in vec(city(), 1..60),
        changed in vec((0_usize..60, city()), 0..20),
        at_first in 0_usize..60,
        tidied in 0_usize..30,
        wanted in wanted(),
        barred in vec(0_usize..60, 0..5),
        size in 0_u32..100,
        history in 0_u32..100,
        limit in 1_usize..12,
    ) {
        let facts = |n: usize, version: i64, (kind, open, facts): (CityKind, bool, Facts)| CityFacts {
            // Ids in another order than places.
            id: CityId(Uuid::from_u128(((n as u128) * 7_919) % 10_007)),
            version,
            kind,
            open,
            belonging: None,
            name: format!("City {n}"),
            facts,
        };
        let mut all: Vec<CityFacts> = cities.into_iter().enumerate().map(|(n, city)| facts(n, 2, city)).collect();
        let at_first = at_first.min(all.len());
        let members = all[..at_first].iter().cloned().zip(0..).map(|(city, slot)| member_of(city, slot).0);
        let index = MatchIndex { cities: Arc::new(RwLock::new(Cities::of(members.collect()))), ..MatchIndex::default() };
        let tidy = || {
            let snapshot = index.snapshot();
            let (columns, unusual) = snapshot.columns_anew();
            (snapshot, columns, unusual)
        };
        index.put_cities(all[at_first..].to_vec());
        let mut made = None;
        for (number, (n, city)) in changed.into_iter().enumerate() {
            if number == tidied {
                made = Some(tidy());
            }
            let n = n % all.len();
            // An earlier version than the one that is known says nothing.
            index.put_cities(vec![facts(n, 1, city.clone())]);
            all[n] = facts(n, 3, city);
            index.put_cities(vec![all[n].clone()]);
        }
        if let Some((snapshot, columns, unusual)) = made {
            index.cities.write().unwrap().take_columns(&snapshot, columns, unusual);
        }
        let weights = Weights { size, history, ..Weights::default() };
        let value = |place: usize| (place as u32 * 7_919) % 1_001;
        let us = &all[0];
        let places: std::collections::BTreeSet<usize> =
            barred.iter().copied().filter(|place| *place < all.len()).chain([0]).collect();
        let ids: HashSet<CityId> = places.iter().map(|&place| all[place].id).collect();
        let mut barred: Vec<CityId> = ids.iter().copied().collect();
        barred.sort_unstable();
        let expected = naive(&us.facts, &all, &weights, &value, &wanted, &ids);
        let outline = Outline::of(&us.facts);
        let snapshot = index.snapshot();
        let teacher = Given::of(&snapshot.columns, |slot| value(slot as usize), 300);
        let taught = Taught::nothing(&snapshot.columns);
        let teaching = Teaching { teacher: &teacher, taught: &taught };
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let asked = Asked { wanted: &wanted, barred: &barred, after, limit };
            let page = snapshot.best(&outline, &weights, Some(teaching), asked);
            prop_assert_eq!(page.total, expected.len() as u64);
            seen.extend(page.found.iter().map(|found| (found.total, found.id)));
            after = page.found.last().map(|found| (found.total, found.id));
            if !page.more {
                break;
            }
        }
        prop_assert_eq!(seen, expected);
        for (slot, city) in all.iter().enumerate() {
            prop_assert_eq!(index.city_at(slot as u32), Some(city.id));
            let member = index.member(city.id).unwrap();
            prop_assert_eq!((member.slot, member.version), (slot as u32, city.version));
        }
    }
}

#[test]
fn a_ranking_under_way_does_not_see_a_change() {
    let index = MatchIndex::default();
    let facts = |population| CityFacts {
        id: CityId(Uuid::from_u128(1)),
        version: population,
        kind: CityKind::Municipality,
        open: true,
        belonging: None,
        name: "City".to_owned(),
        facts: Facts {
            country: "FR".to_owned(),
            level: Level::Local,
            population: Some(population),
            location: None,
            languages: Vec::new(),
            needs: Vec::new(),
            offers: Vec::new(),
            wanted_countries: Vec::new(),
            wanted_levels: Vec::new(),
            engagement: None,
            partner_countries: Vec::new(),
        },
    };
    index.put_cities(vec![facts(1)]);
    let before = index.snapshot();
    index.put_cities(vec![facts(2)]);
    index.put_cities(vec![facts(1)]);
    let population = |snapshot: &Snapshot| snapshot.loose[0].outline.population();
    assert_eq!(population(&before), Some(1));
    assert_eq!(population(&index.snapshot()), Some(2));
    let stated = index
        .member(CityId(Uuid::from_u128(1)))
        .map(|member| member.outline.facts().languages);
    assert!(
        stated.is_some_and(|languages| languages.contains(&"fr".to_owned())),
        "without languages of its own a city speaks its country's"
    );
}
