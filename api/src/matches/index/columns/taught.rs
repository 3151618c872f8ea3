//! What is learned of each city for one that asks, in the order of the columns: measured once, then read by every ranking.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;

use super::Columns;
use super::kernel::LANE;
use super::row::Member;

/// Cities below which another thread costs more than it spares.
const CITIES_MIN: usize = 4_096;

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
    /// Measures the value of each of so many slots, with all cores: a city that asks for the first time waits for it.
    ///
    /// What is measured lies in the order of slots, where neighbours in the columns are far apart: so it is gone through in
    /// its own order, and only then are the values put where the columns have their cities.
    #[must_use]
    pub fn teach(&self, slots: usize, value: impl Fn(u32) -> u32 + Sync, loose: &[Arc<Member>]) -> Taught {
        let value = |slot| u16::try_from(value(slot)).unwrap_or(u16::MAX);
        let by_slot = measured(slots, value);
        let of = |slot: u32| by_slot.get(slot as usize).copied().unwrap_or_else(|| value(slot));
        let mut taught = Taught::default();
        for block in &self.blocks {
            let rows = &self.rows[block.row as usize..(block.row + block.len) as usize];
            let begin = taught.values.len();
            taught.values.extend(rows.iter().map(|row| of(row.slot)));
            let most = taught.values[begin..].iter().copied().max();
            taught.most.push(most.unwrap_or(0));
            // Blocks begin where lanes do.
            taught.values.resize(taught.values.len().next_multiple_of(LANE), 0);
        }
        taught.loose = loose.iter().map(|member| (member.slot, of(member.slot))).collect();
        taught
    }
}

/// The values of slots, each core a share of them.
fn measured(slots: usize, value: impl Fn(u32) -> u16 + Sync) -> Vec<u16> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = slots.div_ceil(cores).max(CITIES_MIN);
    let value = &value;
    std::thread::scope(|scope| {
        let works: Vec<_> = (0..slots)
            .step_by(share)
            .map(|from| {
                let slots = from as u32..slots.min(from + share) as u32;
                scope.spawn(move || slots.map(value).collect::<Vec<u16>>())
            })
            .collect();
        let mut all = Vec::with_capacity(slots);
        for work in works {
            // A thread that panicked panics here, where it is told.
            all.extend(work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    })
}
