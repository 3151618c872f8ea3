//! What the value of a candidate cannot exceed, told from a few bytes: a ranking measures only those whose ceiling comes
//! among the best.
//!
//! Most places have no partner. Of such a place most signals of walks are known without looking; what is left follows from
//! its size, its name, where it is, and what is felt there of walks. A [`Look`] keeps just that, in steps wide enough for a
//! byte each; a [`Hood`] keeps the ranges of places that stand together. The ceilings add up the most points of each signal
//! over what a byte may stand for. Of a place with partners the ceiling is the highest value there is.

use std::sync::{Arc, OnceLock};

use crate::scoring::FULL;

use super::columns::{Columns, NOWHERE, Sphere};
use super::field::{CLASSES, class_of};
use super::lesson::{AskedScale, Curves};
use super::signs::{UNKNOWN, Walks};
use super::surroundings::{Habits, Surroundings};
use super::{Signal, value_of};

/// How much of a size, `1000 × log2`, one step of a look is.
const SIZE_STEP: u32 = 100;
/// The same for ranks.
const RANK_STEP: u32 = 80;
/// And for places among all, per mille.
const STANDING_STEP: u32 = 4;
/// Kilometres in the radius of the Earth, and a little more.
const RADIUS_KM: f64 = 6_371.1;
/// Values of a byte.
const BYTE: usize = 256;
/// A name of more than so many letters in a row is taken for one of these.
const GRAMS: usize = 40;

/// What can be told of a place without asking who for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// One bit for every three letters in a row of its name, by their hash.
    letters: u64,
    /// The number of its cell among those of its hood.
    cell: u16,
    /// How many three letters in a row its name has.
    grams: u8,
    /// One bit for every word of its name, by its hash.
    words: u8,
    /// Its size in steps from 1 on; 0 for none.
    size: u8,
    rank: u8,
    /// Its place among those of its country in steps from 1 on; 0 for none.
    standing: u8,
    is_tied: bool,
}

/// What is true of places that stand together; there are ceilings for those of one country.
#[derive(Debug, Clone, Default)]
pub struct Hood {
    country: u16,
    /// Whether some are of another country.
    is_mixed: bool,
    /// Whether all are without partners.
    is_untied: bool,
    /// Whether there is a twinning very near one of them.
    has_twinnings: bool,
    own_habit: [u32; 2],
    region_habit: [u32; 2],
    density: [u32; 2],
    size: [u8; 2],
    rank: [u8; 2],
    standing: [u8; 2],
    /// Where those are that are somewhere.
    area: Option<Area>,
    /// Whether some are nowhere.
    is_unplaced: bool,
    /// The cells in which they are.
    cells: Vec<u32>,
}

/// Where places are.
#[derive(Debug, Clone, Copy)]
struct Area {
    /// The middle of them, and how far the farthest is from it: a chord of the unit sphere.
    middle: [f64; 3],
    radius: f64,
    /// North of the plane of the equator, in hundredths of the Earth's radius.
    height: [i32; 2],
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
    fn class(&self) -> usize {
        self.size
            .checked_sub(1)
            .map_or(0, |step| class_of((u32::from(step) * SIZE_STEP).max(1)))
    }
}

/// A bit of 64 for three letters in a row.
const fn letters_bit(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1) >> 26
}

