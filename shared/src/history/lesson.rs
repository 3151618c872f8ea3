//! The table of points that was learned, and how a pair's points are read from it.
//!
//! Each signal has one staircase for all pairs, and others that are added for some: for asking cities with few partners, for
//! candidates of a country. What a pair is told apart by is a [`Trait`]; in which of its bands a pair is, is looked up, never
//! computed. A [`Lesson`] is what people read, a [`Scale`] the same numbers laid out to be added fast.

use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::scoring::outline::country_number;

use super::columns::Columns;
use super::{Judgement, Part, SIGNALS, Signal, Signs, value_of};

/// Steps of a staircase at most, with its floor.
pub const STEPS: usize = 32;
/// What is added for some has one number for so many steps.
pub const COARSE: usize = 4;
/// Numbers of a curve that is added for some.
pub const WIDE: usize = STEPS / COARSE;

codes!(
    /// What pairs are told apart by, so that a signal may mean more for some than for others.
    Trait {
        /// The asking city's number of partners.
        OurPartners = "our_partners",
        /// The asking city's country.
        OurCountry = "our_country",
        /// The asking city's size, doublings of the population in thousandths.
        OurSize = "our_size",
        /// The candidate's number of partners.
        TheirPartners = "their_partners",
        /// The candidate's country.
        TheirCountry = "their_country",
        /// How near the nearest twinning between the surroundings of both is: the signal `nearest_tie`.
        NearestTie = "nearest_tie",
    }
);

/// How many traits there are.
pub const TRAITS: usize = Trait::ALL.len();
/// The first of those that belong to the candidate or the pair; those before belong to the asking city alone.
const OF_CANDIDATES: usize = Trait::TheirPartners as usize;

/// The bands of one trait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banding {
    /// Which trait.
    pub by: Trait,
    /// For numbers: a value is in the band that counts how many of these are at most it.
    pub bounds: Vec<u32>,
    /// For countries: a country is in the band of its place here, any other in one more.
    pub countries: Vec<String>,
}

impl Banding {
    /// How many bands there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bounds.len() + self.countries.len() + 1
    }

    /// Never: there is always one band.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }
}

/// What is added to a signal's points for the bands of one trait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    /// The trait.
    pub by: Trait,
    /// For each band: points for the floor and the first three steps, the next four, and so on.
    pub points: Vec<Vec<i32>>,
}

/// The points of one signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staircase {
    /// The signal.
    pub signal: Signal,
    /// Where the steps are, ascending: a value stands on step *n* when *n* of these are at most it.
    pub steps: Vec<u32>,
    /// Points for the floor and each of the `steps`, for all pairs.
    pub points: Vec<i32>,
    /// What is added for some.
    pub more: Vec<More>,
}

/// What was learned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// When, and from what.
    pub about: About,
    /// The bands of each trait, in the order of [`Trait::ALL`].
    pub bandings: Vec<Banding>,
    /// Points before any signal.
    pub base: i32,
    /// A staircase for each signal, in the order of [`Signal::ALL`].
    pub signals: Vec<Staircase>,
}

/// When and from what a lesson was learned, and how it did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The day.
    pub learned_on: String,
    /// What it was learned from.
    pub data: String,
    /// Figures on hidden twinnings.
    pub figures: Vec<String>,
    /// What may be done with it.
    pub licence: String,
}

/// What tells a pair apart, beside its signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// Partners of the asking city.
    pub our_partners: u32,
    /// Its country, as a number.
    pub our_country: u16,
    /// Its population: doublings in thousandths; 0 unknown.
    pub our_size: u32,
    /// Partners of the candidate.
    pub their_partners: u32,
    /// Its country.
    pub their_country: u16,
}

/// In which band of each trait a pair is.
pub type Bands = [u8; TRAITS];

/// The bands of traits, ready to be looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorter {
    bounds: Vec<Vec<u32>>,
    /// Countries by number, ascending, with their bands.
    countries: Vec<Vec<(u16, u8)>>,
}

impl Sorter {
    /// Sorts by these bands.
    #[must_use]
    pub fn of(bandings: &[Banding]) -> Self {
        let countries = |banding: &Banding| {
            let numbers = banding.countries.iter().map(|code| country_number(code).unwrap_or(0));
            let mut all: Vec<(u16, u8)> = numbers.zip(0..).collect();
            all.sort_unstable();
            all
        };
        Self {
            bounds: bandings.iter().map(|banding| banding.bounds.clone()).collect(),
            countries: bandings.iter().map(countries).collect(),
        }
    }

