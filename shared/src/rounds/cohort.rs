//! A round's members with what they are to each other: the market that the algorithms match.
//!
//! What a pair is worth to one of its cities is what that city gets from the other (its own contributions to the score)
//! and what the other's priority adds. A wish outranks whatever was not wished for, an earlier wish a later one. What a
//! pair is worth in all is the score of both directions, both priorities, and a bonus for each wish.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::columns::{Columns, Query, Source};
use super::market::{Market, Pair, Rank, Totals};
use super::{RoundSide, WISHES_MAX};
use crate::ids::CityId;
use crate::scoring::{FULL, Outline, Weights};

/// Bits for what a pair is worth apart from wishes.
const WORTH_BITS: u32 = 21;
/// What a wish lies above everything else.
const WISHED: u32 = 1 << 30;
/// What the first wish adds to a pair's total, and how much less each further one.
const WISH_BONUS: u32 = 1_000_000;
const WISH_STEP: u32 = 40_000;

/// A member of a round, as it is matched.
#[derive(Debug, Clone)]
pub struct Member {
    /// The city.
    pub city: CityId,
    /// Its places.
    pub places: u32,
    /// Its priority, in points of a criterion's weight.
    pub priority: u32,
    /// What the score knows of it.
    pub outline: Outline,
    /// Whom it wishes for, the first first.
    pub wishes: Vec<CityId>,
}

/// How a round is matched.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// How much each criterion counts.
    pub weights: Weights,
    /// Whether there is only one side, each with any.
    pub is_one_sided: bool,
    /// Whether two cities of one country may be matched.
    pub same_country: bool,
    /// Saturated countries, as numbers, with the places that all their cities of a side have together.
    pub caps: Vec<(u16, u32)>,
    /// What the lots are drawn from.
    pub seed: u32,
}

/// The members of a side.
#[derive(Debug, Clone, Default)]
struct Side {
    members: Vec<Member>,
    numbers: HashMap<CityId, u32>,
    countries: Vec<Option<u32>>,
    lots: Vec<u64>,
    wishes: Vec<Box<[u32]>>,
}

/// A round's members, ready to be matched.
#[derive(Debug, Clone)]
pub struct Cohort {
    terms: Terms,
    caps: Vec<u32>,
    sides: [Side; 2],
    /// For each member of the first side, who of the other one it cannot be matched with, in order.
    barred: Vec<Vec<u32>>,
    /// For each member of the first side, who of the other one wishes for it.
    wished_by: Vec<Vec<u32>>,
    columns: Columns,
}

impl Cohort {
    /// Makes a cohort of the members of each side and the pairs that are not possible. The order does not matter.
    #[must_use]
    pub fn new(terms: Terms, first: Vec<Member>, second: Vec<Member>, excluded: &[[CityId; 2]]) -> Self {
        let mut sides = [first, second].map(|members| Side::of(members, &terms));
        let numbers = [0, if terms.is_one_sided { 0 } else { 1 }].map(|side: usize| sides[side].numbers.clone());
        for (side, other) in [(0, 1), (1, 0)] {
            sides[side].wishes = sides[side]
                .members
                .iter()
                .map(|member| {
                    let mut wished: Vec<u32> = Vec::new();
                    for number in member.wishes.iter().filter_map(|city| numbers[other].get(city)) {
                        if !wished.contains(number) {
                            wished.push(*number);
                        }
                    }
                    wished.truncate(WISHES_MAX as usize);
                    wished.into()
                })
                .collect();
        }
        let mut barred = vec![Vec::new(); sides[0].members.len()];
        for &[a, b] in excluded {
            for (one, other) in [(a, b), (b, a)] {
                if let (Some(&one), Some(&other)) = (numbers[0].get(&one), numbers[1].get(&other)) {
                    barred[one as usize].push(other);
                }
            }
        }
        for others in &mut barred {
            others.sort_unstable();
            others.dedup();
        }
        let other = usize::from(!terms.is_one_sided);
        let mut wished_by = vec![Vec::new(); sides[0].members.len()];
        for (second, wishes) in (0..).zip(&sides[other].wishes) {
            for &first in wishes {
                wished_by[first as usize].push(second);
            }
        }
        let columns = Columns::of(
            (0..)
                .zip(&sides[other].members)
                .filter(|(_, member)| member.places > 0)
                .map(|(number, member)| Source {
                    member: number,
                    outline: &member.outline,
                    points: member.priority * FULL,
                }),
        );
        Self {
            caps: terms.caps.iter().map(|(_, places)| *places).collect(),
            terms,
            sides,
            barred,
            wished_by,
            columns,
        }
    }

