//! Learns a [`Lesson`] from twinnings.
//!
//! Each known pair is parted in turn, and both cities asked for their partner as in [`super::trial`]: what is learned never
//! saw the pair that it is judged by. The model is additive: a staircase for each signal, and one more for each band of
//! asking cities by number of partners. It makes the partner's share among the candidates (a softmax over the sum of
//! points) as large as it can, by Adam over batches; steps beside each other are drawn together, and all towards nothing.
//! Where sense demands it a staircase only rises or only falls. One thread, one seed: the same data gives the same lesson.

use shared::history::{About, Lesson, SIGNALS, Signal, Signs, Staircase};
use shared::scoring::FULL;

use super::trial::{Dice, Question, both_ways, shuffle};
use shared::history::columns::Columns;
use shared::history::signs::Asked;
use shared::history::surroundings::Surroundings;

/// Steps of a staircase at most, with its floor.
const STEPS: usize = 32;
/// Points of one unit of the log-odds.
const SCALE: f64 = 40.0;
/// Bands of asking cities: none, one or two, three to eight, nine and more partners.
const BANDS: [u32; 3] = [1, 3, 9];
/// Bands of candidates: none, one, two to four, five and more partners.
const CANDIDATE_BANDS: [u32; 3] = [1, 2, 5];
/// One for all, then those of asking cities, then those of candidates.
const TABLES: usize = BANDS.len() + CANDIDATE_BANDS.len() + 3;
const OF_CANDIDATES: usize = BANDS.len() + 2;
/// The steps of a candidate's signals, and its band.
type Row = [u8; SIGNALS + 1];

/// How to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// Pairs to part; all where there are fewer.
    pub pairs: usize,
    /// Candidates beside the partner for each question.
    pub others: usize,
    /// Rounds over all questions.
    pub rounds: usize,
    /// Where chance begins.
    pub seed: u64,
    /// Keep rises and falls where sense demands.
    pub monotone: bool,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            pairs: usize::MAX,
            others: 300,
            rounds: 6,
            seed: 1,
            monotone: true,
        }
    }
}

/// Questions with the steps on which their candidates stand.
#[derive(Debug)]
pub struct Lore {
    steps: Vec<Vec<u32>>,
    /// Row after row, the partner first.
    rows: Vec<Row>,
    ends: Vec<usize>,
    bands: Vec<usize>,
    usual: [u8; SIGNALS],
}

/// Whether more of it can only speak for a pair.
const fn sense(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::CommonPartners
            | Signal::PathsOfThree
            | Signal::Rings
            | Signal::RegionTies
            | Signal::Name
            | Signal::Words
    )
}

impl Lore {
    /// Parts pairs and asks.
    #[must_use]
    pub fn gather(columns: &mut Columns, pairs: &[(u32, u32)], course: &Course) -> Self {
        let around = Surroundings::of(columns);
        let mut chosen = pairs.to_vec();
        shuffle(&mut chosen, course.seed);
        chosen.truncate(course.pairs);
        let mut dice = Dice::new(course.seed ^ 0x5eed);
        let mut sample: Vec<Signs> = Vec::new();
        let mut lore = Self {
            steps: Vec::new(),
            rows: Vec::new(),
            ends: Vec::new(),
            bands: Vec::new(),
            usual: [0; SIGNALS],
        };
        for &(a, b) in &chosen {
            columns.part(a, b);
            for question in both_ways(&[(a, b)]) {
                let signs = ask(columns, &around, question, Some((a, b)), course.others, &mut dice);
                let degree = columns.partners(question.us).len() as u32;
                lore.bands.push(BANDS.partition_point(|bound| *bound <= degree));
                sample.extend(signs);
                lore.ends.push(sample.len() + lore.rows.len());
            }
            columns.join(a, b);
            if lore.steps.is_empty() && sample.len() >= 400_000 {
                lore.steps = steps_of(&sample);
            }
            if !lore.steps.is_empty() {
                lore.take(&mut sample);
            }
        }
        if lore.steps.is_empty() {
            lore.steps = steps_of(&sample);
            lore.take(&mut sample);
        }
        lore.usual = lore.usual_steps();
        lore
    }

