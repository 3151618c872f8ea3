//! What ceilings of history need of all cities, in the order of the columns: read once when the places or the columns are
//! others, then by every ranking.

use shared::history::ceiling::{Ceiling, Hood, Look};
use shared::scoring::FULL;

use super::columns::{BLOCK, Columns, Rows, Teacher};
use crate::matches::history::memory::{History, Known};

/// The looks of all cities.
#[derive(Debug, Default)]
pub struct Ground {
    blocks: Vec<Block>,
    looks: Vec<Look>,
}

/// The cities of one block of the columns.
#[derive(Debug)]
struct Block {
    hood: Hood,
    /// Where its looks begin.
    begin: usize,
}

impl Ground {
    /// The ground of columns, by what is known of places.
    pub(super) fn of(columns: &Columns, known: &Known) -> Self {
        let mut ground = Self::default();
        for slots in columns.slots_by_block() {
            let (hood, looks) = known.hood(slots);
            ground.blocks.push(Block {
                hood,
                begin: ground.looks.len(),
            });
            ground.looks.extend(looks);
        }
        ground
    }

    /// Bytes of memory that it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.blocks) + size_of_val(&*self.looks)
    }
}

/// History as a ranking asks it.
#[derive(Debug)]
pub struct Lessons<'a> {
    /// What it says to the asking city.
    pub history: &'a History<'a>,
    /// Its ceilings.
    pub ceiling: &'a Ceiling,
    /// Where cities stand.
    pub ground: &'a Ground,
}

impl Teacher for Lessons<'_> {
    fn value(&self, slot: u32) -> u32 {
        self.history.value(slot as usize)
    }

    fn most(&self, block: usize) -> u32 {
        let block = self.ground.blocks.get(block);
        block.map_or(FULL, |block| self.history.ceilings(self.ceiling, &block.hood).most())
    }

    fn ceilings(&self, block: usize, rows: Rows, ceilings: &mut [u16; BLOCK]) {
        let Some(block) = self.ground.blocks.get(block) else {
            rows.for_each(|row| ceilings[row] = FULL as u16);
            return;
        };
        let mut of_hood = self.history.ceilings(self.ceiling, &block.hood);
        for row in rows {
            let look = self.ground.looks.get(block.begin + row);
            ceilings[row] = look.map_or(FULL, |look| of_hood.of(look)) as u16;
        }
    }
}
