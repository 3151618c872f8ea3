//! What a lesson is learned from: known pairs, each parted in turn.
//!
//! Each known pair is parted, and both cities asked for their partner as in [`super::trial`]: what is learned never saw the
//! pair that it is judged by. What was measured is kept as the steps and bands on which each candidate stands; [`super::fit`]
//! finds the points. One thread, one seed: the same data gives the same lesson.

use std::collections::BTreeMap;

use shared::history::columns::Columns;
use shared::history::lesson::{Banding, STEPS, Sorter, TRAITS, Trait};
use shared::history::signs::Asked;
use shared::history::surroundings::Surroundings;
use shared::history::{SIGNALS, Signs, Traits};
use shared::scoring::outline::country_code;

use super::trial::{Dice, Question, both_ways, shuffle};

/// Bands by the number of partners: none, one or two, three to eight, nine and more.
const OUR_PARTNERS: [u32; 3] = [1, 3, 9];
/// None, one, two to four, five and more.
const THEIR_PARTNERS: [u32; 3] = [1, 2, 5];
/// Unknown, to 4,000, 12,000, 33,000, 130,000 inhabitants, and more: doublings in thousandths.
const OUR_SIZE: [u32; 5] = [1, 12_000, 13_500, 15_000, 17_000];
/// Very near, near, farther, nowhere: kilometres at both ends.
const NEAREST_TIE: [u32; 3] = [40, 90, 100_000];
/// So many countries, those with the most places, have bands of their own.
const COUNTRIES: usize = 20;

/// The steps of a candidate's signals, and its bands.
pub(super) type Row = [u8; SIGNALS + TRAITS];

/// How to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// Pairs to part; all where there are fewer.
    pub pairs: usize,
    /// Candidates beside the partner for each question.
    pub others: usize,
    /// Rounds over all questions.
    pub rounds: usize,
    /// Lessons learned by different chance, of which the mean is taken.
    pub fits: u64,
    /// Where chance begins.
    pub seed: u64,
    /// Keep rises where sense demands.
    pub monotone: bool,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            pairs: usize::MAX,
            others: 600,
            rounds: 6,
            fits: 2,
            seed: 1,
            monotone: true,
        }
    }
}

/// Questions with the steps and bands on which their candidates stand.
#[derive(Debug)]
pub struct Lore {
    pub(super) bandings: Vec<Banding>,
    pub(super) steps: Vec<Vec<u32>>,
    /// Row after row, the partner first.
    rows: Vec<Row>,
    pub(super) ends: Vec<usize>,
    pub(super) usual: [u8; SIGNALS],
}

/// What is measured of a candidate.
type Measured = (Signs, Traits);

impl Lore {
    /// Parts pairs and asks.
    #[must_use]
    pub fn gather(columns: &mut Columns, pairs: &[(u32, u32)], course: &Course) -> Self {
        let around = Surroundings::of(columns);
        let mut chosen = pairs.to_vec();
        shuffle(&mut chosen, course.seed);
        chosen.truncate(course.pairs);
        let mut dice = Dice::new(course.seed ^ 0x5eed);
        let mut sample: Vec<Measured> = Vec::new();
        let mut lore = Self {
            bandings: bandings(columns),
            steps: Vec::new(),
            rows: Vec::new(),
            ends: Vec::new(),
            usual: [0; SIGNALS],
        };
        let sorter = Sorter::of(&lore.bandings);
        for &(a, b) in &chosen {
            columns.part(a, b);
            for question in both_ways(&[(a, b)]) {
                sample.extend(ask(columns, &around, question, (a, b), course.others, &mut dice));
                lore.ends.push(sample.len() + lore.rows.len());
            }
            columns.join(a, b);
            if lore.steps.is_empty() && sample.len() >= 400_000 {
                lore.steps = steps_of(&sample);
            }
            if !lore.steps.is_empty() {
                lore.take(&mut sample, &sorter);
            }
        }
        if lore.steps.is_empty() {
            lore.steps = steps_of(&sample);
            lore.take(&mut sample, &sorter);
        }
        lore.usual = lore.usual_steps();
        lore
    }

