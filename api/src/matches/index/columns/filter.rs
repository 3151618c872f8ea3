//! Which rows may be suggested at all: by what is true of a block where that suffices, by columns where not.

use super::block::{BLOCK, Block, NO_PEOPLE, NO_PLACE, chord, narrow, people_of};
use super::bounds::{Query, axis};
use super::kernel::{LANE, Stated, rows_sized, rows_where};
use super::row::{Belonging, Member, Row};
use super::taught::Rows;
use super::{Columns, Wanted};
use shared::scoring::Outline;
use shared::scoring::outline::size_of;

/// What a filter says of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    None,
    All,
    /// Only these rows: one bit for each.
    Some([u32; 8]),
}

/// Kilometres in the diameter of the Earth.
const DIAMETER_KM: f32 = 12_742.018;
/// What numbers of 16 bits can be wrong by, in chords: some 600 m.
const VAGUE: f32 = 1e-4;

/// One filter's answer for a block.
enum Part {
    None,
    All,
    Rows([u32; 8]),
}

/// A filter made ready for blocks.
pub(super) struct Filter<'a> {
    wanted: &'a Wanted,
    us: &'a Outline,
    people: Option<People>,
    /// The longest chord.
    reach: Option<f32>,
    belongings: Option<Belongings>,
}

impl<'a> Filter<'a> {
    pub(super) fn of(wanted: &'a Wanted, us: &'a Outline, columns: &Columns) -> Self {
        let within = |people: i64| u32::try_from(people.clamp(0, i64::from(NO_PEOPLE - 1))).unwrap_or(0);
        // Nobody in columns has more people than fit, or less than none.
        let people = (wanted.population_min.is_some() || wanted.population_max.is_some()).then(|| {
            let least = wanted.population_min.unwrap_or(0);
            let most = wanted.population_max.unwrap_or(i64::MAX);
            if least >= i64::from(NO_PEOPLE) || most < 0 {
                People::between(1, 0)
            } else {
                People::between(within(least), within(most))
            }
        });
        Self {
            wanted,
            us,
            people,
            // Whole kilometres are rounded: what is wanted ends half a kilometre later.
            reach: wanted.distance_max_km.map(|km| {
                let half = ((km as f32 + 0.5) / DIAMETER_KM).min(std::f32::consts::FRAC_PI_2);
                2.0 * half.sin()
            }),
            belongings: wanted.belongings.as_ref().map(|wanted| Belongings::of(wanted, columns)),
        }
    }

    /// Whether every row passes every block.
    pub(super) fn verdict(&self, query: &Query<'_>, columns: &Columns, number: usize, block: &Block) -> Verdict {
        let stated = columns.stated.get(number);
        let wanted = self.wanted;
        if !(wanted.countries.is_empty() || wanted.countries.contains(&block.country))
            || wanted.but_country == Some(block.country)
            || wanted.level.is_some_and(|level| level as u8 != block.level)
            || wanted.kind.is_some_and(|kind| kind as u8 != block.kind)
        {
            return Verdict::None;
        }
        let parts = [
            self.people.map(|people| people.part(columns, block)),
            wanted.open.map(|open| by_openness(open, block)),
            wanted.needs.map(|theme| by_theme(theme as usize, true, block, stated)),
            wanted
                .offers
                .map(|theme| by_theme(theme as usize, false, block, stated)),
            self.belongings.as_ref().map(|wanted| wanted.part(columns, block)),
            self.reach.map(|reach| self.by_distance(reach, query, columns, block)),
        ];
        let mut verdict = Verdict::All;
        for part in parts.into_iter().flatten() {
            verdict = match (part, verdict) {
                (Part::None, _) | (_, Verdict::None) => return Verdict::None,
                (Part::All, known) => known,
                (Part::Rows(rows), Verdict::All) => Verdict::Some(rows),
                (Part::Rows(rows), Verdict::Some(mut known)) => {
                    for (known, rows) in known.iter_mut().zip(rows) {
                        *known &= rows;
                    }
                    Verdict::Some(known)
                }
            };
        }
        verdict
    }