/// A bit of 8 for a word.
const fn word_bit(word: u32) -> u32 {
    word.wrapping_mul(0x9e37_79b1) >> 29
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
    fn km(&self, from: Sphere) -> [u32; 2] {
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

/// What a signal is for a candidate without partners, whatever else it is.
const fn of_untied(signal: Signal) -> Option<u32> {
    match signal {
        Signal::CommonPartners
        | Signal::CloseCircle
        | Signal::PathsOfThree
        | Signal::CloseOfThree
        | Signal::PathsOfFive
        | Signal::Rings
        | Signal::NeighboursPartner
        | Signal::PeersPartner
        | Signal::NeighboursCircle
        | Signal::NeighboursPaths
        | Signal::Partners
        | Signal::PartnersHere
        | Signal::PartnerCountries
        | Signal::BestPartner
        | Signal::LikeCountries => Some(0),
        Signal::NearestTheirs | Signal::PartnersSize => Some(UNKNOWN),
        // Two of two: what is taken for granted of who has none.
        Signal::ShareHere => Some(100),
        Signal::NearPartners
        | Signal::RegionTies
        | Signal::RegionShare
        | Signal::NextPartners
        | Signal::NearestOurs
        | Signal::NextTies
        | Signal::NextShare
        | Signal::NearestTie
        | Signal::PathsNear
        | Signal::OwnHabit
        | Signal::RegionHabit
        | Signal::RegionHere
        | Signal::Density
        | Signal::SizeGap
        | Signal::RankGap
        | Signal::PlaceGap
        | Signal::Size
        | Signal::Rank
        | Signal::OurPartnersSize
        | Signal::Distance
        | Signal::Latitude
        | Signal::Name
        | Signal::Words => None,
    }
}

/// The ceilings of candidates for one asking city.
#[derive(Debug)]
pub struct Ceiling {
    us: Us,
    walks: Arc<Walks>,
    /// For each byte of [`Look::letters`], how many of our three letters in a row may be among its bits.
    letters: Box<[[u8; BYTE]; 8]>,
    /// For each [`Look::words`], the worth of our words that may be among them.
    words: Box<[u32; BYTE]>,
    /// By bands of countries, as they are asked for: by how near the nearest twinning is.
    kinds: Vec<OnceLock<Vec<Kind>>>,
}

/// What a candidate is compared with.
#[derive(Debug, Clone, Copy)]
struct Us {
    size: u32,
    partners_size: Option<u32>,
    rank: u32,
    standing: Option<u32>,
    sphere: Option<Sphere>,
    grams: usize,
}

/// What counts for candidates of one band of countries, and of nearest twinnings.
#[derive(Debug)]
struct Kind {
    curves: Curves,
    /// Points that are the same for all of them, with the base.
    sure: i32,
    /// Points where nothing is felt of walks.
    unfelt: i32,
    /// Points by steps of a look.
    size: [i16; BYTE],
    rank: [i16; BYTE],
    standing: [i16; BYTE],
    words: [i16; BYTE],
    /// By how many three letters in a row both may have, then by how many they have.
    name: Vec<[i16; GRAMS + 1]>,
    /// The most for any name.
    most_for_name: i32,
}

/// The ceilings of candidates that stand together.
#[derive(Debug)]
pub struct HoodCeiling<'a> {
    asked: Asking<'a>,
    hood: &'a Hood,
    /// By how near the nearest twinning may be, the last for none near.
    ties: Vec<Tie<'a>>,
    /// Points for what is felt of walks, by cells and classes of size, as they are asked for; empty where nothing is. For each
    /// of `ties`, from the first that there may be.
    felt: Vec<Option<Vec<i32>>>,
}

/// Candidates with a twinning so near.
#[derive(Debug, Clone, Copy)]
struct Tie<'a> {
    kind: &'a Kind,
    /// Points for where they are.
    points: i32,
}

/// Who asks, and by what.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The ceilings of the asking city.
    pub ceiling: &'a Ceiling,
    /// Its scale.
    pub scale: &'a AskedScale<'a>,
    /// What lies around places.
    pub around: &'a Surroundings,
}

