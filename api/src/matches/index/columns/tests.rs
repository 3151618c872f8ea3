use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use shared::cities::{CityKind, Engagement, Level, Urgency};
use shared::geo::Point;
use shared::ids::NetworkId;
use shared::scoring::outline::country_number;
use shared::scoring::{FULL, Facts, ThemeUrgency, WEIGHT_MAX, Weights, score};
use shared::themes::Theme;
use uuid::Uuid;

use super::*;

const COUNTRIES: &[&str] = &["AM", "FR", "UA", "DE"];
const LANGUAGES: &[&str] = &["fr", "en", "uk", "hy", "de"];

#[derive(Debug, Clone)]
struct City {
    kind: CityKind,
    open: bool,
    belonging: Option<Belonging>,
    facts: Facts,
}

fn statements() -> impl Strategy<Value = Vec<ThemeUrgency>> {
    (
        subsequence(Theme::ALL.to_vec(), 0..=16),
        vec(select(Urgency::ALL), 16),
        0_usize..4,
    )
        .prop_map(|(themes, urgencies, mood)| {
            let most = [0, 3, 6, 16][mood];
            let all = themes.into_iter().zip(urgencies);
            all.take(most)
                .map(|(theme, urgency)| ThemeUrgency { theme, urgency })
                .collect()
        })
}

fn codes(of: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    subsequence(of.to_vec(), 0..=of.len()).prop_map(|codes| codes.into_iter().map(str::to_owned).collect())
}

fn population() -> impl Strategy<Value = i64> {
    prop_oneof![
        0_i64..100,
        0_i64..1_000_000,
        Just(-7_i64),
        Just(i64::from(u32::MAX)),
        Just(1 << 40)
    ]
}

fn city() -> impl Strategy<Value = City> {
    (
        (
            select(&[CityKind::Municipality, CityKind::Hromada, CityKind::Region][..]),
            any::<bool>(),
            option::of(1_u128..4),
            select(COUNTRIES),
        ),
        (
            option::of(population()),
            option::of((-90.0..=90.0, -180.0..=180.0)),
            option::of((44.0..46.0, 4.0..6.0)),
            codes(LANGUAGES),
        ),
        (statements(), statements(), codes(COUNTRIES), codes(COUNTRIES)),
        (
            subsequence(Level::ALL.to_vec(), 0..=4),
            option::of(select(Engagement::ALL)),
            any::<[bool; 3]>(),
        ),
    )
        .prop_map(
            |(
                (kind, open, network, country),
                (population, far, near, languages),
                (needs, offers, wanted, partners),
                (levels, engagement, plain),
            )| {
                let unless = |plain: bool, codes: Vec<String>| if plain { Vec::new() } else { codes };
                City {
                    kind,
                    open,
                    belonging: network.map(belonging),
                    facts: Facts {
                        country: country.to_owned(),
                        level: kind.level(),
                        population,
                        location: near.or(far).map(|(lat, lng)| Point { lat, lng }),
                        languages,
                        needs: if plain[0] { Vec::new() } else { needs },
                        offers: if plain[0] { Vec::new() } else { offers },
                        wanted_countries: unless(plain[1], wanted),
                        wanted_levels: if plain[1] { Vec::new() } else { levels },
                        engagement,
                        partner_countries: unless(plain[2], partners),
                    },
                }
            },
        )
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let number = |code: &str| country_number(code);
    (
        (
            option::of(subsequence(COUNTRIES.to_vec(), 1..=2)),
            option::of(select(COUNTRIES)),
            option::of(select(Level::ALL)),
            option::of(select(CityKind::ALL)),
        ),
        (option::of(population()), option::of(population())),
        (
            option::of(select(Theme::ALL)),
            option::of(select(Theme::ALL)),
            option::of(0_u32..4_000),
            option::of(any::<bool>()),
            option::of(1_u128..5),
        ),
        vec(0_u8..4, 10),
    )
        .prop_map(
            move |((countries, but, level, kind), (least, most), (needs, offers, km, open, network), often)| Wanted {
                countries: countries
                    .filter(|_| often[0] == 0)
                    .map_or_else(Vec::new, |codes| codes.iter().filter_map(|code| number(code)).collect()),
                but_country: but.filter(|_| often[1] < 2).and_then(number),
                level: level.filter(|_| often[2] == 0),
                kind: kind.filter(|_| often[3] == 0),
                population_min: least.filter(|_| often[4] == 0),
                population_max: most.filter(|_| often[5] == 0),
                needs: needs.filter(|_| often[6] == 0),
                offers: offers.filter(|_| often[7] == 0),
                distance_max_km: km.filter(|_| often[8] == 0),
                open: open.filter(|_| often[9] == 0),
                belongings: network.filter(|_| often[9] == 1).map(|number| {
                    // Few are compared, many are looked up.
                    let many = if often[8] == 0 { 2 } else { 20 };
                    (number..number + many).map(belonging).collect()
                }),
            },
        )
}

