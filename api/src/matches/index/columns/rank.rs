//! The best of all cities: blocks by the most they can reach, rows by what columns tell, scores for who is left.

use std::collections::BinaryHeap;
use std::sync::Arc;

use shared::ids::CityId;
use shared::scoring::outline::Sketch;
use shared::scoring::{FULL, Outline};

use super::block::{BLOCK, Block, beginning};
use super::bounds::{Known, Most, Query};
use super::filter::{Filter, Verdict};
use super::kernel::{LANE, Reach};
use super::row::Member;
use super::taught::Rows;
use super::{Columns, Gone, Position, Wanted};

/// A city found by a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Which city.
    pub id: CityId,
    /// Where it stands among all cities.
    pub slot: u32,
    /// The total of its score.
    pub total: u32,
    /// Its facts, as they were ranked.
    pub outline: Outline,
}

/// The best cities in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// At most as many as were asked for; equal totals in the order of ids.
    pub found: Vec<Found>,
    /// How many cities may be suggested at all.
    pub total: u64,
    /// Whether others follow.
    pub more: bool,
}

/// What is asked beside the weights.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Which cities may be suggested at all.
    pub wanted: &'a Wanted,
    /// Who may not be, ascending.
    pub barred: &'a [CityId],
    /// Where the page before ended.
    pub after: Option<Position>,
    /// How many to give.
    pub limit: usize,
}

/// Where a city was found: a row, or one of those that are judged one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Row(u32),
    Loose(u32),
}

/// The best so far; a key grows with the rank, so that the heap's top is the worst that is kept.
struct Top<'a> {
    asked: Asked<'a>,
    after: Option<(u32, CityId)>,
    heap: BinaryHeap<(u32, CityId, At)>,
}

impl<'a> Top<'a> {
    fn of(asked: Asked<'a>) -> Self {
        Self {
            asked,
            after: asked.after.map(|(total, id)| (u32::MAX - total, id)),
            heap: BinaryHeap::with_capacity(asked.limit + 2),
        }
    }

    /// The worst that is kept, once no more than those are.
    fn worst(&self) -> Option<(u32, CityId)> {
        let full = self.heap.len() > self.asked.limit;
        self.heap
            .peek()
            .filter(|_| full)
            .map(|(key, id, _)| (u32::MAX - key, *id))
    }

    fn least(&self) -> u32 {
        self.worst().map_or(0, |(total, _)| total)
    }

    fn offer(&mut self, total: u32, id: CityId, at: At) {
        let key = (u32::MAX - total, id);
        if self.after.is_some_and(|after| key <= after) || self.asked.barred.binary_search(&id).is_ok() {
            return;
        }
        if self.heap.len() > self.asked.limit {
            if self.heap.peek().is_some_and(|worst| key >= (worst.0, worst.1)) {
                return;
            }
            self.heap.pop();
        }
        self.heap.push((key.0, key.1, at));
    }
}

impl Query<'_> {
    /// The total of a city where it reaches `least`: its value is asked for only where its ceiling does.
    fn total(&self, them: &Sketch<'_>, ceiling: u32, value: impl FnOnce() -> u32, least: u32) -> Option<u32> {
        let most = self.learned_weight * ceiling;
        let without = self.us.total_from(them, &self.plan, least.saturating_sub(most))?;
        let total = without + self.learned_weight * value();
        (total >= least).then_some(total)
    }
}

