//! What one side of a pair gets, alone: for whoever matches many with many and asks each side apart.

use super::{Outline, Themes};
use crate::cities::Level;
use crate::scoring::{Criterion, FULL, SPECIFIC_OFFERS, Weights};
use crate::themes::Theme;

/// All values that a need met by an offer can have are multiples of this.
const STEP: u32 = FULL / 5;
/// Most that one theme can be met, in steps.
const STEPS_A_THEME: u32 = 3 * 5;
/// Offers over the specific ones, at most.
const SPREAD: u32 = Theme::ALL.len() as u32 - SPECIFIC_OFFERS;
/// Steps of all themes together, and none.
const STEPS: usize = (STEPS_A_THEME * Theme::ALL.len() as u32) as usize + 1;

impl Outline {
    /// What this city gets from another: the sum of its own contributions.
    #[must_use]
    pub fn gain(&self, other: &Self, weights: &Weights) -> u32 {
        Criterion::ALL
            .iter()
            .map(|&criterion| (criterion, weights.of(criterion)))
            .filter(|(_, weight)| *weight > 0)
            .map(|(criterion, weight)| weight * self.values(other, criterion).0)
            .sum()
    }

    /// What this city gets from another by one criterion, in per mille.
    pub(crate) fn value(&self, other: &Self, criterion: Criterion) -> u32 {
        self.values(other, criterion).0
    }

    /// What others are given by it whoever they are: cities alike in this are alike by country, level, languages and ties.
    pub(crate) fn kinship(&self) -> (u16, Level, &[u16]) {
        (self.country, self.level, &self.languages)
    }

    /// What both get from each other by one criterion, together.
    pub(crate) fn both_values(&self, other: &Self, criterion: Criterion) -> u32 {
        let (ours, theirs) = self.values(other, criterion);
        ours + theirs
    }

    /// What it gets from others by country, level and ties depends on this alone.
    pub(crate) fn demand(&self) -> (Level, u8, &[u16], &[u16]) {
        (
            self.level,
            self.wanted_levels,
            &self.wanted_countries,
            &self.partner_countries,
        )
    }

    /// Its needs as bits, to be looked up in [`OffersTable`].
    pub(crate) const fn need_bits(&self) -> u32 {
        self.needs.0
    }

    /// Its offers as bits, to be looked up in [`NeedsTable`].
    pub(crate) const fn offer_bits(&self) -> u32 {
        self.offers.0
    }

    /// The themes that it offers, however ready it is.
    pub(crate) const fn offered(&self) -> u32 {
        self.offers.stated()
    }

    /// The goals that it serves as bits.
    pub(crate) const fn goal_bits(&self) -> u32 {
        self.goals
    }

    /// Its size, to be compared with [`size_value`].
    pub(crate) const fn size_steps(&self) -> Option<u32> {
        self.size
    }
}

/// How similar two sizes are, in per mille.
pub(crate) const fn size_value(ours: Option<u32>, theirs: Option<u32>) -> u32 {
    super::similar_size(ours, theirs)
}

/// How many of the offers are over the specific ones: what [`NeedsTable::worth`] asks for.
pub(crate) const fn offers_left(offers: u32) -> u8 {
    let left = Theme::ALL.len() as u32 - Themes(offers).count();
    if left > SPREAD { SPREAD as u8 } else { left as u8 }
}

/// How well one city's needs are met by any offers, by table: four look-ups in place of a walk over the themes.
#[derive(Debug, Clone)]
pub(crate) struct NeedsTable {
    /// For each byte of the offers and each of its values, the steps that are met.
    steps: [[u8; 256]; 4],
    /// For each number of offers left and each number of steps, weight × value.
    worth: Vec<[u32; STEPS]>,
}