    /// The bands of a pair.
    #[must_use]
    pub fn bands(&self, traits: &Traits, signs: &Signs) -> Bands {
        let counted = |of: Trait, value: u32| {
            let bounds = self.bounds.get(of as usize).map_or(&[][..], Vec::as_slice);
            bounds.partition_point(|bound| *bound <= value) as u8
        };
        let country = |of: Trait, number: u16| {
            let known = self.countries.get(of as usize).map_or(&[][..], Vec::as_slice);
            match known.binary_search_by_key(&number, |(number, _)| *number) {
                Ok(at) => known[at].1,
                Err(_) => known.len() as u8,
            }
        };
        [
            counted(Trait::OurPartners, traits.our_partners),
            country(Trait::OurCountry, traits.our_country),
            counted(Trait::OurSize, traits.our_size),
            counted(Trait::TheirPartners, traits.their_partners),
            country(Trait::TheirCountry, traits.their_country),
            counted(Trait::NearestTie, signs[Signal::NearestTie as usize]),
        ]
    }
}

/// Points of each signal by step.
type Table = [[i32; STEPS]; SIGNALS];
/// Points of each signal by some steps at once.
type Coarse = [[i32; WIDE]; SIGNALS];

/// The steps of a staircase, ascending; the rest is filled with what no step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Steps {
    values: [u32; STEPS],
    len: usize,
}

impl Steps {
    const NONE: Self = Self {
        values: [u32::MAX; STEPS],
        len: 0,
    };

    fn of(steps: &[u32]) -> Self {
        let mut all = Self::NONE;
        for (to, from) in all.values.iter_mut().zip(steps).take(STEPS - 1) {
            *to = *from;
            all.len += 1;
        }
        all
    }

    /// How many steps are at most the value: a search by halves without a branch to be guessed wrong.
    fn step(&self, value: u32) -> usize {
        let mut at = 0;
        for half in [16, 8, 4, 2, 1] {
            let reached = usize::from(self.values[(at + half - 1) % STEPS] <= value);
            at = at.wrapping_add(half.wrapping_mul(reached));
        }
        self.len.min(at)
    }
}

/// What is added for one band.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Added {
    points: Coarse,
    /// The sum of all floors.
    floor: i32,
}

/// A lesson laid out to be added fast: a table for all pairs, and one for each band of each trait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    about: About,
    base: i32,
    sorter: Sorter,
    steps: [Steps; SIGNALS],
    all: Box<Table>,
    /// By trait, then by band.
    more: Vec<Vec<Added>>,
}

impl Scale {
    /// The scale of a lesson.
    #[must_use]
    pub fn of(lesson: &Lesson) -> Self {
        let mut scale = Self {
            about: lesson.about.clone(),
            base: lesson.base,
            sorter: Sorter::of(&lesson.bandings),
            steps: [Steps::NONE; SIGNALS],
            all: Box::new([[0; STEPS]; SIGNALS]),
            more: lesson
                .bandings
                .iter()
                .map(|banding| vec![NOTHING.clone(); banding.len()])
                .collect(),
        };
        for staircase in &lesson.signals {
            let signal = staircase.signal as usize;
            scale.steps[signal] = Steps::of(&staircase.steps);
            lay(&mut scale.all[signal], &staircase.points);
            for more in &staircase.more {
                for (table, points) in scale
                    .more
                    .get_mut(more.by as usize)
                    .into_iter()
                    .flatten()
                    .zip(&more.points)
                {
                    lay(&mut table.points[signal], points);
                }
            }
        }
        for added in scale.more.iter_mut().flatten() {
            added.floor = added.points.iter().map(|curve| curve[0]).sum();
        }
        scale
    }

    /// When and from what it was learned.
    #[must_use]
    pub const fn about(&self) -> &About {
        &self.about
    }

