//! What 32 rows at a time can add, by all that narrow columns tell of them: bounds in units of a query, never less than the
//! exact points.
//!
//! Two themes are in half a byte, so that one shuffle of bytes looks up 32 of them. The one use of `unsafe` in this crate
//! is the call of the wide version where the machine has it; the plain version says what it must give.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use shared::scoring::FULL;
use shared::scoring::outline::{SPREAD, UNKNOWN, goals_of, readiness_value, specific};

/// Rows in one lane.
pub(super) const LANE: usize = 32;

/// The themes of 32 rows, in planes: byte *n* of their statements, and what the points for those depend on.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Lane {
    offers: [[u8; LANE]; 4],
    needs: [[u8; LANE]; 4],
    /// How much they ask, as a step of [`ASKED`], and above it how specific their offers are.
    spread: [u8; LANE],
    /// Goals 1 to 16.
    goals: [[u8; LANE]; 2],
    /// Goal 17, and above it how many goals there are.
    more: [u8; LANE],
}

/// What else the columns tell of 32 rows.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Folk {
    /// Their languages, as a number of the block, and above it the levels that they look for.
    tongues: [u8; LANE],
    /// Countries that they look for: one bit for each, by its last bits.
    wanted: [u8; LANE],
    /// Countries in which they have partners, in the same way.
    partners: [u8; LANE],
}

/// Steps in how much a city asks: the sum of its urgencies.
const ASKED: [u32; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 28];

/// The sum of the urgencies of some statements.
const fn asked(statements: u32) -> u32 {
    (statements & 0x5555_5555).count_ones() + 2 * (statements >> 1 & 0x5555_5555).count_ones()
}

impl Lane {
    pub(super) fn set(&mut self, at: usize, needs: u32, offers: u32) {
        for (plane, (need, offer)) in needs.to_le_bytes().into_iter().zip(offers.to_le_bytes()).enumerate() {
            self.needs[plane][at] = need;
            self.offers[plane][at] = offer;
        }
        let step = ASKED.partition_point(|step| *step <= asked(needs)).saturating_sub(1);
        self.spread[at] = step as u8 | (specific(offers) as u8) << 4;
        let goals = goals_of(needs) | goals_of(offers);
        let [low, high, ..] = (goals >> 1).to_le_bytes();
        self.goals[0][at] = low;
        self.goals[1][at] = high;
        self.more[at] = (goals >> 17 & 1) as u8 | (goals.count_ones() as u8) << 1;
    }

    /// The rows that state a theme: one bit for each.
    pub(super) fn stating(&self, theme: usize, need: bool) -> u32 {
        let planes = if need { &self.needs } else { &self.offers };
        rows_with(&planes[theme / 4], 3 << (2 * (theme % 4)))
    }
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
    pub(super) fn set(&mut self, at: usize, tongue: u8, levels: u8, wanted: &[u16], partners: &[u16]) {
        let bits = |codes: &[u16]| codes.iter().fold(0, |bits, &code| bits | bit(code));
        self.tongues[at] = tongue & 15 | levels << 4;
        self.wanted[at] = bits(wanted);
        self.partners[at] = bits(partners);
    }
}

/// What the themes of the asking city make of those of others.
#[derive(Debug, Clone)]
pub(super) struct Themes {
    /// What each half byte of their offers meets of our needs, in parts of [`readiness_value`] for urgency one.
    ours: [[u8; 16]; 8],
    /// What our offers meet of each half byte of their needs.
    theirs: [[u8; 16]; 8],
    /// Points for one of `ours`, by how specific they are.
    by_left: [u16; 16],
    /// Points for one of `theirs`, by how much they ask.
    by_asked: [u16; 16],
    /// How many of our goals are among each half byte of theirs.
    shared: [[u8; 16]; 4],
    /// Whether goal 17 is ours.
    last: u8,
    /// How many goals are ours.
    goals: u8,
    /// Points for each shared goal, by the number of all.
    by_all: [u16; 16],
    /// The same for the wide version.
    #[cfg(target_arch = "x86_64")]
    wide: wide::ThemeTables,
}

/// All values of [`readiness_value`] are multiples of this.
const PART: u32 = 200;

/// What half a byte of offers meets of the needs at the same place.
fn met(needs: u32, offers: u32) -> u32 {
    (0..2)
        .map(|theme| (needs >> (2 * theme) & 3) * readiness_value(offers >> (2 * theme) & 3) / PART)
        .sum()
}

/// `points / unit`, rounded up.
pub(super) fn units(points: u64, unit: u32) -> u16 {
    u16::try_from(points.div_ceil(u64::from(unit.max(1)))).unwrap_or(u16::MAX)
}

