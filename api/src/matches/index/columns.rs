//! All cities in columns, to find the best partners among a million without looking at most of them.
//!
//! Rows stand in blocks of 256: of one country and one kind, near each other, those with needs or offers first. A ranking
//! takes the blocks by the most that any of their rows can reach ([`bounds`]) and ends where the rest cannot come among
//! the best any more. In a block, narrow columns tell which rows can ([`kernel`]), and only those are scored, exactly, by
//! the function that the browser has too. So the answer is that of scoring everything.

mod block;
mod bounds;
mod filter;
mod kernel;
mod rank;
mod row;
mod saved;
mod taught;

use shared::ids::CityId;
use shared::scoring::Outline;
use shared::scoring::outline::Numbers;

pub use bounds::Query;
pub use rank::{Asked, Best, Found};
pub use row::{Belonging, Member};
#[cfg(test)]
pub(super) use taught::tests::Given;
pub use taught::{Rows, Taught, Teacher, Teaching};

pub use block::BLOCK;
use block::{Block, place_of, size_of_row};
use kernel::{Folk, LANE, Stated};
use row::{NO_BELONGING, Pools, Row};

use super::{Position, Wanted};

/// Every so many ids are kept close together, to find a row by its id.
const SAMPLE: usize = 64;

/// Cities in columns, as they were when these were made.
#[derive(Debug, Default)]
pub struct Columns {
    /// In the order of blocks, and of ids in each.
    rows: Vec<Row>,
    /// The rows in the order of ids.
    by_id: Vec<u32>,
    /// Every so manieth id.
    samples: Vec<CityId>,
    pools: Pools,
    belongings: Vec<Belonging>,
    blocks: Vec<Block>,
    /// Themes of the blocks that have some, which come first.
    stated: Vec<Stated>,
    /// From here on each block begins with a lane.
    folks: Vec<Folk>,
    sizes: Vec<u16>,
    /// What is told of the belonging of each, 0 for none.
    belonging: Vec<u16>,
    axes: [Vec<i16>; 3],
}

impl Columns {
    /// The columns of these cities. Those that are beyond any city there is (a population that no planet has) come back:
    /// they are to be judged one by one.
    #[must_use]
    pub fn of(members: impl Iterator<Item = Member>) -> (Self, Vec<Member>) {
        let mut rows = row::Rows::default();
        let mut unusual = Vec::new();
        for member in members {
            if row::is_usual(&member) {
                rows.push(&member);
            } else {
                unusual.push(member);
            }
        }
        let mut columns = Self {
            rows: rows.rows,
            pools: rows.pools,
            belongings: rows.belongings,
            ..Self::default()
        };
        columns.arrange();
        (columns, unusual)
    }

    /// Puts rows that belong together into blocks.
    fn arrange(&mut self) {
        let mut keys: Vec<(u64, u32)> = (0..)
            .zip(&self.rows)
            .map(|(at, row)| (neighbourhood(row), at))
            .collect();
        keys.sort_unstable();
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut rest = &keys[..];
        while let Some(&(first, _)) = rest.first() {
            let same = rest.partition_point(|(key, _)| key >> HOOD == first >> HOOD);
            let (members, others) = rest.split_at(same.min(BLOCK));
            let begin = rows.len();
            rows.extend(members.iter().map(|(_, at)| self.rows[*at as usize]));
            rows[begin..].sort_unstable_by_key(Row::id);
            self.add_block(&rows[begin..], begin as u32);
            rest = others;
        }
        self.rows = rows;
        self.by_id = (0..self.rows.len() as u32).collect();
        self.by_id.sort_unstable_by_key(|row| self.rows[*row as usize].id());
        self.sample();
        let mut ranks = vec![0; self.rows.len()];
        for (rank, row) in (0..).zip(&self.by_id) {
            ranks[*row as usize] = rank;
        }
        for block in &mut self.blocks {
            block.rank = ranks[block.row as usize];
        }
    }

