//! Maximum: the most cities that have a partner, and among all such results the best total of all pairs.
//!
//! A circulation of least cost over countries, cities and pairs, in which the first place of a city that is taken counts
//! more than all totals together. Each city begins with the few pairs of its best totals; the potentials then say which of
//! all other pairs could still pay, those are added, and where there is none left the result is the best of all pairs, not
//! only of those looked at. Nobody asks the cities' own order: a pair may be left that would rather have each other, and
//! the certificate counts them.

use super::RoundSide;
use super::flow::Flow;
use super::market::{Pair, Stopped, Totals, Watch};

/// More than all totals of a round together.
const MATCHED: i64 = 1 << 42;
/// Pairs that a city begins with, and that are added for it at once.
const AT_FIRST: usize = 16;
const AT_ONCE: usize = 4;

/// Matches.
///
/// # Errors
/// `Stopped`, where the watch stops it.
pub fn maximum(market: &(impl Totals + ?Sized), watch: &dyn Watch) -> Result<Vec<Pair>, Stopped> {
    let mut net = Net::new(market, watch)?;
    net.open_places(watch)?;
    while net.add_what_pays(watch)? {}
    Ok(net.pairs())
}

struct Net<'a, M: Totals + ?Sized> {
    market: &'a M,
    flow: Flow,
    nodes: Nodes,
    /// The pairs in the net with their arcs, for each city of the first side.
    arcs: Vec<Vec<(u32, u32)>>,
}

/// Where the nodes stand: the hub, then countries and cities of both sides.
#[derive(Debug, Clone, Copy)]
struct Nodes {
    first_countries: u32,
    second_countries: u32,
    firsts: u32,
    seconds: u32,
}

const HUB: u32 = 0;

impl Nodes {
    const fn first(self, member: u32) -> u32 {
        1 + self.first_countries + self.second_countries + member
    }

    const fn second(self, member: u32) -> u32 {
        self.first(self.firsts) + member
    }

    /// What is behind a city: its country where that is saturated, else the hub.
    fn behind<M: Totals + ?Sized>(self, market: &M, side: RoundSide, member: u32) -> u32 {
        let before = match side {
            RoundSide::First => 1,
            RoundSide::Second => 1 + self.first_countries,
        };
        market.country(side, member).map_or(HUB, |country| before + country)
    }
}

impl<'a, M: Totals + ?Sized> Net<'a, M> {
    fn new(market: &'a M, watch: &dyn Watch) -> Result<Self, Stopped> {
        let nodes = Nodes {
            first_countries: market.caps(RoundSide::First).len() as u32,
            second_countries: market.caps(RoundSide::Second).len() as u32,
            firsts: market.members(RoundSide::First),
            seconds: market.members(RoundSide::Second),
        };
        let mut lists = Vec::with_capacity(nodes.firsts as usize);
        for first in 0..nodes.firsts {
            if first.is_multiple_of(64) && !watch.goes_on(u64::from(first), 2 * u64::from(nodes.firsts)) {
                return Err(Stopped);
            }
            lists.push(market.richest(first, AT_FIRST));
        }
        let flow = Self::idle(market, nodes, &lists);
        let mut net = Self {
            market,
            flow,
            nodes,
            arcs: vec![Vec::new(); nodes.firsts as usize],
        };
        for (first, list) in (0..).zip(lists) {
            for (total, second) in list {
                let (from, to) = (nodes.first(first), nodes.second(second));
                let arc = net.flow.put(from, to, 1, -i64::from(total));
                net.arcs[first as usize].push((second, arc));
            }
        }
        Ok(net)
    }

