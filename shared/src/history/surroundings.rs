//! What lies around each place, apart from who asks: other places, and their twinnings.

use std::collections::{BTreeMap, HashMap};

use super::columns::{Columns, NOWHERE};
use super::field::{CLASSES, Cell, ClassField, Field, Grid, NEAR, class_of};

/// How far the next towns are.
pub(super) const NEXT_KM: u32 = 90;
/// How far a region goes.
pub(super) const REGION_KM: u32 = 240;

/// What is felt of one mass in its own cell by its own class.
pub(super) const FELT: u32 = 1_024;

/// The cells of some places, with the places in each.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) grid: Grid,
    in_cell: Vec<Vec<u32>>,
}

impl Layer {
    fn of(columns: &Columns, places: impl Iterator<Item = u32> + Clone) -> Self {
        let cell = |at: u32| columns.sphere[at as usize].map(|sphere| sphere.cell);
        let grid = Grid::of(places.clone().filter_map(cell));
        let mut in_cell = vec![Vec::new(); grid.len()];
        for at in places {
            if let Some(number) = cell(at).and_then(|cell| grid.number(cell)) {
                in_cell[number as usize].push(at);
            }
        }
        Self { grid, in_cell }
    }

    /// The places very near one, with their distance; not itself.
    pub(super) fn next_to(&self, columns: &Columns, place: u32, mut each: impl FnMut(usize, u32)) {
        let Some(sphere) = columns.sphere[place as usize] else {
            return;
        };
        self.grid.around(sphere.cell, NEXT_KM + 30, |cell, _| {
            for &at in self.in_cell[cell as usize].iter().filter(|at| **at != place) {
                if let Some(other) = columns.sphere[at as usize] {
                    let km = sphere.direction.chord_km(other.direction);
                    if km < NEXT_KM {
                        each(at as usize, km);
                    }
                }
            }
        });
    }
}

/// What lies around each place, apart from who asks.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub(super) grid: Grid,
    /// The number of each place's cell.
    pub(super) cell: Vec<u32>,
    pub(super) whole: Layer,
    pub(super) by_country: HashMap<u16, Layer>,
    pub(super) linked_in_cell: Vec<Vec<u32>>,
    pub(super) places: Field,
    pub(super) twinnings: Field,
    pub(super) twinnings_by_size: ClassField,
    pub(super) places_by_size: ClassField,
}

impl Surroundings {
    /// Looks around each place.
    #[must_use]
    pub fn of(columns: &Columns) -> Self {
        let grid = Grid::of(columns.sphere.iter().flatten().map(|sphere| sphere.cell));
        let cell: Vec<u32> = columns
            .sphere
            .iter()
            .map(|sphere| sphere.and_then(|sphere| grid.number(sphere.cell)).unwrap_or(NOWHERE))
            .collect();
        let mut linked_in_cell = vec![Vec::new(); grid.len()];
        let mut places_by: BTreeMap<Cell, [u32; CLASSES]> = BTreeMap::new();
        let mut places: BTreeMap<Cell, u64> = BTreeMap::new();
        let mut twinnings: BTreeMap<Cell, u64> = BTreeMap::new();
        let mut by_size: BTreeMap<Cell, [u32; CLASSES]> = BTreeMap::new();
        for (at, sphere) in columns.sphere.iter().enumerate() {
            let Some(sphere) = sphere else { continue };
            *places.entry(sphere.cell).or_default() += 1;
            places_by.entry(sphere.cell).or_insert([0; CLASSES])[class_of(columns.size[at])] += 1;
            let degree = columns.partners[at].len() as u32;
            if degree > 0 {
                linked_in_cell[cell[at] as usize].push(at as u32);
                *twinnings.entry(sphere.cell).or_default() += u64::from(degree);
                by_size.entry(sphere.cell).or_insert([0; CLASSES])[class_of(columns.size[at])] += degree;
            }
        }
        Self {
            places: Field::plain(&grid, &places, NEXT_KM),
            twinnings: Field::plain(&grid, &twinnings, NEXT_KM),
            twinnings_by_size: ClassField::of(&grid, &by_size, REGION_KM),
            places_by_size: ClassField::of(&grid, &places_by, REGION_KM),
            whole: Layer::of(columns, 0..columns.len() as u32),
            by_country: columns
                .of_country
                .iter()
                .map(|(&country, members)| (country, Layer::of(columns, members.iter().copied())))
                .collect(),
            grid,
            cell,
            linked_in_cell,
        }
    }
}

/// How used a place and its surroundings are to twinnings, whoever asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// Twinnings around it of towns of its size, without its own.
    pub(super) around_of_size: u32,
    /// Places of its size around it.
    places_of_size: u32,
    /// Twinnings very near, without its own.
    pub(super) around: u64,
    /// Places very near.
    places: u64,
}

impl Habits {
    /// Those of a place; so many twinnings of its own, and so much very near, are left out beside those that are known.
    pub(super) fn of(columns: &Columns, around: &Surroundings, at: u32, own: u32, near: u64) -> Self {
        let (degree, cell) = (columns.degree(at), around.cell[at as usize]);
        let class = class_of(columns.size[at as usize]);
        let still = |field: &ClassField| if cell == NOWHERE { 0 } else { field.at(cell, class) };
        let plain = |field: &Field| if cell == NOWHERE { 0 } else { field.at(cell) };
        Self {
            around_of_size: still(&around.twinnings_by_size).saturating_sub((degree + own) * FELT),
            places_of_size: still(&around.places_by_size).saturating_sub(FELT),
            around: plain(&around.twinnings)
                .saturating_sub(u64::from(degree) * u64::from(NEAR))
                .saturating_sub(near),
            places: plain(&around.places).saturating_sub(u64::from(NEAR)),
        }
    }

    /// [`Signal::OwnHabit`](super::Signal::OwnHabit) of a place with so many partners.
    pub(super) fn own_habit(&self, degree: u32) -> u32 {
        let usual = u64::from(self.around_of_size + FELT) * 1_000 / u64::from(self.places_of_size + FELT);
        (u64::from(degree * 1_000 + 500) * 1_000)
            .checked_div(usual)
            .unwrap_or(0) as u32
    }

    /// [`Signal::RegionHabit`](super::Signal::RegionHabit).
    pub(super) fn region_habit(&self) -> u32 {
        let near = u64::from(NEAR);
        u32::try_from((self.around + near) * 1_000 / (self.places + near)).unwrap_or(u32::MAX)
    }

    /// [`Signal::Density`](super::Signal::Density).
    pub(super) fn density(&self) -> u32 {
        u32::try_from(self.places * 10 / u64::from(NEAR)).unwrap_or(u32::MAX)
    }
}
