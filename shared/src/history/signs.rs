//! The signals of a city's possible partners, measured on places and partnerships.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Signs;
use beside::{Besides, Table};

use super::columns::{Columns, NOWHERE};
use super::field::{CLASSES, Cell, ClassField, Field, NEAR, ThinField, class_of, nearness, size_likeness};
use super::precedents::{Neighbours, Precedent, precedents};
use super::surroundings::{FELT, Habits, Layer, NEXT_KM, REGION_KM, Surroundings};
use crate::scoring::outline::thousandth_log2;

/// A whole walk, in fixed point.
const WALK: u64 = 1 << 32;

/// What is known once a city asks.
#[derive(Debug)]
pub struct Asked<'a> {
    columns: &'a Columns,
    around: &'a Surroundings,
    layer: &'a Layer,
    /// A pair that [`Surroundings`] still counts as partners, though `columns` does not.
    parted: Option<(u32, u32)>,
    walks: Arc<Walks>,
}

/// Where the partnerships of a city lead, and those of the towns around it: to be kept as long as the places and
/// partnerships are the same.
#[derive(Debug)]
pub struct Walks {
    pub(super) us: u32,
    common: Vec<u64>,
    rings: Vec<u64>,
    two: Vec<u64>,
    three: Vec<u64>,
    five: Vec<u64>,
    next: Vec<u64>,
    peers: Vec<u64>,
    next_two: Vec<u64>,
    next_three: Vec<u64>,
    /// What is very near our partners and theirs.
    beside: Besides,
    near_partners: ThinField,
    region: ThinField,
    paths_near: ThinField,
    here: Field,
    our_countries: BTreeMap<u16, u32>,
    our_square: u64,
    pub(super) our_partners_size: Option<u32>,
}

impl Walks {
    /// Whether any walk, or what is near its end, is felt in a cell.
    pub(super) fn touch(&self, cell: u32) -> bool {
        let fields = [&self.near_partners, &self.region, &self.paths_near];
        self.beside.in_cell(cell).is_some() || fields.iter().any(|field| field.has(cell))
    }

    /// The most that is felt of walks in a cell by a place of this class without partners.
    pub(super) fn felt(&self, around: &Surroundings, cell: u32, class: usize) -> Felt {
        let region = self.region.at(cell, class);
        let beside = self.beside.in_cell(cell).unwrap_or_default();
        Felt {
            near_partners: self.near_partners.at(cell, class),
            region_ties: region / 16,
            region_share: share(region, around.twinnings_by_size.at(cell, class)),
            paths_near: self.paths_near.at(cell, class),
            next_partners: beside.next_partners,
            nearest_ours: beside.nearest_ours,
            next_ties: beside.next_ties,
            next_share: next_share(beside.next_ties, around.twinnings.at(cell)),
            nearest_tie: beside.nearest_tie,
        }
    }

    /// Bytes of memory that they take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let fields = [&self.near_partners, &self.region, &self.paths_near];
        // Nine walks have a number for each place with partners.
        9 * 8 * self.common.len()
            + fields.into_iter().map(ThinField::bytes).sum::<usize>()
            + self.here.bytes()
            + self.beside.bytes()
    }
}

/// What is felt of walks: the signals of their names, each at its most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Felt {
    pub(super) near_partners: u32,
    pub(super) region_ties: u32,
    pub(super) region_share: u32,
    pub(super) paths_near: u32,
    pub(super) next_partners: u32,
    pub(super) nearest_ours: u32,
    pub(super) next_ties: u32,
    pub(super) next_share: u32,
    pub(super) nearest_tie: u32,
}

/// [`Signal::RegionShare`](super::Signal::RegionShare).
fn share(region: u32, around_of_size: u32) -> u32 {
    (u64::from(region) * 1_000 / u64::from(around_of_size + FELT)) as u32
}

