//! Rounds so small that every result can be tried.

use std::collections::BTreeSet;

use super::Dice;
use crate::rounds::{Market, Pair, Rank, RoundSide, Totals, Unwatched, any_with_any, maximum, stable};

/// A round by tables.
struct Table {
    one_sided: bool,
    places: [Vec<u32>; 2],
    countries: [Vec<Option<u32>>; 2],
    caps: [Vec<u32>; 2],
    /// By first, then second; none where the pair is not possible: worth to the first, to the second, and the lot.
    worth: Vec<Vec<Option<(u32, u32, u32)>>>,
}

impl Table {
    fn rolled(dice: &mut Dice, one_sided: bool, most: [u32; 2]) -> Self {
        let sizes = most.map(|most| 1 + dice.roll(most));
        let sizes = if one_sided { [sizes[0]; 2] } else { sizes };
        let levels = 1 + dice.roll(6);
        let capped = dice.chance(2);
        let mut side = |size: u32| {
            let places: Vec<u32> = (0..size).map(|_| dice.roll(4)).collect();
            let country = |dice: &mut Dice| (capped && dice.chance(2)).then(|| dice.roll(2));
            let countries: Vec<Option<u32>> = (0..size).map(|_| country(dice)).collect();
            (places, countries, vec![dice.roll(4), dice.roll(3)])
        };
        let (first, second) = (side(sizes[0]), side(sizes[1]));
        let mut worth: Vec<Vec<Option<(u32, u32, u32)>>> = (0..sizes[0])
            .map(|_| {
                (0..sizes[1])
                    .map(|_| (!dice.chance(5)).then(|| (dice.roll(levels), dice.roll(levels), dice.roll(2))))
                    .collect()
            })
            .collect();
        if one_sided {
            let cities = worth.len();
            let same = |a: usize, b: usize| {
                let (total, _, lot) = worth[a.min(b)][a.max(b)].filter(|_| a != b)?;
                Some((total, total, lot))
            };
            worth = (0..cities).map(|a| (0..cities).map(|b| same(a, b)).collect()).collect();
        }
        let second = if one_sided { first.clone() } else { second };
        Self {
            one_sided,
            places: [first.0, second.0],
            countries: [first.1, second.1],
            caps: [first.2, second.2],
            worth,
        }
    }

    fn possible(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (first, line) in (0..).zip(&self.worth) {
            for (second, worth) in (0..).zip(line) {
                let has_places = self.places[0][first as usize] > 0 && self.places[1][second as usize] > 0;
                if worth.is_some() && has_places && (!self.one_sided || first < second) {
                    pairs.push((first, second));
                }
            }
        }
        pairs
    }

    /// What a city of a side holds, and what its country does.
    fn holds(&self, side: RoundSide, pair: Pair, city: u32) -> bool {
        match side {
            _ if self.one_sided => pair.0 == city || pair.1 == city,
            RoundSide::First => pair.0 == city,
            RoundSide::Second => pair.1 == city,
        }
    }

    fn country_holds(&self, side: RoundSide, pair: Pair, country: u32) -> bool {
        let countries = &self.countries[side as usize];
        (0..countries.len() as u32)
            .any(|city| countries[city as usize] == Some(country) && self.holds(side, pair, city))
    }

    fn is_feasible(&self, pairs: &[Pair]) -> bool {
        [RoundSide::First, RoundSide::Second].into_iter().all(|side| {
            let at = side as usize;
            let cities = (0..).zip(&self.places[at]).all(|(city, places)| {
                pairs.iter().filter(|pair| self.holds(side, **pair, city)).count() <= *places as usize
            });
            cities
                && (0..).zip(&self.caps[at]).all(|(country, places)| {
                    let held = pairs.iter().filter(|pair| self.country_holds(side, **pair, country));
                    held.count() <= *places as usize
                })
        })
    }

    /// Whether a city would take a pair that is not in the result: by the words of the definition.
    fn wants(&self, side: RoundSide, city: u32, pair: Pair, pairs: &[Pair]) -> bool {
        let at = side as usize;
        let ranks = |held: &dyn Fn(Pair) -> bool| -> Vec<Rank> {
            let held = pairs.iter().filter(|pair| held(**pair));
            held.map(|pair| self.rank(side, *pair)).collect()
        };
        let rank = self.rank(side, pair);
        let own = ranks(&|pair| self.holds(side, pair, city));
        if own.len() >= self.places[at][city as usize] as usize {
            return own.iter().any(|other| *other < rank);
        }
        let Some(country) = self.countries[at][city as usize] else {
            return true;
        };
        let of_country = ranks(&|pair| self.country_holds(side, pair, country));
        of_country.len() < self.caps[at][country as usize] as usize || of_country.iter().any(|other| *other < rank)
    }

    fn is_stable(&self, pairs: &[Pair]) -> bool {
        self.possible()
            .into_iter()
            .filter(|pair| !pairs.contains(pair))
            .all(|pair| {
                !(self.wants(RoundSide::First, pair.0, pair, pairs)
                    && self.wants(RoundSide::Second, pair.1, pair, pairs))
            })
    }