fn weights() -> impl Strategy<Value = Weights> {
    vec(prop_oneof![Just(0), Just(10), 0..=WEIGHT_MAX], 9).prop_map(|w| Weights {
        needs: w[0],
        sdgs: w[1],
        size: w[2],
        level: w[3],
        languages: w[4],
        distance: w[5],
        country: w[6],
        ties: w[7],
        history: w[8],
    })
}

fn belonging(number: u128) -> Belonging {
    if number.is_multiple_of(2) {
        Belonging::Own(NetworkId(Uuid::from_u128(number)))
    } else {
        Belonging::Region(format!("FR-{number}").into())
    }
}

fn id(at: usize) -> CityId {
    // Not in the order of slots.
    CityId(Uuid::from_u128(
        (at as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
    ))
}

fn member(at: usize, city: &City) -> Member {
    Member {
        id: id(at),
        version: 1,
        slot: at as u32,
        kind: city.kind,
        open: city.open,
        belonging: city.belonging.clone(),
        outline: Outline::of(&city.facts),
    }
}

/// Something learned, by slots.
fn learned(slot: u32, most: u32) -> u32 {
    slot.wrapping_mul(2_654_435_761) % (most + 1)
}

fn is_wanted(us: &Facts, city: &City, wanted: &Wanted) -> bool {
    let facts = &city.facts;
    let number = country_number(&facts.country);
    let has = |all: &[ThemeUrgency], theme: Theme| all.iter().any(|statement| statement.theme == theme);
    (wanted.countries.is_empty() || number.is_some_and(|number| wanted.countries.contains(&number)))
        && wanted.but_country.is_none_or(|but| number != Some(but))
        && wanted.level.is_none_or(|level| facts.level == level)
        && wanted.kind.is_none_or(|kind| city.kind == kind)
        && wanted.open.is_none_or(|open| city.open == open)
        && wanted
            .belongings
            .as_ref()
            .is_none_or(|all| city.belonging.as_ref().is_some_and(|own| all.contains(own)))
        && wanted.needs.is_none_or(|theme| has(&facts.needs, theme))
        && wanted.offers.is_none_or(|theme| has(&facts.offers, theme))
        && wanted
            .population_min
            .is_none_or(|least| facts.population.is_some_and(|people| people >= least))
        && wanted
            .population_max
            .is_none_or(|most| facts.population.is_some_and(|people| people <= most))
        && wanted.distance_max_km.is_none_or(|most| {
            us.location
                .zip(facts.location)
                .is_some_and(|(a, b)| a.distance_km(b).round() as u32 <= most)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_best_are_those_of_scoring_everything(
        kinds in vec(city(), 1..40),
        picks in vec(any::<Index>(), 0..900),
        changed in vec((any::<Index>(), city()), 0..6),
        us in city(),
        wanted in wanted(),
        weights in weights(),
        barred in vec(any::<Index>(), 0..6),
        (most, slack) in (0_u32..=FULL, 0_u32..=FULL),
        before in option::of(0_usize..30),
        after in option::of(any::<Index>()),
        limit in 1_usize..30,
    ) {
        let mut cities: Vec<City> = picks.iter().map(|pick| pick.get(&kinds).clone()).collect();
        let (columns, unusual) = Columns::of(cities.iter().enumerate().map(|(at, city)| member(at, city)));
        let value = |slot| learned(slot, most);
        let mut gone = Gone::default();
        let mut loose: Vec<Arc<Member>> = unusual.into_iter().map(Arc::new).collect();
        let (ours, teacher, taught) = (Outline::of(&us.facts), Given::of(&columns, value, slack), Taught::nothing(&columns));
        let query = Query::of(&columns, &ours, &weights, Some(Teaching { teacher: &teacher, taught: &taught }));
        if let Some(limit) = before {
            // What was told to another question changes nothing.
            let asked = Asked { wanted: &Wanted::default(), barred: &[], after: None, limit };
            let _ = columns.best(&query, asked, &gone, &loose);
        }
        for (pick, city) in changed {
            // One that is known is replaced, another is new.
            let at = if cities.is_empty() { 0 } else { pick.index(cities.len() + 1) };
            if let Some(row) = columns.find(id(at)) {
                gone.note(&columns, row);
            }
            loose.retain(|member| member.id != id(at));
            loose.push(Arc::new(member(at, &city)));
            if at == cities.len() { cities.push(city) } else { cities[at] = city }
        }
        let mut barred: Vec<CityId> = barred.iter().map(|pick| id(pick.index(cities.len() + 1))).collect();
        barred.sort_unstable();
        barred.dedup();
        let mut all: Vec<(u32, CityId)> = cities
            .iter()
            .enumerate()
            .filter(|(at, city)| barred.binary_search(&id(*at)).is_err() && is_wanted(&us.facts, city, &wanted))
            .map(|(at, city)| {
                let total = score(&us.facts, &city.facts, &weights).total;
                (total + 2 * weights.history() * value(at as u32), id(at))
            })
            .collect();
        all.sort_by_key(|(total, id)| (u32::MAX - total, *id));
        let after = after.filter(|_| !all.is_empty()).map(|pick| *pick.get(&all));
        let begin = after.map_or(0, |after| 1 + all.iter().position(|one| *one == after).unwrap());
        let rest = &all[begin..];

        let asked = Asked { wanted: &wanted, barred: &barred, after, limit };
        let best = columns.best(&query, asked, &gone, &loose);
        let found: Vec<(u32, CityId)> = best.found.iter().map(|found| (found.total, found.id)).collect();
        prop_assert_eq!(&found[..], &rest[..limit.min(rest.len())]);
        prop_assert_eq!((best.total, best.more), (all.len() as u64, rest.len() > limit));
        for found in best.found {
            prop_assert_eq!(found.outline, Outline::of(&cities[found.slot as usize].facts));
        }
    }

    #[test]
    fn cities_come_back_as_they_were(cities in vec(city(), 0..300)) {
        let members: Vec<Member> = cities.iter().enumerate().map(|(at, city)| member(at, city)).collect();
        let (columns, unusual) = Columns::of(members.iter().cloned());
        prop_assert_eq!(columns.len() + unusual.len(), members.len());
        for member in members {
            match columns.find(member.id) {
                Some(row) => prop_assert_eq!(columns.member(row), Some(member)),
                None => prop_assert!(unusual.contains(&member)),
            }
        }
        prop_assert_eq!(columns.find(CityId(Uuid::max())), None);
    }

    #[test]
    fn columns_come_back_from_a_file_or_not_at_all(cities in vec(city(), 0..80), more in vec(any::<u8>(), 0..50), broken in any::<Index>()) {
        let (mut columns, _) = Columns::of(cities.iter().enumerate().map(|(at, city)| member(at, city)));
        let mut file = tempfile::tempfile().unwrap();
        columns.write(&mut file, &more).unwrap();
        file.rewind().unwrap();
        let (again, more_again) = Columns::read(&mut file).unwrap();
        prop_assert_eq!(more_again, more);
        for row in 0..columns.len() {
            let member = columns.member(row).unwrap();
            prop_assert_eq!(again.find(member.id), Some(row));
            prop_assert_eq!(again.member(row), Some(member));
        }
        let size = file.stream_position().unwrap();
        let at = broken.index(size as usize) as u64;
        let mut byte = [0];
        file.seek(SeekFrom::Start(at)).unwrap();
        file.read_exact(&mut byte).unwrap();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&[byte[0] ^ 1]).unwrap();
        file.rewind().unwrap();
        prop_assert!(Columns::read(&mut file).is_err(), "byte {} of {}", at, size);
        file.set_len(at).unwrap();
        file.rewind().unwrap();
        prop_assert!(Columns::read(&mut file).is_err());
    }
}
