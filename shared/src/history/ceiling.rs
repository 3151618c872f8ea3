//! What the value of a candidate cannot exceed, told from a few bytes: a ranking measures only those whose ceiling comes
//! among the best.
//!
//! Most places have no partner. Of such a place most signals of walks are known without looking; what is left follows from
//! its size, its name, where it is, and what is felt there of walks. A [`Look`] keeps just that, in steps wide enough for a
//! byte each; a [`Hood`] keeps the ranges of places that stand together. The ceilings add up the most points of each signal
//! over what a byte may stand for. Of a place with partners the ceiling is the highest value there is.

mod hood;

use std::sync::{Arc, OnceLock};

use crate::scoring::FULL;

use super::columns::{Columns, Sphere};
use super::field::CLASSES;
use super::lesson::{AskedScale, Curves};
use super::signs::{UNKNOWN, Walks};
use super::surroundings::Surroundings;
use super::{Signal, value_of};
use hood::{GRAMS, RANK_STEP, SIZE_STEP, STANDING_STEP, letters_bit, word_bit};
pub use hood::{Hood, Look};

/// Values of a byte.
const BYTE: usize = 256;
/// So many words of our name are told apart.
const WORDS: usize = 6;

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
    /// Bits of our three letters in a row as in [`Look::letters`]: those of some, those of two, and so on.
    letters: Vec<u128>,
    /// Bits of our words as in [`Look::words`], at most [`WORDS`] of them.
    words: Vec<u32>,
    /// The worth of each set of these words, with that of all others.
    worth: Vec<u32>,
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
    /// Points by sets of our words.
    words: Vec<i16>,
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
    pub fn of(columns: &Columns, walks: Arc<Walks>, scale: &AskedScale<'_>) -> Self {
        let at = walks.us;
        let place = at as usize;
        let mut letters: Vec<u128> = Vec::new();
        for bit in columns.grams(at).iter().map(|&gram| 1 << letters_bit(gram)) {
            match letters.iter_mut().find(|bits| **bits & bit == 0) {
                Some(bits) => *bits |= bit,
                None => letters.push(bit),
            }
        }
        let (told, others) = columns.words(at).split_at(columns.words(at).len().min(WORDS));
        let others: u32 = others.iter().map(|&word| columns.worth(word)).sum();
        let worth_of = |set: usize| {
            let among = told.iter().enumerate().filter(|(number, _)| set >> number & 1 == 1);
            others + among.map(|(_, &word)| columns.worth(word)).sum::<u32>()
        };
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
            words: told.iter().map(|&word| word_bit(word)).collect(),
            worth: (0..1 << told.len()).map(worth_of).collect(),
            kinds: std::iter::repeat_with(OnceLock::new)
                .take(scale.bands_of_countries())
                .collect(),
        }
    }

    /// Bytes of memory that it takes, about, without the walks.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let kinds = self.kinds.iter().filter_map(OnceLock::get).flatten();
        let of_kind = |kind: &Kind| {
            size_of::<Kind>() + size_of_val(&*kind.name) + size_of_val(&*kind.words) + kind.curves.bytes()
        };
        size_of_val(&*self.kinds) + 4 * self.worth.len() + kinds.map(of_kind).sum::<usize>()
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
            words: self
                .worth
                .iter()
                .map(|&worth| short(most(Signal::Words, [0, worth])))
                .collect(),
            most_for_name: name.iter().flatten().copied().max().map_or(0, i32::from),
            name,
            curves,
        }
    }

    /// How many of our three letters in a row may be among theirs, and which set of our words.
    fn in_common(&self, look: &Look) -> Common {
        let letters = self.letters.iter().map(|bits| (bits & look.letters).count_ones());
        let words = self.words.iter().enumerate();
        Common {
            letters: letters.sum::<u32>() as usize,
            words: words.fold(0, |set, (number, bit)| {
                set | ((look.words >> bit & 1) as usize) << number
            }),
        }
    }
}

/// What two names may have in common.
#[derive(Debug, Clone, Copy)]
struct Common {
    letters: usize,
    words: usize,
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
    fn of_look(&self, look: &Look, common: Common) -> i32 {
        let by_theirs = self.name.get(common.letters);
        let name = by_theirs.map_or(0, |by_theirs| by_theirs[usize::from(look.grams).min(GRAMS)]);
        let points = self.size[usize::from(look.size)]
            + self.rank[usize::from(look.rank)]
            + self.standing[usize::from(look.standing)]
            + self.words[common.words]
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
        let common = ceiling.in_common(look);
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