/// [`Signal::NextShare`](super::Signal::NextShare).
fn next_share(next_ties: u32, around: u64) -> u32 {
    let share = u64::from(next_ties) * 1_000 / (around / 64 + u64::from(NEAR));
    u32::try_from(share).unwrap_or(u32::MAX)
}

/// Towns around a city that asked, to tell which partnerships speak for a candidate.
#[derive(Debug)]
pub struct Told<'a> {
    columns: &'a Columns,
    neighbours: Neighbours,
    us: u32,
}

impl Told<'_> {
    /// The partnerships that speak for the pair that the asking city and a candidate make.
    #[must_use]
    pub fn precedents(&self, them: u32) -> Vec<Precedent> {
        precedents(self.columns, &self.neighbours, self.us, them)
    }
}

/// `4096 / √degree`.
fn damping(degree: u32) -> u64 {
    u64::from((1_u32 << 24).checked_div(degree).unwrap_or(0).isqrt())
}

fn step(columns: &Columns, from: &[u64], damped: bool) -> Vec<u64> {
    let mut to = vec![0; from.len()];
    for (number, &amount) in from.iter().enumerate().filter(|(_, amount)| **amount > 0) {
        let at = columns.linked[number];
        let here = damping(columns.degree(at));
        for &partner in columns.partners(at) {
            let share = if damped {
                (((amount * here) >> 12) * damping(columns.degree(partner))) >> 12
            } else {
                amount
            };
            to[columns.link_of[partner as usize] as usize] += share;
        }
    }
    to
}

