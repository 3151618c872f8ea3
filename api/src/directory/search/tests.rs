use std::time::{Duration, Instant};

use chrono::DateTime;
use shared::cities::CityKind;
use shared::language::Texts;
use uuid::Uuid;

use super::super::store::Row;
use super::*;
use shared::cities::CitySummary;
use shared::ids::CityId;

fn row(number: u128, names: &[&str], population: i64) -> Row {
    let keys: Vec<String> = names.iter().flat_map(|name| fold::keys(name)).collect();
    Row {
        summary: CitySummary {
            id: CityId(Uuid::from_u128(number)),
            version: 1,
            kind: CityKind::Municipality,
            name: names[0].to_owned(),
            labels: Texts::new(),
            country: if number.is_multiple_of(50) { "UA" } else { "FR" }.to_owned(),
            subdivision: None,
            population: Some(population),
            location: None,
            open_to_partners: false,
            needs: Vec::new(),
            offers: Vec::new(),
        },
        network_id: None,
        updated_at: DateTime::UNIX_EPOCH,
        search_keys: keys.join("\n"),
    }
}

fn names<'a>(cities: &'a Cities, text: &str, limit: usize) -> Vec<&'a str> {
    find(cities, &Wanted { text, limit }, |_| true)
        .into_iter()
        .map(|(city, _)| city.summary.name.as_str())
        .collect()
}

#[test]
fn what_changed_since_is_found_and_what_was_is_not() {
    let rows = vec![row(1, &["Lviv", "Lemberg"], 700_000), row(2, &["Lyon"], 500_000)];
    let mut cities = Cities::build(rows, Vec::new());
    let mut renamed = row(1, &["Lvivske"], 700_000);
    renamed.summary.version = 2;
    cities.put(vec![renamed, row(3, &["Le Mans"], 600_000)]);
    assert_eq!(names(&cities, "le", 5), ["Le Mans"]);
    assert_eq!(names(&cities, "l", 5), ["Lvivske", "Le Mans", "Lyon"]);
    assert_eq!(names(&cities, "mans", 5), ["Le Mans"]);
    // An older version that comes late is passed over.
    cities.put(vec![row(1, &["Lemberg"], 1)]);
    assert_eq!(names(&cities, "l", 1), ["Lvivske"]);

    let renewal = Material::of(&cities).build();
    cities.put(vec![row(4, &["Lens"], 32_000)]);
    cities.index.renew(renewal);
    assert_eq!(cities.index.beside.len(), 1);
    assert_eq!(names(&cities, "le", 5), ["Le Mans", "Lens"]);
    assert_eq!(names(&cities, "lvivske", 5), ["Lvivske"]);
}

#[test]
fn a_filter_that_lets_few_through_gets_the_best_of_them() {
    let rows = (0..5_000)
        .map(|n| row(n, &[&format!("a{n}")], i64::try_from(n).unwrap()))
        .collect();
    let cities = Cities::build(rows, Vec::new());
    let found = find(&cities, &Wanted { text: "a", limit: 2 }, |city| {
        city.summary.population < Some(3)
    });
    let found: Vec<_> = found.iter().map(|(city, _)| city.summary.name.as_str()).collect();
    assert_eq!(found, ["a2", "a1"]);
}

#[test]
fn one_slip_is_forgiven_in_a_word_of_five_letters() {
    let cities = Cities::build(vec![row(1, &["Grenoble"], 1), row(2, &["Lyon"], 1)], Vec::new());
    for text in ["grenobel", "grnoble", "grenooble", "grenable", "greboble"] {
        assert_eq!(names(&cities, text, 5), ["Grenoble"], "{text}");
    }
    assert!(names(&cities, "lyom", 5).is_empty());
    assert!(names(&cities, "grbnabl", 5).is_empty());
}

/// Syllables in an order that only looks like chance.
fn synthetic_name(seed: &mut u64) -> String {
    const SYLLABLES: [&str; 32] = [
        "ba", "cha", "den", "el", "fon", "gra", "hem", "il", "jo", "kre", "lvi", "mon", "neu", "or", "pol", "quin",
        "ro", "saint ", "ter", "ul", "vil", "wer", "xan", "yo", "zer", "les ", "sur ", "ost", "en", "ka", "mir",
        "grad",
    ];
    let mut name = String::new();
    for _ in 0..4 {
        *seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        name.push_str(SYLLABLES[(*seed >> 59) as usize]);
    }
    name
}

#[test]
fn among_250_000_places_99_of_100_searches_take_less_than_50_ms() {
    let mut seed = 7;
    let rows: Vec<Row> = (0..250_000)
        .map(|number| {
            let texts: Vec<String> = (0..3).map(|_| synthetic_name(&mut seed)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            row(number, &texts, i64::try_from((seed >> 40) % 100_000).unwrap())
        })
        .collect();
    let began = Instant::now();
    let cities = Cities::build(rows, Vec::new());
    let built = began.elapsed();

    let mut took: Vec<Duration> = Vec::new();
    for round in 0..3_000 {
        let name = synthetic_name(&mut seed);
        let text: String = name.chars().take(1 + round % 9).collect();
        let country = if round.is_multiple_of(3) { *b"UA" } else { *b"FR" };
        let began = Instant::now();
        let found = find(&cities, &Wanted { text: &text, limit: 10 }, |city| {
            !round.is_multiple_of(2) || city.country == country
        });
        took.push(began.elapsed());
        assert!(found.len() <= 10);
    }
    took.sort_unstable();
    let (p50, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!(
        "250,000 places: built in {built:?}, search p50 {p50:?}, p99 {p99:?}, worst {:?}",
        took[took.len() - 1]
    );
    assert!(p99 <= Duration::from_millis(50), "p99 {p99:?}");
}