impl Ceiling {
    /// The ceilings for the city whose walks these are.
    #[must_use]
    pub fn of(columns: &Columns, walks: Arc<Walks>) -> Self {
        let at = walks.us;
        let place = at as usize;
        let mut letters = Box::new([[0_u8; BYTE]; 8]);
        for &gram in columns.grams(at) {
            let bit = letters_bit(gram) as usize;
            let having = |stated: &(usize, &mut u8)| stated.0 >> (bit % 8) & 1 == 1;
            for (_, count) in letters[bit / 8].iter_mut().enumerate().filter(having) {
                *count = count.saturating_add(1);
            }
        }
        let mut words = Box::new([0_u32; BYTE]);
        for &word in columns.words(at) {
            let having = |stated: &(usize, &mut u32)| stated.0 >> word_bit(word) & 1 == 1;
            for (_, worth) in words.iter_mut().enumerate().filter(having) {
                *worth += columns.worth(word);
            }
        }
        Self {
            us: Us {
                size: columns.size[place],
                partners_size: walks.our_partners_size,
                rank: columns.rank[place],
                standing: columns.standing[place],
                sphere: columns.sphere[place],
                grams: columns.grams(at).len(),
            },
            walks,
            letters,
            words,
            kinds: std::iter::repeat_with(OnceLock::new).take(BYTE).collect(),
        }
    }

    /// Bytes of memory that it takes, about, without the walks.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let kinds = self.kinds.iter().filter_map(OnceLock::get).flatten();
        let of_kind = |kind: &Kind| size_of::<Kind>() + size_of_val(&*kind.name) + kind.curves.bytes();
        size_of_val(&*self.kinds) + 12 * BYTE + kinds.map(of_kind).sum::<usize>()
    }

    fn kind(&self, scale: &AskedScale<'_>, country: u16, tie: u8) -> Kind {
        let us = &self.us;
        let curves = scale.curves_of_untied(country, tie);
        let most = |signal, values| scale.most_between(&curves, signal, values);
        let at = |signal, value| most(signal, [value; 2]);
        let sure = Signal::ALL
            .iter()
            .filter_map(|&signal| Some(at(signal, of_untied(signal)?)));
        let table = |points: &dyn Fn(usize) -> i32| std::array::from_fn(|step| short(points(step)));
        // No population is compared with nothing.
        let size_gap = |ours: u32, [low, high]: [u32; 2]| {
            if ours == 0 {
                [UNKNOWN; 2]
            } else {
                gaps(ours as i32, [low as i32, high as i32])
            }
        };
        let size = |step: usize| {
            let Some(known) = step.checked_sub(1) else {
                return at(Signal::Size, 0) + at(Signal::SizeGap, UNKNOWN) + at(Signal::OurPartnersSize, UNKNOWN);
            };
            let sizes = steps(known, SIZE_STEP, step == BYTE - 1);
            most(Signal::Size, sizes)
                + most(Signal::SizeGap, size_gap(us.size, sizes))
                + most(Signal::OurPartnersSize, size_gap(us.partners_size.unwrap_or(0), sizes))
        };
        let rank = |step: usize| {
            let ranks = steps(step, RANK_STEP, step == BYTE - 1);
            let gaps = gaps(us.rank as i32, ranks.map(|rank| rank as i32));
            most(Signal::Rank, ranks) + most(Signal::RankGap, gaps)
        };
        let standing = |step: usize| match (us.standing, step.checked_sub(1)) {
            (Some(ours), Some(known)) => {
                let places = steps(known, STANDING_STEP, step == BYTE - 1);
                most(Signal::PlaceGap, gaps(ours as i32, places.map(|place| place as i32)))
            }
            _ => at(Signal::PlaceGap, UNKNOWN),
        };
        let name = |common: usize, theirs: usize| {
            // Whoever has more letters than are counted may have all of ours.
            let common = if theirs == GRAMS { common } else { common.min(theirs) };
            let either = us.grams + theirs - common.min(us.grams);
            let likeness = (common * 1_000).checked_div(either).unwrap_or(0) as u32;
            most(Signal::Name, [0, likeness])
        };
        let name: Vec<[i16; GRAMS + 1]> = (0..=us.grams)
            .map(|common| std::array::from_fn(|theirs| short(name(common, theirs))))
            .collect();
        let nothing = [
            Signal::NearPartners,
            Signal::RegionTies,
            Signal::RegionShare,
            Signal::PathsNear,
            Signal::NextPartners,
            Signal::NextTies,
            Signal::NextShare,
        ];
        Kind {
            sure: scale.base() + sure.sum::<i32>(),
            unfelt: nothing.iter().map(|&signal| at(signal, 0)).sum::<i32>()
                + at(Signal::NearestOurs, UNKNOWN)
                + at(Signal::NearestTie, UNKNOWN),
            size: table(&size),
            rank: table(&rank),
            standing: table(&standing),
            words: table(&|words| most(Signal::Words, [0, self.words[words]])),
            most_for_name: name.iter().flatten().copied().max().map_or(0, i32::from),
            name,
            curves,
        }
    }

    /// How many of our three letters in a row may be among theirs.
    fn common_letters(&self, letters: u64) -> usize {
        let bytes = letters.to_le_bytes();
        let counts = self
            .letters
            .iter()
            .zip(bytes)
            .map(|(of, byte)| usize::from(of[usize::from(byte)]));
        // A count of a byte that is full may be more.
        counts
            .map(|count| if count == 255 { self.us.grams } else { count })
            .sum()
    }
}

