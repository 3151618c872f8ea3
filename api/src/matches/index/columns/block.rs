//! Some 256 rows that stand together, and what is true of all of them: enough to pass over the whole block.

use shared::geo::Direction;
use shared::ids::CityId;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::kernel::NO_SIZE;
use super::row::{NO_BELONGING, Pools, Row};

/// Rows in one block, at most.
pub const BLOCK: usize = 256;
/// The population of a city without one.
pub(super) const NO_PEOPLE: u32 = u32::MAX;
/// A coordinate of a city without a place.
pub(super) const NO_PLACE: i16 = i16::MIN;
/// A coordinate of one.
pub(super) const AXIS: f32 = 32_767.0;

/// Which of some codes there are: one bit for each, by its last eight bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Marks([u64; 4]);

impl Marks {
    pub(super) fn add(&mut self, code: u16) {
        self.0[usize::from(code >> 6 & 3)] |= 1 << (code & 63);
    }

    /// Whether the code may be among them.
    pub(super) fn may_have(&self, code: u16) -> bool {
        self.0[usize::from(code >> 6 & 3)] >> (code & 63) & 1 == 1
    }
}

/// What is true of a block.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Block {
    /// Those that look for partners: one bit for each row.
    pub(super) open: [u32; 8],
    /// Countries that some look for.
    pub(super) wanted: Marks,
    /// Countries in which some have partners.
    pub(super) partners: Marks,
    pub(super) languages: Marks,
    /// The sets of languages of its rows; a row with none of these has the last number.
    pub(super) tongues: [u32; Self::TONGUES],
    /// Where its columns begin: with a lane.
    pub(super) start: u32,
    /// Its first row.
    pub(super) row: u32,
    pub(super) len: u32,
    /// The place of its first row in the order of ids.
    pub(super) rank: u32,
    /// All statements.
    pub(super) needs: u32,
    pub(super) offers: u32,
    /// Statements that all have.
    pub(super) needs_all: u32,
    pub(super) offers_all: u32,
    pub(super) goals: u32,
    /// Populations where they are known.
    pub(super) people: [u32; 2],
    /// The middle of the places, and how far the farthest is from it: a chord of the unit sphere.
    pub(super) middle: [f32; 3],
    pub(super) radius: f32,
    /// One bit for each belonging, by its last bits.
    pub(super) belongings: u32,
    /// Sizes where they are known.
    pub(super) sizes: [u16; 2],
    pub(super) country: u16,
    pub(super) level: u8,
    pub(super) kind: u8,
    /// All levels that some look for.
    pub(super) wanted_levels: u8,
    /// What some lack: bits [`NO_*`](Self::NO_COUNTRY).
    pub(super) lacks: u8,
    /// The most languages of one row.
    pub(super) most_languages: u8,
    /// How many of `tongues` there are.
    pub(super) tongue_count: u8,
    /// The first eight bytes of its lowest id, which is that of its first row.
    pub(super) lowest: u64,
}

impl Block {
    /// Some look for no country in particular.
    pub(super) const NO_COUNTRY: u8 = 1;
    /// Some look for no level in particular.
    pub(super) const NO_LEVEL: u8 = 2;
    /// The population of some is not known.
    pub(super) const NO_PEOPLE: u8 = 4;
    /// The place of some is not known.
    pub(super) const NO_PLACE: u8 = 8;
    /// The place of one at least is known.
    pub(super) const PLACED: u8 = 16;
    /// Some state needs or offers.
    pub(super) const THEMES: u8 = 32;
    /// Sets of languages that a block tells apart.
    pub(super) const TONGUES: usize = 15;

    /// Whether something is true of some rows.
    pub(super) const fn has(&self, what: u8) -> bool {
        self.lacks & what != 0
    }

    /// The number of a row's languages in this block.
    pub(super) fn tongue(&self, languages: u32) -> u8 {
        let known = self.tongues.iter().take(usize::from(self.tongue_count));
        known.take_while(|known| **known != languages).count() as u8
    }