impl<'a> Asked<'a> {
    /// Follows the partnerships of a city, and those of the towns around it.
    #[must_use]
    pub fn by(
        columns: &'a Columns,
        around: &'a Surroundings,
        us: u32,
        within: Option<u16>,
        parted: Option<(u32, u32)>,
    ) -> Self {
        let layer = within
            .and_then(|country| around.by_country.get(&country))
            .unwrap_or(&around.whole);
        let none = || vec![0_u64; columns.linked.len()];
        let own = columns.link_of[us as usize];
        let mut home = none();
        let mut common = none();
        let mut rings = none();
        if own != NOWHERE {
            home[own as usize] = WALK;
            for &partner in columns.partners(us) {
                let worth = u64::from(1_000_000 / thousandth_log2(u64::from(columns.degree(partner)) + 1).max(1));
                let inside = columns
                    .partners(partner)
                    .iter()
                    .filter(|other| columns.partners(us).binary_search(other).is_ok())
                    .count();
                for &other in columns.partners(partner) {
                    let number = columns.link_of[other as usize] as usize;
                    common[number] += worth;
                    rings[number] += inside as u64;
                }
            }
        }
        let one = step(columns, &home, true);
        let mut two = step(columns, &one, true);
        let forget = |walk: &mut Vec<u64>| {
            if own != NOWHERE {
                walk[own as usize] = 0;
            }
        };
        forget(&mut two);
        let three = step(columns, &two, true);
        let mut four = step(columns, &three, true);
        forget(&mut four);
        let five = step(columns, &four, true);
        let (mut near, mut like) = (none(), none());
        if let Some(sphere) = columns.sphere[us as usize] {
            around.grid.around(sphere.cell, REGION_KM + 40, |cell, _| {
                for &at in around.linked_in_cell[cell as usize].iter().filter(|at| **at != us) {
                    let Some(place) = columns.sphere[at as usize] else {
                        continue;
                    };
                    let km = sphere.direction.chord_km(place.direction);
                    let number = columns.link_of[at as usize] as usize;
                    near[number] = u64::from(nearness(km, NEXT_KM));
                    let alike = size_likeness(columns.size[us as usize], columns.size[at as usize]);
                    like[number] = u64::from(nearness(km, REGION_KM) * alike / 16);
                }
            });
        }
        let next = step(columns, &near, false);
        // Which of the towns around us is nearest among the partners of each.
        let mut nearest_next = vec![UNKNOWN; columns.linked.len()];
        if let Some(sphere) = columns.sphere[us as usize] {
            for (number, _) in near.iter().enumerate().filter(|(_, near)| **near > 0) {
                let at = columns.linked[number];
                let Some(place) = columns.sphere[at as usize] else {
                    continue;
                };
                let km = sphere.direction.chord_km(place.direction);
                for &partner in columns.partners(at) {
                    let nearest = &mut nearest_next[columns.link_of[partner as usize] as usize];
                    *nearest = km.min(*nearest);
                }
            }
        }
        let peers = step(columns, &like, false);
        let started: Vec<u64> = like.iter().map(|like| like << 20).collect();
        let mut next_two = step(columns, &step(columns, &started, true), true);
        forget(&mut next_two);
        let next_three = step(columns, &next_two, true);
        let partners = columns.partners(us);
        // Most places have neither partners nor neighbours with some.
        let leads_somewhere = !partners.is_empty() || next.iter().any(|amount| *amount > 0);
        let mut beside = Table::of(if leads_somewhere { columns.len() } else { 0 });
        for &partner in partners {
            layer.next_to(columns, partner, |at, km| {
                let beside = beside.entry(at);
                beside.next_partners += nearness(km, NEXT_KM);
                beside.nearest_ours = beside.nearest_ours.min(km);
            });
        }
        for (number, &amount) in next.iter().enumerate().filter(|(_, amount)| **amount > 0) {
            let end = columns.linked[number];
            let begin = nearest_next[number];
            layer.next_to(columns, end, |at, km| {
                let beside = beside.entry(at);
                beside.next_ties += (amount as u32 * nearness(km, NEXT_KM)) >> 6;
                beside.nearest_tie = beside.nearest_tie.min(km + begin);
            });
        }
        let mut our_countries = BTreeMap::new();
        for &partner in partners {
            *our_countries.entry(columns.country[partner as usize]).or_default() += 1;
        }
        let mut here = BTreeMap::new();
        let our_country = columns.country[us as usize];
        let compatriots = columns
            .linked
            .iter()
            .filter(|&&at| columns.country[at as usize] == our_country);
        for &member in compatriots {
            for &partner in columns.partners(member) {
                if let Some(sphere) = columns.sphere[partner as usize] {
                    *here.entry(sphere.cell).or_default() += 1;
                }
            }
        }
        let masses = |weight: &dyn Fn(usize) -> u64| masses(columns, weight);
        let walks = Walks {
            near_partners: ClassField::of(
                &layer.grid,
                &masses(&|number| u64::from(partners.binary_search(&columns.linked[number]).is_ok())),
                REGION_KM,
            )
            .thin(),
            region: ClassField::of(&layer.grid, &masses(&|number| peers[number] / 16), REGION_KM).thin(),
            paths_near: ClassField::of(&layer.grid, &masses(&|number| three[number] >> 22), REGION_KM).thin(),
            here: Field::plain(&layer.grid, &here, NEXT_KM),
            our_partners_size: mean_size(columns, partners.iter().copied()),
            us,
            common,
            rings,
            two,
            three,
            five,
            next,
            peers,
            next_two,
            next_three,
            beside: beside.found(around),
            our_square: our_countries.values().map(|count| u64::from(count * count)).sum(),
            our_countries,
        };
        Self {
            columns,
            around,
            layer,
            parted,
            walks: Arc::new(walks),
        }
    }

    /// The same again, from what was kept of it; candidates of every country.
    #[must_use]
    pub fn again(columns: &'a Columns, around: &'a Surroundings, walks: Arc<Walks>) -> Self {
        Self {
            columns,
            around,
            layer: &around.whole,
            parted: None,
            walks,
        }
    }

    /// What can be kept of it, where candidates of every country were asked for and no pair was parted.
    #[must_use]
    pub fn walks(&self) -> Arc<Walks> {
        Arc::clone(&self.walks)
    }