    fn sample(&mut self) {
        let sampled = self.by_id.iter().step_by(SAMPLE);
        self.samples = sampled
            .filter_map(|row| self.rows.get(*row as usize))
            .map(Row::id)
            .collect();
    }

    fn add_block(&mut self, rows: &[Row], first: u32) {
        let mut block = Block::of(rows, &self.pools);
        let start = self.sizes.len();
        (block.start, block.row) = (start as u32, first);
        // Blocks begin where lanes do.
        let end = (start + rows.len()).next_multiple_of(LANE);
        let mut stated = block.has(Block::THEMES).then(Stated::default);
        self.folks.resize(end / LANE, Folk::default());
        for (at, row) in (start..).zip(rows) {
            if let Some(stated) = &mut stated {
                stated.set(at - start, row.needs, row.offers);
            }
            let sets = row.sets(&self.pools);
            let tongue = block.tongue(row.languages);
            self.folks[at / LANE].set(
                at % LANE,
                row.sketch(&self.pools).goals(),
                (tongue, row.wanted_levels),
                sets.wanted_countries,
                sets.partner_countries,
            );
            self.sizes.push(size_of_row(row, &self.pools));
            self.belonging.push(told(row.belonging));
            for (axis, place) in self.axes.iter_mut().zip(place_of(row)) {
                axis.push(place);
            }
        }
        self.sizes.resize(end, kernel::NO_SIZE);
        self.belonging.resize(end, 0);
        for axis in &mut self.axes {
            axis.resize(end, block::NO_PLACE);
        }
        self.stated.extend(stated);
        self.blocks.push(block);
    }

    /// How many cities there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The slots of all rows, in the order of ids.
    pub fn slots_by_id(&self) -> impl Iterator<Item = u32> {
        self.in_order().map(|row| row.slot)
    }

    /// The slots of the rows of each block, in the order of the columns.
    pub fn slots_by_block(&self) -> impl Iterator<Item = impl Iterator<Item = u32>> {
        self.blocks.iter().map(|block| {
            let rows = self.rows.iter().skip(block.row as usize).take(block.len as usize);
            rows.map(|row| row.slot)
        })
    }

    /// What all rows tell of themselves, in the order of ids.
    pub fn numbers_by_id(&self) -> impl Iterator<Item = Numbers> {
        self.in_order().map(Row::numbers)
    }

    /// The ids of all rows, in their order.
    pub fn ids(&self) -> impl Iterator<Item = CityId> {
        self.in_order().map(Row::id)
    }

    /// Those that have partners in another country.
    pub fn with_partners(&self) -> impl Iterator<Item = CityId> {
        let some = |row: &&Row| !row.sets(&self.pools).partner_countries.is_empty();
        self.rows.iter().filter(some).map(Row::id)
    }

    fn in_order(&self) -> impl Iterator<Item = &Row> {
        self.by_id.iter().filter_map(|row| self.rows.get(*row as usize))
    }

    /// Gives slots anew, in the order of ids.
    pub fn number_by_id(&mut self) {
        for (slot, row) in (0..).zip(&self.by_id) {
            if let Some(row) = self.rows.get_mut(*row as usize) {
                row.slot = slot;
            }
        }
    }

    /// How many blocks they stand in.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of a city's row.
    #[must_use]
    pub fn find(&self, id: CityId) -> Option<usize> {
        let begin = self.samples.partition_point(|sample| *sample <= id).checked_sub(1)? * SAMPLE;
        let near = &self.by_id[begin..self.by_id.len().min(begin + SAMPLE)];
        let at = near
            .binary_search_by_key(&id, |row| self.rows[*row as usize].id())
            .ok()?;
        near.get(at).map(|row| *row as usize)
    }

