//! Which cities are likely one: who is compared with whom, and what speaks for it. Pure.
//!
//! Names that may be one are found by how they sound, by equal numbers of inhabitants, and among neighbours; each pair is then
//! weighed. A weight is the logarithm of how much more often something is seen in one city entered twice than in two cities; the
//! weights were set on a list of twinned cities in which some 270 stand twice.

use std::collections::{HashMap, HashSet};

use shared::doubles::{DoubleHint, DoubleHintKind as Kind};
use shared::geo::Point;
use shared::ids::CityId;

use super::spelling::{Likeness, Spelling, keys_of_folded};

/// A city as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) id: CityId,
    pub(super) name: String,
    /// Folded names, one a line.
    pub(super) keys: std::sync::Arc<str>,
    pub(super) country: String,
    pub(super) population: Option<i64>,
    pub(super) location: Option<Point>,
    pub(super) partners: HashSet<CityId>,
}

/// Two that may be one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    pub(super) low: CityId,
    pub(super) high: CityId,
    pub(super) country: String,
    weight: f64,
    pub(super) hints: Vec<DoubleHint>,
}

/// More that is known of a city, once it is one of a pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Its present codes.
    pub(super) codes: Vec<(String, String)>,
    pub(super) parent: Option<CityId>,
}

/// Where one begins: far more pairs are two.
const BEFORE: f64 = -3.0;
/// Degrees of a square in which neighbours are looked for.
const SQUARE: f64 = 0.2;
/// The least weight that is looked at further.
const LEAST: f64 = -1.0;
/// More cities of one name and country than these are only compared with neighbours.
const NAMESAKES: usize = 12;
/// So far apart, in kilometres, two of one name may be one that was placed wrongly.
const ASTRAY: f64 = 60.0;

impl Pair {
    /// How likely it is that they are one, in percent.
    pub(super) fn score(&self) -> u8 {
        (100.0 / (1.0 + (-self.weight).exp())).floor().clamp(0.0, 99.0) as u8
    }

    fn add(&mut self, kind: Kind, weight: f64, value: Option<String>) {
        self.weight += weight;
        self.hints.push(DoubleHint {
            kind,
            speaks_for: weight > 0.0,
            value,
        });
    }

    /// Takes in what is known beside names and places.
    pub(super) fn learn(&mut self, low: &Known, high: &Known) {
        let mut schemes: Vec<&str> = Vec::new();
        for (scheme, value) in &low.codes {
            let others = || high.codes.iter().filter(|(other, _)| other == scheme);
            let differs = others().next().is_some() && others().all(|(_, other)| other != value);
            if differs && is_official(scheme) && !schemes.contains(&scheme.as_str()) {
                schemes.push(scheme);
            }
        }
        for scheme in schemes {
            let weight = if scheme == "geonames" { -3.0 } else { -6.0 };
            self.add(Kind::CodesDiffer, weight, Some(scheme.to_owned()));
        }
        if low.parent == Some(self.high) || high.parent == Some(self.low) {
            self.add(Kind::Parent, 0.5, None);
        }
    }
}

/// Whether a list gives each authority one code.
fn is_official(scheme: &str) -> bool {
    scheme.starts_with("fr:") || scheme.starts_with("ua:") || matches!(scheme, "geonames" | "wikidata")
}

/// All pairs that may be one.
pub(super) fn pairs(places: &[Place]) -> Vec<Pair> {
    pairs_watched(places, |_, _| true).unwrap_or_default()
}

/// Groups that are compared between two looks at whether to go on.
const STEP: usize = 256;

