//! What lies beside the ends of a city's walks, by places and by cells.

use std::collections::HashMap;

use super::UNKNOWN;
use crate::history::surroundings::Surroundings;

/// What a place is very near to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    pub(super) next_partners: u32,
    pub(super) nearest_ours: u32,
    pub(super) next_ties: u32,
    pub(super) nearest_tie: u32,
}

impl Default for Beside {
    fn default() -> Self {
        Self {
            next_partners: 0,
            nearest_ours: UNKNOWN,
            next_ties: 0,
            nearest_tie: UNKNOWN,
        }
    }
}

/// Places that are beside something.
#[derive(Debug, Default)]
pub(super) struct Besides {
    places: HashMap<u32, Beside>,
    /// Where in `of_cells` each cell stands, from 1 on; 0 where nobody is beside anything: most places need not be looked for.
    cells: Vec<u32>,
    /// The most that any place of a cell is near to.
    of_cells: Vec<Beside>,
}

impl Besides {
    /// What a place in a cell is beside.
    pub(super) fn at(&self, place: u32, cell: u32) -> Beside {
        let some = self.in_cell(cell).and_then(|_| self.places.get(&place));
        some.copied().unwrap_or_default()
    }

    /// The most that any place of a cell is near to, where one is.
    pub(super) fn in_cell(&self, cell: u32) -> Option<Beside> {
        let number = self.cells.get(cell as usize)?.checked_sub(1)?;
        self.of_cells.get(number as usize).copied()
    }

    /// Bytes of memory that they take, about.
    pub(super) fn bytes(&self) -> usize {
        self.places.capacity() * 24 + 4 * self.cells.len() + size_of_val(&*self.of_cells)
    }
}

/// Places beside something, while they are looked for: a number for each place, from 1 on.
pub(super) struct Table {
    numbers: Vec<u32>,
    found: Vec<(u32, Beside)>,
}

impl Table {
    pub(super) fn of(places: usize) -> Self {
        Self {
            numbers: vec![0; places],
            found: Vec::new(),
        }
    }

    pub(super) fn entry(&mut self, at: usize) -> &mut Beside {
        let mut number = self.numbers[at] as usize;
        if number == 0 {
            self.found.push((at as u32, Beside::default()));
            number = self.found.len();
            self.numbers[at] = number as u32;
        }
        &mut self.found[number - 1].1
    }

    pub(super) fn found(self, around: &Surroundings) -> Besides {
        if self.found.is_empty() {
            return Besides::default();
        }
        let (mut cells, mut of_cells) = (vec![0_u32; around.grid.len()], Vec::new());
        for (at, beside) in &self.found {
            let Some(number) = cells.get_mut(around.cell[*at as usize] as usize) else {
                continue;
            };
            if *number == 0 {
                of_cells.push(Beside::default());
                *number = of_cells.len() as u32;
            }
            let most = &mut of_cells[*number as usize - 1];
            most.next_partners = most.next_partners.max(beside.next_partners);
            most.nearest_ours = most.nearest_ours.min(beside.nearest_ours);
            most.next_ties = most.next_ties.max(beside.next_ties);
            most.nearest_tie = most.nearest_tie.min(beside.nearest_tie);
        }
        Besides {
            places: self.found.into_iter().collect(),
            cells,
            of_cells,
        }
    }
}
