//! What lies around places: masses on a grid of the globe, each felt the less the farther it is.
//!
//! A cell is a quarter of a degree wide. The nearness of two cells falls from [`NEAR`] to nothing at the field's radius.
//! A field may tell masses apart by a class of size; then a mass is felt in full by its own class and less by others.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::geo::{Direction, Point};

/// A cell: row from the south, column from the west.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    row: u16,
    column: u16,
}

/// Cells in a degree.
const FINE: f64 = 4.0;
/// Cells around the globe.
const AROUND: u16 = 1_440;
/// The nearness of what is here.
pub const NEAR: u32 = 1_024;
/// Classes of size: one for each doubling of the population, and one for unknown.
pub const CLASSES: usize = 27;

impl Cell {
    /// The cell of a point.
    #[must_use]
    pub fn of(point: Point) -> Self {
        Self {
            row: (((point.lat + 90.0) * FINE) as u16).min(719),
            column: ((point.lng + 180.0) * FINE) as u16 % AROUND,
        }
    }

    /// Whole kilometres between the middles of two cells.
    #[must_use]
    pub fn km(self, other: Self) -> u32 {
        self.middle().chord_km(other.middle())
    }

    fn middle(self) -> Direction {
        Direction::of(Point {
            lat: (f64::from(self.row) + 0.5) / FINE - 90.0,
            lng: (f64::from(self.column) + 0.5) / FINE - 180.0,
        })
    }
}

/// The class of a size (`1000 × log2`, 0 for unknown).
#[must_use]
pub fn class_of(size: u32) -> usize {
    if size == 0 {
        0
    } else {
        ((size / 1_000) as usize + 1).min(CLASSES - 1)
    }
}

/// How much a mass of one class is felt by another, of 16.
const fn likeness(a: usize, b: usize) -> u32 {
    if a == 0 || b == 0 {
        return 5;
    }
    match a.abs_diff(b) {
        0 => 16,
        1 => 6,
        2 => 2,
        3 => 1,
        _ => 0,
    }
}

/// How near something is: `NEAR × (1 − km / radius)³`.
#[must_use]
pub fn nearness(km: u32, radius: u32) -> u32 {
    if km >= radius {
        return 0;
    }
    let left = u64::from((radius - km) * 1_024 / radius);
    ((left * left * left) >> 20) as u32
}

/// The cells in which there are places.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    rows: BTreeMap<u16, Vec<(u16, u32)>>,
    cells: Vec<Cell>,
}

impl Grid {
    /// The grid of these cells, each once.
    #[must_use]
    pub fn of(cells: impl Iterator<Item = Cell>) -> Self {
        let mut all: Vec<Cell> = cells.collect();
        all.sort_unstable();
        all.dedup();
        let mut grid = Self::default();
        for (number, &cell) in all.iter().enumerate() {
            grid.rows
                .entry(cell.row)
                .or_default()
                .push((cell.column, number as u32));
        }
        grid.cells = all;
        grid
    }

    /// The number of a cell.
    #[must_use]
    pub fn number(&self, cell: Cell) -> Option<u32> {
        self.cells.binary_search(&cell).ok().map(|number| number as u32)
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells around one, with their nearness.
    pub fn around(&self, cell: Cell, radius: u32, mut each: impl FnMut(u32, u32)) {
        // A cell is 27.8 km high.
        let reach = (radius * 10 / 278 + 1) as u16;
        let near = nearby(cell.row, radius);
        for (&row, columns) in self.rows.range(cell.row.saturating_sub(reach)..=cell.row + reach) {
            let widest = f64::from(row.abs_diff(360).max(cell.row.abs_diff(360))).min(356.0) / 360.0 * 90.0;
            let wide = f64::from(radius) / (111.2 * widest.to_radians().cos()) * FINE + 2.0;
            let wide = if wide >= 719.0 { 719 } else { wide as u16 };
            let from = (cell.column + AROUND - wide) % AROUND;
            let begin = columns.partition_point(|(column, _)| *column < from);
            let near = near.get(usize::from(row + reach - cell.row));
            for &(column, number) in columns[begin..].iter().chain(&columns[..begin]) {
                if (column + AROUND - from) % AROUND > 2 * wide {
                    break;
                }
                let apart = column.abs_diff(cell.column);
                let apart = usize::from(apart.min(AROUND - apart));
                let near = near.and_then(|near| near.get(apart)).copied().unwrap_or(0);
                if near > 0 {
                    each(number, u32::from(near));
                }
            }
        }
    }
}

/// Nearness by rows, and in each by columns.
type Nearby = Arc<Vec<Vec<u16>>>;

/// The nearness of cells in the rows around one, by how many columns they are apart; the same wherever the one is in its
/// row. Made when it is first asked for.
fn nearby(row: u16, radius: u32) -> Nearby {
    static KNOWN: RwLock<BTreeMap<(u16, u32), Nearby>> = RwLock::new(BTreeMap::new());
    let known = KNOWN
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&(row, radius))
        .cloned();
    if let Some(known) = known {
        return known;
    }
    let here = Cell { row, column: 0 };
    let reach = (radius * 10 / 278 + 1) as i32;
    let near_row = |row: i32| -> Vec<u16> {
        let Some(row) = u16::try_from(row).ok().filter(|row| *row < 720) else {
            return Vec::new();
        };
        (0..=AROUND / 2)
            .map(|column| nearness(here.km(Cell { row, column }), radius) as u16)
            .take_while(|near| *near > 0)
            .collect()
    };
    let near = Arc::new(
        (-reach..=reach)
            .map(|apart| near_row(i32::from(row) + apart))
            .collect::<Vec<_>>(),
    );
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.insert((row, radius), Arc::clone(&near));
    near
}