    /// What counts for all candidates of one asking city, added up once.
    #[must_use]
    pub fn asked(&self, columns: &Columns, us: u32) -> AskedScale<'_> {
        let traits = columns.traits(us, us);
        let bands = self.sorter.bands(&traits, &[0; SIGNALS]);
        let mut points = self.all.clone();
        for (of, band) in bands.iter().enumerate().take(OF_CANDIDATES) {
            if let Some(more) = self.more.get(of).and_then(|of| of.get(usize::from(*band))) {
                add(&mut points, more);
            }
        }
        AskedScale {
            scale: self,
            us,
            floor: self.base + points.iter().map(|curve| curve[0]).sum::<i32>(),
            points,
        }
    }
}

/// The scale for one asking city.
#[derive(Debug, Clone)]
pub struct AskedScale<'a> {
    scale: &'a Scale,
    us: u32,
    points: Box<Table>,
    /// The base with all floors.
    floor: i32,
}

/// Points of each signal by step for candidates that are alike.
#[derive(Debug, Clone)]
pub(super) struct Curves(Box<Table>);

impl Curves {
    /// Bytes of memory that they take.
    pub(super) const fn bytes(&self) -> usize {
        size_of::<Table>()
    }
}

impl AskedScale<'_> {
    /// The points before any signal.
    pub(super) fn base(&self) -> i32 {
        self.scale.base
    }

    /// How many bands of candidates' countries there are.
    pub(super) fn bands_of_countries(&self) -> usize {
        self.scale.more.get(Trait::TheirCountry as usize).map_or(1, Vec::len)
    }

    /// In which band of countries a candidate is.
    pub(super) fn band_of_country(&self, country: u16) -> u8 {
        self.bands_of(country, &[0; SIGNALS])[Trait::TheirCountry as usize]
    }

    /// In which band a candidate is with a twinning so near.
    pub(super) fn tie_of(&self, km: u32) -> u8 {
        let mut signs = [0; SIGNALS];
        signs[Signal::NearestTie as usize] = km;
        self.bands_of(0, &signs)[Trait::NearestTie as usize]
    }

    /// The points of candidates of a country without partners, in a band of nearest twinnings.
    pub(super) fn curves_of_untied(&self, country: u16, tie: u8) -> Curves {
        let mut bands = self.bands_of(country, &[0; SIGNALS]);
        bands[Trait::NearestTie as usize] = tie;
        let mut points = self.points.clone();
        for (of, band) in bands.iter().enumerate().skip(OF_CANDIDATES) {
            if let Some(more) = self.scale.more.get(of).and_then(|of| of.get(usize::from(*band))) {
                add(&mut points, more);
            }
        }
        Curves(points)
    }

    /// The most points of a signal whose value is between two, in any order.
    pub(super) fn most_between(&self, curves: &Curves, signal: Signal, values: [u32; 2]) -> i32 {
        let number = signal as usize;
        let steps = &self.scale.steps[number];
        let [low, high] = [values[0].min(values[1]), values[0].max(values[1])];
        let reached = &curves.0[number][steps.step(low)..=steps.step(high)];
        reached.iter().copied().max().unwrap_or(0)
    }

    /// The bands of a candidate without partners.
    fn bands_of(&self, country: u16, signs: &Signs) -> Bands {
        let traits = Traits {
            our_partners: 0,
            our_country: 0,
            our_size: 0,
            their_partners: 0,
            their_country: country,
        };
        self.scale.sorter.bands(&traits, signs)
    }

    /// The value of a candidate, 0 to [`FULL`](crate::scoring::FULL).
    #[must_use]
    pub fn value(&self, columns: &Columns, them: u32, signs: &Signs) -> u32 {
        let tables = self.tables(columns, them, signs);
        let mut sum = self.floor + tables.iter().map(|table| table.floor).sum::<i32>();
        // Most signals of most pairs say nothing: they stay on their floors, which are in the sum.
        for (signal, (steps, &value)) in self.scale.steps.iter().zip(signs).enumerate() {
            if value >= steps.values[0] {
                let (points, step) = (&self.points[signal], steps.step(value));
                sum += points[step] - points[0];
                for table in tables {
                    let curve = &table.points[signal];
                    sum += curve[step / COARSE] - curve[0];
                }
            }
        }
        value_of(sum)
    }

    /// The value with all its points.
    #[must_use]
    pub fn judge(&self, columns: &Columns, them: u32, signs: &Signs) -> Judgement {
        let mut parts = Vec::new();
        let mut sum = self.scale.base;
        self.each(columns, them, signs, |signal, points| {
            sum += points;
            if points != 0 {
                parts.push(Part {
                    signal: Signal::ALL[signal],
                    measured: signs[signal],
                    points,
                });
            }
        });
        Judgement {
            value: value_of(sum),
            base: self.scale.base,
            parts,
        }
    }

    /// What is added for a candidate's bands.
    fn tables(&self, columns: &Columns, them: u32, signs: &Signs) -> [&Added; TRAITS - OF_CANDIDATES] {
        let bands = self.scale.sorter.bands(&columns.traits(self.us, them), signs);
        std::array::from_fn(|at| {
            let of = OF_CANDIDATES + at;
            let bands_of = self
                .scale
                .more
                .get(of)
                .and_then(|more| more.get(usize::from(bands[of])));
            bands_of.unwrap_or(&NOTHING)
        })
    }

    fn each(&self, columns: &Columns, them: u32, signs: &Signs, mut each: impl FnMut(usize, i32)) {
        let tables = self.tables(columns, them, signs);
        for (signal, (steps, &value)) in self.scale.steps.iter().zip(signs).enumerate() {
            let step = steps.step(value);
            let more: i32 = tables.iter().map(|table| table.points[signal][step / COARSE]).sum();
            each(signal, self.points[signal][step] + more);
        }
    }
}