    fn by_distance(&self, reach: f32, query: &Query<'_>, columns: &Columns, block: &Block) -> Part {
        let Some(here) = query.place().filter(|_| block.has(Block::PLACED)) else {
            return Part::None;
        };
        let apart = chord(here, block.middle);
        if apart - block.radius > reach + VAGUE {
            return Part::None;
        }
        if apart + block.radius < reach - VAGUE && !block.has(Block::NO_PLACE) {
            return Part::All;
        }
        let first = (block.row as usize, block.start as usize);
        Part::Rows(rows(block, |at| {
            let place = [columns.axes[0][at], columns.axes[1][at], columns.axes[2][at]];
            if place[0] == NO_PLACE {
                return false;
            }
            let apart = chord(here, place.map(axis));
            if (apart - reach).abs() > VAGUE {
                return apart < reach;
            }
            // So near to the line that it must be measured.
            columns
                .rows
                .get(first.0 + at - first.1)
                .is_some_and(|row| self.is_near(row, columns))
        }))
    }

    fn is_near(&self, row: &Row, columns: &Columns) -> bool {
        let km = self.us.sketch().distance_km(&row.sketch(&columns.pools));
        self.wanted
            .distance_max_km
            .is_none_or(|most| km.is_some_and(|km| km <= most))
    }

    /// Whether a city passes that is judged by itself.
    pub(super) fn takes_member(&self, member: &Member) -> bool {
        let (wanted, them) = (self.wanted, &member.outline);
        (wanted.countries.is_empty() || wanted.countries.contains(&them.country()))
            && wanted.but_country != Some(them.country())
            && wanted.level.is_none_or(|level| them.level() == level)
            && wanted.kind.is_none_or(|kind| member.kind == kind)
            && wanted.open.is_none_or(|open| member.open == open)
            && wanted.needs.is_none_or(|theme| them.needs(theme))
            && wanted.offers.is_none_or(|theme| them.offers(theme))
            && wanted
                .belongings
                .as_ref()
                .is_none_or(|all| member.belonging.as_ref().is_some_and(|own| all.contains(own)))
            && wanted
                .population_min
                .is_none_or(|least| them.population().is_some_and(|people| people >= least))
            && wanted
                .population_max
                .is_none_or(|most| them.population().is_some_and(|people| people <= most))
            && wanted
                .distance_max_km
                .is_none_or(|most| self.us.distance_km(them).is_some_and(|km| km <= most))
    }

    /// Whether one row passes.
    pub(super) fn takes(&self, row: &Row, columns: &Columns) -> bool {
        let wanted = self.wanted;
        let states = |statements: u32, theme: usize| statements >> (2 * theme) & 3 != 0;
        (wanted.countries.is_empty() || wanted.countries.contains(&row.country))
            && wanted.but_country != Some(row.country)
            && wanted.level.is_none_or(|level| row.level() == level)
            && wanted.kind.is_none_or(|kind| row.kind() == kind)
            && wanted.open.is_none_or(|open| row.is_open() == open)
            && wanted.needs.is_none_or(|theme| states(row.needs, theme as usize))
            && wanted.offers.is_none_or(|theme| states(row.offers, theme as usize))
            && self.belongings.as_ref().is_none_or(|wanted| wanted.has(row))
            && wanted
                .population_min
                .is_none_or(|least| row.population().is_some_and(|people| people >= least))
            && wanted
                .population_max
                .is_none_or(|most| row.population().is_some_and(|people| people <= most))
            && self.is_near(row, columns)
    }
}

/// One bit for each row of the block that passes; `test` is asked by place.
fn rows(block: &Block, test: impl Fn(usize) -> bool) -> [u32; 8] {
    let mut bits = [0; 8];
    for at in 0..(block.len as usize).min(BLOCK) {
        bits[at / 32] |= u32::from(test(block.start as usize + at)) << (at % 32);
    }
    bits
}

/// From how many to how many people, and the sizes of so many.
#[derive(Clone, Copy)]
struct People {
    least: u32,
    most: u32,
    sizes: [u16; 2],
}

impl People {
    fn between(least: u32, most: u32) -> Self {
        Self {
            least,
            most,
            sizes: [least, most].map(|people| narrow(size_of(i64::from(people)))),
        }
    }

    const fn has(&self, people: u32) -> bool {
        self.least <= people && people <= self.most
    }

