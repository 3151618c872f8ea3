//! A city as the columns keep it: a tight row with everything that an exact score and an answer need, its sets apart.

use std::collections::HashMap;

use shared::cities::{CityKind, Engagement, Level};
use shared::geo::Point;
use shared::ids::{CityId, NetworkId};
use shared::scoring::Outline;
use shared::scoring::outline::{Numbers, Sets, Sketch};
use uuid::Uuid;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// No population is known.
const NO_POPULATION: i64 = i64::MIN;
/// Nothing through which it could belong to a network.
pub(super) const NO_BELONGING: u32 = u32::MAX;

/// Through what a city belongs to a network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Belonging {
    /// It says so itself.
    Own(NetworkId),
    /// A network may cover its region: country and code, as in `FR-ARA`.
    Region(Box<str>),
}

/// A city on its way into the columns or out of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Which city.
    pub id: CityId,
    /// Its version; a later one replaces it.
    pub version: i64,
    /// Where it stands among all cities since the process began.
    pub slot: u32,
    /// What kind of authority it is.
    pub kind: CityKind,
    /// Whether it looks for partners.
    pub open: bool,
    /// Through what it belongs to a network, if it does.
    pub belonging: Option<Belonging>,
    /// What the score is made of.
    pub outline: Outline,
}

/// A city in 88 bytes, as in memory so in a file.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Row {
    id: [u8; 16],
    version: i64,
    population: i64,
    lat: f64,
    lng: f64,
    pub(super) needs: u32,
    pub(super) offers: u32,
    pub(super) belonging: u32,
    pub(super) languages: u32,
    wanted: u32,
    partners: u32,
    pub(super) slot: u32,
    pub(super) country: u16,
    level: u8,
    kind: u8,
    engagement: u8,
    pub(super) wanted_levels: u8,
    open: u8,
    spare: [u8; 5],
}

/// Sets of codes, each kept once.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool {
    pub(super) ends: Vec<u32>,
    pub(super) codes: Vec<u16>,
}

impl Pool {
    /// All sets, by their numbers.
    pub(super) fn sets(&self) -> impl Iterator<Item = &[u16]> {
        (0..self.ends.len() as u32).map(|number| self.get(number))
    }

    pub(super) fn get(&self, number: u32) -> &[u16] {
        let number = number as usize;
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let end = self.ends.get(number).copied().unwrap_or(0);
        self.codes
            .get(begin.copied().unwrap_or(0) as usize..end as usize)
            .unwrap_or(&[])
    }
}

/// The sets of languages, and those of countries.
#[derive(Debug, Clone, Default)]
pub(super) struct Pools {
    pub(super) languages: Pool,
    pub(super) countries: Pool,
}

/// The number that each set has by now.
#[derive(Debug, Default)]
struct Numbering(HashMap<Box<[u16]>, u32>);

impl Numbering {
    fn of(&mut self, set: &[u16], pool: &mut Pool) -> u32 {
        if let Some(&number) = self.0.get(set) {
            return number;
        }
        let number = pool.ends.len() as u32;
        pool.codes.extend_from_slice(set);
        pool.ends.push(pool.codes.len() as u32);
        self.0.insert(set.into(), number);
        number
    }
}

/// Rows in the making: each set and belonging gets its number when it first comes.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    pub(super) pools: Pools,
    pub(super) belongings: Vec<Belonging>,
    languages: Numbering,
    countries: Numbering,
    belonging_numbers: HashMap<Belonging, u32>,
}

impl Rows {
    pub(super) fn push(&mut self, member: &Member) {
        let numbers = member.outline.numbers();
        let sets = member.outline.sets();
        let belonging = member.belonging.as_ref().map_or(NO_BELONGING, |belonging| {
            if let Some(&number) = self.belonging_numbers.get(belonging) {
                return number;
            }
            let number = self.belongings.len() as u32;
            self.belongings.push(belonging.clone());
            self.belonging_numbers.insert(belonging.clone(), number);
            number
        });
        let row = Row {
            id: *member.id.0.as_bytes(),
            version: member.version,
            population: numbers.population.unwrap_or(NO_POPULATION),
            lat: numbers.point.map_or(f64::NAN, |point| point.lat),
            lng: numbers.point.map_or(f64::NAN, |point| point.lng),
            needs: numbers.needs,
            offers: numbers.offers,
            belonging,
            languages: self.languages.of(sets.languages, &mut self.pools.languages),
            wanted: self.countries.of(sets.wanted_countries, &mut self.pools.countries),
            partners: self.countries.of(sets.partner_countries, &mut self.pools.countries),
            slot: member.slot,
            country: numbers.country,
            level: numbers.level as u8,
            kind: member.kind as u8,
            engagement: numbers.engagement.map_or(u8::MAX, |engagement| engagement as u8),
            wanted_levels: numbers.wanted_levels,
            open: u8::from(member.open),
            spare: [0; 5],
        };
        self.rows.push(row);
    }
}

/// Whether a city can stand in the columns; others are judged one by one.
pub(super) fn is_usual(member: &Member) -> bool {
    let numbers = member.outline.numbers();
    numbers
        .population
        .is_none_or(|people| (0..i64::from(u32::MAX)).contains(&people))
        && numbers
            .point
            .is_none_or(|point| point.lat.is_finite() && point.lng.is_finite())
}

impl Row {
    pub(super) fn id(&self) -> CityId {
        CityId(Uuid::from_bytes(self.id))
    }

    pub(super) fn version(&self) -> i64 {
        self.version
    }

    pub(super) fn population(&self) -> Option<i64> {
        (self.population != NO_POPULATION).then_some(self.population)
    }

    pub(super) fn point(&self) -> Option<Point> {
        (!self.lat.is_nan()).then_some(Point {
            lat: self.lat,
            lng: self.lng,
        })
    }

    pub(super) fn level(&self) -> Level {
        Level::ALL.get(usize::from(self.level)).copied().unwrap_or(Level::Local)
    }

    pub(super) fn kind(&self) -> CityKind {
        CityKind::ALL
            .get(usize::from(self.kind))
            .copied()
            .unwrap_or(CityKind::Municipality)
    }

    pub(super) fn is_open(&self) -> bool {
        self.open == 1
    }

    /// Whether it states neither needs nor offers.
    pub(super) fn is_plain(&self) -> bool {
        self.needs == 0 && self.offers == 0
    }

    pub(super) fn numbers(&self) -> Numbers {
        Numbers {
            country: self.country,
            level: self.level(),
            engagement: Engagement::ALL.get(usize::from(self.engagement)).copied(),
            wanted_levels: self.wanted_levels,
            population: self.population(),
            point: self.point(),
            needs: self.needs,
            offers: self.offers,
        }
    }

    pub(super) fn sets<'a>(&self, pools: &'a Pools) -> Sets<'a> {
        Sets {
            languages: pools.languages.get(self.languages),
            wanted_countries: pools.countries.get(self.wanted),
            partner_countries: pools.countries.get(self.partners),
        }
    }

    pub(super) fn sketch<'a>(&self, pools: &'a Pools) -> Sketch<'a> {
        Sketch::of(&self.numbers(), self.sets(pools))
    }

    pub(super) fn outline(&self, pools: &Pools) -> Outline {
        Outline::from_parts(&self.numbers(), self.sets(pools))
    }
}