impl Themes {
    /// For a city with these needs and offers; each per mille of needs met and of goals shared counts as much as given.
    pub(super) fn of(needs: u32, offers: u32, by_needs: u32, by_goals: u32, unit: u32) -> Self {
        let goals = goals_of(needs) | goals_of(offers);
        let mut themes = Self {
            ours: [[0; 16]; 8],
            theirs: [[0; 16]; 8],
            by_left: [0; 16],
            by_asked: [0; 16],
            shared: [[0; 16]; 4],
            last: (goals >> 17 & 1) as u8,
            goals: goals.count_ones() as u8,
            by_all: [0; 16],
            #[cfg(target_arch = "x86_64")]
            wide: wide::ThemeTables::default(),
        };
        for place in 0..8 {
            let (need, offer) = (needs >> (4 * place) & 15, offers >> (4 * place) & 15);
            for stated in 0..16 {
                themes.ours[place][stated as usize] = met(need, stated) as u8;
                themes.theirs[place][stated as usize] = met(stated, offer) as u8;
            }
        }
        for (place, shared) in themes.shared.iter_mut().enumerate() {
            for (theirs, shared) in (0..).zip(shared) {
                *shared = (goals >> (1 + 4 * place) & theirs).count_ones() as u8;
            }
        }
        let square = |left: u32| u64::from(by_needs * PART * left * left);
        let whole = u64::from(SPREAD * SPREAD);
        let asked = u64::from(asked(needs).max(1));
        for left in 0..=SPREAD {
            themes.by_left[left as usize] = units(square(left).div_ceil(asked * whole), unit);
        }
        for (points, asked) in themes.by_asked.iter_mut().zip(ASKED) {
            *points = units(square(specific(offers)).div_ceil(u64::from(asked) * whole), unit);
        }
        for (all, points) in themes.by_all.iter_mut().enumerate() {
            *points = units(u64::from(by_goals * FULL).div_ceil(all.max(1) as u64), unit);
        }
        #[cfg(target_arch = "x86_64")]
        {
            themes.wide = wide::ThemeTables::of(&themes);
        }
        themes
    }

    /// Whether there is anything to look up: without needs, offers and goals of ours nobody gets points for theirs.
    pub(super) const fn has_some(&self) -> bool {
        self.goals > 0
    }

    /// The most that a row with such statements can get for needs met, where its statements are among those given.
    pub(super) fn most(&self, offers: u32, needs: u32, full: u16) -> u16 {
        let sum = |tables: &[[u8; 16]; 8], stated: u32| -> u32 {
            (0..8)
                .map(|place| u32::from(tables[place][(stated >> (4 * place) & 15) as usize]))
                .sum()
        };
        let ours = sum(&self.ours, offers) * u32::from(self.by_left[SPREAD as usize]);
        let theirs = if sum(&self.theirs, needs) == 0 { 0 } else { full };
        theirs.saturating_add(u16::try_from(ours).unwrap_or(u16::MAX).min(full))
    }

    /// The points of one row: what the wide version gives for each.
    fn of_row(&self, lane: &Lane, at: usize) -> u16 {
        let (mut ours, mut theirs, mut shared) = (0_u16, 0_u16, lane.more[at] & self.last);
        for plane in 0..4 {
            let (offer, need) = (lane.offers[plane][at], lane.needs[plane][at]);
            for (place, half) in [(2 * plane, 0), (2 * plane + 1, 4)] {
                ours += u16::from(self.ours[place][usize::from(offer >> half & 15)]);
                theirs += u16::from(self.theirs[place][usize::from(need >> half & 15)]);
            }
        }
        for plane in 0..2 {
            let goals = lane.goals[plane][at];
            shared += self.shared[2 * plane][usize::from(goals & 15)];
            shared += self.shared[2 * plane + 1][usize::from(goals >> 4)];
        }
        let all = (self.goals + (lane.more[at] >> 1) - shared).min(15);
        let spread = lane.spread[at];
        let ours = ours.wrapping_mul(self.by_left[usize::from(spread >> 4)]);
        let theirs = theirs.wrapping_mul(self.by_asked[usize::from(spread & 15)]);
        let goals = u16::from(shared).wrapping_mul(self.by_all[usize::from(all)]);
        ours.saturating_add(theirs).saturating_add(goals)
    }
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
    pub(super) themes: Option<(&'a Themes, &'a [Lane])>,
    /// Sizes, where they differ by row.
    pub(super) sizes: Option<(Sizes, &'a [u16])>,
    /// Values in per mille.
    pub(super) values: Option<(Values, &'a [u16])>,
    /// What they must add to reach the threshold.
    pub(super) least: u16,
}

impl Reach<'_> {
    /// One bit for each row that can.
    pub(super) fn rows(&self) -> [u32; 8] {
        #[cfg(target_arch = "x86_64")]
        if wide::is_known() {
            return wide::rows_of(self);
        }
        self.rows_plainly()
    }

    fn rows_plainly(&self) -> [u32; 8] {
        let mut rows = [0; 8];
        let (ways, folks) = self.ways;
        for (number, (bits, folk)) in rows.iter_mut().zip(folks).enumerate() {
            for at in 0..LANE {
                let themes = self
                    .themes
                    .and_then(|(themes, lanes)| Some(themes.of_row(lanes.get(number)?, at)));
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

#[cfg(target_arch = "x86_64")]
mod wide;

#[cfg(test)]
mod tests;