/// All pairs that may be one; `tell` hears how far the comparing is and how far it goes, and where it says false, there is no answer.
pub(super) fn pairs_watched(places: &[Place], tell: impl Fn(u64, u64) -> bool) -> Option<Vec<Pair>> {
    let spellings: Vec<Spelling> = places.iter().map(|place| Spelling::of(&place.name)).collect();
    let mut compared = HashSet::new();
    let mut found = Vec::new();
    let mut compare = |a: usize, b: usize| {
        let (a, b) = if places[a].id < places[b].id { (a, b) } else { (b, a) };
        if a != b && compared.insert((a, b)) {
            found.extend(weigh((&places[a], &spellings[a]), (&places[b], &spellings[b])));
        }
    };
    let named: Vec<Vec<usize>> = by_name(places, &spellings).collect();
    let peopled: Vec<Vec<usize>> = by_population(places).collect();
    if !tell(0, 0) {
        return None;
    }
    let near = neighbours(places, &spellings);
    let goal = (named.len() + peopled.len() + near.len()) as u64;
    let mut done = 0;
    for groups in named.chunks(STEP) {
        for group in groups {
            for_each_pair(group, |a, b| {
                if group.len() <= NAMESAKES || distance(&places[a], &places[b]).is_some_and(|km| km < ASTRAY) {
                    compare(a, b);
                }
            });
        }
        done += groups.len() as u64;
        if !tell(done, goal) {
            return None;
        }
    }
    for groups in peopled.chunks(STEP) {
        groups.iter().for_each(|group| for_each_pair(group, &mut compare));
        done += groups.len() as u64;
        if !tell(done, goal) {
            return None;
        }
    }
    for both in near.chunks(STEP) {
        both.iter().for_each(|&(a, b)| compare(a, b));
        done += both.len() as u64;
        if !tell(done, goal) {
            return None;
        }
    }
    Some(found)
}

fn for_each_pair(group: &[usize], mut look: impl FnMut(usize, usize)) {
    for (at, &a) in group.iter().enumerate() {
        for &b in &group[at + 1..] {
            look(a, b);
        }
    }
}

fn by_name(places: &[Place], spellings: &[Spelling]) -> impl Iterator<Item = Vec<usize>> {
    let mut groups: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    for (at, (place, spelling)) in places.iter().zip(spellings).enumerate() {
        let mut keys = spelling.keys();
        // Codes stand among the keys: they have digits.
        let others = place
            .keys
            .lines()
            .filter(|key| key.is_ascii() && !key.bytes().any(|byte| byte.is_ascii_digit()));
        keys.extend(others.flat_map(keys_of_folded));
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            groups.entry((&place.country, key)).or_default().push(at);
        }
    }
    groups.into_values().filter(|group| group.len() > 1)
}

fn by_population(places: &[Place]) -> impl Iterator<Item = Vec<usize>> {
    let mut groups: HashMap<(&str, i64), Vec<usize>> = HashMap::new();
    for (at, place) in places.iter().enumerate() {
        if let Some(people) = place.population.filter(|people| tells(*people)) {
            groups.entry((&place.country, people)).or_default().push(at);
        }
    }
    groups
        .into_values()
        .filter(|group| (2..=NAMESAKES).contains(&group.len()))
}

/// Whether so many inhabitants are seldom those of two cities by chance.
const fn tells(people: i64) -> bool {
    people > 1_000 && people % 100 != 0
}

fn neighbours(places: &[Place], spellings: &[Spelling]) -> Vec<(usize, usize)> {
    let square = |point: Point| ((point.lat / SQUARE).floor() as i32, (point.lng / SQUARE).floor() as i32);
    let mut squares: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
    for (at, place) in places.iter().enumerate() {
        if let Some(point) = place.location {
            squares.entry(square(point)).or_default().push(at);
        }
    }
    let letters: Vec<u32> = spellings
        .iter()
        .map(|spelling| {
            spelling
                .joined()
                .bytes()
                .fold(0, |letters, byte| letters | 1 << (byte & 31))
        })
        .collect();
    let mut found = Vec::new();
    for (&(x, y), own) in &squares {
        // Each two squares once.
        for (dx, dy) in [(0, 0), (0, 1), (1, -1), (1, 0), (1, 1)] {
            let Some(others) = squares.get(&(x + dx, y + dy)) else {
                continue;
            };
            for &a in own {
                for &b in others {
                    let lengths = (spellings[a].joined().len(), spellings[b].joined().len());
                    let is_near = lengths.0.abs_diff(lengths.1) <= 3 && (letters[a] ^ letters[b]).count_ones() <= 4;
                    if a != b && is_near && places[a].country == places[b].country {
                        found.push((a, b));
                    }
                }
            }
        }
    }
    found
}

