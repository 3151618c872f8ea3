//! What a score sheet adds up to.

use std::collections::BTreeMap;

use super::{CriterionScore, ReviewCriterion};

/// The highest total, in hundredths of a point: 100.00.
pub const TOTAL_MAX: u32 = 10_000;

/// What the scores of a sheet add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The weighted mean of the criteria that have a score, each from its scale to 0–100, in hundredths of a point; none
    /// where no criterion has one.
    pub total: Option<u32>,
    /// Criteria that have a score.
    pub scored: u32,
    /// Criteria without one.
    pub missing: u32,
}

/// Adds up scores. Each counts as its place on its own scale; nothing is rounded before the end, and there to the
/// nearest hundredth. A score outside its scale counts as the end that it is beyond.
#[must_use]
pub fn tally(criteria: &[ReviewCriterion], scores: &BTreeMap<String, CriterionScore>) -> Tally {
    let scored: Vec<(&ReviewCriterion, u32)> = criteria
        .iter()
        .filter_map(|criterion| Some((criterion, scores.get(&criterion.key)?.value?)))
        .collect();
    let common = scored
        .iter()
        .fold(1, |common, (criterion, _)| lcm(common, steps(criterion)));
    let weights: i128 = scored.iter().map(|(criterion, _)| i128::from(criterion.weight)).sum();
    let points: i128 = scored
        .iter()
        .map(|&(criterion, value)| {
            let height = value.clamp(criterion.scale_min, criterion.scale_max.max(criterion.scale_min));
            let height = i128::from(height - criterion.scale_min);
            i128::from(criterion.weight) * height * (common / steps(criterion))
        })
        .sum();
    let whole = weights * common;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Tally {
        total: (whole > 0).then(|| {
            let rounded = (points * i128::from(TOTAL_MAX) * 2 + whole) / (whole * 2);
            u32::try_from(rounded).unwrap_or(TOTAL_MAX).min(TOTAL_MAX)
        }),
        scored: count(scored.len()),
        missing: count(criteria.len() - scored.len()),
    }
}

/// The steps from the lowest to the highest score.
fn steps(criterion: &ReviewCriterion) -> i128 {
    i128::from(criterion.scale_max.saturating_sub(criterion.scale_min).max(1))
}

fn lcm(one: i128, other: i128) -> i128 {
    one / gcd(one, other) * other
}

fn gcd(one: i128, other: i128) -> i128 {
    if other == 0 { one } else { gcd(other, one % other) }
}
