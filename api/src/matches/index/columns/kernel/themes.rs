//! What rows need and offer, and the points that they can get for it: most of what a ranking reads, so it is looked at first.

use shared::scoring::FULL;
use shared::scoring::outline::{SPREAD, goals_of, readiness_value, specific};
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout};

use super::super::block::BLOCK;
#[cfg(target_arch = "x86_64")]
use super::wide;
use super::{Folk, LANE, rows_with, units};

/// What the rows of a block need and offer, in planes: byte *n* of their statements, and what the points for those depend
/// on. A query reads the planes alone of which it makes something.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(in super::super) struct Stated {
    pub(super) offers: [[u8; BLOCK]; 4],
    pub(super) needs: [[u8; BLOCK]; 4],
    /// How much they ask, as a step of [`ASKED`], and above it how specific their offers are.
    pub(super) spread: [u8; BLOCK],
}

/// Steps in how much a city asks: the sum of its urgencies.
const ASKED: [u32; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 28];

/// The sum of the urgencies of some statements.
const fn asked(statements: u32) -> u32 {
    (statements & 0x5555_5555).count_ones() + 2 * (statements >> 1 & 0x5555_5555).count_ones()
}

impl Default for Stated {
    fn default() -> Self {
        Self::new_zeroed()
    }
}

impl Stated {
    pub(in super::super) fn set(&mut self, at: usize, needs: u32, offers: u32) {
        for (plane, (need, offer)) in needs.to_le_bytes().into_iter().zip(offers.to_le_bytes()).enumerate() {
            self.needs[plane][at] = need;
            self.offers[plane][at] = offer;
        }
        let step = ASKED.partition_point(|step| *step <= asked(needs)).saturating_sub(1);
        self.spread[at] = step as u8 | (specific(offers) as u8) << 4;
    }

    /// The rows that state a theme: one bit for each.
    pub(in super::super) fn stating(&self, theme: usize, need: bool) -> [u32; 8] {
        let planes = if need { &self.needs } else { &self.offers };
        let mut rows = [0; 8];
        for (rows, lane) in rows.iter_mut().zip(planes[theme / 4].as_chunks().0) {
            *rows = rows_with(lane, 3 << (2 * (theme % 4)));
        }
        rows
    }
}

/// What the themes of the asking city make of those of others.
#[derive(Debug, Clone)]
pub(in super::super) struct Themes {
    /// What each half byte of their offers meets of our needs, in parts of [`readiness_value`] for urgency one.
    pub(super) ours: [[u8; 16]; 8],
    /// What our offers meet of each half byte of their needs.
    pub(super) theirs: [[u8; 16]; 8],
    /// Points for one of `ours`, by how specific they are.
    pub(super) by_left: [u16; 16],
    /// Points for one of `theirs`, by how much they ask.
    pub(super) by_asked: [u16; 16],
    /// How many of our goals are among each half byte of theirs.
    pub(super) shared: [[u8; 16]; 4],
    /// Whether goal 17 is ours.
    pub(super) last: u8,
    /// How many goals are ours.
    pub(super) goals: u8,
    /// Points for each shared goal, by the number of all.
    pub(super) by_all: [u16; 16],
    /// The most points for goals: all of ours, and no others.
    pub(super) by_goals: u16,
    /// The same for the wide version.
    #[cfg(target_arch = "x86_64")]
    pub(super) wide: wide::ThemeTables,
}

/// Points for needs that are met, of each row of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Met(pub(super) [[u16; LANE]; 8]);

/// All values of [`readiness_value`] are multiples of this.
const PART: u32 = 200;

/// What half a byte of offers meets of the needs at the same place.
fn met(needs: u32, offers: u32) -> u32 {
    (0..2)
        .map(|theme| (needs >> (2 * theme) & 3) * readiness_value(offers >> (2 * theme) & 3) / PART)
        .sum()
}

impl Themes {
    /// For a city with these needs and offers; each per mille of needs met and of goals shared counts as much as given.
    pub(in super::super) fn of(needs: u32, offers: u32, by_needs: u32, by_goals: u32, unit: u32) -> Self {
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
            by_goals: 0,
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
        themes.by_goals = u16::from(themes.goals).wrapping_mul(themes.by_all[usize::from(themes.goals.min(15))]);
        #[cfg(target_arch = "x86_64")]
        {
            themes.wide = wide::ThemeTables::of(&themes);
        }
        themes
    }