    /// How it is matched.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    fn side(&self, side: RoundSide) -> &Side {
        match side {
            RoundSide::Second if !self.terms.is_one_sided => &self.sides[1],
            RoundSide::First | RoundSide::Second => &self.sides[0],
        }
    }

    /// A member by its number.
    #[must_use]
    pub fn member(&self, side: RoundSide, number: u32) -> &Member {
        &self.side(side).members[number as usize]
    }

    /// The number of a city on a side.
    #[must_use]
    pub fn number(&self, side: RoundSide, city: CityId) -> Option<u32> {
        self.side(side).numbers.get(&city).copied()
    }

    /// Whether two members may be matched at all.
    #[must_use]
    pub fn is_possible(&self, (first, second): Pair) -> bool {
        let (a, b) = (
            self.member(RoundSide::First, first),
            self.member(RoundSide::Second, second),
        );
        a.city != b.city
            && a.places > 0
            && b.places > 0
            && (self.terms.same_country || a.outline.country() != b.outline.country())
            && self.barred[first as usize].binary_search(&second).is_err()
    }

    /// What a pair is worth to its city of a side.
    #[must_use]
    pub fn worth(&self, side: RoundSide, (first, second): Pair) -> u32 {
        if self.terms.is_one_sided {
            return self.total((first, second));
        }
        let gain = self.gain(side, (first, second));
        self.wish(side, (first, second))
            .map_or(gain, |wish| WISHED + ((WISHES_MAX - wish) << WORTH_BITS) + gain)
    }

    /// What a city of a side gets by a pair: its own contributions, and what the other's priority adds.
    #[must_use]
    pub fn gain(&self, side: RoundSide, pair: Pair) -> u32 {
        let (us, them) = self.seen_from(side, pair);
        us.outline.gain(&them.outline, &self.terms.weights) + them.priority * FULL
    }

    fn seen_from(&self, side: RoundSide, (first, second): Pair) -> (&Member, &Member) {
        let (a, b) = (
            self.member(RoundSide::First, first),
            self.member(RoundSide::Second, second),
        );
        match side {
            RoundSide::First => (a, b),
            RoundSide::Second => (b, a),
        }
    }

    /// The place of the other city among a city's wishes, from 0.
    #[must_use]
    pub fn wish(&self, side: RoundSide, (first, second): Pair) -> Option<u32> {
        let (us, them) = match side {
            RoundSide::First => (first, second),
            RoundSide::Second => (second, first),
        };
        let wishes = &self.side(side).wishes[us as usize];
        wishes
            .iter()
            .position(|&wished| wished == them)
            .map(|place| place as u32)
    }

    fn wish_bonus(&self, pair: Pair) -> u32 {
        [RoundSide::First, RoundSide::Second]
            .into_iter()
            .filter_map(|side| self.wish(side, pair))
            .map(|wish| WISH_BONUS.saturating_sub(wish * WISH_STEP))
            .sum()
    }

    /// The lot of a pair: the same for both cities, whatever else changes in the round.
    fn lot(&self, (first, second): Pair) -> u32 {
        let lots = self.side(RoundSide::First).lots[first as usize]
            .wrapping_add(self.side(RoundSide::Second).lots[second as usize]);
        (mixed(lots) >> 32) as u32
    }

    pub(super) fn ranked(&self, worth: u32, pair: Pair) -> Rank {
        let (first, second) = if self.terms.is_one_sided {
            (pair.0.min(pair.1), pair.0.max(pair.1))
        } else {
            pair
        };
        Rank::new(worth, self.lot(pair), first, second)
    }

    /// Who is not looked up in the columns: barred, or wished for and looked up apart.
    fn is_apart(&self, first: u32, second: u32) -> bool {
        self.barred[first as usize].binary_search(&second).is_ok()
            || self.side(RoundSide::First).wishes[first as usize].contains(&second)
    }

    /// Visits the possible partners of a member of the first side that are worth at least `least` to it; the visit says
    /// where the bar is from there on.
    pub fn partners(&self, first: u32, mut least: u32, mut visit: impl FnMut(u32, u32) -> u32) {
        let us = self.member(RoundSide::First, first);
        if us.places == 0 {
            return;
        }
        if self.terms.is_one_sided {
            return self.any_partners(first, least, visit);
        }
        for &second in &self.side(RoundSide::First).wishes[first as usize] {
            let worth = self.worth(RoundSide::First, (first, second));
            if worth >= least && self.is_possible((first, second)) {
                least = visit(second, worth);
            }
        }
        let but_country = (!self.terms.same_country).then_some(us.outline.country());
        let query = Query::of(&us.outline, &self.terms.weights, but_country);
        let members = &self.side(RoundSide::Second).members;
        self.columns.scan(
            &query,
            least,
            |member| &members[member as usize].outline,
            |second, worth| {
                if !self.is_apart(first, second) && members[second as usize].city != us.city {
                    least = visit(second, worth);
                }
                least
            },
        );
    }

    /// The same by totals.
    fn any_partners(&self, first: u32, mut least: u32, mut visit: impl FnMut(u32, u32) -> u32) {
        let us = self.member(RoundSide::First, first);
        let own = &self.side(RoundSide::First).wishes[first as usize];
        let by_others = &self.wished_by[first as usize];
        let mut wished: Vec<u32> = own.iter().chain(by_others).copied().collect();
        wished.sort_unstable();
        wished.dedup();
        for &second in &wished {
            let total = self.total((first, second));
            if total >= least && self.is_possible((first, second)) {
                least = visit(second, total);
            }
        }
        let but_country = (!self.terms.same_country).then_some(us.outline.country());
        let query = Query::of(&us.outline, &self.terms.weights, but_country);
        let members = &self.side(RoundSide::Second).members;
        let points = us.priority * FULL;
        self.columns.scan_totals(
            &query,
            least.saturating_sub(points),
            |member| &members[member as usize].outline,
            |second, total| {
                let is_apart = self.barred[first as usize].binary_search(&second).is_ok()
                    || wished.binary_search(&second).is_ok()
                    || members[second as usize].city == us.city;
                if !is_apart {
                    least = visit(second, total + points);
                }
                least.saturating_sub(points)
            },
        );
    }
}

