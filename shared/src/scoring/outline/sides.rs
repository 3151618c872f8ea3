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

    /// Its offers as bits, to be looked up in [`NeedsTable`].
    pub(crate) const fn offer_bits(&self) -> u32 {
        self.offers.0
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