    fn take(&mut self, sample: &mut Vec<Measured>, sorter: &Sorter) {
        let steps = &self.steps;
        self.rows.extend(sample.drain(..).map(|(signs, traits)| {
            let bands = sorter.bands(&traits, &signs);
            std::array::from_fn(|at| match steps.get(at) {
                Some(steps) => steps.partition_point(|step| *step <= signs[at]) as u8,
                None => bands[at - SIGNALS],
            })
        }));
    }

    /// The step on which most stand.
    fn usual_steps(&self) -> [u8; SIGNALS] {
        std::array::from_fn(|signal| {
            let mut counts = [0_usize; STEPS];
            for row in &self.rows {
                counts[row[signal] as usize] += 1;
            }
            counts
                .iter()
                .enumerate()
                .max_by_key(|(step, count)| (**count, usize::MAX - step))
                .map_or(0, |(step, _)| step as u8)
        })
    }

    /// The candidates of a question, its partner first.
    pub(super) fn question(&self, number: usize) -> &[Row] {
        let begin = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.rows[begin..self.ends[number]]
    }
}

/// By what pairs are told apart.
fn bandings(columns: &Columns) -> Vec<Banding> {
    let mut places: BTreeMap<u16, usize> = BTreeMap::new();
    for at in 0..columns.len() as u32 {
        *places.entry(columns.country(at)).or_default() += 1;
    }
    let mut largest: Vec<(usize, String)> = places
        .iter()
        .filter_map(|(&country, &count)| Some((count, country_code(country)?)))
        .collect();
    largest.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    largest.truncate(COUNTRIES);
    let mut countries: Vec<String> = largest.into_iter().map(|(_, code)| code).collect();
    countries.sort_unstable();
    Trait::ALL
        .iter()
        .map(|&by| {
            let bounds: &[u32] = match by {
                Trait::OurPartners => &OUR_PARTNERS,
                Trait::OurSize => &OUR_SIZE,
                Trait::TheirPartners => &THEIR_PARTNERS,
                Trait::NearestTie => &NEAREST_TIE,
                Trait::OurCountry | Trait::TheirCountry => &[],
            };
            let of_countries = matches!(by, Trait::OurCountry | Trait::TheirCountry);
            Banding {
                by,
                bounds: bounds.to_vec(),
                countries: if of_countries { countries.clone() } else { Vec::new() },
            }
        })
        .collect()
}

fn ask(
    columns: &Columns,
    around: &Surroundings,
    question: Question,
    parted: (u32, u32),
    others: usize,
    dice: &mut Dice,
) -> Vec<Measured> {
    let country = columns.country(question.sought);
    let asked = Asked::by(columns, around, question.us, Some(country), Some(parted));
    let mut candidates = question.candidates(columns);
    candidates.retain(|&at| at != question.sought);
    for at in 0..others.min(candidates.len()) {
        let other = at + dice.below(candidates.len() - at);
        candidates.swap(at, other);
    }
    candidates.truncate(others);
    std::iter::once(question.sought)
        .chain(candidates)
        .map(|at| (asked.signs(at), columns.traits(question.us, at)))
        .collect()
}

/// Steps that part the values into shares of like weight, finer at the top, where partners are found.
fn steps_of(sample: &[Measured]) -> Vec<Vec<u32>> {
    const SHARES: [f64; STEPS - 2] = [
        0.03, 0.07, 0.11, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.89,
        0.92, 0.94, 0.955, 0.97, 0.98, 0.987, 0.992, 0.995, 0.997, 0.9985, 0.9993,
    ];
    (0..SIGNALS)
        .map(|signal| {
            let mut values: Vec<u32> = sample.iter().map(|(signs, _)| signs[signal]).collect();
            values.sort_unstable();
            let usual = values
                .chunk_by(|a, b| a == b)
                .max_by_key(|chunk| chunk.len())
                .map_or(0, |chunk| chunk[0]);
            if values.iter().filter(|value| **value == usual).count() * 5 > values.len() {
                values.retain(|value| *value != usual);
            }
            let mut steps: Vec<u32> = SHARES
                .iter()
                .filter_map(|share| values.get((values.len() as f64 * share) as usize).copied())
                .collect();
            steps.extend(values.iter().copied().find(|value| *value > usual));
            steps.sort_unstable();
            steps.dedup();
            steps.truncate(STEPS - 1);
            steps
        })
        .collect()
}