    /// The signals of the pair that the asking city and a candidate make.
    #[must_use]
    pub fn signs(&self, them: u32) -> Signs {
        let (columns, walks) = (self.columns, &*self.walks);
        let us = walks.us;
        let (ours, theirs) = (us as usize, them as usize);
        let number = columns.link_of[theirs];
        let of = |walk: &[u64]| if number == NOWHERE { 0 } else { walk[number as usize] };
        let degree = columns.degree(them);
        let open = |amount: u64| (amount << 12).checked_div(damping(degree)).unwrap_or(0);
        let small = |amount: u64| u32::try_from(amount).unwrap_or(u32::MAX);
        let here = columns.country[ours];
        let met = Met::of(columns, them, here, &walks.our_countries);
        let partners_here = met.here;
        let class = class_of(columns.size[theirs]);
        let cell = self.around.cell[theirs];
        // All places have the same cells as all surroundings.
        let number_here = if std::ptr::eq(self.layer, &self.around.whole) {
            (cell != NOWHERE).then_some(cell)
        } else {
            columns.sphere[theirs].and_then(|sphere| self.layer.grid.number(sphere.cell))
        };
        let field = |field: &ThinField| number_here.map_or(0, |number| field.at(number, class));
        let region = field(&walks.region).saturating_sub(small(of(&walks.peers) / 16).saturating_mul(FELT));
        let habits = Habits::of(
            self.columns,
            self.around,
            them,
            self.own_parted(them),
            self.parted_near(them),
        );
        let near = u64::from(NEAR);
        let around_here = number_here
            .map_or(0, |number| walks.here.at(number))
            .saturating_sub(u64::from(partners_here) * near);
        let both_sizes = (columns.size[ours], columns.size[theirs]);
        let gap = |a: u32, b: u32| if a == 0 || b == 0 { UNKNOWN } else { a.abs_diff(b) };
        let beside = walks.beside.at(them, cell);
        let mean = mean_size(columns, columns.partners(them).iter().copied());
        [
            small(of(&walks.common)),
            small(of(&walks.two) >> 12),
            small(open(of(&walks.three)) >> 12),
            small(of(&walks.three) >> 12),
            small(open(of(&walks.five)) >> 12),
            small(of(&walks.rings)),
            small(of(&walks.next)),
            small(of(&walks.peers)),
            small(of(&walks.next_two) >> 8),
            small(of(&walks.next_three) >> 8),
            field(&walks.near_partners),
            region / 16,
            share(region, habits.around_of_size),
            beside.next_partners,
            beside.nearest_ours,
            columns.sphere[ours].map_or(UNKNOWN, |sphere| {
                let km =
                    |at: &u32| columns.sphere[*at as usize].map(|other| sphere.direction.chord_km(other.direction));
                columns.partners(them).iter().filter_map(km).min().unwrap_or(UNKNOWN)
            }),
            beside.next_ties,
            next_share(beside.next_ties, habits.around),
            beside.nearest_tie,
            habits.own_habit(degree),
            field(&walks.paths_near),
            degree,
            partners_here,
            (partners_here * 10 + 2) * 100 / (degree + 2),
            met.countries,
            columns
                .partners(them)
                .iter()
                .map(|&partner| columns.degree(partner))
                .max()
                .unwrap_or(0),
            likeness(walks.our_square, met.square, met.both),
            habits.region_habit(),
            small((around_here * 10 + near) * 100 / (habits.around + near)),
            habits.density(),
            gap(both_sizes.0, both_sizes.1),
            columns.rank[ours].abs_diff(columns.rank[theirs]),
            match (columns.standing[ours], columns.standing[theirs]) {
                (Some(a), Some(b)) => a.abs_diff(b),
                _ => UNKNOWN,
            },
            both_sizes.1,
            columns.rank[theirs],
            mean.map_or(UNKNOWN, |mean| gap(mean, both_sizes.0)),
            walks.our_partners_size.map_or(UNKNOWN, |mean| gap(mean, both_sizes.1)),
            match (columns.sphere[ours], columns.sphere[theirs]) {
                (Some(a), Some(b)) => a.direction.distance_km(b.direction).round() as u32,
                _ => UNKNOWN,
            },
            match (columns.sphere[ours], columns.sphere[theirs]) {
                (Some(a), Some(b)) => a.height.abs_diff(b.height),
                _ => UNKNOWN,
            },
            columns.name_likeness(us, them),
            columns.words_in_common(us, them),
        ]
    }

