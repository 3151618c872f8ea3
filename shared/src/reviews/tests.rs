use proptest::prelude::*;

use super::envelope::{Affordability, Claim, committed, places};
use super::ranking::{standings, standings_with};
use super::total::TOTAL_MAX;
use super::*;

fn criterion(key: &str, weight: u32, scale_min: u32, scale_max: u32) -> ReviewCriterion {
    ReviewCriterion {
        key: key.to_owned(),
        label: [("fr".to_owned(), key.to_owned())].into(),
        weight,
        scale_min,
        scale_max,
    }
}

fn scores(told: &[(&str, u32)]) -> BTreeMap<String, CriterionScore> {
    told.iter()
        .map(|&(key, value)| {
            let score = CriterionScore {
                value: Some(value),
                comment: String::new(),
            };
            (key.to_owned(), score)
        })
        .collect()
}

#[test]
fn a_sheet_adds_up_by_weight_whatever_its_scales() {
    let criteria = [
        criterion("relevance", 40, 0, 5),
        criterion("method", 35, 1, 4),
        criterion("partners", 25, 0, 20),
    ];
    let all = scores(&[("relevance", 4), ("method", 3), ("partners", 13)]);
    // 40 × 4/5 + 35 × 2/3 + 25 × 13/20 = 32 + 23.333… + 16.25
    let told = tally(&criteria, &all);
    assert_eq!((told.total, told.scored, told.missing), (Some(7_158), 3, 0));
    let some = scores(&[("relevance", 4)]);
    let told = tally(&criteria, &some);
    assert_eq!((told.total, told.scored, told.missing), (Some(8_000), 1, 2));
    assert_eq!(tally(&criteria, &scores(&[])).total, None);
    assert_eq!(tally(&criteria, &scores(&[("elsewhere", 4)])).scored, 0);
    let ends = |value| tally(&criteria[..1], &scores(&[("relevance", value)])).total;
    assert_eq!((ends(0), ends(5), ends(99)), (Some(0), Some(10_000), Some(10_000)));
}

#[test]
fn equal_means_share_a_place_and_what_only_rounds_to_the_same_does_not() {
    let files: [&[u32]; 6] = [
        &[7_000, 8_000],
        &[9_000],
        &[7_500],
        &[],
        &[7_500, 7_500, 7_501],
        &[1_000, 9_000],
    ];
    let told = standings(&files);
    let ranks: Vec<Option<u32>> = told.iter().map(|standing| standing.rank).collect();
    assert_eq!(ranks, [Some(3), Some(1), Some(3), None, Some(2), Some(5)]);
    let tied: Vec<bool> = told.iter().map(|standing| standing.tied).collect();
    assert_eq!(tied, [true, false, true, false, false, false]);
    assert_eq!((told[0].mean, told[0].spread), (Some(7_500), Some(1_000)));
    assert_eq!((told[4].mean, told[5].spread), (Some(7_500), Some(8_000)));
    assert_eq!((told[3].mean, told[3].spread, told[3].sheets), (None, None, 0));
}

#[test]
fn a_priority_moves_a_file_up_and_leaves_its_mean() {
    let files: [&[u32]; 3] = [&[7_000, 7_001], &[7_200], &[]];
    let ranks = |priority: &[u32]| -> Vec<Option<u32>> {
        let told = standings_with(&files, priority);
        assert_eq!(
            (told[0].mean, told[1].mean, told[2].mean),
            (Some(7_001), Some(7_200), None)
        );
        told.iter().map(|standing| standing.rank).collect()
    };
    assert_eq!(ranks(&[0, 0, 100]), [Some(2), Some(1), None]);
    // 70.005 and one point are less than 72, and with two points they are more.
    assert_eq!(ranks(&[1, 0, 0]), [Some(2), Some(1), None]);
    assert_eq!(ranks(&[2, 0, 0]), [Some(1), Some(2), None]);
    assert_eq!(ranks(&[]), [Some(2), Some(1), None]);
}

#[test]
fn the_line_is_drawn_at_the_first_file_that_is_too_dear() {
    let claims = [
        Claim::Asks(400),
        Claim::Granted(300),
        Claim::None,
        Claim::Asks(400),
        Claim::Asks(250),
        Claim::Asks(100),
    ];
    let told = places(Some(1_000), &claims);
    let said: Vec<(i64, Affordability)> = told
        .iter()
        .map(|place| (place.cumulated, place.affordability))
        .collect();
    assert_eq!(
        said,
        [
            (700, Affordability::Within),
            (700, Affordability::Committed),
            (700, Affordability::Nothing),
            (1_100, Affordability::Beyond),
            (1_350, Affordability::FitsTheRest),
            (1_450, Affordability::Beyond),
        ]
    );
    let free = places(None, &claims);
    assert!(free.iter().all(|place| place.affordability != Affordability::Beyond));
}

#[test]
fn only_the_drawn_transitions_exist() {
    use ReviewAction as Action;
    use ReviewState as State;
    for begun in [State::Assigned, State::Begun] {
        assert_eq!(begun.after(Action::Save), Some(State::Begun));
        assert_eq!(begun.after(Action::File), Some(State::Filed));
        assert_eq!(begun.after(Action::DeclareConflict), Some(State::Conflict));
        assert_eq!(begun.after(Action::Delete), Some(begun));
    }
    for over in [State::Filed, State::Conflict] {
        assert!(Action::ALL.iter().all(|&action| over.after(action).is_none()));
    }
}

