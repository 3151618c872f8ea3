//! A made-up directory: as many cities as are asked for, in countries of very different size, most of them without a
//! profile. The same in each run.

use api::matches::index::columns::{Belonging, Member};
use shared::cities::{CityKind, Level, Urgency};
use shared::geo::Point;
use shared::ids::{CityId, NetworkId};
use shared::scoring::{Facts, Outline, ThemeUrgency};
use shared::themes::Theme;
use uuid::Uuid;

/// Countries with the middle of each and its languages.
const COUNTRIES: [(&str, f64, f64, &[&str]); 24] = [
    ("FR", 46.6, 2.4, &["fr"]),
    ("DE", 51.1, 10.4, &["de"]),
    ("UA", 49.0, 31.4, &["uk"]),
    ("IT", 42.8, 12.1, &["it"]),
    ("ES", 40.2, -3.6, &["es"]),
    ("US", 39.8, -98.6, &["en"]),
    ("BR", -10.8, -52.9, &["pt"]),
    ("IN", 22.9, 79.6, &["hi", "en"]),
    ("PL", 52.1, 19.4, &["pl"]),
    ("RO", 45.9, 24.9, &["ro"]),
    ("CZ", 49.7, 15.3, &["cs"]),
    ("HU", 47.2, 19.4, &["hu"]),
    ("CH", 46.8, 8.2, &["de", "fr", "it"]),
    ("MG", -19.4, 46.7, &["mg", "fr"]),
    ("ML", 17.3, -3.5, &["fr"]),
    ("BF", 12.3, -1.8, &["fr"]),
    ("SN", 14.4, -14.5, &["fr"]),
    ("MA", 31.9, -6.3, &["ar", "fr"]),
    ("GE", 42.2, 43.5, &["ka"]),
    ("AM", 40.3, 44.9, &["hy"]),
    ("MD", 47.2, 28.5, &["ro"]),
    ("LB", 33.9, 35.9, &["ar", "fr"]),
    ("JP", 37.6, 138.0, &["ja"]),
    ("VN", 16.6, 106.3, &["vi"]),
];

/// Numbers that only look like chance.
#[derive(Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (((self.next() >> 32) * limit as u64) >> 32) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal: the sum of some.
    pub(crate) fn bell(&mut self) -> f64 {
        (0..6).map(|_| self.unit()).sum::<f64>() - 3.0
    }

    fn statements(&mut self, least: usize, most: usize) -> Vec<ThemeUrgency> {
        let mut themes = Theme::ALL.to_vec();
        let count = least + self.below(most - least + 1);
        (0..count)
            .map(|_| ThemeUrgency {
                theme: themes.swap_remove(self.below(themes.len())),
                urgency: Urgency::ALL[self.below(Urgency::ALL.len())],
            })
            .collect()
    }

    /// Few countries have most cities.
    fn country(&mut self) -> usize {
        let unit = self.unit();
        (unit * unit * COUNTRIES.len() as f64) as usize
    }

    fn codes(&mut self, most: usize) -> Vec<String> {
        (0..self.below(most + 1))
            .map(|_| COUNTRIES[self.country()].0.to_owned())
            .collect()
    }
}

/// How many of a hundred cities have a profile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rich(pub(crate) usize);

/// The facts of one city.
pub(crate) fn facts(chance: &mut Chance, rich: bool) -> (CityKind, bool, Facts) {
    let (country, lat, lng, spoken) = COUNTRIES[chance.country()];
    let kind = match chance.below(100) {
        0..=91 => CityKind::Municipality,
        92..=97 => CityKind::Intercommunality,
        98 => CityKind::Department,
        _ => CityKind::Region,
    };
    let mut languages: Vec<String> = spoken.iter().map(|&code| code.to_owned()).collect();
    if rich && chance.below(2) == 0 {
        languages.push("en".to_owned());
    }
    let linked = chance.below(100) < if rich { 40 } else { 2 };
    let facts = Facts {
        country: country.to_owned(),
        level: kind.level(),
        population: (chance.below(20) > 0).then(|| (3_000.0 * (chance.bell() * 1.9).exp()) as i64),
        location: (chance.below(50) > 0).then(|| Point {
            lat: (lat + 6.0 * chance.bell()).clamp(-89.0, 89.0),
            lng: (lng + 9.0 * chance.bell()).clamp(-179.0, 179.0),
        }),
        languages,
        needs: if rich { chance.statements(1, 6) } else { Vec::new() },
        offers: if rich { chance.statements(0, 7) } else { Vec::new() },
        wanted_countries: if rich { chance.codes(3) } else { Vec::new() },
        wanted_levels: if rich && chance.below(3) == 0 {
            vec![Level::ALL[chance.below(Level::ALL.len())]]
        } else {
            Vec::new()
        },
        engagement: None,
        partner_countries: if linked { chance.codes(3) } else { Vec::new() },
    };
    (kind, rich && chance.below(3) > 0, facts)
}

/// A directory.
pub(crate) fn members(count: usize, rich: Rich) -> Vec<Member> {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    (0..count)
        .map(|at| {
            let (kind, open, facts) = {
                let rich = chance.below(100) < rich.0;
                facts(&mut chance, rich)
            };
            Member {
                id: CityId(Uuid::from_u128(((at as u128) << 64) | 0x7000_0000_0000_0000)),
                version: 1,
                slot: at as u32,
                kind,
                open,
                belonging: Some(if chance.below(20) == 0 {
                    Belonging::Own(NetworkId(Uuid::from_u128(chance.below(40) as u128)))
                } else {
                    Belonging::Region(format!("{}/{}", facts.country, chance.below(20)).into())
                }),
                outline: Outline::of(&facts),
            }
        })
        .collect()
}