    /// Looks around the asking city, once for all candidates that shall be told of.
    #[must_use]
    pub fn told(&self) -> Told<'a> {
        Told {
            columns: self.columns,
            neighbours: Neighbours::of(self.columns, self.around, self.walks.us),
            us: self.walks.us,
        }
    }

    fn own_parted(&self, them: u32) -> u32 {
        u32::from(self.parted.is_some_and(|(a, b)| a == them || b == them))
    }

    /// What the surroundings of a place still count of the parted pair.
    fn parted_near(&self, them: u32) -> u64 {
        let Some((a, b)) = self.parted else { return 0 };
        [a, b]
            .into_iter()
            .filter_map(|at| {
                let (here, there) = (self.columns.sphere[them as usize]?, self.columns.sphere[at as usize]?);
                Some(u64::from(nearness(here.cell.km(there.cell), NEXT_KM)))
            })
            .sum()
    }
}

/// The value of what is not known.
pub const UNKNOWN: u32 = 100_000;

fn masses(columns: &Columns, weight: &dyn Fn(usize) -> u64) -> BTreeMap<Cell, [u32; CLASSES]> {
    let mut masses: BTreeMap<Cell, [u32; CLASSES]> = BTreeMap::new();
    for (number, &at) in columns.linked.iter().enumerate() {
        let weight = weight(number);
        if weight > 0
            && let Some(sphere) = columns.sphere[at as usize]
        {
            let of_class = masses.entry(sphere.cell).or_insert([0; CLASSES]);
            let felt = &mut of_class[class_of(columns.size[at as usize])];
            *felt = felt.saturating_add(u32::try_from(weight).unwrap_or(u32::MAX));
        }
    }
    masses
}

fn mean_size(columns: &Columns, of: impl Iterator<Item = u32>) -> Option<u32> {
    let (mut sum, mut count) = (0, 0);
    for size in of.map(|at| columns.size[at as usize]).filter(|size| *size > 0) {
        sum += size;
        count += 1;
    }
    sum.checked_div(count)
}

/// The countries of a candidate's partners, beside those of ours.
struct Met {
    /// Partners in our country.
    here: u32,
    countries: u32,
    /// Partners of each country, squared and added.
    square: u64,
    /// Partners of each country, multiplied by ours there and added.
    both: u64,
}

impl Met {
    fn of(columns: &Columns, them: u32, here: u16, ours: &BTreeMap<u16, u32>) -> Self {
        let partners = columns.partners(them);
        let country = |at: &u32| columns.country[*at as usize];
        let mut met = Self {
            here: 0,
            countries: 0,
            square: 0,
            both: 0,
        };
        // Most have few partners: to look through them again is cheaper than to count in a table.
        for (number, partner) in partners.iter().enumerate() {
            let its = country(partner);
            let before = partners[..number].iter().filter(|other| country(other) == its).count() as u64;
            met.here += u32::from(its == here);
            met.countries += u32::from(before == 0);
            met.square += 2 * before + 1;
            met.both += u64::from(ours.get(&its).copied().unwrap_or(0));
        }
        met
    }
}

/// The cosine of two counts by country, per mille, from their squares and their product.
const fn likeness(ours: u64, theirs: u64, both: u64) -> u32 {
    let length = (ours * theirs * 1_000_000).isqrt();
    match (both * 1_000_000).checked_div(length) {
        Some(cosine) => cosine as u32,
        None => 0,
    }
}

mod beside;
#[cfg(test)]
mod tests;