#[test]
fn faults_are_pointed_to() {
    let plan = ReviewPlan {
        criteria: vec![
            criterion("a", 0, 0, 5),
            criterion("a", 1, 5, 5),
            criterion("B!", 1, 0, 101),
        ],
        blind: false,
        reviewers_per_file: 11,
    };
    let pointers = |faults: Vec<crate::problem::FieldError>| -> Vec<String> {
        faults.into_iter().map(|fault| fault.pointer).collect()
    };
    assert_eq!(
        pointers(plan.faults()),
        [
            "/criteria/0/weight",
            "/criteria/1/key",
            "/criteria/1/scale_max",
            "/criteria/2/key",
            "/criteria/2/scale_max",
            "/reviewers_per_file",
        ]
    );
    let criteria = [criterion("a", 1, 1, 5), criterion("b", 1, 0, 5)];
    let sheet = ScoreSheet {
        scores: scores(&[("a", 0), ("c/d", 3)]),
        opinion: String::new(),
    };
    assert_eq!(pointers(sheet.faults(&criteria)), ["/scores/a/value", "/scores/c~1d"]);
    assert_eq!(pointers(sheet.gaps(&criteria)), ["/scores/b/value"]);
}

fn criteria_with_scores() -> impl Strategy<Value = (Vec<ReviewCriterion>, Vec<u32>)> {
    prop::collection::vec(
        (1..=WEIGHT_MAX, 0..SCALE_MAX, 1..=SCALE_MAX, 0..=SCALE_MAX),
        1..=CRITERIA_MAX,
    )
    .prop_map(|told| {
        told.into_iter()
            .enumerate()
            .map(|(index, (weight, low, steps, height))| {
                let high = (low + steps).min(SCALE_MAX);
                let value = low + height % (high - low + 1);
                (criterion(&format!("c{index}"), weight, low, high), value)
            })
            .unzip()
    })
}

fn sheet_of(criteria: &[ReviewCriterion], values: &[u32]) -> BTreeMap<String, CriterionScore> {
    let told: Vec<(&str, u32)> = criteria
        .iter()
        .zip(values)
        .map(|(criterion, &value)| (criterion.key.as_str(), value))
        .collect();
    scores(&told)
}

fn claim() -> impl Strategy<Value = Claim> {
    prop_oneof![
        (0..1_000_i64).prop_map(Claim::Granted),
        (0..1_000_i64).prop_map(Claim::Asks),
        Just(Claim::None),
    ]
}

proptest! {
    #[test]
    fn totals_stay_within_the_scale_and_reach_its_ends((criteria, values) in criteria_with_scores()) {
        let total = tally(&criteria, &sheet_of(&criteria, &values)).total;
        prop_assert!(total.is_some_and(|total| total <= TOTAL_MAX));
        let lowest: Vec<u32> = criteria.iter().map(|criterion| criterion.scale_min).collect();
        let highest: Vec<u32> = criteria.iter().map(|criterion| criterion.scale_max).collect();
        prop_assert_eq!(tally(&criteria, &sheet_of(&criteria, &lowest)).total, Some(0));
        prop_assert_eq!(tally(&criteria, &sheet_of(&criteria, &highest)).total, Some(TOTAL_MAX));
    }

    #[test]
    fn a_better_score_never_lowers_the_total((criteria, values) in criteria_with_scores(), which in 0..CRITERIA_MAX) {
        let which = which % criteria.len();
        let before = tally(&criteria, &sheet_of(&criteria, &values)).total;
        let mut better = values;
        better[which] = (better[which] + 1).min(criteria[which].scale_max);
        prop_assert!(tally(&criteria, &sheet_of(&criteria, &better)).total >= before);
    }

    #[test]
    fn the_order_of_criteria_and_the_unit_of_weights_do_not_matter((criteria, values) in criteria_with_scores()) {
        let sheet = sheet_of(&criteria, &values);
        let mut turned: Vec<ReviewCriterion> = criteria.iter().rev().cloned().collect();
        for criterion in &mut turned {
            criterion.weight *= 7;
        }
        prop_assert_eq!(tally(&turned, &sheet), tally(&criteria, &sheet));
    }

    #[test]
    fn ranks_follow_means(files in prop::collection::vec(prop::collection::vec(0..=TOTAL_MAX, 0..5), 0..30)) {
        let told = standings(&files);
        for (one, totals) in told.iter().zip(&files) {
            prop_assert_eq!(one.rank.is_some(), !totals.is_empty());
            prop_assert!(one.mean.is_none_or(|mean| mean <= TOTAL_MAX));
            for other in &told {
                if let (Some(first), Some(second)) = (one.rank, other.rank) {
                    prop_assert!(first > second || one.mean >= other.mean);
                }
            }
        }
        let placed = told.iter().filter(|standing| standing.rank.is_some()).count();
        prop_assert!(told.iter().all(|standing| standing.rank.is_none_or(|rank| rank as usize <= placed)));
    }

    #[test]
    fn what_is_told_as_affordable_never_passes_the_envelope(
        claims in prop::collection::vec(claim(), 0..40),
        envelope in 0..20_000_i64,
    ) {
        let before = committed(&claims);
        let told = places(Some(envelope), &claims);
        let spent: i64 = claims.iter().zip(&told).map(|(claim, place)| match (claim, place.affordability) {
            (Claim::Granted(granted), _) => *granted,
            (Claim::Asks(asked), Affordability::Within | Affordability::FitsTheRest) => *asked,
            _ => 0,
        }).sum();
        prop_assert!(spent <= envelope.max(before));
        for (claim, place) in claims.iter().zip(&told) {
            if place.affordability == Affordability::Within {
                prop_assert!(place.cumulated <= envelope);
            }
            if let (Claim::Asks(asked), Affordability::Beyond) = (claim, place.affordability) {
                prop_assert!(spent + asked > envelope || place.cumulated > envelope);
            }
        }
        prop_assert!(told.windows(2).all(|pair| pair[0].cumulated <= pair[1].cumulated));
    }
}