impl Columns {
    /// The best cities of the columns and of those that are judged one by one. Exact: a city is passed over only where it
    /// cannot come among the best.
    #[must_use]
    pub fn best(&self, query: &Query<'_>, asked: Asked<'_>, gone: &Gone, loose: &[Arc<Member>]) -> Best {
        let filter = Filter::of(asked.wanted, query.ours, self);
        let mut top = Top::of(asked);
        let mut total = 0;
        for (at, member) in loose.iter().enumerate() {
            if !filter.takes_member(member) {
                continue;
            }
            total += u64::from(asked.barred.binary_search(&member.id).is_err());
            let value = || query.teaching.map_or(0, |teaching| teaching.of_loose(member));
            if let Some(score) = query.total(&member.outline.sketch(), FULL, value, top.least()) {
                top.offer(score, member.id, At::Loose(at as u32));
            }
        }
        let mut known = Known::default();
        let mut open: Vec<Open> = Vec::with_capacity(self.blocks.len());
        for (number, block) in self.blocks.iter().enumerate() {
            let verdict = filter.verdict(query, self, number, block);
            if verdict == Verdict::None {
                continue;
            }
            let rows = rows_of(block, verdict, gone.of_block(number));
            total += u64::from(rows.len());
            let most = query.most(number, block, &mut known);
            if most.points >= top.least() {
                open.push(Open {
                    most,
                    rank: block.rank,
                    block: number as u32,
                    rows,
                });
            }
        }
        total -= asked
            .barred
            .iter()
            .filter_map(|id| self.find(*id))
            .filter(|&row| !gone.has(self, row) && filter.takes(&self.rows[row], self))
            .count() as u64;
        // The blocks that promise most raise the threshold; the others follow as they lie in memory, which is read ahead then.
        let mut first: Vec<usize> = (0..open.len()).collect();
        let by_promise = |at: &usize| (u32::MAX - open[*at].most.points, open[*at].rank);
        if first.len() > PROMISING {
            first.select_nth_unstable_by_key(PROMISING, by_promise);
            first.truncate(PROMISING);
        }
        first.sort_unstable_by_key(by_promise);
        let mut ceilings = [0; BLOCK];
        let mut look = |open: &Open, top: &mut Top<'_>| {
            let block = &self.blocks[open.block as usize];
            // Of equal totals the lower id comes first: who comes after the worst must be better than that.
            let least = top
                .worst()
                .map_or(0, |(least, id)| least + u32::from(block.lowest > beginning(id)));
            if open.most.points >= least {
                let missing = query.missing(least, open.most.alike);
                let rows = self.able(query, open, missing, &mut known, &mut ceilings);
                self.score(query, block, rows, &ceilings, top);
            }
        };
        for &at in &first {
            look(&open[at], &mut top);
        }
        for at in first {
            open[at].rows = Rows::first(0);
        }
        let rest = || open.iter().filter(|open| !open.rows.is_empty());
        let mut ahead = rest().skip(AHEAD);
        for open in rest() {
            if let Some(stated) = ahead.next().and_then(|ahead| self.stated.get(ahead.block as usize)) {
                query.themes().fetch(stated);
            }
            look(open, &mut top);
        }
        self.finish(top, total, loose)
    }

    /// The rows of a block that can come among the best, by what columns tell; what is learned of none of these exceeds its
    /// ceiling.
    fn able(&self, query: &Query<'_>, open: &Open, least: u16, known: &mut Known, ceilings: &mut [u16; BLOCK]) -> Rows {
        let number = open.block as usize;
        let block = &self.blocks[number];
        let lanes = (block.len as usize).div_ceil(LANE);
        let first = block.start as usize / LANE;
        let places = first * LANE..(first + lanes) * LANE;
        let folks = &self.folks[first..first + lanes];
        let stated = self.stated.get(number).filter(|_| query.themes().has_some());
        let met = stated.map(|stated| query.themes().met(stated));
        let themes = met.as_ref().map(|met| (query.themes(), met));
        let mut rows = open.rows;
        // Step by step, each only for the rows that the one before leaves. Few have such themes that all else, were it as good
        // as it gets in the block, could bring them up.
        if let Some((themes, met)) = themes {
            rows = rows.and(themes.rows(met, folks, least.saturating_sub(open.most.beside)));
            if rows.is_empty() {
                return rows;
            }
        }
        query.know(block, known);
        let reach = Reach {
            ways: (&query.ways(block, known), folks),
            themes,
            sizes: query.sizes(block).zip(self.sizes.get(places)),
            values: None,
            least,
        };
        let least = least.saturating_sub(query.learned(number));
        rows = Reach { least, ..reach }.rows(rows);
        if let Some(teaching) = query.teaching.filter(|_| !rows.is_empty()) {
            let able = |rows, ceilings: &[u16; BLOCK]| {
                let values = Some((query.values, &ceilings[..]));
                Reach { values, ..reach }.rows(rows)
            };
            let unknown = teaching.told(number, block, ceilings);
            rows = able(rows, ceilings);
            let guessed = rows.and(unknown.bits());
            if !guessed.is_empty() {
                // Of these only what the whole block does not exceed was known.
                teaching.ask(number, block, guessed, ceilings);
                rows = able(rows, ceilings);
            }
        }
        rows
    }

    /// Scores rows of a block.
    fn score(&self, query: &Query<'_>, block: &Block, rows: Rows, ceilings: &[u16; BLOCK], top: &mut Top<'_>) {
        for at in rows {
            let Some(row) = self.rows.get(block.row as usize + at) else {
                continue;
            };
            let place = block.start as usize + at;
            let value = || query.teaching.map_or(0, |teaching| teaching.value(place, row.slot));
            let ceiling = u32::from(ceilings[at]);
            if let Some(score) = query.total(&row.sketch(&self.pools), ceiling, value, top.least()) {
                top.offer(score, row.id(), At::Row(block.row + at as u32));
            }
        }
    }

    fn finish(&self, top: Top<'_>, total: u64, loose: &[Arc<Member>]) -> Best {
        let limit = top.asked.limit;
        let mut kept = top.heap.into_sorted_vec();
        let more = kept.len() > limit;
        kept.truncate(limit);
        let found = kept
            .into_iter()
            .filter_map(|(key, id, at)| {
                let (slot, outline) = match at {
                    At::Row(row) => {
                        let row = self.rows.get(row as usize)?;
                        (row.slot, row.outline(&self.pools))
                    }
                    At::Loose(at) => {
                        let member = loose.get(at as usize)?;
                        (member.slot, member.outline.clone())
                    }
                };
                Some(Found {
                    id,
                    slot,
                    total: u32::MAX - key,
                    outline,
                })
            })
            .collect();
        Best { found, total, more }
    }
}

/// Blocks that are looked at before all others.
const PROMISING: usize = 64;

/// How many blocks before it is looked at a block is asked for: about as long as memory takes to answer.
const AHEAD: usize = 2;

/// A block that may have some of the best.
struct Open {
    most: Most,
    rank: u32,
    block: u32,
    /// Its rows that may be suggested.
    rows: Rows,
}

/// The rows of a block that stand and pass.
fn rows_of(block: &Block, verdict: Verdict, gone: [u32; 8]) -> Rows {
    let passing = match verdict {
        Verdict::None => [0; 8],
        Verdict::All => [u32::MAX; 8],
        Verdict::Some(rows) => rows,
    };
    let there = Rows::first(block.len as usize);
    there.and(passing).and(gone.map(|gone| !gone))
}
