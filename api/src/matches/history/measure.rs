//! How well the lesson and plainer rankings find hidden twinnings, and how they spread what they suggest.

use std::collections::HashMap;

use shared::history::columns::Columns;
use shared::history::signs::Asked;
use shared::history::surroundings::Surroundings;
use shared::history::{Lesson, Scale, Signal, Signs};
use shared::scoring::{Facts, Outline, Weights};

use super::trial::{Question, Split, Tallies, doubled_rank};
use super::twins::Twins;

/// How many suggestions a city is taken to look at.
const LOOKED_AT: usize = 10;

/// What came of one ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its name.
    pub name: &'static str,
    /// How often it found the hidden partner.
    pub tallies: Tallies,
    /// How unevenly the first ten places go to the cities that could have them: 0 evenly, 1 all to one.
    pub gini: Option<f64>,
}

/// The ranking by what twinnings teach.
pub const LEARNED: &str = "learned history";

impl Outcome {
    /// Adds what came of the same ranking on other questions; the Gini coefficients are added, too.
    pub fn add(&mut self, other: &Self) {
        self.tallies.add(&other.tallies);
        self.gini = self.gini.zip(other.gini).map(|(ours, theirs)| ours + theirs);
    }
}

/// Names of the rankings beside chance, in the order of [`scores`].
const NAMES: [&str; 8] = [
    "size similarity",
    "popularity",
    "Adamic-Adar",
    "paths of three",
    "mix of these four",
    "today's other criteria",
    LEARNED,
    "all criteria together",
];

/// Asks every question of a split of every ranking.
#[must_use]
pub fn measure(twins: &Twins, split: &Split, lesson: &Lesson) -> Vec<Outcome> {
    let columns = Columns::of(&twins.places, &split.known);
    let around = Surroundings::of(&columns);
    let outlines = outlines(twins, &columns);
    let scale = Scale::of(lesson);
    let mut chance = Tallies::default();
    let mut tallies = [Tallies::default(); NAMES.len()];
    let mut shown: Vec<HashMap<u32, u32>> = vec![HashMap::new(); NAMES.len()];
    let mut eligible: HashMap<u32, ()> = HashMap::new();
    for question in split.questions() {
        let candidates = question.candidates(&columns);
        let Some(sought) = candidates.iter().position(|&at| at == question.sought) else {
            continue;
        };
        let partners = columns.partners(question.us).len();
        chance.each(partners, |tally| tally.count_chance(candidates.len()));
        eligible.extend(candidates.iter().map(|&at| (at, ())));
        for (number, scores) in scores(&columns, &around, &outlines, &scale, question, &candidates)
            .iter()
            .enumerate()
        {
            let rank = doubled_rank(scores, &scores[sought]);
            tallies[number].each(partners, |tally| tally.count(rank));
            for at in first(scores) {
                *shown[number].entry(candidates[at]).or_default() += 1;
            }
        }
    }
    let chance = Outcome {
        name: "random",
        tallies: chance,
        gini: None,
    };
    let others = NAMES
        .iter()
        .zip(tallies)
        .zip(shown)
        .map(|((&name, tallies), shown)| Outcome {
            name,
            tallies,
            gini: Some(gini(
                eligible.keys().map(|at| shown.get(at).copied().unwrap_or(0)).collect(),
            )),
        });
    std::iter::once(chance).chain(others).collect()
}

fn outlines(twins: &Twins, columns: &Columns) -> Vec<Outline> {
    let all = twins.facts.iter().enumerate().map(|(at, facts)| {
        let partners = columns
            .partners(at as u32)
            .iter()
            .map(|&partner| &twins.facts[partner as usize].country);
        Outline::of(&Facts {
            partner_countries: partners.filter(|country| **country != facts.country).cloned().collect(),
            ..facts.clone()
        })
    });
    all.collect()
}

