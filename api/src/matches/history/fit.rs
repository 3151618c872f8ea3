//! Finds the points of a lesson.
//!
//! The model is additive: a staircase for each signal, and one more for each band of each trait. It brings the partner up
//! among the candidates (see [`pulls`]), by Adam over batches; steps beside each other are drawn together, and all towards
//! nothing. Where sense demands it a staircase only rises.

use std::panic::resume_unwind;

use shared::history::lesson::{COARSE, More, STEPS, Staircase, TRAITS, Trait, WIDE};
use shared::history::{About, Lesson, POINTS, SIGNALS, Signal};
use shared::scoring::FULL;

use super::train::{Course, Lore, Row};
use super::trial::shuffle;

/// Of the value, what one unit of the log-odds is worth.
const SCALE: f64 = 40.0;
/// The first trait of candidates.
const OF_CANDIDATES: usize = Trait::TheirPartners as usize;

/// Whether more of it can only speak for a pair.
const fn only_rises(signal: Signal) -> bool {
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

/// Where each curve begins in one long row of weights: first the staircases for all pairs, then a table of coarser ones for
/// each band of each trait.
struct Layout {
    /// The first table of each trait.
    begins: [usize; TRAITS],
    /// How much the curves of each table are drawn to nothing.
    to_nothing: Vec<f64>,
}

/// Weights of the staircases for all pairs.
const ALL: usize = SIGNALS * STEPS;
/// Weights of one table.
const TABLE: usize = SIGNALS * WIDE;

impl Layout {
    fn of(lore: &Lore) -> Self {
        let mut to_nothing = Vec::new();
        let begins = std::array::from_fn(|of| {
            let banding = &lore.bandings[of];
            let begin = to_nothing.len();
            let drawn = match banding.by {
                Trait::OurPartners | Trait::TheirPartners => 5e-3,
                _ => 3e-3,
            };
            to_nothing.extend(std::iter::repeat_n(drawn, banding.len()));
            begin
        });
        Self { begins, to_nothing }
    }

    fn len(&self) -> usize {
        ALL + self.to_nothing.len() * TABLE
    }

    /// Where the table of a row's band begins.
    fn table(&self, row: &Row, of: usize) -> usize {
        self.begin(self.begins[of] + usize::from(row[SIGNALS + of]))
    }

    const fn begin(&self, table: usize) -> usize {
        ALL + table * TABLE
    }

    /// All curves: where each begins, how long it is, how much it is drawn to nothing.
    fn curves(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        let all = (0..SIGNALS).map(|signal| (signal * STEPS, STEPS, 3e-4));
        let more = self.to_nothing.iter().enumerate().flat_map(|(table, &drawn)| {
            let begin = self.begin(table);
            (0..SIGNALS).map(move |signal| (begin + signal * WIDE, WIDE, drawn))
        });
        all.chain(more)
    }
}

/// Learns from questions.
#[must_use]
pub fn learn(lore: &Lore, course: &Course) -> Lesson {
    let layout = Layout::of(lore);
    let fits: Vec<u64> = (0..course.fits.max(1)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut mean = vec![0.0; layout.len()];
    for together in fits.chunks(threads) {
        let learned: Vec<Vec<f64>> = std::thread::scope(|scope| {
            let layout = &layout;
            let fits = together
                .iter()
                .map(|fit| scope.spawn(move || weights(lore, layout, course, course.seed ^ (fit << 32))));
            let running: Vec<_> = fits.collect();
            let joined = running
                .into_iter()
                .map(|fit| fit.join().unwrap_or_else(|panic| resume_unwind(panic)));
            joined.collect()
        });
        // Added up in their order, so that the number of threads changes nothing.
        for weights in learned {
            for (mean, weight) in mean.iter_mut().zip(weights) {
                *mean += weight / fits.len() as f64;
            }
        }
    }
    lesson(lore, &layout, mean, course)
}

fn weights(lore: &Lore, layout: &Layout, course: &Course, seed: u64) -> Vec<f64> {
    const BATCH: usize = 512;
    let mut weights = vec![0.0; layout.len()];
    let (mut first, mut second) = (weights.clone(), weights.clone());
    let mut order: Vec<usize> = (0..lore.ends.len()).collect();
    let all_steps = course.rounds * order.len().div_ceil(BATCH);
    let mut step = 0;
    for round in 0..course.rounds {
        shuffle(&mut order, seed ^ round as u64);
        for batch in order.chunks(BATCH) {
            let slopes = slopes(lore, layout, &weights, batch);
            step += 1;
            let rate = 0.1 * (1.0 - (step - 1) as f64 / all_steps as f64);
            let (early, late) = (1.0 - 0.9_f64.powi(step), 1.0 - 0.99_f64.powi(step));
            let moments = first.iter_mut().zip(&mut second);
            for ((weight, slope), (m, v)) in weights.iter_mut().zip(slopes).zip(moments) {
                *m = 0.9 * *m + 0.1 * slope;
                *v = 0.99 * *v + 0.01 * slope * slope;
                *weight -= rate * (*m / early) / ((*v / late).sqrt() + 1e-4);
            }
        }
    }
    weights
}

/// The mean slope of the loss over a batch, with what draws steps together and to nothing.
fn slopes(lore: &Lore, layout: &Layout, weights: &[f64], batch: &[usize]) -> Vec<f64> {
    let mut slopes = vec![0.0; layout.len()];
    for &number in batch {
        let rows = lore.question(number);
        let Some(first) = rows.first() else { continue };
        let ours: [usize; OF_CANDIDATES] = std::array::from_fn(|of| layout.table(first, of));
        // What counts for all candidates of the question is added up once.
        let mut common = [[0.0; STEPS]; SIGNALS];
        for (signal, curve) in common.iter_mut().enumerate() {
            for (step, sum) in curve.iter_mut().enumerate() {
                let more: f64 = ours.iter().map(|table| weights[table + coarse(signal, step)]).sum();
                *sum = weights[signal * STEPS + step] + more;
            }
        }
        let theirs = |row: &Row| -> [usize; TRAITS - OF_CANDIDATES] {
            std::array::from_fn(|at| layout.table(row, OF_CANDIDATES + at))
        };
        let score = |row: &Row| -> f64 {
            let tables = theirs(row);
            let steps = row.iter().take(SIGNALS).enumerate();
            steps
                .map(|(signal, step)| {
                    let step = usize::from(*step);
                    let at = coarse(signal, step);
                    common[signal][step] + tables.iter().map(|table| weights[table + at]).sum::<f64>()
                })
                .sum()
        };
        let scores: Vec<f64> = rows.iter().map(score).collect();
        let mut of_all = [[0.0; STEPS]; SIGNALS];
        for (row, pull) in rows.iter().zip(pulls(&scores)) {
            if pull.abs() <= 1e-6 {
                continue;
            }
            let pull = pull / batch.len() as f64;
            let theirs = theirs(row);
            for (signal, step) in row.iter().take(SIGNALS).enumerate() {
                let step = usize::from(*step);
                of_all[signal][step] += pull;
                for table in theirs {
                    slopes[table + coarse(signal, step)] += pull;
                }
            }
        }
        for (signal, curve) in of_all.iter().enumerate() {
            for (step, own) in curve.iter().enumerate() {
                slopes[signal * STEPS + step] += own;
                for table in ours {
                    slopes[table + coarse(signal, step)] += own;
                }
            }
        }
    }
    draw(layout, weights, &mut slopes);
    slopes
}

/// How much lower each candidate's sum should be; the partner is the first.
///
/// Half is the slope of the partner's share among the candidates, which minds the order down to the last. Half minds who
/// stands before whom at the top, where people look: each candidate pulls against the partner by how much the two would gain
/// by changing places (LambdaRank; C. J. C. Burges, From RankNet to LambdaRank to LambdaMART, 2010).
pub(super) fn pulls(scores: &[f64]) -> Vec<f64> {
    const BY_PLACE: f64 = 0.5;
    let highest = scores.iter().copied().fold(f64::MIN, f64::max);
    let shares: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
    let all: f64 = shares.iter().sum();
    let mut pulls: Vec<f64> = shares.iter().map(|share| (1.0 - BY_PLACE) * share / all).collect();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let gain = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
    let Some(partners) = order.iter().position(|at| *at == 0) else {
        return pulls;
    };
    let mut raised = 1.0 - BY_PLACE;
    for (rank, &at) in order.iter().enumerate().filter(|(rank, _)| *rank != partners) {
        let likely_wrong = 1.0 / (1.0 + (scores[0] - scores[at]).exp());
        let pull = BY_PLACE * (gain(rank) - gain(partners)).abs() * likely_wrong;
        pulls[at] += pull;
        raised += pull;
    }
    pulls[0] -= raised;
    pulls
}

/// The place of a signal's step in a table.
const fn coarse(signal: usize, step: usize) -> usize {
    signal * WIDE + step / COARSE
}

/// What draws steps beside each other together, and all to nothing: bands more than what holds for all pairs.
fn draw(layout: &Layout, weights: &[f64], slopes: &mut [f64]) {
    const TOGETHER: f64 = 2e-2;
    for (begin, long, to_nothing) in layout.curves() {
        for at in begin..begin + long {
            slopes[at] += to_nothing * weights[at];
            if at > begin {
                let rise = TOGETHER * (weights[at] - weights[at - 1]);
                slopes[at] += rise;
                slopes[at - 1] -= rise;
            }
        }
    }
}

/// The lesson in whole points.
fn lesson(lore: &Lore, layout: &Layout, mut weights: Vec<f64>, course: &Course) -> Lesson {
    let of_pairs = layout.begin(layout.begins[OF_CANDIDATES]);
    let mut points = vec![0; weights.len()];
    for (number, (begin, long, _)) in layout.curves().enumerate() {
        let signal = number % SIGNALS;
        let (count, usual) = match (lore.steps[signal].len(), usize::from(lore.usual[signal])) {
            (steps, usual) if long == STEPS => (steps + 1, usual),
            (steps, usual) => (steps / COARSE + 1, usual / COARSE),
        };
        let curve = &mut weights[begin..begin + count];
        if course.monotone && only_rises(Signal::ALL[signal]) {
            // Sums of curves that rise, rise.
            rise(curve);
        }
        // What is the same for all candidates of a city is told from where most stand; candidates of several bands stand
        // beside each other, so that theirs are told as they are.
        let usual = if begin < of_pairs { curve[usual] } else { 0.0 };
        for (told, point) in points[begin..].iter_mut().zip(curve) {
            *told = ((*point - usual) * SCALE * f64::from(POINTS)).round() as i32;
        }
    }
    let signals = Signal::ALL.iter().enumerate().map(|(at, &signal)| {
        let steps = lore.steps[at].clone();
        let curve = |table: usize| {
            let begin = layout.begin(table) + at * WIDE;
            points[begin..=begin + steps.len() / COARSE].to_vec()
        };
        let more = lore.bandings.iter().zip(layout.begins).map(|(banding, begin)| More {
            by: banding.by,
            points: (begin..begin + banding.len()).map(curve).collect(),
        });
        Staircase {
            signal,
            points: points[at * STEPS..=at * STEPS + steps.len()].to_vec(),
            more: more.collect(),
            steps: steps.clone(),
        }
    });
    // The best of a thousand partners stands just below the highest value.
    let mut sums: Vec<i32> = (0..lore.ends.len())
        .filter_map(|number| {
            let partner = lore.question(number).first()?;
            let tables: [usize; TRAITS] = std::array::from_fn(|of| layout.table(partner, of));
            let steps = partner.iter().take(SIGNALS).enumerate();
            let of_signal = |(signal, step): (usize, &u8)| -> i32 {
                let step = usize::from(*step);
                let more: i32 = tables.iter().map(|table| points[table + coarse(signal, step)]).sum();
                points[signal * STEPS + step] + more
            };
            Some(steps.map(of_signal).sum())
        })
        .collect();
    sums.sort_unstable();
    let best = sums.get(sums.len() * 999 / 1_000).copied().unwrap_or(0);
    Lesson {
        about: About::default(),
        bandings: lore.bandings.clone(),
        base: FULL as i32 * POINTS - best,
        signals: signals.collect(),
    }
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