impl<'a> Asking<'a> {
    /// The ceilings of candidates that stand together.
    #[must_use]
    pub fn over(self, hood: &'a Hood) -> HoodCeiling<'a> {
        let Self { ceiling, scale, .. } = self;
        let us = &ceiling.us;
        let band = usize::from(scale.band_of_country(hood.country));
        let kinds = ceiling.kinds[band].get_or_init(|| {
            let ties = 0..=scale.tie_of(UNKNOWN);
            ties.map(|tie| ceiling.kind(scale, hood.country, tie)).collect()
        });
        let is_felt = hood.cells.iter().any(|&cell| ceiling.walks.touch(cell));
        let tie = |kind: &'a Kind| {
            let most = |signal, values| scale.most_between(&kind.curves, signal, values);
            let here = us.sphere.zip(hood.area).map(|(us, area)| {
                let height = gaps(us.height, area.height);
                most(Signal::Distance, area.km(us)) + most(Signal::Latitude, height)
            });
            let nowhere = (hood.is_unplaced || here.is_none())
                .then(|| most(Signal::Distance, [UNKNOWN; 2]) + most(Signal::Latitude, [UNKNOWN; 2]));
            let region_here = if hood.has_twinnings { [0, u32::MAX] } else { [100; 2] };
            Tie {
                kind,
                points: kind.sure
                    + most(Signal::OwnHabit, hood.own_habit)
                    + most(Signal::RegionHabit, hood.region_habit)
                    + most(Signal::RegionHere, region_here)
                    + most(Signal::Density, hood.density)
                    + here.max(nowhere).unwrap_or(0),
            }
        };
        // Without walks no twinning is near.
        let near = if is_felt { 0 } else { kinds.len() - 1 };
        HoodCeiling {
            asked: self,
            hood,
            ties: kinds.iter().skip(near).map(tie).collect(),
            felt: if is_felt {
                vec![None; hood.cells.len() * CLASSES]
            } else {
                Vec::new()
            },
        }
    }