    fn take(&mut self, sample: &mut Vec<Signs>) {
        let steps = &self.steps;
        self.rows.extend(sample.drain(..).map(|signs| {
            std::array::from_fn(|signal| match steps.get(signal) {
                Some(steps) => steps.partition_point(|step| *step <= signs[signal]) as u8,
                None => CANDIDATE_BANDS.partition_point(|bound| *bound <= signs[Signal::Partners as usize]) as u8,
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

    /// The points of a question's partner.
    fn sum(&self, lesson: &Lesson, number: usize) -> Option<i32> {
        let row = self.question(number).first()?;
        let points = lesson.signals.iter().zip(row).map(|(staircase, &step)| {
            staircase.points[self.bands[number]][step as usize] + staircase.more[row[SIGNALS] as usize][step as usize]
        });
        Some(points.sum())
    }

    fn question(&self, number: usize) -> &[Row] {
        let begin = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.rows[begin..self.ends[number]]
    }
}

fn ask(
    columns: &Columns,
    around: &Surroundings,
    question: Question,
    parted: Option<(u32, u32)>,
    others: usize,
    dice: &mut Dice,
) -> Vec<Signs> {
    let asked = Asked::by(
        columns,
        around,
        question.us,
        Some(columns.country(question.sought)),
        parted,
    );
    let mut candidates = question.candidates(columns);
    candidates.retain(|&at| at != question.sought);
    for at in 0..others.min(candidates.len()) {
        let other = at + dice.below(candidates.len() - at);
        candidates.swap(at, other);
    }
    candidates.truncate(others);
    std::iter::once(question.sought)
        .chain(candidates)
        .map(|at| asked.signs(at))
        .collect()
}

/// Steps that part the values into shares of like weight, finer at the top, where partners are found.
fn steps_of(sample: &[Signs]) -> Vec<Vec<u32>> {
    const SHARES: [f64; STEPS - 2] = [
        0.03, 0.07, 0.11, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.89,
        0.92, 0.94, 0.955, 0.97, 0.98, 0.987, 0.992, 0.995, 0.997, 0.9985, 0.9993,
    ];
    (0..SIGNALS)
        .map(|signal| {
            let mut values: Vec<u32> = sample.iter().map(|signs| signs[signal]).collect();
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

type Table = [[f64; STEPS]; SIGNALS];

/// Learns from questions.
#[must_use]
pub fn learn(lore: &Lore, course: &Course) -> Lesson {
    const BATCH: usize = 256;
    let new = || vec![[[0.0; STEPS]; SIGNALS]; TABLES];
    let (mut weights, mut first, mut second) = (new(), new(), new());
    let mut order: Vec<usize> = (0..lore.ends.len()).collect();
    let all_steps = course.rounds * order.len().div_ceil(BATCH);
    let mut step = 0;
    for round in 0..course.rounds {
        shuffle(&mut order, course.seed ^ round as u64);
        for batch in order.chunks(BATCH) {
            let slope = slope(lore, &weights, batch);
            step += 1;
            let rate = 0.05 * (1.0 - (step - 1) as f64 / all_steps as f64);
            let (early, late) = (1.0 - 0.9_f64.powi(step), 1.0 - 0.99_f64.powi(step));
            for table in 0..TABLES {
                for signal in 0..SIGNALS {
                    for at in 0..STEPS {
                        let slope = slope[table][signal][at];
                        let (m, v) = (&mut first[table][signal][at], &mut second[table][signal][at]);
                        *m = 0.9 * *m + 0.1 * slope;
                        *v = 0.99 * *v + 0.01 * slope * slope;
                        weights[table][signal][at] -= rate * (*m / early) / ((*v / late).sqrt() + 1e-4);
                    }
                }
            }
        }
    }
    lesson(lore, &weights, course)
}

/// The mean slope of the loss over a batch, with what draws steps together and to nothing.
fn slope(lore: &Lore, weights: &[Table], batch: &[usize]) -> Vec<Table> {
    const TO_NOTHING: [f64; 2] = [3e-4, 5e-3];
    const TOGETHER: f64 = 2e-2;
    let mut slopes = vec![[[0.0; STEPS]; SIGNALS]; TABLES];
    for &number in batch {
        let rows = lore.question(number);
        let band = lore.bands[number] + 1;
        let tables: [Table; CANDIDATE_BANDS.len() + 1] = std::array::from_fn(|of_candidate| {
            let mut table = weights[0];
            for own in [&weights[band], &weights[OF_CANDIDATES + of_candidate]] {
                for (sum, own) in table.iter_mut().flatten().zip(own.iter().flatten()) {
                    *sum += own;
                }
            }
            table
        });
        let score = |row: &Row| -> f64 {
            let table = &tables[row[SIGNALS] as usize];
            row.iter().zip(table).map(|(step, points)| points[*step as usize]).sum()
        };
        let scores: Vec<f64> = rows.iter().map(score).collect();
        let highest = scores.iter().copied().fold(f64::MIN, f64::max);
        let shares: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
        let all: f64 = shares.iter().sum();
        let mut own = [[[0.0; STEPS]; SIGNALS]; CANDIDATE_BANDS.len() + 1];
        for (place, (row, share)) in rows.iter().zip(&shares).enumerate() {
            let pull = share / all - f64::from(u8::from(place == 0));
            if pull.abs() > 1e-6 {
                for (step, slopes) in row.iter().zip(&mut own[row[SIGNALS] as usize]) {
                    slopes[*step as usize] += pull;
                }
            }
        }
        for (of_candidate, own) in own.iter().enumerate() {
            for table in [0, band, OF_CANDIDATES + of_candidate] {
                for (slope, own) in slopes[table].iter_mut().flatten().zip(own.iter().flatten()) {
                    *slope += own / batch.len() as f64;
                }
            }
        }
    }
    for (number, (slopes, weights)) in slopes.iter_mut().zip(weights).enumerate() {
        for (slopes, weights) in slopes.iter_mut().zip(weights) {
            for at in 0..STEPS {
                slopes[at] += TO_NOTHING[number.min(1)] * weights[at];
                if at > 0 {
                    let rise = TOGETHER * (weights[at] - weights[at - 1]);
                    slopes[at] += rise;
                    slopes[at - 1] -= rise;
                }
            }
        }
    }
    slopes
}

fn lesson(lore: &Lore, weights: &[Table], course: &Course) -> Lesson {
    let signals = Signal::ALL
        .iter()
        .enumerate()
        .map(|(number, &signal)| {
            let count = lore.steps[number].len() + 1;
            let curve = |tables: &[usize], usual: Option<u8>, rises: bool| -> Vec<i32> {
                let of = |at: usize| tables.iter().map(|table| weights[*table][number][at]).sum();
                let mut curve: Vec<f64> = (0..count).map(of).collect();
                if rises {
                    rise(&mut curve);
                }
                let usual = usual.map_or(0.0, |usual| curve[usual as usize]);
                curve
                    .iter()
                    .map(|points| ((points - usual) * SCALE).round() as i32)
                    .collect()
            };
            let rises = course.monotone && sense(signal);
            Staircase {
                signal,
                steps: lore.steps[number].clone(),
                points: (1..OF_CANDIDATES)
                    .map(|table| curve(&[0, table], Some(lore.usual[number]), rises))
                    .collect(),
                // Candidates of several bands stand beside each other: these are told as they are.
                more: (OF_CANDIDATES..TABLES)
                    .map(|table| curve(&[table], None, rises))
                    .collect(),
            }
        })
        .collect();
    let mut lesson = Lesson {
        about: About::default(),
        bands: BANDS.to_vec(),
        candidate_bands: CANDIDATE_BANDS.to_vec(),
        base: 0,
        signals,
    };
    // The best of a thousand partners stands just below the highest value.
    let mut sums: Vec<i32> = (0..lore.ends.len())
        .filter_map(|number| lore.sum(&lesson, number))
        .collect();
    sums.sort_unstable();
    let best = sums.get(sums.len() * 999 / 1_000).copied().unwrap_or(0);
    lesson.base = FULL as i32 - best;
    lesson
}

/// The nearest curve that never falls: what falls is drawn to its mean.
pub(super) fn rise(curve: &mut [f64]) {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for &point in curve.iter() {
        blocks.push((point, 1));
        while let [.., (low, few), (high, more)] = blocks[..]
            && low > high
        {
            blocks.truncate(blocks.len() - 2);
            let count = few + more;
            blocks.push(((low * few as f64 + high * more as f64) / count as f64, count));
        }
    }
    let level = blocks
        .iter()
        .flat_map(|&(mean, count)| std::iter::repeat_n(mean, count));
    for (point, mean) in curve.iter_mut().zip(level) {
        *point = mean;
    }
}