    fn results(&self) -> impl Iterator<Item = Vec<Pair>> + '_ {
        let possible = self.possible();
        (0_u32..1 << possible.len()).filter_map(move |chosen| {
            let pairs: Vec<Pair> = (0..)
                .zip(&possible)
                .filter(|(bit, _)| chosen >> bit & 1 == 1)
                .map(|(_, pair)| *pair)
                .collect();
            self.is_feasible(&pairs).then_some(pairs)
        })
    }

    /// The ranks of a first city's partners, best first.
    fn ranks_of(&self, first: u32, pairs: &[Pair]) -> Vec<Rank> {
        let held = pairs.iter().filter(|pair| pair.0 == first);
        let mut ranks: Vec<Rank> = held.map(|pair| self.rank(RoundSide::First, *pair)).collect();
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        ranks
    }

    fn value(&self, pairs: &[Pair]) -> (usize, u64) {
        let firsts: BTreeSet<u32> = pairs.iter().map(|pair| pair.0).collect();
        let seconds: BTreeSet<u32> = pairs.iter().map(|pair| pair.1).collect();
        let total = pairs.iter().map(|pair| u64::from(self.total(*pair))).sum();
        (firsts.len() + seconds.len(), total)
    }
}

impl Market for Table {
    fn members(&self, side: RoundSide) -> u32 {
        self.places[side as usize].len() as u32
    }

    fn places(&self, side: RoundSide, member: u32) -> u32 {
        self.places[side as usize][member as usize]
    }

    fn country(&self, side: RoundSide, member: u32) -> Option<u32> {
        self.countries[side as usize][member as usize]
    }

    fn caps(&self, side: RoundSide) -> &[u32] {
        &self.caps[side as usize]
    }

    fn best(&self, first: u32, below: Option<Rank>, most: usize) -> Vec<(Rank, u32)> {
        let mut best: Vec<(Rank, u32)> = (0..)
            .zip(&self.worth[first as usize])
            .filter(|(_, worth)| worth.is_some())
            .map(|(second, _)| (self.rank(RoundSide::First, (first, second)), second))
            .filter(|(rank, second)| self.places[1][*second as usize] > 0 && below.is_none_or(|below| *rank < below))
            .collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(most);
        best
    }

    fn rank(&self, side: RoundSide, (first, second): Pair) -> Rank {
        let (of_first, of_second, lot) = self.worth[first as usize][second as usize].unwrap();
        let worth = [of_first, of_second][side as usize];
        let (first, second) = if self.one_sided {
            (first.min(second), first.max(second))
        } else {
            (first, second)
        };
        Rank::new(worth, lot, first, second)
    }
}

impl Totals for Table {
    fn total(&self, (first, second): Pair) -> u32 {
        let (a, b, _) = self.worth[first as usize][second as usize].unwrap();
        a + b
    }

    fn richest(&self, first: u32, most: usize) -> Vec<(u32, u32)> {
        // Few, so that the others have to be found by what they would pay.
        let mut found = Vec::new();
        self.above(first, 0, &mut |second, total| found.push((total, second)));
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.truncate(most.min(1));
        found
    }

    fn above(&self, first: u32, least: u32, visit: &mut dyn FnMut(u32, u32)) {
        for (second, worth) in (0..).zip(&self.worth[first as usize]) {
            if worth.is_some() && self.places[1][second as usize] > 0 {
                let total = self.total((first, second));
                if total >= least {
                    visit(second, total);
                }
            }
        }
    }
}

#[test]
fn stable_leaves_no_blocking_pair_and_is_the_best_for_who_proposes() {
    let mut dice = Dice::new(1);
    for case in 0..20_000 {
        let table = Table::rolled(&mut dice, false, [3, 3]);
        let made = stable(&table, &Unwatched).unwrap();
        assert!(table.is_feasible(&made), "{case}");
        assert!(table.is_stable(&made), "{case}: {made:?}");
        // With a saturated country on the proposing side its cities compete: the best of all is then the country's.
        if table.countries[0].iter().any(Option::is_some) {
            continue;
        }
        for other in table.results().filter(|pairs| table.is_stable(pairs)) {
            for first in 0..table.members(RoundSide::First) {
                let (ours, theirs) = (table.ranks_of(first, &made), table.ranks_of(first, &other));
                assert_eq!(ours.len(), theirs.len(), "{case}: the rural hospitals theorem");
                assert!(ours.iter().zip(&theirs).all(|(ours, theirs)| ours >= theirs), "{case}");
            }
        }
    }
}

#[test]
fn any_with_any_finds_the_one_stable_result() {
    let mut dice = Dice::new(2);
    for case in 0..20_000 {
        let table = Table::rolled(&mut dice, true, [4, 4]);
        let made = any_with_any(&table, &Unwatched).unwrap();
        let stable: Vec<Vec<Pair>> = table.results().filter(|pairs| table.is_stable(pairs)).collect();
        assert_eq!(stable, [made], "{case}");
    }
}

#[test]
fn maximum_matches_the_most_cities_with_the_best_total() {
    let mut dice = Dice::new(3);
    for case in 0..20_000 {
        let table = Table::rolled(&mut dice, false, [3, 3]);
        let made = maximum(&table, &Unwatched).unwrap();
        assert!(table.is_feasible(&made), "{case}: {made:?}");
        let best = table.results().map(|pairs| table.value(&pairs)).max();
        assert_eq!(Some(table.value(&made)), best, "{case}");
    }
}