    pub(super) fn of(rows: &[Row], pools: &Pools) -> Self {
        let mut block = Self {
            len: rows.len() as u32,
            people: [u32::MAX, 0],
            sizes: [u16::MAX, 0],
            needs_all: u32::MAX,
            offers_all: u32::MAX,
            ..Self::default()
        };
        if let Some(first) = rows.first() {
            block.country = first.country;
            block.level = first.level() as u8;
            block.kind = first.kind() as u8;
            block.lowest = beginning(first.id());
        }
        for (at, row) in rows.iter().enumerate() {
            block.add(at, row, pools);
        }
        block.surround(rows);
        block
    }

    fn add(&mut self, at: usize, row: &Row, pools: &Pools) {
        self.open[at / 32] |= u32::from(row.is_open()) << (at % 32);
        let sets = row.sets(pools);
        let sketch = row.sketch(pools);
        sets.wanted_countries.iter().for_each(|&code| self.wanted.add(code));
        sets.partner_countries.iter().for_each(|&code| self.partners.add(code));
        sets.languages.iter().for_each(|&code| self.languages.add(code));
        self.most_languages = self
            .most_languages
            .max(u8::try_from(sets.languages.len()).unwrap_or(u8::MAX));
        let tongue = usize::from(self.tongue(row.languages));
        if tongue == usize::from(self.tongue_count) && tongue < Self::TONGUES {
            self.tongues[tongue] = row.languages;
            self.tongue_count += 1;
        }
        self.needs |= row.needs;
        self.offers |= row.offers;
        self.needs_all &= row.needs | row.needs >> 1;
        self.offers_all &= row.offers | row.offers >> 1;
        self.goals |= sketch.goals();
        self.wanted_levels |= row.wanted_levels;
        if row.belonging != NO_BELONGING {
            self.belongings |= 1 << (row.belonging % 32);
        }
        let mut lacks = |what: u8, so: bool| {
            if so {
                self.lacks |= what;
            }
        };
        lacks(Self::NO_COUNTRY, sets.wanted_countries.is_empty());
        lacks(Self::NO_LEVEL, row.wanted_levels == 0);
        lacks(Self::NO_PEOPLE, row.population().is_none());
        lacks(Self::NO_PLACE, row.point().is_none());
        lacks(Self::PLACED, row.point().is_some());
        lacks(Self::THEMES, !row.is_plain());
        if row.population().is_some() {
            let (people, size) = (people_of(row), size_of_row(row, pools));
            self.people = [self.people[0].min(people), self.people[1].max(people)];
            self.sizes = [self.sizes[0].min(size), self.sizes[1].max(size)];
        }
    }

    fn surround(&mut self, rows: &[Row]) {
        let places: Vec<[f32; 3]> = rows.iter().filter_map(axes_of).collect();
        let mut middle = [0.0_f32; 3];
        for place in &places {
            for (sum, axis) in middle.iter_mut().zip(place) {
                *sum += axis / places.len() as f32;
            }
        }
        let farthest = places.iter().map(|place| chord(middle, *place)).fold(0.0, f32::max);
        self.middle = middle;
        // What 32-bit numbers lose is far less.
        self.radius = farthest + 1e-5;
    }
}

/// The first eight bytes of an id: where they are greater, so is the id.
pub(super) fn beginning(id: CityId) -> u64 {
    id.0.as_u64_pair().0
}

/// The length of a chord.
pub(super) fn chord(a: [f32; 3], b: [f32; 3]) -> f32 {
    let square: f32 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    square.sqrt()
}

/// The population of a row.
pub(super) fn people_of(row: &Row) -> u32 {
    row.population()
        .map_or(NO_PEOPLE, |people| u32::try_from(people).unwrap_or(NO_PEOPLE - 1))
}

/// The size of a row.
pub(super) fn size_of_row(row: &Row, pools: &Pools) -> u16 {
    row.sketch(pools).size().map_or(NO_SIZE, narrow)
}

/// A size in 16 bits.
pub(super) fn narrow(size: u32) -> u16 {
    u16::try_from(size).unwrap_or(NO_SIZE - 1)
}

/// The place of a row on the unit sphere.
pub(super) fn axes_of(row: &Row) -> Option<[f32; 3]> {
    let point = row.point()?;
    Some(Direction::of(point).axes().map(|axis| axis as f32))
}

/// The same in 16 bits each.
pub(super) fn place_of(row: &Row) -> [i16; 3] {
    axes_of(row).map_or([NO_PLACE; 3], |axes| axes.map(|axis| (axis * AXIS).round() as i16))
}
