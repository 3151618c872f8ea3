use proptest::collection::vec;
use proptest::prelude::*;
use shared::geo::Point;
use shared::history::columns::{Columns, Place};
use shared::history::lesson::COARSE;
use shared::history::{Lesson, SIGNALS, Signal, Signs};

use super::fit::{learn, pulls, rise};
use super::train::{Course, Lore};
use super::trial::{Dice, Question, Split, Tally, doubled_rank};
use super::twins::Twins;
use super::{in_use, lesson, measure};

#[test]
fn the_lesson_in_use_has_a_staircase_for_each_signal() {
    let lesson = lesson();
    let signals: Vec<Signal> = lesson.signals.iter().map(|staircase| staircase.signal).collect();
    assert_eq!(signals, Signal::ALL);
    assert!(!lesson.about.data.is_empty() && !lesson.about.figures.is_empty());
    for staircase in &lesson.signals {
        assert!(staircase.steps.is_sorted(), "{:?}", staircase.signal);
        assert_eq!(staircase.points.len(), staircase.steps.len() + 1);
        for (more, banding) in staircase.more.iter().zip(&lesson.bandings) {
            assert_eq!((more.by, more.points.len()), (banding.by, banding.len()));
            for curve in &more.points {
                assert_eq!(curve.len(), staircase.steps.len() / COARSE + 1);
            }
        }
    }
}

proptest! {
    #[test]
    fn the_value_is_what_the_points_add_up_to(us in 0_u32..120, them in 0_u32..120, signs in vec(prop_oneof![Just(0), 0_u32..2_000, any::<u32>()], SIGNALS)) {
        let twins = world();
        let columns = Columns::of(&twins.places, &twins.pairs);
        let signs: Signs = signs.try_into().unwrap();
        let scale = in_use().asked(&columns, us);
        let judged = scale.judge(&columns, them, &signs);
        prop_assert_eq!(scale.value(&columns, them, &signs), judged.value);
        prop_assert_eq!(judged.recomputed(), judged.value);
    }
}

/// Two countries of towns in a row, the ones as large and as far along as the others; each is twinned with its like.
fn world() -> Twins {
    let mut dice = Dice::new(7);
    let mut twins = Twins::default();
    for country in 0..2_u16 {
        for town in 0..60_u32 {
            twins.places.push(Place {
                country,
                population: Some(1_000 << (town % 8)),
                point: Some(Point {
                    lat: 40.0 + f64::from(town) / 8.0,
                    lng: 20.0 * f64::from(country),
                }),
                name: format!("town {}", dice.below(20)),
            });
        }
    }
    twins.pairs = (0..60).map(|town| (town, 60 + town)).collect();
    twins
}

const SHORT: Course = Course {
    pairs: usize::MAX,
    others: 40,
    rounds: 30,
    fits: 1,
    seed: 3,
    monotone: true,
};

#[test]
fn what_was_hidden_is_found_by_what_the_rest_teaches() {
    let twins = world();
    let split = Split::of(&twins.pairs, 5, 1);
    let mut columns = Columns::of(&twins.places, &split.known);
    let lore = Lore::gather(&mut columns, &split.known, &SHORT);
    assert_eq!(
        columns.partners(split.known[0].0),
        [split.known[0].1],
        "parted pairs are joined again"
    );
    let lesson = learn(&lore, &SHORT);
    assert_eq!(lesson, learn(&lore, &SHORT), "the same data teaches the same");
    let found = found(&twins, &split, &lesson);
    assert!(found > 60.0, "{found} per cent among the first ten of 60");
}

fn found(twins: &Twins, split: &Split, lesson: &Lesson) -> f64 {
    let twins = Twins {
        facts: vec![facts(); twins.places.len()],
        ..twins.clone()
    };
    let outcomes = measure::measure(&twins, split, lesson);
    let learned = outcomes
        .iter()
        .find(|outcome| outcome.name == "learned history")
        .unwrap();
    assert_eq!(learned.tallies.all.asked, 2 * split.hidden.len());
    learned.tallies.all.hit_10()
}

fn facts() -> shared::scoring::Facts {
    shared::scoring::Facts {
        country: "FR".to_owned(),
        level: shared::cities::Level::Local,
        population: None,
        location: None,
        languages: Vec::new(),
        needs: Vec::new(),
        offers: Vec::new(),
        wanted_countries: Vec::new(),
        wanted_levels: Vec::new(),
        engagement: None,
        partner_countries: Vec::new(),
    }
}

#[test]
fn a_fifth_is_hidden_by_the_seed_and_each_pair_asks_twice() {
    let pairs: Vec<(u32, u32)> = (0..103).map(|n| (n, n + 200)).collect();
    let split = Split::of(&pairs, 5, 9);
    assert_eq!((split.known.len(), split.hidden.len()), (83, 20));
    assert_eq!(split, Split::of(&pairs, 5, 9));
    assert_ne!(split, Split::of(&pairs, 5, 10));
    let mut all = [split.known.clone(), split.hidden.clone()].concat();
    all.sort_unstable();
    assert_eq!(all, pairs);
    let (a, b) = split.hidden[0];
    assert_eq!(
        split.questions()[..2],
        [Question { us: a, sought: b }, Question { us: b, sought: a }]
    );
}

#[test]
fn partners_are_no_candidates_but_for_the_one_sought() {
    let columns = Columns::of(&world().places, &[(0, 60), (0, 61)]);
    let question = Question { us: 0, sought: 60 };
    let candidates = question.candidates(&columns);
    assert_eq!(candidates.len(), 59);
    assert!(candidates.contains(&60) && !candidates.contains(&61));
}

#[test]
fn equal_scores_count_half() {
    assert_eq!(doubled_rank(&[5, 4, 4, 1], &5), 2);
    assert_eq!(doubled_rank(&[5, 4, 4, 1], &4), 5);
    let mut tally = Tally::default();
    tally.count(20);
    tally.count(21);
    tally.count_chance(40);
    assert!((tally.hit_10() - 100.0 * (1.0 + 0.0 + 0.25) / 3.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn a_curve_that_shall_rise_never_falls_and_keeps_its_mean(curve in vec(-5.0..5.0_f64, 1..32)) {
        let mut risen = curve.clone();
        rise(&mut risen);
        prop_assert!(risen.windows(2).all(|two| two[0] <= two[1]));
        let sum = |curve: &[f64]| curve.iter().sum::<f64>();
        prop_assert!((sum(&curve) - sum(&risen)).abs() < 1e-9);
        let mut again = risen.clone();
        rise(&mut again);
        prop_assert_eq!(again, risen);
    }

    #[test]
    fn the_partner_is_raised_by_what_all_others_are_lowered(scores in vec(-4.0..4.0_f64, 1..40)) {
        let pulls = pulls(&scores);
        prop_assert!(pulls.iter().sum::<f64>().abs() < 1e-9);
        prop_assert!(pulls[1..].iter().all(|pull| *pull > 0.0));
        // Who stands higher is lowered more.
        let mut others: Vec<(f64, f64)> = scores[1..].iter().copied().zip(pulls[1..].iter().copied()).collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        let above = others.partition_point(|(score, _)| *score <= scores[0]);
        prop_assert!(others[above..].is_sorted_by_key(|(_, pull)| *pull));
    }
}