    fn part(&self, columns: &Columns, block: &Block) -> Part {
        let Self { least, most, .. } = *self;
        if block.people[0] > most || block.people[1] < least || least > most {
            return Part::None;
        }
        if self.has(block.people[0]) && self.has(block.people[1]) && !block.has(Block::NO_PEOPLE) {
            return Part::All;
        }
        // Who has none is of no size. Some of the same size as the limits have too few or too many people.
        let [bits, ends] = rows_sized(&columns.sizes[block.start as usize..], self.sizes);
        let vague = Rows::first(block.len as usize).and(bits).and(ends);
        Part::Rows(looked_up(columns, block, (bits, vague), |row| self.has(people_of(row))))
    }
}

/// Some rows, but of those that are vague only the ones that pass when they are looked at.
fn looked_up(
    columns: &Columns,
    block: &Block,
    (mut bits, vague): ([u32; 8], Rows),
    passes: impl Fn(&Row) -> bool,
) -> [u32; 8] {
    for at in vague {
        if !columns.rows.get(block.row as usize + at).is_some_and(&passes) {
            bits[at / LANE] &= !(1 << (at % LANE));
        }
    }
    bits
}

fn by_openness(open: bool, block: &Block) -> Part {
    Part::Rows(if open { block.open } else { block.open.map(|bits| !bits) })
}

fn by_theme(theme: usize, need: bool, block: &Block, stated: Option<&Stated>) -> Part {
    let (some, all) = if need {
        (block.needs, block.needs_all)
    } else {
        (block.offers, block.offers_all)
    };
    if some >> (2 * theme) & 3 == 0 {
        return Part::None;
    }
    if all >> (2 * theme) & 1 == 1 {
        return Part::All;
    }
    stated.map_or(Part::None, |stated| Part::Rows(stated.stating(theme, need)))
}

/// Who belongs to a network, through one thing or another.
struct Belongings {
    wanted: Vec<bool>,
    /// The same as the columns tell it, ascending.
    told: Vec<u16>,
    /// The same to be looked up, where they are many.
    table: Vec<bool>,
    /// The same as blocks tell it.
    of_blocks: u32,
    /// Whether what the columns tell is alike for one that is wanted and one that is not.
    is_vague: bool,
}

/// So many are compared one after the other with 32 rows at once, which is faster than to look each row up.
const FEW: usize = 12;

impl Belongings {
    fn of(wanted: &[Belonging], columns: &Columns) -> Self {
        let wanted: Vec<bool> = columns.belongings.iter().map(|known| wanted.contains(known)).collect();
        let numbers = |is: bool| (0_u32..).zip(&wanted).filter(move |(_, wanted)| **wanted == is);
        let mut told: Vec<u16> = numbers(true).map(|(number, _)| super::told(number)).collect();
        told.sort_unstable();
        told.dedup();
        let mut table = Vec::new();
        if told.len() > FEW {
            table.resize(usize::from(u16::MAX) + 1, false);
            told.iter().for_each(|&told| table[usize::from(told)] = true);
        }
        let of_blocks = numbers(true).fold(0, |bits, (number, _)| bits | 1 << (number % 32));
        let is_vague = numbers(false).any(|(number, _)| told.binary_search(&super::told(number)).is_ok());
        Self {
            of_blocks,
            is_vague,
            wanted,
            told,
            table,
        }
    }

    fn has(&self, row: &Row) -> bool {
        self.wanted.get(row.belonging as usize).copied().unwrap_or(false)
    }

    /// The rows of a lane that belong to it, as far as the columns tell.
    fn alike(&self, theirs: &[u16; LANE]) -> u32 {
        if self.table.is_empty() {
            let each = self.told.iter();
            return each.fold(0, |rows, &told| rows | rows_where(theirs, |theirs| theirs == told));
        }
        rows_where(theirs, |theirs| self.table[usize::from(theirs)])
    }

    fn part(&self, columns: &Columns, block: &Block) -> Part {
        if block.belongings & self.of_blocks == 0 {
            return Part::None;
        }
        let mut bits = [0; 8];
        let lanes = columns.belonging[block.start as usize..].chunks_exact(LANE);
        for (bits, theirs) in bits.iter_mut().zip(lanes) {
            *bits = theirs.first_chunk().map_or(0, |theirs| self.alike(theirs));
        }
        let vague = if self.is_vague { block.len as usize } else { 0 };
        let vague = Rows::first(vague).and(bits);
        Part::Rows(looked_up(columns, block, (bits, vague), |row| self.has(row)))
    }
}