    /// Points for what is felt of walks by a class in a cell, the last for who has no twinning near.
    fn felt(&self, ties: &[Tie<'_>], cell: u32, class: usize) -> Vec<i32> {
        let felt = self.ceiling.walks.felt(self.around, cell, class);
        // Somebody there may be beside nothing.
        let first = usize::from(self.scale.tie_of(felt.nearest_tie));
        let points = ties.iter().skip(first).map(|tie| {
            let most = |signal, values| self.scale.most_between(&tie.kind.curves, signal, values);
            let at = |signal, value| most(signal, [value; 2]);
            at(Signal::NearPartners, felt.near_partners)
                + at(Signal::RegionTies, felt.region_ties)
                + at(Signal::RegionShare, felt.region_share)
                + at(Signal::PathsNear, felt.paths_near)
                + most(Signal::NextPartners, [0, felt.next_partners])
                + most(Signal::NextTies, [0, felt.next_ties])
                + most(Signal::NextShare, [0, felt.next_share])
                + most(Signal::NearestOurs, [felt.nearest_ours, UNKNOWN])
                + most(Signal::NearestTie, [felt.nearest_tie, UNKNOWN])
        });
        points.collect()
    }
}

impl Kind {
    /// Points for what a look tells.
    fn of_look(&self, look: &Look, common_letters: usize) -> i32 {
        let by_theirs = self.name.get(common_letters);
        let name = by_theirs.map_or(0, |by_theirs| by_theirs[usize::from(look.grams).min(GRAMS)]);
        let points = self.size[usize::from(look.size)]
            + self.rank[usize::from(look.rank)]
            + self.standing[usize::from(look.standing)]
            + self.words[usize::from(look.words)]
            + name;
        i32::from(points)
    }
}

impl HoodCeiling<'_> {
    /// What none of them exceeds.
    #[must_use]
    pub fn most(&self) -> u32 {
        let hood = self.hood;
        if hood.is_mixed || !hood.is_untied || !self.felt.is_empty() {
            return FULL;
        }
        let highest = |points: &[i16; BYTE], [low, high]: [u8; 2]| {
            let among = &points[usize::from(low)..=usize::from(high)];
            among.iter().copied().max().map_or(0, i32::from)
        };
        self.ties.last().map_or(FULL, |Tie { kind, points }| {
            let words = kind.words.iter().copied().max().map_or(0, i32::from);
            value_of(
                points
                    + kind.unfelt
                    + highest(&kind.size, hood.size)
                    + highest(&kind.rank, hood.rank)
                    + highest(&kind.standing, hood.standing)
                    + kind.most_for_name
                    + words,
            )
        })
    }

    /// What one of them does not exceed.
    pub fn of(&mut self, look: &Look) -> u32 {
        if self.hood.is_mixed || look.is_tied {
            return FULL;
        }
        let ceiling = self.asked.ceiling;
        let common = ceiling.common_letters(look.letters).min(ceiling.us.grams);
        let class = look.class();
        let Some(felt) = self.felt.get_mut(usize::from(look.cell) * CLASSES + class) else {
            let tie = self.ties.last();
            return tie.map_or(FULL, |Tie { kind, points }| {
                value_of(points + kind.unfelt + kind.of_look(look, common))
            });
        };
        let felt = felt.get_or_insert_with(|| {
            let cell = self.hood.cells[usize::from(look.cell)];
            self.asked.felt(&self.ties, cell, class)
        });
        let by_tie = felt.iter().rev().zip(self.ties.iter().rev());
        let points = by_tie.map(|(felt, tie)| felt + tie.points + tie.kind.of_look(look, common));
        points.max().map_or(FULL, value_of)
    }
}

/// The values of a step.
const fn steps(step: usize, width: u32, is_last: bool) -> [u32; 2] {
    let low = step as u32 * width;
    [low, if is_last { i32::MAX as u32 } else { low + width - 1 }]
}

/// Least and most difference to what lies between two.
fn gaps(ours: i32, [low, high]: [i32; 2]) -> [u32; 2] {
    let nearest = ours.clamp(low, high);
    [ours.abs_diff(nearest), ours.abs_diff(low).max(ours.abs_diff(high))]
}

/// Points in two bytes: five of them are far less than these hold.
fn short(points: i32) -> i16 {
    const MOST: i32 = i16::MAX as i32 / 5;
    points.clamp(-MOST, MOST) as i16
}

#[cfg(test)]
mod tests;
