//! Twinnings by the thousand, as registers and lists tell them: each becomes a partnership of two authorities.

pub mod store;

use shared::ids::CityId;

/// What the key of a twinning begins with.
pub const TWINNING: &str = "twinning:";

/// The key of the twinning of two cities: the same whichever stands first, so that no pair is twinned twice.
#[must_use]
pub fn source_key(a: CityId, b: CityId) -> String {
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    format!("{TWINNING}{}:{}", low.0.simple(), high.0.simple())
}

/// What became of a list of twinnings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Twinned {
    /// Pairs that are partnerships now and were not before.
    pub added: u64,
    /// Pairs that were known already, stand twice in the list, or name one city twice.
    pub known: u64,
}