impl Side {
    fn of(mut members: Vec<Member>, terms: &Terms) -> Self {
        members.sort_unstable_by_key(|member| member.city);
        members.dedup_by_key(|member| member.city);
        let country = |member: &Member| {
            let country = member.outline.country();
            (0..)
                .zip(&terms.caps)
                .find(|(_, cap)| cap.0 == country)
                .map(|(at, _)| at)
        };
        Self {
            numbers: (0..)
                .zip(&members)
                .map(|(number, member)| (member.city, number))
                .collect(),
            countries: members.iter().map(country).collect(),
            lots: members.iter().map(|member| lot_of(member.city, terms.seed)).collect(),
            wishes: Vec::new(),
            members,
        }
    }
}

/// A number of a city that depends on nothing but its id and the seed.
fn lot_of(city: CityId, seed: u32) -> u64 {
    let (high, low) = city.0.as_u64_pair();
    mixed(mixed(high ^ u64::from(seed)).wrapping_add(low))
}

/// The finaliser of splitmix64.
const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

impl Market for Cohort {
    fn members(&self, side: RoundSide) -> u32 {
        self.side(side).members.len() as u32
    }

    fn places(&self, side: RoundSide, member: u32) -> u32 {
        self.member(side, member).places
    }

    fn country(&self, side: RoundSide, member: u32) -> Option<u32> {
        self.side(side).countries[member as usize]
    }

    fn caps(&self, _side: RoundSide) -> &[u32] {
        &self.caps
    }

    fn best(&self, first: u32, below: Option<Rank>, most: usize) -> Vec<(Rank, u32)> {
        let mut heap: BinaryHeap<Reverse<(Rank, u32)>> = BinaryHeap::new();
        self.partners(first, 0, |second, worth| {
            let rank = self.ranked(worth, (first, second));
            if below.is_none_or(|below| rank < below) {
                if heap.len() < most {
                    heap.push(Reverse((rank, second)));
                } else if let Some(mut last) = heap.peek_mut()
                    && last.0.0 < rank
                {
                    *last = Reverse((rank, second));
                }
            }
            match heap.peek() {
                Some(last) if heap.len() == most => last.0.0.worth(),
                _ => 0,
            }
        });
        heap.into_sorted_vec().into_iter().map(|found| found.0).collect()
    }

    fn rank(&self, side: RoundSide, pair: Pair) -> Rank {
        self.ranked(self.worth(side, pair), pair)
    }
}

impl Totals for Cohort {
    fn total(&self, pair: Pair) -> u32 {
        let (a, b) = self.seen_from(RoundSide::First, pair);
        a.outline.total(&b.outline, &self.terms.weights) + (a.priority + b.priority) * FULL + self.wish_bonus(pair)
    }

    fn richest(&self, first: u32, most: usize) -> Vec<(u32, u32)> {
        let mut heap: BinaryHeap<Reverse<(u32, u32)>> = BinaryHeap::new();
        if self.member(RoundSide::First, first).places > 0 {
            self.any_partners(first, 0, |second, total| {
                if heap.len() < most {
                    heap.push(Reverse((total, second)));
                } else if let Some(mut last) = heap.peek_mut()
                    && last.0 < (total, second)
                {
                    *last = Reverse((total, second));
                }
                heap.peek().filter(|_| heap.len() == most).map_or(0, |last| last.0.0)
            });
        }
        heap.into_sorted_vec().into_iter().map(|found| found.0).collect()
    }

    fn above(&self, first: u32, least: u32, visit: &mut dyn FnMut(u32, u32)) {
        if self.member(RoundSide::First, first).places > 0 {
            self.any_partners(first, least, |second, total| {
                visit(second, total);
                least
            });
        }
    }
}