    /// Whether there is anything to look up: without needs, offers and goals of ours nobody gets points for theirs.
    pub(in super::super) const fn has_some(&self) -> bool {
        self.goals > 0
    }

    /// The most that a row with such statements can get for needs met, where its statements are among those given.
    pub(in super::super) fn most(&self, offers: u32, needs: u32, full: u16) -> u16 {
        let sum = |tables: &[[u8; 16]; 8], stated: u32| -> u32 {
            (0..8)
                .map(|place| u32::from(tables[place][(stated >> (4 * place) & 15) as usize]))
                .sum()
        };
        let ours = sum(&self.ours, offers) * u32::from(self.by_left[SPREAD as usize]);
        let theirs = if sum(&self.theirs, needs) == 0 { 0 } else { full };
        theirs.saturating_add(u16::try_from(ours).unwrap_or(u16::MAX).min(full))
    }

    /// Asks memory for what [`Self::met`] will read soon.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(unused_variables, reason = "left to the machine")
    )]
    pub(in super::super) fn fetch(&self, stated: &Stated) {
        #[cfg(target_arch = "x86_64")]
        self.wide.fetch(stated);
    }

    /// What each row of a block gets for needs that are met, on both sides.
    pub(in super::super) fn met(&self, stated: &Stated) -> Met {
        #[cfg(target_arch = "x86_64")]
        if wide::is_known() {
            return wide::met(&self.wide, stated);
        }
        self.met_plainly(stated)
    }

    pub(super) fn met_plainly(&self, stated: &Stated) -> Met {
        let met = |at: usize| {
            let (mut ours, mut theirs) = (0_u16, 0_u16);
            for plane in 0..4 {
                let (offer, need) = (stated.offers[plane][at], stated.needs[plane][at]);
                for (place, half) in [(2 * plane, 0), (2 * plane + 1, 4)] {
                    ours += u16::from(self.ours[place][usize::from(offer >> half & 15)]);
                    theirs += u16::from(self.theirs[place][usize::from(need >> half & 15)]);
                }
            }
            let spread = stated.spread[at];
            let ours = ours.wrapping_mul(self.by_left[usize::from(spread >> 4)]);
            let theirs = theirs.wrapping_mul(self.by_asked[usize::from(spread & 15)]);
            ours.saturating_add(theirs)
        };
        Met(std::array::from_fn(|lane| {
            std::array::from_fn(|at| met(lane * LANE + at))
        }))
    }

    /// The rows that get so many points at least for their themes: one bit for each.
    pub(in super::super) fn rows(&self, met: &Met, folks: &[Folk], least: u16) -> [u32; 8] {
        #[cfg(target_arch = "x86_64")]
        if wide::is_known() {
            return wide::rows_by_themes(self, met, folks, least);
        }
        self.rows_plainly(met, folks, least)
    }

    pub(super) fn rows_plainly(&self, met: &Met, folks: &[Folk], least: u16) -> [u32; 8] {
        let mut rows = [0; 8];
        for (rows, (met, folk)) in rows.iter_mut().zip(met.0.iter().zip(folks)) {
            *rows = (0..LANE).fold(0, |rows, at| {
                let points = met[at].saturating_add(self.for_goals(folk, at));
                rows | u32::from(points >= least) << at
            });
        }
        rows
    }

    /// The points of a row for goals in common.
    pub(super) fn for_goals(&self, folk: &Folk, at: usize) -> u16 {
        let mut shared = folk.more[at] & self.last;
        for plane in 0..2 {
            let goals = folk.goals[plane][at];
            shared += self.shared[2 * plane][usize::from(goals & 15)];
            shared += self.shared[2 * plane + 1][usize::from(goals >> 4)];
        }
        let all = (self.goals + (folk.more[at] >> 1) - shared).min(15);
        u16::from(shared).wrapping_mul(self.by_all[usize::from(all)])
    }
}