impl NeedsTable {
    /// The table of a city's needs under a weight.
    pub(crate) fn of(city: &Outline, weight: u32) -> Self {
        let mut steps = [[0_u8; 256]; 4];
        let mut asked = 0;
        for (place, theme) in Theme::ALL.iter().enumerate() {
            let urgency = city.needs.weight(*theme);
            asked += urgency;
            let (byte, shift) = (place / 4, 2 * (place % 4));
            for (value, met) in steps[byte].iter_mut().enumerate() {
                let readiness = (value >> shift & 3) as u32;
                if readiness > 0 {
                    *met += (urgency * (FULL * (4 + 2 * readiness) / 10) / STEP) as u8;
                }
            }
        }
        let mut worth = vec![[0; STEPS]; SPREAD as usize + 1];
        if asked > 0 {
            for (left, line) in worth.iter_mut().enumerate() {
                let left = left as u32;
                for (met, cell) in line.iter_mut().enumerate().take((STEPS_A_THEME * 16) as usize + 1) {
                    *cell = weight * (met as u32 * STEP * left * left / (asked * SPREAD * SPREAD)).min(FULL);
                }
            }
        }
        Self { steps, worth }
    }

    /// Weight × value of these offers.
    pub(crate) fn worth(&self, offers: u32, left: u8) -> u32 {
        let [a, b, c, d] = offers.to_le_bytes();
        let met = u32::from(self.steps[0][usize::from(a)])
            + u32::from(self.steps[1][usize::from(b)])
            + u32::from(self.steps[2][usize::from(c)])
            + u32::from(self.steps[3][usize::from(d)]);
        self.worth[usize::from(left)][met as usize]
    }
}

/// How well one city's offers meet any needs, by table.
#[derive(Debug, Clone)]
pub(crate) struct OffersTable {
    /// For each byte of the needs and each of its values, the steps that are met.
    steps: [[u8; 256]; 4],
    weight: u32,
    /// The square of the offers left, in place of which [`NeedsTable`] has a line.
    left: u32,
    /// For each sum of urgencies, weight × value of one step, rounded up.
    most_a_step: [f32; 64],
}

impl OffersTable {
    /// The table of a city's offers under a weight.
    pub(crate) fn of(city: &Outline, weight: u32) -> Self {
        let mut steps = [[0_u8; 256]; 4];
        for (place, theme) in Theme::ALL.iter().enumerate() {
            let readiness = city.offers.weight(*theme);
            if readiness == 0 {
                continue;
            }
            let (byte, shift) = (place / 4, 2 * (place % 4));
            for (value, met) in steps[byte].iter_mut().enumerate() {
                let urgency = (value >> shift & 3) as u32;
                *met += (urgency * (FULL * (4 + 2 * readiness) / 10) / STEP) as u8;
            }
        }
        let left = u32::from(offers_left(city.offer_bits()));
        let left = left * left;
        let mut most_a_step = [0.0; 64];
        for (asked, most) in (0_u32..).zip(&mut most_a_step).skip(1) {
            *most = (weight * STEP * left) as f32 / (asked * SPREAD * SPREAD) as f32 * 1.000_01;
        }
        Self {
            steps,
            weight,
            left,
            most_a_step,
        }
    }

    /// The steps of these needs that are met.
    pub(crate) fn met(&self, needs: u32) -> u32 {
        let [a, b, c, d] = needs.to_le_bytes();
        u32::from(self.steps[0][usize::from(a)])
            + u32::from(self.steps[1][usize::from(b)])
            + u32::from(self.steps[2][usize::from(c)])
            + u32::from(self.steps[3][usize::from(d)])
    }

    /// At least weight × value, without a division.
    pub(crate) fn most(&self, met: u32, asked: u8) -> u32 {
        (met as f32 * self.most_a_step[usize::from(asked) & 63]) as u32 + 1
    }

    /// Weight × value.
    pub(crate) fn worth(&self, met: u32, asked: u8) -> u32 {
        let value = (met * STEP * self.left).checked_div(u32::from(asked) * SPREAD * SPREAD);
        self.weight * value.unwrap_or(0)
    }
}

/// The sum of the urgencies of needs.
pub(crate) fn asked(needs: u32) -> u8 {
    let needs = Themes(needs);
    Theme::ALL.iter().map(|&theme| needs.weight(theme) as u8).sum()
}