fn distance(a: &Place, b: &Place) -> Option<f64> {
    a.location.zip(b.location).map(|(a, b)| a.distance_km(b))
}

/// What speaks for two being one; none where too little does.
fn weigh((low, low_name): (&Place, &Spelling), (high, high_name): (&Place, &Spelling)) -> Option<Pair> {
    let mut pair = Pair {
        low: low.id,
        high: high.id,
        country: low.country.clone(),
        weight: BEFORE,
        hints: Vec::new(),
    };
    let km = distance(low, high);
    let people = low.population.zip(high.population).filter(|(a, b)| *a > 0 && *b > 0);
    let same_people = people.is_some_and(|(a, b)| a == b && tells(a));
    let likeness = low_name.likeness(high_name);
    if matches!(likeness, Likeness::Different | Likeness::Longer | Likeness::Similar(_))
        && let Some(name) = name_of_both(low, low_name, high, high_name)
    {
        pair.add(Kind::NameOther, 2.5, Some(name));
        if km.is_none_or(|km| km > 40.0) {
            return None;
        }
    } else {
        match likeness {
            Likeness::Same => pair.add(Kind::NameSame, 4.0, None),
            Likeness::Spelling => pair.add(Kind::NameSpelling, 3.5, None),
            Likeness::Qualified => pair.add(Kind::NameWithin, 2.0, None),
            Likeness::Community => pair.add(Kind::NameCommunity, 2.0, None),
            Likeness::Similar(share) => {
                let percent = (share * 100.0).round().to_string();
                pair.add(Kind::NameSimilar, (share - 0.75) * 10.0 + 0.01, Some(percent));
            }
            Likeness::Longer if same_people => pair.add(Kind::NameLonger, 0.5, None),
            Likeness::Different if same_people && km.is_some_and(|km| km < 5.0) => {
                pair.add(Kind::NameDifferent, -2.0, None);
            }
            Likeness::Longer | Likeness::Different | Likeness::Apart => return None,
        }
    }
    match km {
        None => pair.add(Kind::PlaceUnknown, -1.0, None),
        Some(km) => {
            let weight = match km {
                ..=1.0 => 1.5,
                ..=5.0 => 1.0,
                ..=15.0 => 0.0,
                ..=40.0 => -1.5,
                ..=150.0 => -3.0,
                _ => -4.5,
            };
            pair.add(Kind::Distance, weight, Some(format!("{km:.1}")));
        }
    }
    // The number of a town is often told of its community too.
    if let (Some((a, b)), false) = (people, likeness == Likeness::Community) {
        let times = a.max(b) as f64 / a.min(b) as f64;
        match times {
            1.0 => pair.add(
                Kind::PopulationSame,
                if tells(a) { 3.0 } else { 1.5 },
                Some(a.to_string()),
            ),
            ..1.15 => pair.add(Kind::PopulationNear, 0.5, None),
            ..1.6 => pair.add(Kind::PopulationDiffers, -0.5, Some(format!("{times:.1}"))),
            _ => pair.add(Kind::PopulationDiffers, -3.0, Some(format!("{times:.1}"))),
        }
    }
    let shared = low.partners.intersection(&high.partners).count();
    if shared > 0 {
        let weight = if shared == 1 { 1.5 } else { 2.5 };
        pair.add(Kind::PartnersShared, weight, Some(shared.to_string()));
    }
    if low.partners.contains(&high.id) {
        pair.add(Kind::PartnersOfEachOther, -3.0, None);
    }
    (pair.weight >= LEAST).then_some(pair)
}

/// Another name of one that is the name of the other.
fn name_of_both(low: &Place, low_name: &Spelling, high: &Place, high_name: &Spelling) -> Option<String> {
    let own = |of: &Place, name: &Spelling, other: &Place| {
        of.keys
            .lines()
            .filter(|key| !key.bytes().any(|byte| byte.is_ascii_digit()))
            .any(|key| name.may_be(key) && Spelling::of(key).likeness(name) == Likeness::Same)
            .then(|| other.name.clone())
    };
    own(low, high_name, high).or_else(|| own(high, low_name, low))
}
