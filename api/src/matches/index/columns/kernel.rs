//! What 32 rows at a time can add, by all that narrow columns tell of them: bounds in units of a query, never less than the
//! exact points.
//!
//! Two themes are in half a byte, so that one shuffle of bytes looks up 32 of them. The wide version alone has `unsafe`: to
//! be called where the machine has it, and to ask for memory ahead; the plain version says what it must give.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use shared::scoring::FULL;
use shared::scoring::outline::UNKNOWN;

use super::taught::Rows;
pub(super) use themes::{Met, Stated, Themes};

/// Rows in one lane.
pub(super) const LANE: usize = 32;

/// What else the columns tell of 32 rows; those without needs and offers have no goals either.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Folk {
    /// Goals 1 to 16.
    goals: [[u8; LANE]; 2],
    /// Goal 17, and above it how many goals there are.
    more: [u8; LANE],
    /// Their languages, as a number of the block, and above it the levels that they look for.
    tongues: [u8; LANE],
    /// Countries that they look for: one bit for each, by its last bits.
    wanted: [u8; LANE],
    /// Countries in which they have partners, in the same way.
    partners: [u8; LANE],
}

/// One bit for each of 32 that passes.
pub(super) fn rows_where<T: Copy>(all: &[T; LANE], passes: impl Fn(T) -> bool) -> u32 {
    let each = all.map(|one| u8::from(passes(one)));
    gathered(each.as_chunks().0.iter().map(|eight| u64::from_le_bytes(*eight)))
}

/// Which of 256 sizes lie between two, and which of those are one of the two: one bit for each.
pub(super) fn rows_sized(sizes: &[u16], [least, most]: [u16; 2]) -> [[u32; 8]; 2] {
    #[cfg(target_arch = "x86_64")]
    if wide::is_known() {
        return wide::rows_sized(sizes, [least, most]);
    }
    rows_sized_plainly(sizes, [least, most])
}

fn rows_sized_plainly(sizes: &[u16], [least, most]: [u16; 2]) -> [[u32; 8]; 2] {
    let [mut between, mut ends] = [[0; 8]; 2];
    for (number, sizes) in sizes.as_chunks().0.iter().take(8).enumerate() {
        between[number] = rows_where(sizes, |size: u16| least <= size && size <= most);
        ends[number] = rows_where(sizes, |size: u16| size == least || size == most);
    }
    [between, ends]
}

/// One bit for each of 32 that has one of some bits: eight at a time.
fn rows_with(all: &[u8; LANE], bits: u8) -> u32 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let bits = u64::from_ne_bytes([bits; 8]);
    gathered(all.as_chunks().0.iter().map(|eight| {
        let some = u64::from_le_bytes(*eight) & bits;
        // The upper bit of each byte that is not 0, brought down.
        (((some & LOW) + LOW) | some) >> 7 & 0x0101_0101_0101_0101
    }))
}

/// Bits of four times eight bytes that are 0 or 1: eight become one byte by a multiplication.
fn gathered(eights: impl DoubleEndedIterator<Item = u64>) -> u32 {
    eights.rev().fold(0, |rows, eight| {
        rows << 8 | (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
    })
}

/// The bit of a country.
const fn bit(country: u16) -> u8 {
    1 << (country.wrapping_mul(0x9e37) >> 13)
}

impl Folk {
    pub(super) fn set(&mut self, at: usize, goals: u32, (tongue, levels): (u8, u8), wanted: &[u16], partners: &[u16]) {
        let [low, high, ..] = (goals >> 1).to_le_bytes();
        self.goals[0][at] = low;
        self.goals[1][at] = high;
        self.more[at] = (goals >> 17 & 1) as u8 | (goals.count_ones() as u8) << 1;
        let bits = |codes: &[u16]| codes.iter().fold(0, |bits, &code| bits | bit(code));
        self.tongues[at] = tongue & 15 | levels << 4;
        self.wanted[at] = bits(wanted);
        self.partners[at] = bits(partners);
    }
}

/// `points / unit`, rounded up.
pub(super) fn units(points: u64, unit: u32) -> u16 {
    u16::try_from(points.div_ceil(u64::from(unit.max(1)))).unwrap_or(u16::MAX)
}

/// What the rest of the columns makes, for one block.
#[derive(Debug, Clone, Default)]
pub(super) struct Ways {
    /// Points for languages in common, by the numbers of the block.
    pub(super) by_tongue: [u16; 16],
    /// Points for what they look for, by the levels that they look for.
    pub(super) by_levels: [u16; 16],
    /// Points by [`Self::way`].
    by_way: [u16; 16],
    /// The bit of our country.
    ours: u8,
}

impl Ways {
    /// Points for who looks for no country, for who looks for ours, and for who has partners in ours.
    pub(super) fn set_country(&mut self, country: u16, any: u16, wanted: u16, partners: u16) {
        self.ours = bit(country);
        for (way, points) in self.by_way.iter_mut().enumerate() {
            let looking = if way & 1 == 1 {
                any
            } else if way & 2 == 2 {
                wanted
            } else {
                0
            };
            *points = looking.saturating_add(if way & 4 == 4 { partners } else { 0 });
        }
    }

    /// Bit 0: it looks for no country in particular; bit 1: for ours; bit 2: it has partners in ours.
    fn way(&self, folk: &Folk, at: usize) -> u8 {
        let (wanted, partners) = (folk.wanted[at], folk.partners[at]);
        u8::from(wanted == 0) | u8::from(wanted & self.ours != 0) << 1 | u8::from(partners & self.ours != 0) << 2
    }

    fn of_row(&self, folk: &Folk, at: usize) -> u16 {
        let tongues = folk.tongues[at];
        self.by_tongue[usize::from(tongues & 15)]
            .saturating_add(self.by_levels[usize::from(tongues >> 4)])
            .saturating_add(self.by_way[usize::from(self.way(folk, at))])
    }
}

/// How rows get points for their sizes, in units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    ours: u16,
    full: u16,
    /// For who has none.
    half: u16,
    /// What each step away takes, in 8,192ths of a unit.
    slope: u16,
}

