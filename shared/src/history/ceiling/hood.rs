//! What is told of places before anybody asks: one by one, and of those that stand together.

use super::super::columns::{Columns, NOWHERE, Sphere};
use super::super::field::class_of;
use super::super::surroundings::{Habits, Surroundings};

/// How much of a size, `1000 × log2`, one step of a look is.
pub(super) const SIZE_STEP: u32 = 100;
/// The same for ranks.
pub(super) const RANK_STEP: u32 = 80;
/// And for places among all, per mille.
pub(super) const STANDING_STEP: u32 = 4;
/// A name of more than so many letters in a row is taken for one of these.
pub(super) const GRAMS: usize = 40;
/// Kilometres in the radius of the Earth, and a little more.
const RADIUS_KM: f64 = 6_371.1;

/// What can be told of a place without asking who for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// One bit for every three letters in a row of its name, by their hash.
    pub(super) letters: u128,
    /// The number of its cell among those of its hood.
    pub(super) cell: u16,
    /// How many three letters in a row its name has.
    pub(super) grams: u8,
    /// One bit for every word of its name, by its hash.
    pub(super) words: u64,
    /// Its size in steps from 1 on; 0 for none.
    pub(super) size: u8,
    pub(super) rank: u8,
    /// Its place among those of its country in steps from 1 on; 0 for none.
    pub(super) standing: u8,
    pub(super) is_tied: bool,
}

/// What is true of places that stand together; there are ceilings for those of one country.
#[derive(Debug, Clone, Default)]
pub struct Hood {
    pub(super) country: u16,
    /// Whether some are of another country.
    pub(super) is_mixed: bool,
    /// Whether all are without partners.
    pub(super) is_untied: bool,
    /// Whether there is a twinning very near one of them.
    pub(super) has_twinnings: bool,
    pub(super) own_habit: [u32; 2],
    pub(super) region_habit: [u32; 2],
    pub(super) density: [u32; 2],
    pub(super) size: [u8; 2],
    pub(super) rank: [u8; 2],
    pub(super) standing: [u8; 2],
    /// Where those are that are somewhere.
    pub(super) area: Option<Area>,
    /// Whether some are nowhere.
    pub(super) is_unplaced: bool,
    /// The cells in which they are.
    pub(super) cells: Vec<u32>,
}

/// Where places are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    /// The middle of them, and how far the farthest is from it: a chord of the unit sphere.
    pub(super) middle: [f64; 3],
    pub(super) radius: f64,
    /// North of the plane of the equator, in hundredths of the Earth's radius.
    pub(super) height: [i32; 2],
}

impl Look {
    fn of(columns: &Columns, at: u32, cell: u16) -> Self {
        let place = at as usize;
        let step = |value: u32, step: u32| u8::try_from(value / step).unwrap_or(u8::MAX);
        let grams = columns.grams(at);
        Self {
            letters: grams.iter().fold(0, |bits, &gram| bits | 1 << letters_bit(gram)),
            cell,
            grams: grams.len().min(GRAMS) as u8,
            words: columns
                .words(at)
                .iter()
                .fold(0, |bits, &word| bits | 1 << word_bit(word)),
            size: match columns.size[place] {
                0 => 0,
                size => step(size, SIZE_STEP).saturating_add(1),
            },
            rank: step(columns.rank[place], RANK_STEP),
            standing: columns.standing[place].map_or(0, |standing| step(standing, STANDING_STEP).saturating_add(1)),
            is_tied: columns.link_of[place] != NOWHERE,
        }
    }

    /// The class of its size: a step is never in two of them.
    pub(super) fn class(&self) -> usize {
        self.size
            .checked_sub(1)
            .map_or(0, |step| class_of((u32::from(step) * SIZE_STEP).max(1)))
    }
}

/// A bit of 128 for three letters in a row.
pub(super) const fn letters_bit(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1) >> 25
}

/// A bit of 64 for a word.
pub(super) const fn word_bit(word: u32) -> u32 {
    word.wrapping_mul(0x9e37_79b1) >> 26
}

/// Both ends of what some values are.
fn widen<T: Copy + Ord>(range: &mut [T; 2], value: T, is_first: bool) {
    *range = if is_first {
        [value; 2]
    } else {
        [range[0].min(value), range[1].max(value)]
    };
}

impl Hood {
    /// The hood of places, and their looks in their order; of those that are not known yet nothing is told.
    #[must_use]
    pub fn of(columns: &Columns, around: &Surroundings, places: impl Iterator<Item = u32>) -> (Self, Vec<Look>) {
        let mut hood = Self {
            is_untied: true,
            ..Self::default()
        };
        let (mut is_first, mut spheres) = (true, Vec::new());
        let looks = places.map(|at| {
            if at as usize >= columns.len() {
                return Look::default();
            }
            let place = around.cell[at as usize];
            let cell = hood.cells.iter().position(|&cell| cell == place).unwrap_or_else(|| {
                hood.cells.push(place);
                hood.cells.len() - 1
            });
            let look = Look::of(columns, at, cell as u16);
            // They may have moved since they were put together.
            hood.is_mixed |= !is_first && hood.country != columns.country(at);
            hood.country = columns.country(at);
            hood.is_untied &= !look.is_tied;
            let habits = Habits::of(columns, around, at, 0, 0);
            hood.has_twinnings |= habits.around > 0;
            widen(&mut hood.own_habit, habits.own_habit(columns.degree(at)), is_first);
            widen(&mut hood.region_habit, habits.region_habit(), is_first);
            widen(&mut hood.density, habits.density(), is_first);
            widen(&mut hood.size, look.size, is_first);
            widen(&mut hood.rank, look.rank, is_first);
            widen(&mut hood.standing, look.standing, is_first);
            match columns.sphere[at as usize] {
                Some(sphere) => spheres.push(sphere),
                None => hood.is_unplaced = true,
            }
            is_first = false;
            look
        });
        let looks = looks.collect();
        hood.area = Area::of(&spheres);
        (hood, looks)
    }
}

impl Area {
    fn of(spheres: &[Sphere]) -> Option<Self> {
        let mut height = [spheres.first()?.height; 2];
        let mut middle = [0.0; 3];
        for sphere in spheres {
            widen(&mut height, sphere.height, false);
            for (sum, axis) in middle.iter_mut().zip(sphere.direction.axes()) {
                *sum += axis / spheres.len() as f64;
            }
        }
        let apart = spheres.iter().map(|sphere| chord(middle, sphere.direction.axes()));
        Some(Self {
            middle,
            radius: apart.fold(0.0, f64::max),
            height,
        })
    }

    /// Least and most whole kilometres to a place.
    pub(super) fn km(&self, from: Sphere) -> [u32; 2] {
        let middle = chord(self.middle, from.direction.axes());
        let arc = |chord: f64| 2.0 * RADIUS_KM * (chord / 2.0).clamp(0.0, 1.0).asin();
        // A kilometre more at both ends for what rounding does.
        [
            (arc(middle - self.radius) - 1.0).max(0.0) as u32,
            arc(middle + self.radius) as u32 + 2,
        ]
    }
}

/// The length of a chord.
fn chord(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}
