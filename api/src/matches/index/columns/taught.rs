//! What is learned of each city for one that asks, in the order of the columns: measured once, then read by every ranking.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;

use super::Columns;
use super::block::Block;
use super::kernel::LANE;
use super::row::Member;

/// Blocks below which another thread costs more than it spares.
const BLOCKS_MIN: usize = 16;

/// Values in per mille, one for each city.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taught {
    /// By places of the columns.
    pub(super) values: Vec<u16>,
    /// The highest of each block.
    pub(super) most: Vec<u16>,
    /// Of those that are judged one by one, by slots.
    loose: HashMap<u32, u16>,
}

impl Taught {
    /// The value of a city that is judged by itself.
    pub(super) fn of_loose(&self, member: &Member, columns: &Columns) -> u32 {
        let known = self.loose.get(&member.slot).copied();
        // It stood in the columns when this was measured.
        let value = known.or_else(|| self.values.get(columns.column_of(columns.find(member.id)?)?).copied());
        u32::from(value.unwrap_or(0))
    }

    /// Bytes of memory that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        2 * (self.values.len() + self.most.len()) + 8 * self.loose.len()
    }
}

impl Columns {
    /// Measures the value of each city, by its slot, with all cores: a city that asks for the first time waits for it.
    #[must_use]
    pub fn teach(&self, value: impl Fn(u32) -> u32 + Sync, loose: &[Arc<Member>]) -> Taught {
        let value = |slot| u16::try_from(value(slot)).unwrap_or(u16::MAX);
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = self.blocks.len().div_ceil(cores).max(BLOCKS_MIN);
        let mut taught = std::thread::scope(|scope| {
            let works: Vec<_> = self
                .blocks
                .chunks(share)
                .map(|blocks| scope.spawn(|| self.teach_blocks(blocks, value)))
                .collect();
            let mut all = Taught::default();
            for work in works {
                // A thread that panicked panics here, where it is told.
                let part = work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all.values.extend(part.values);
                all.most.extend(part.most);
            }
            all
        });
        taught.loose = loose.iter().map(|member| (member.slot, value(member.slot))).collect();
        taught
    }

    /// The values of some blocks, each of which begins with a lane.
    fn teach_blocks(&self, blocks: &[Block], value: impl Fn(u32) -> u16) -> Taught {
        let mut taught = Taught::default();
        for block in blocks {
            let rows = &self.rows[block.row as usize..(block.row + block.len) as usize];
            let begin = taught.values.len();
            taught.values.extend(rows.iter().map(|row| value(row.slot)));
            let most = taught.values[begin..].iter().copied().max();
            taught.most.push(most.unwrap_or(0));
            taught.values.resize(taught.values.len().next_multiple_of(LANE), 0);
        }
        taught
    }
}