    /// The net with no place of the first side open, and potentials under which no arc pays.
    fn idle(market: &M, nodes: Nodes, lists: &[Vec<(u32, u32)>]) -> Flow {
        let best = lists.iter().flatten().map(|(total, _)| i64::from(*total)).max();
        let second = -best.unwrap_or(0);
        let behind = second - MATCHED;
        let mut potential = vec![behind; nodes.first(0) as usize];
        potential.resize(nodes.second(0) as usize, 0);
        potential.resize(nodes.second(nodes.seconds) as usize, second);
        let mut flow = Flow::new(potential);
        for (country, places) in (1..).zip(market.caps(RoundSide::First)) {
            flow.put(HUB, country, *places, 0);
        }
        for (country, places) in (1 + nodes.first_countries..).zip(market.caps(RoundSide::Second)) {
            flow.put(country, HUB, *places, 0);
        }
        for member in 0..nodes.seconds {
            let places = market.places(RoundSide::Second, member);
            if places > 0 {
                let (node, behind) = (nodes.second(member), nodes.behind(market, RoundSide::Second, member));
                flow.put(node, behind, 1, -MATCHED);
                flow.put(node, behind, places - 1, 0);
            }
        }
        flow
    }

    /// Opens the places of the first side, one by one.
    fn open_places(&mut self, watch: &dyn Watch) -> Result<(), Stopped> {
        let firsts = self.nodes.firsts;
        for first in 0..firsts {
            if first.is_multiple_of(16)
                && !watch.goes_on(u64::from(firsts) + u64::from(first) / 2, 2 * u64::from(firsts))
            {
                return Err(Stopped);
            }
            let node = self.nodes.first(first);
            let behind = self.nodes.behind(self.market, RoundSide::First, first);
            for place in 0..self.market.places(RoundSide::First, first) {
                let arc = self.flow.insert(behind, node, if place == 0 { -MATCHED } else { 0 });
                // Every place costs a path: where one was of no use now, the next is not either, and the room is left open.
                if !self.flow.is_used(arc) {
                    let rest = self.market.places(RoundSide::First, first) - place - 1;
                    self.flow.put(behind, node, rest, 0);
                    break;
                }
            }
        }
        Ok(())
    }

    /// Adds pairs that could pay; false where there is none.
    fn add_what_pays(&mut self, watch: &dyn Watch) -> Result<bool, Stopped> {
        let (nodes, firsts) = (self.nodes, self.nodes.firsts);
        let mut has_added = false;
        for first in 0..firsts {
            if first.is_multiple_of(16) && !watch.goes_on(3 * u64::from(firsts) / 2, 2 * u64::from(firsts)) {
                return Err(Stopped);
            }
            let here = self.flow.potential(nodes.first(first));
            let behinds = (1 + nodes.first_countries..nodes.first(0)).map(|node| self.flow.potential(node));
            let highest = behinds.fold(self.flow.potential(HUB), i64::max);
            let least = (here - highest - MATCHED + 1).clamp(0, i64::from(u32::MAX));
            let mut paying: Vec<(i64, u32, u32)> = Vec::new();
            self.market.above(first, least as u32, &mut |second, total| {
                let gain = i64::from(total) - here + self.lowest(second);
                if gain > 0 {
                    paying.push((gain, second, total));
                }
            });
            paying.retain(|(_, second, _)| !self.arcs[first as usize].iter().any(|(known, _)| known == second));
            paying.sort_unstable_by_key(|&(gain, second, _)| (std::cmp::Reverse(gain), second));
            for (_, second, total) in paying.into_iter().take(AT_ONCE) {
                has_added = true;
                let potential = self.lowest(second);
                self.flow.set_potential(nodes.second(second), potential);
                let arc = self
                    .flow
                    .insert(nodes.first(first), nodes.second(second), -i64::from(total));
                self.arcs[first as usize].push((second, arc));
            }
        }
        Ok(has_added)
    }

    /// The lowest potential that a city of the second side may have: one without partners is bound by its places alone.
    fn lowest(&self, second: u32) -> i64 {
        let node = self.nodes.second(second);
        let behind = self.nodes.behind(self.market, RoundSide::Second, second);
        let idle = self.flow.potential(behind) + MATCHED;
        // With a partner its first place is taken, and the potential below that of an idle city.
        self.flow.potential(node).min(idle)
    }

    fn pairs(&self) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = (0..)
            .zip(&self.arcs)
            .flat_map(|(first, arcs)| {
                let used = arcs.iter().filter(|(_, arc)| self.flow.is_used(*arc));
                used.map(move |(second, _)| (first, *second))
            })
            .collect();
        pairs.sort_unstable();
        pairs
    }
}