/// The size of a city without population.
pub(super) const NO_SIZE: u16 = u16::MAX;
/// The steps from full likeness to none.
const STEPS: u16 = 5_170;

impl Sizes {
    /// For a city of this size; each per mille counts as much as given.
    pub(super) fn of(ours: u16, by_size: u32, unit: u32) -> Self {
        let slope = u64::from(by_size * FULL) * 8_192 / (u64::from(STEPS) * u64::from(unit));
        Self {
            ours,
            full: units(u64::from(by_size * (FULL + 1)), unit),
            half: units(u64::from(by_size * UNKNOWN), unit),
            slope: u16::try_from(slope).unwrap_or(u16::MAX),
        }
    }

    fn of_row(&self, size: u16) -> u16 {
        if size == NO_SIZE {
            return self.half;
        }
        let away = u32::from(size.abs_diff(self.ours).min(STEPS)) << 3;
        self.full.saturating_sub(((away * u32::from(self.slope)) >> 16) as u16)
    }
}

/// How rows get points for values in per mille, in units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values {
    /// Whole units for each per mille.
    whole: u16,
    /// What is left of one, in 1,024ths.
    part: u16,
}

impl Values {
    /// Each per mille counts as many points as given.
    pub(super) fn of(points: u32, unit: u32) -> Self {
        let left = (points % unit * 1_024).div_ceil(unit);
        Self {
            whole: u16::try_from(points / unit).unwrap_or(u16::MAX),
            part: left as u16,
        }
    }

    fn of_row(self, value: u16) -> u16 {
        let value = value.min(FULL as u16);
        let left = ((u32::from(value << 6) * u32::from(self.part)) >> 16) as u16;
        value
            .wrapping_mul(self.whole)
            .saturating_add(left)
            .saturating_add(u16::from(self.part > 0))
    }
}

/// Which rows of a block can reach a threshold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach<'a> {
    pub(super) ways: (&'a Ways, &'a [Folk]),
    /// Needs, offers and goals; without them, nothing is added for those.
    pub(super) themes: Option<(&'a Themes, &'a Met)>,
    /// Sizes, where they differ by row.
    pub(super) sizes: Option<(Sizes, &'a [u16])>,
    /// Values in per mille.
    pub(super) values: Option<(Values, &'a [u16])>,
    /// What they must add to reach the threshold.
    pub(super) least: u16,
}

impl Reach<'_> {
    /// Those of some rows that can.
    pub(super) fn rows(&self, asked: Rows) -> Rows {
        #[cfg(target_arch = "x86_64")]
        if wide::is_known() {
            return asked.and(wide::rows_of(self, asked.bits()));
        }
        asked.and(self.rows_plainly(asked.bits()))
    }

    /// One bit for each; lanes of which no row is asked for are passed over.
    fn rows_plainly(&self, asked: [u32; 8]) -> [u32; 8] {
        let mut rows = [0; 8];
        let (ways, folks) = self.ways;
        for (number, (bits, folk)) in rows.iter_mut().zip(folks).enumerate() {
            for at in (0..LANE).filter(|_| asked[number] != 0) {
                let themes = self
                    .themes
                    .map(|(themes, met)| met.0[number][at].saturating_add(themes.for_goals(folk, at)));
                let size = self
                    .sizes
                    .and_then(|(points, sizes)| Some(points.of_row(*sizes.get(number * LANE + at)?)));
                let value = self
                    .values
                    .and_then(|(points, values)| Some(points.of_row(*values.get(number * LANE + at)?)));
                let sum = ways
                    .of_row(folk, at)
                    .saturating_add(themes.unwrap_or(0))
                    .saturating_add(size.unwrap_or(0))
                    .saturating_add(value.unwrap_or(0));
                *bits |= u32::from(sum >= self.least) << at;
            }
        }
        rows
    }
}

mod themes;
#[cfg(target_arch = "x86_64")]
mod wide;

#[cfg(test)]
mod tests;