    /// The block of a row, and its bit.
    fn place(&self, row: usize) -> Option<(usize, usize)> {
        let after = self.blocks.partition_point(|block| block.row as usize <= row);
        let block = self.blocks.get(after.checked_sub(1)?)?;
        let at = row - block.row as usize;
        (at < block.len as usize).then_some((after - 1, at))
    }

    /// The city of a row.
    #[must_use]
    pub fn member(&self, row: usize) -> Option<Member> {
        let row = self.rows.get(row)?;
        Some(Member {
            id: row.id(),
            version: row.version(),
            slot: row.slot,
            kind: row.kind(),
            open: row.is_open(),
            belonging: self.belongings.get(row.belonging as usize).cloned(),
            outline: row.outline(&self.pools),
        })
    }

    /// The outline of a row.
    #[must_use]
    pub fn outline(&self, row: usize) -> Option<Outline> {
        Some(self.rows.get(row)?.outline(&self.pools))
    }

    /// The slot of a row.
    #[must_use]
    pub fn slot(&self, row: usize) -> Option<u32> {
        Some(self.rows.get(row)?.slot)
    }

    /// The country of a row.
    #[must_use]
    pub fn country(&self, row: usize) -> Option<u16> {
        Some(self.rows.get(row)?.country)
    }

    /// Bytes of memory that the columns take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        fn of<T>(items: &Vec<T>) -> usize {
            items.capacity() * std::mem::size_of::<T>()
        }
        of(&self.rows)
            + of(&self.samples)
            + of(&self.pools.languages.ends)
            + of(&self.pools.languages.codes)
            + of(&self.pools.countries.ends)
            + of(&self.pools.countries.codes)
            + of(&self.belongings)
            + of(&self.blocks)
            + of(&self.by_id)
            + of(&self.stated)
            + of(&self.folks)
            + of(&self.sizes)
            + of(&self.belonging)
            + self.axes.iter().map(of).sum::<usize>()
    }
}

/// What the columns tell of a belonging: of the first 65,535 the same of no two.
const fn told(belonging: u32) -> u16 {
    if belonging == NO_BELONGING {
        0
    } else {
        (belonging % 65_535) as u16 + 1
    }
}

/// Bits of the key by which rows of one kind and country are put in order.
const HOOD: u32 = 40;

/// Rows with equal upper bits may share a block; the lower ones bring near what is near.
fn neighbourhood(row: &Row) -> u64 {
    let alike =
        u64::from(row.is_plain()) << 23 | u64::from(row.country) << 5 | (row.kind() as u64) << 2 | row.level() as u64;
    let near = row.point().map_or((1 << HOOD) - 1, |point| {
        let along = |degrees: f64, all: f64| ((degrees / all + 0.5).clamp(0.0, 0.999_999) * 1_048_576.0) as u64;
        interleaved(along(point.lat, 180.0)) << 1 | interleaved(along(point.lng, 360.0))
    });
    alike << HOOD | near
}

/// The lower 20 bits, each with an empty one after it.
fn interleaved(bits: u64) -> u64 {
    (0..20).map(|at| (bits >> at & 1) << (2 * at)).sum()
}

/// Rows that are replaced by now: one bit for each row of each block that stands no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone(Vec<[u32; 8]>);

impl Gone {
    /// Notes that a row is replaced.
    pub fn note(&mut self, columns: &Columns, row: usize) {
        let Some((block, at)) = columns.place(row) else {
            return;
        };
        if self.0.len() < columns.blocks.len() {
            self.0.resize(columns.blocks.len(), [0; 8]);
        }
        self.0[block][at / 32] |= 1 << (at % 32);
    }

    /// Whether a row is replaced.
    #[must_use]
    pub fn has(&self, columns: &Columns, row: usize) -> bool {
        columns
            .place(row)
            .is_some_and(|(block, at)| self.of_block(block)[at / 32] >> (at % 32) & 1 == 1)
    }

    fn of_block(&self, block: usize) -> [u32; 8] {
        self.0.get(block).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
