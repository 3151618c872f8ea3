//! What the algorithms ask of a round: who there is, how many places each has, and who would rather have whom.

use super::RoundSide;

/// How a pair ranks for one of its cities: greater is better, and no two pairs rank alike.
///
/// First counts what the city gets (its worth), then a lot that is drawn from the seed and is the same for both cities,
/// then the places of the two in the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(u128);

impl Rank {
    /// The rank of a pair.
    #[must_use]
    pub const fn new(worth: u32, lot: u32, first: u32, second: u32) -> Self {
        Self((worth as u128) << 96 | (lot as u128) << 64 | ((!first) as u128) << 32 | (!second) as u128)
    }

    /// What the pair is worth to the city.
    #[must_use]
    pub const fn worth(self) -> u32 {
        (self.0 >> 96) as u32
    }
}

/// A pair of a round: places in the first and in the second side; in a round of one side, the smaller place first.
pub type Pair = (u32, u32);

/// A round as the algorithms see it. Members of a side are numbered from 0.
///
/// A side's country may be saturated: all its cities together have so many places. A city that is offered a partner then
/// takes it where it has a place and its country too, or where the newcomer ranks above the one that has to go: its own
/// last partner where its own places are full, else the last pair of its country. This is choosing greedily from a
/// laminar matroid, so that stable results exist and the deferred acceptance finds one.
pub trait Market {
    /// How many members a side has.
    fn members(&self, side: RoundSide) -> u32;
    /// The places of a member.
    fn places(&self, side: RoundSide, member: u32) -> u32;
    /// The saturated country of a member, as a number below the length of [`Market::caps`].
    fn country(&self, side: RoundSide, member: u32) -> Option<u32>;
    /// The places of each saturated country of a side.
    fn caps(&self, side: RoundSide) -> &[u32];
    /// The possible partners of a member of the first side that rank below `below`, best first: the first `most` of them.
    fn best(&self, first: u32, below: Option<Rank>, most: usize) -> Vec<(Rank, u32)>;
    /// How a possible pair ranks for its city of a side.
    fn rank(&self, side: RoundSide, pair: Pair) -> Rank;
}

/// A market with totals, for the most matches.
pub trait Totals: Market {
    /// What a pair is worth in all.
    fn total(&self, pair: Pair) -> u32;
    /// The possible partners of a member of the first side with the greatest totals, `most` of them at most.
    fn richest(&self, first: u32, most: usize) -> Vec<(u32, u32)>;
    /// Visits the possible partners of a member of the first side with at least this total.
    fn above(&self, first: u32, least: u32, visit: &mut dyn FnMut(u32, u32));
}

/// Follows a computation and may stop it.
pub trait Watch {
    /// Told now and then how far it is; false stops it.
    fn goes_on(&self, done: u64, of: u64) -> bool;
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn goes_on(&self, _done: u64, _of: u64) -> bool {
        true
    }
}

/// The computation was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

/// How many partners of a member are looked up at once: few at first, more for who goes far down its list.
const AT_FIRST: usize = 24;
const AT_MOST: usize = 4_096;

/// The partners of one member in its order, looked up as they are asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    found: Vec<(Rank, u32)>,
    next: usize,
    asked: usize,
    is_all: bool,
}

impl Wanted {
    /// The best partner that was not taken yet.
    pub(super) fn peek(&mut self, market: &(impl Market + ?Sized), first: u32) -> Option<(Rank, u32)> {
        if self.next == self.found.len() && !self.is_all {
            let most = (self.asked * 4).clamp(AT_FIRST, AT_MOST);
            let below = self.found.last().map(|(rank, _)| *rank);
            self.found = market.best(first, below, most);
            self.next = 0;
            self.asked = most;
            self.is_all = self.found.len() < most;
        }
        self.found.get(self.next).copied()
    }

    /// Goes on behind the one that was peeked at.
    pub(super) const fn pass(&mut self) {
        self.next += 1;
    }
}