/// What is added for a band that the lesson does not know.
static NOTHING: Added = Added {
    points: [[0; WIDE]; SIGNALS],
    floor: 0,
};

/// Adds what is added for a band.
fn add(points: &mut Table, more: &Added) {
    for (points, more) in points.iter_mut().zip(&more.points) {
        for (step, sum) in points.iter_mut().enumerate() {
            *sum += more[step / COARSE];
        }
    }
}

fn lay(row: &mut [i32], points: &[i32]) {
    for (to, from) in row.iter_mut().zip(points) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::columns::Place;

    /// A lesson that tells apart by two bands of partners of the candidate, and gives points for partners alone.
    fn lesson() -> Lesson {
        let bandings = Trait::ALL.iter().map(|&by| Banding {
            by,
            bounds: if by == Trait::TheirPartners {
                vec![2]
            } else {
                Vec::new()
            },
            countries: if by == Trait::OurCountry {
                vec!["FR".to_owned()]
            } else {
                Vec::new()
            },
        });
        let bandings: Vec<Banding> = bandings.collect();
        let signals = Signal::ALL.iter().map(|&signal| Staircase {
            signal,
            steps: if signal == Signal::Partners {
                vec![1, 2]
            } else {
                Vec::new()
            },
            points: if signal == Signal::Partners {
                vec![0, 40, 25]
            } else {
                vec![0]
            },
            more: vec![
                More {
                    by: Trait::TheirPartners,
                    points: vec![vec![0], vec![if signal == Signal::Partners { 7 } else { 0 }]],
                },
                More {
                    by: Trait::OurCountry,
                    points: vec![vec![if signal == Signal::Partners { 100 } else { 0 }], vec![0]],
                },
            ],
        });
        Lesson {
            about: About::default(),
            signals: signals.collect(),
            bandings,
            base: 1_000,
        }
    }

    #[test]
    fn points_are_added_by_the_bands_of_both_sides() {
        let place = |country: &str| Place {
            country: country_number(country).unwrap_or(0),
            ..Place::default()
        };
        let places = [place("FR"), place("DE"), place("DE"), place("FR")];
        let columns = Columns::of(&places, &[(1, 0), (1, 3)]);
        let scale = Scale::of(&lesson());
        let signs = |them: u32| {
            let mut signs = [0; SIGNALS];
            signs[Signal::Partners as usize] = columns.partners(them).len() as u32;
            signs
        };
        let asked = scale.asked(&columns, 0);
        // A French city asks: 100 more for whoever it may be. Two partners: 25 and, by the band, 7.
        assert_eq!(asked.judge(&columns, 1, &signs(1)).parts[0].points, 132);
        assert_eq!(asked.value(&columns, 1, &signs(1)), 113);
        assert_eq!(asked.value(&columns, 2, &signs(2)), 110);
        assert_eq!(asked.value(&columns, 3, &signs(3)), 114);
        // A German one asks.
        let asked = scale.asked(&columns, 1);
        assert_eq!(asked.value(&columns, 3, &signs(3)), 104);
        let judged = asked.judge(&columns, 3, &signs(3));
        assert_eq!(judged.recomputed(), judged.value);
    }
}