/// Masses felt in each cell of a grid.
#[derive(Debug, Clone)]
pub struct Field(Vec<u64>);

impl Field {
    /// The field of masses in cells.
    #[must_use]
    pub fn plain(grid: &Grid, masses: &BTreeMap<Cell, u64>, radius: u32) -> Self {
        let mut felt = vec![0; if masses.is_empty() { 0 } else { grid.len() }];
        for (&cell, &mass) in masses {
            grid.around(cell, radius, |number, near| {
                felt[number as usize] += mass * u64::from(near)
            });
        }
        Self(felt)
    }

    /// What is felt in a cell.
    #[must_use]
    pub fn at(&self, number: u32) -> u64 {
        self.0.get(number as usize).copied().unwrap_or(0)
    }

    /// Bytes of memory that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        8 * self.0.len()
    }
}

/// Masses felt in each cell by each class of size.
#[derive(Debug, Clone)]
pub struct ClassField(Vec<[u32; CLASSES]>);

impl ClassField {
    /// The field of masses by class in cells; a mass of one is felt by its own class in its own cell as 1,024.
    #[must_use]
    pub fn of(grid: &Grid, masses: &BTreeMap<Cell, [u32; CLASSES]>, radius: u32) -> Self {
        let mut felt = vec![[0_u32; CLASSES]; if masses.is_empty() { 0 } else { grid.len() }];
        for (&cell, of_class) in masses {
            let mut spread = [0_u32; CLASSES];
            for (from, &mass) in of_class.iter().enumerate().filter(|(_, mass)| **mass > 0) {
                for (to, spread) in spread.iter_mut().enumerate() {
                    *spread += mass * likeness(from, to);
                }
            }
            grid.around(cell, radius, |number, near| {
                for (felt, spread) in felt[number as usize].iter_mut().zip(spread) {
                    *felt = felt.saturating_add(spread.saturating_mul(near / 16));
                }
            });
        }
        Self(felt)
    }

    /// What a class feels in a cell.
    #[must_use]
    pub fn at(&self, number: u32, class: usize) -> u32 {
        self.0.get(number as usize).map_or(0, |felt| felt[class])
    }
}

impl ClassField {
    /// The same with those cells alone in which something is felt.
    #[must_use]
    pub fn thin(self) -> ThinField {
        let mut thin = ThinField {
            places: vec![0; self.0.len()],
            felt: Vec::new(),
        };
        for (felt, place) in self.0.into_iter().zip(&mut thin.places) {
            if felt.iter().any(|felt| *felt > 0) {
                thin.felt.push(felt);
                *place = thin.felt.len() as u32;
            }
        }
        thin
    }
}

/// Masses felt in some cells by each class of size.
#[derive(Debug, Clone)]
pub struct ThinField {
    /// Where what is felt in each cell stands, from 1 on; 0 for nothing.
    places: Vec<u32>,
    felt: Vec<[u32; CLASSES]>,
}

impl ThinField {
    /// What a class feels in a cell.
    #[must_use]
    pub fn at(&self, number: u32, class: usize) -> u32 {
        let place = self.places.get(number as usize).copied().unwrap_or(0) as usize;
        let felt = place.checked_sub(1).and_then(|place| self.felt.get(place));
        felt.map_or(0, |felt| felt[class])
    }

    /// Whether anything is felt in a cell.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.places.get(number as usize).is_some_and(|place| *place > 0)
    }

    /// Bytes of memory that it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        4 * self.places.len() + 4 * CLASSES * self.felt.len()
    }
}

/// How much two sizes are alike, of 16.
#[must_use]
pub fn size_likeness(a: u32, b: u32) -> u32 {
    likeness(class_of(a), class_of(b))
}