/// The scores of all candidates by each ranking of [`NAMES`].
fn scores(
    columns: &Columns,
    around: &Surroundings,
    outlines: &[Outline],
    scale: &Scale,
    question: Question,
    candidates: &[u32],
) -> [Vec<f64>; NAMES.len()] {
    let country = columns.country(question.sought);
    let asked = Asked::by(columns, around, question.us, Some(country), None);
    let signs: Vec<Signs> = candidates.iter().map(|&at| asked.signs(at)).collect();
    let by = |signal: Signal, sense: f64| -> Vec<f64> {
        signs
            .iter()
            .map(|signs| sense * f64::from(signs[signal as usize]))
            .collect()
    };
    let plain = [
        by(Signal::SizeGap, -1.0),
        by(Signal::Partners, 1.0),
        by(Signal::CommonPartners, 1.0),
        by(Signal::PathsOfThree, 1.0),
    ];
    let ranks: Vec<Vec<f64>> = plain.iter().map(|scores| ranks(scores)).collect();
    let mix = (0..candidates.len())
        .map(|at| -ranks.iter().map(|ranks| ranks[at].ln()).sum::<f64>())
        .collect();
    let us = &outlines[question.us as usize];
    let with = |weights: Weights| -> Vec<f64> {
        candidates
            .iter()
            .map(|&at| f64::from(us.total(&outlines[at as usize], &weights)))
            .collect()
    };
    let judge = scale.asked(columns, question.us);
    let sums = candidates
        .iter()
        .zip(&signs)
        .map(|(&at, signs)| judge.value(columns, at, signs));
    let values: Vec<u32> = sums.collect();
    let usual = Weights::default();
    let both = with(usual)
        .iter()
        .zip(&values)
        .map(|(total, value)| total + f64::from(2 * usual.history() * value))
        .collect();
    let history = values.iter().map(|&value| f64::from(value)).collect();
    let [size, popularity, adamic_adar, paths] = plain;
    [size, popularity, adamic_adar, paths, mix, with(BEFORE), history, both]
}

/// The weights that the criteria had before history was learned.
const BEFORE: Weights = Weights {
    needs: 40,
    sdgs: 10,
    history: 0,
    size: 12,
    level: 10,
    languages: 8,
    distance: 4,
    country: 10,
    ties: 6,
};

/// The rank of each score from the best; equal ones share theirs.
fn ranks(scores: &[f64]) -> Vec<f64> {
    let mut order: Vec<f64> = scores.to_vec();
    order.sort_by(|a, b| b.total_cmp(a));
    scores
        .iter()
        .map(|score| {
            let above = order.partition_point(|other| other > score);
            let until = order.partition_point(|other| other >= score);
            (above + until + 1) as f64 / 2.0
        })
        .collect()
}

/// Where the best scores are; of equal ones those that come first.
fn first(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    order.truncate(LOOKED_AT);
    order
}

/// The Gini coefficient: half the mean difference between any two, over the mean.
#[must_use]
pub fn gini(mut counts: Vec<u32>) -> f64 {
    counts.sort_unstable();
    let all: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let many = counts.len() as f64;
    if all == 0.0 {
        return 0.0;
    }
    let weighted: f64 = counts
        .iter()
        .enumerate()
        .map(|(at, &count)| (at as f64 + 1.0) * f64::from(count))
        .sum();
    2.0 * weighted / (many * all) - (many + 1.0) / many
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gini_is_nothing_for_equals_and_nears_one_for_one_who_has_all() {
        assert!(gini(vec![3; 40]).abs() < 1e-12);
        let mut one = vec![0; 100];
        one[7] = 5;
        assert!((gini(one) - 0.99).abs() < 1e-12);
        assert!((gini(vec![1, 3]) - 0.25).abs() < 1e-12);
        assert_eq!(gini(vec![0, 0]), 0.0);
    }

    #[test]
    fn equal_scores_share_their_rank() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 0.0]), [1.5, 3.0, 1.5, 4.0]);
        assert_eq!(first(&[5.0, 1.0, 7.0, 5.0]), [2, 0, 3, 1]);
    }
}
