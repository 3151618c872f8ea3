//! How well a ranking finds twinnings that were hidden from it.
//!
//! For each hidden pair (a, b): a's partners are sought among the cities of b's country that are not yet a's partners, and
//! b's in a's country. The rank of the hidden partner (equal scores count half) gives hit@10, hit@100 and the mean
//! reciprocal rank.

use std::fmt;

use shared::history::columns::Columns;

/// A question with a known answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Who asks.
    pub us: u32,
    /// The hidden partner.
    pub sought: u32,
}

impl Question {
    /// Who may be the answer: the cities of the hidden partner's country that are not partners yet.
    #[must_use]
    pub fn candidates(self, columns: &Columns) -> Vec<u32> {
        let partners = columns.partners(self.us);
        columns
            .members(columns.country(self.sought))
            .iter()
            .copied()
            .filter(|&at| at != self.us && (at == self.sought || partners.binary_search(&at).is_err()))
            .collect()
    }
}

/// Twinnings that are known, and others that are hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The known pairs.
    pub known: Vec<(u32, u32)>,
    /// The hidden ones.
    pub hidden: Vec<(u32, u32)>,
}

impl Split {
    /// Hides one in `part` pairs.
    #[must_use]
    pub fn of(pairs: &[(u32, u32)], part: usize, seed: u64) -> Self {
        let mut known = pairs.to_vec();
        shuffle(&mut known, seed);
        let hidden = known.split_off(known.len() - known.len() / part);
        Self { known, hidden }
    }

    /// Both questions of each hidden pair.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        both_ways(&self.hidden)
    }
}

/// Both questions of each pair.
#[must_use]
pub fn both_ways(pairs: &[(u32, u32)]) -> Vec<Question> {
    pairs
        .iter()
        .flat_map(|&(a, b)| [Question { us: a, sought: b }, Question { us: b, sought: a }])
        .collect()
}

/// Random numbers that are the same everywhere (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall by a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        ((u128::from(mixed) * bound as u128) >> 64) as usize
    }
}

/// Puts items in an order by a seed.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut dice = Dice::new(seed);
    for at in (1..items.len()).rev() {
        items.swap(at, dice.below(at + 1));
    }
}

/// The rank of one score among all, which hold it too; equal ones count half. Doubled, to stay whole.
#[must_use]
pub fn doubled_rank<T: PartialOrd>(scores: &[T], own: &T) -> u32 {
    let above = scores.iter().filter(|score| *score > own).count();
    let equal = scores.iter().filter(|score| *score == own).count().saturating_sub(1);
    (2 + 2 * above + equal) as u32
}

/// What came of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// How many there were.
    pub asked: usize,
    ten: f64,
    hundred: f64,
    reciprocal: f64,
}

impl Tally {
    /// Counts a rank.
    pub fn count(&mut self, doubled_rank: u32) {
        self.add(
            f64::from(u8::from(doubled_rank <= 20)),
            f64::from(u8::from(doubled_rank <= 200)),
            2.0 / f64::from(doubled_rank),
        );
    }

    /// Counts what may be expected of chance among so many candidates.
    pub fn count_chance(&mut self, candidates: usize) {
        let all = candidates.max(1) as f64;
        let harmonic: f64 = (1..=candidates).map(|rank| 1.0 / rank as f64).sum();
        self.add((10.0 / all).min(1.0), (100.0 / all).min(1.0), harmonic / all);
    }

    fn add(&mut self, ten: f64, hundred: f64, reciprocal: f64) {
        self.asked += 1;
        self.ten += ten;
        self.hundred += hundred;
        self.reciprocal += reciprocal;
    }

    /// Adds other questions.
    pub const fn join(&mut self, other: &Self) {
        self.asked += other.asked;
        self.ten += other.ten;
        self.hundred += other.hundred;
        self.reciprocal += other.reciprocal;
    }

    /// Per cent whose partner was among the first ten.
    #[must_use]
    pub fn hit_10(&self) -> f64 {
        100.0 * self.ten / self.asked.max(1) as f64
    }

    /// Per cent whose partner was among the first hundred.
    #[must_use]
    pub fn hit_100(&self) -> f64 {
        100.0 * self.hundred / self.asked.max(1) as f64
    }

    /// Mean reciprocal rank.
    #[must_use]
    pub fn mrr(&self) -> f64 {
        self.reciprocal / self.asked.max(1) as f64
    }
}

/// Tallies of all questions, and of those by cities with few partners and with none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tallies {
    /// All.
    pub all: Tally,
    /// Asked by cities with at most two known partners.
    pub few: Tally,
    /// Asked by cities without any.
    pub none: Tally,
}

impl Tallies {
    /// Counts in each tally that a city with so many partners belongs to.
    pub fn each(&mut self, partners: usize, count: impl Fn(&mut Tally)) {
        count(&mut self.all);
        if partners <= 2 {
            count(&mut self.few);
        }
        if partners == 0 {
            count(&mut self.none);
        }
    }
}

impl Tallies {
    /// Adds other questions.
    pub const fn add(&mut self, other: &Self) {
        self.all.join(&other.all);
        self.few.join(&other.few);
        self.none.join(&other.none);
    }

    /// The figures in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let of = |tally: &Tally| {
            format!(
                "{:.1} % / {:.1} % / {:.3} ({} questions)",
                tally.hit_10(),
                tally.hit_100(),
                tally.mrr(),
                tally.asked
            )
        };
        format!(
            "hit@10 / hit@100 / MRR {}; at most two partners {}; none {}",
            of(&self.all),
            of(&self.few),
            of(&self.none)
        )
    }
}

impl fmt::Display for Tallies {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tally in [&self.all, &self.few, &self.none] {
            write!(
                out,
                "{:7.1} {:6.1} {:6.3} ",
                tally.hit_10(),
                tally.hit_100(),
                tally.mrr()
            )?;
        }
        Ok(())
    }
}
