//! Stable: deferred acceptance of many by many, with incomplete lists, places and saturated countries.
//!
//! The first side proposes, each city down its own list; the second side holds the best of what it was offered. No pair
//! is left of which both cities would rather have each other, and of all such results this one is the best for each city of
//! the first side. Who proposes first does not matter (the choices are path independent), so the result depends on the
//! seed's lots alone.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::RoundSide;
use super::market::{Market, Pair, Rank, Stopped, Wanted, Watch};

/// Proposals between two looks at the watch.
const STEPS: u64 = 4_096;

/// Matches.
///
/// # Errors
/// `Stopped`, where the watch stops it.
pub fn stable(market: &(impl Market + ?Sized), watch: &dyn Watch) -> Result<Vec<Pair>, Stopped> {
    let mut run = Run::new(market);
    let proposers = run.proposers.len() as u64;
    // What takes time is to look up each city's list: that is what progress tells.
    for first in 0..run.proposers.len() {
        if first.is_multiple_of(64) && !watch.goes_on(first as u64, proposers) {
            return Err(Stopped);
        }
        let _ = run.proposers[first].peek(market, first as u32);
    }
    for first in (0..run.proposers.len() as u32).rev() {
        run.wake(first);
    }
    let mut steps = 0;
    while let Some((first, rank, second)) = run.next_offer() {
        steps += 1;
        if u64::is_multiple_of(steps, STEPS) && !watch.goes_on(proposers, proposers) {
            return Err(Stopped);
        }
        run.offer(first, rank, second);
    }
    let mut pairs: Vec<Pair> = (0..)
        .zip(&run.held)
        .flat_map(|(second, held)| held.iter().map(move |&(_, first)| (first, second)))
        .collect();
    pairs.sort_unstable();
    Ok(pairs)
}

/// The state of the proposals.
struct Run<'a, M: Market + ?Sized> {
    market: &'a M,
    proposers: Vec<Wanted>,
    /// Places of each proposer that are taken.
    taken: Vec<u32>,
    /// Proposers of no saturated country that have a place free.
    free: Vec<u32>,
    /// For each saturated country of the first side, its proposers with a place free by the next they would ask, and the
    /// country's places that are taken.
    waiting: Vec<BinaryHeap<(Rank, Reverse<u32>)>>,
    country_taken: Vec<u32>,
    /// Countries that may have an offer to make.
    ready: Vec<u32>,
    /// What each city of the second side holds.
    held: Vec<Vec<(Rank, u32)>>,
    /// What each saturated country of the second side holds, last first.
    country_held: Vec<BTreeSet<(Rank, u32, u32)>>,
}

impl<'a, M: Market + ?Sized> Run<'a, M> {
    fn new(market: &'a M) -> Self {
        let proposers = market.members(RoundSide::First) as usize;
        let countries = market.caps(RoundSide::First).len();
        Self {
            market,
            proposers: vec![Wanted::default(); proposers],
            taken: vec![0; proposers],
            free: Vec::new(),
            waiting: vec![BinaryHeap::new(); countries],
            country_taken: vec![0; countries],
            ready: Vec::new(),
            held: vec![Vec::new(); market.members(RoundSide::Second) as usize],
            country_held: vec![BTreeSet::new(); market.caps(RoundSide::Second).len()],
        }
    }

    /// Lets a proposer with a place free ask again.
    fn wake(&mut self, first: u32) {
        if self.taken[first as usize] >= self.market.places(RoundSide::First, first) {
            return;
        }
        let Some(country) = self.market.country(RoundSide::First, first) else {
            self.free.push(first);
            return;
        };
        if let Some((rank, _)) = self.proposers[first as usize].peek(self.market, first) {
            self.waiting[country as usize].push((rank, Reverse(first)));
            self.ready.push(country);
        }
    }

    /// The next offer to be made, of a proposer whose place it then takes.
    fn next_offer(&mut self) -> Option<(u32, Rank, u32)> {
        while let Some(first) = self.free.pop() {
            if let Some((rank, second)) = self.proposers[first as usize].peek(self.market, first) {
                self.proposers[first as usize].pass();
                self.taken[first as usize] += 1;
                self.wake(first);
                return Some((first, rank, second));
            }
        }
        // A saturated country asks with the best that any of its cities would ask.
        while let Some(&country) = self.ready.last() {
            let at = country as usize;
            if self.country_taken[at] >= self.market.caps(RoundSide::First)[at] {
                self.ready.pop();
                continue;
            }
            let Some((rank, Reverse(first))) = self.waiting[at].pop() else {
                self.ready.pop();
                continue;
            };
            let Some((_, second)) = self.proposers[first as usize].peek(self.market, first) else {
                continue;
            };
            self.proposers[first as usize].pass();
            self.taken[first as usize] += 1;
            self.country_taken[at] += 1;
            self.wake(first);
            return Some((first, rank, second));
        }
        None
    }

    /// Makes an offer: it is held, perhaps in place of another one, or refused.
    fn offer(&mut self, first: u32, _asked: Rank, second: u32) {
        let places = self.market.places(RoundSide::Second, second);
        if places == 0 {
            return self.refuse(first);
        }
        let rank = self.market.rank(RoundSide::Second, (first, second));
        let country = self.market.country(RoundSide::Second, second);
        let held = &self.held[second as usize];
        if held.len() >= places as usize {
            let last = held.iter().min().copied();
            if let Some(last) = last.filter(|last| last.0 < rank) {
                self.let_go(last.0, last.1, second, country);
                self.hold(rank, first, second, country);
            } else {
                self.refuse(first);
            }
            return;
        }
        if let Some(at) = country.map(|country| country as usize)
            && self.country_held[at].len() >= self.market.caps(RoundSide::Second)[at] as usize
        {
            match self.country_held[at].first().copied() {
                Some((last, other, by)) if last < rank => self.let_go(last, other, by, country),
                _ => return self.refuse(first),
            }
        }
        self.hold(rank, first, second, country);
    }

    fn hold(&mut self, rank: Rank, first: u32, second: u32, country: Option<u32>) {
        self.held[second as usize].push((rank, first));
        if let Some(country) = country {
            self.country_held[country as usize].insert((rank, first, second));
        }
    }

    fn let_go(&mut self, rank: Rank, first: u32, second: u32, country: Option<u32>) {
        self.held[second as usize].retain(|&(_, other)| other != first);
        if let Some(country) = country {
            self.country_held[country as usize].remove(&(rank, first, second));
        }
        self.refuse(first);
    }

    /// Gives a proposer its place back.
    fn refuse(&mut self, first: u32) {
        let at = first as usize;
        let was_full = self.taken[at] >= self.market.places(RoundSide::First, first);
        self.taken[at] -= 1;
        let country = self.market.country(RoundSide::First, first);
        if let Some(country) = country {
            self.country_taken[country as usize] -= 1;
            self.ready.push(country);
        }
        // One with a place free is waiting already.
        if was_full {
            self.wake(first);
        }
    }
}
