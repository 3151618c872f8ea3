//! Rounds of cities with facts: the columns against the score, the certificate against its own words.

use uuid::Uuid;

use super::Dice;
use crate::cities::{Engagement, Level, Urgency};
use crate::geo::Point;
use crate::ids::CityId;
use crate::rounds::{
    CertifiedPair, CountryCap, Entrant, Fault, Market, RoundCertificate, RoundMode, RoundSide, Stopped, Totals,
    Unwatched, Watch,
};
use crate::scoring::{Facts, ThemeUrgency, WEIGHT_MAX, Weights, score};
use crate::themes::Theme;

const COUNTRIES: [&str; 4] = ["FR", "UA", "PL", "XK"];

fn facts(dice: &mut Dice) -> Facts {
    let mut some = |of: &[&str], one_in| -> Vec<String> {
        let chosen = of.iter().filter(|_| dice.chance(one_in));
        chosen.map(|&code| code.to_owned()).collect()
    };
    let (languages, wanted, partners) = (
        some(&["fr", "uk", "pl", "en"], 2),
        some(&COUNTRIES, 4),
        some(&COUNTRIES, 5),
    );
    let statements = |dice: &mut Dice| -> Vec<ThemeUrgency> {
        let one_in = 2 + dice.roll(8);
        let themes = Theme::ALL.iter().filter(|_| dice.chance(one_in));
        let themes: Vec<Theme> = themes.copied().collect();
        let urgency = |dice: &mut Dice| Urgency::ALL[dice.roll(3) as usize];
        themes
            .into_iter()
            .map(|theme| ThemeUrgency {
                theme,
                urgency: urgency(dice),
            })
            .collect()
    };
    Facts {
        country: COUNTRIES[dice.roll(4) as usize].to_owned(),
        level: Level::ALL[dice.roll(4) as usize],
        population: (!dice.chance(6)).then(|| i64::from(dice.roll(3_000_000))),
        location: (!dice.chance(6)).then(|| Point {
            lat: f64::from(dice.roll(180)) - 90.0,
            lng: f64::from(dice.roll(360)) - 180.0,
        }),
        languages,
        needs: statements(dice),
        offers: statements(dice),
        wanted_countries: wanted,
        wanted_levels: Level::ALL.iter().copied().filter(|_| dice.chance(4)).collect(),
        engagement: dice.chance(2).then_some(Engagement::Start),
        partner_countries: partners,
    }
}

fn round(dice: &mut Dice, mode: RoundMode, one_sided: bool, most: u32) -> RoundCertificate {
    let city = |number: u32| CityId(Uuid::from_u128(u128::from(number) << 64 | 7));
    let cities = 2 + dice.roll(most);
    let mut weight = || if dice.chance(5) { 0 } else { dice.roll(WEIGHT_MAX + 1) };
    let weights = Weights {
        needs: weight(),
        sdgs: weight(),
        size: weight(),
        level: weight(),
        languages: weight(),
        distance: weight(),
        country: weight(),
        ties: weight(),
        history: 0,
    };
    let alike = facts(dice);
    let entrants = (0..cities)
        .map(|number| Entrant {
            city_id: city(number),
            side: if one_sided || dice.chance(2) {
                RoundSide::First
            } else {
                RoundSide::Second
            },
            places: dice.roll(4),
            priority: if dice.chance(3) { dice.roll(101) } else { 0 },
            wishes: (0..dice.roll(4)).map(|_| city(dice.roll(cities))).collect(),
            // Some are alike, so that lots decide.
            facts: if dice.chance(3) { alike.clone() } else { facts(dice) },
        })
        .collect();
    RoundCertificate {
        mode,
        one_sided,
        same_country: dice.chance(2),
        seed: dice.roll(1_000),
        weights,
        caps: if dice.chance(2) {
            vec![CountryCap {
                country: "PL".to_owned(),
                places: dice.roll(3),
            }]
        } else {
            Vec::new()
        },
        entrants,
        excluded: (0..dice.roll(4))
            .map(|_| [city(dice.roll(cities)), city(dice.roll(cities))])
            .collect(),
        pairs: Vec::new(),
    }
}

#[test]
fn looking_down_the_columns_finds_what_the_score_says() {
    let mut dice = Dice::new(4);
    for case in 0..10_000 {
        let one_sided = dice.chance(3);
        let round = round(&mut dice, RoundMode::Stable, one_sided, 12);
        let cohort = round.cohort();
        for first in 0..cohort.members(RoundSide::First) {
            let least = dice.roll(300_000);
            let mut found = Vec::new();
            cohort.partners(first, least, |second, worth| {
                found.push((second, worth));
                least
            });
            found.sort_unstable();
            let all = (0..cohort.members(RoundSide::Second)).filter(|second| cohort.is_possible((first, *second)));
            let expected: Vec<(u32, u32)> = all
                .map(|second| (second, cohort.worth(RoundSide::First, (first, second))))
                .filter(|(_, worth)| *worth >= least)
                .collect();
            assert_eq!(found, expected, "{case}");
        }
    }
}

#[test]
fn a_side_gets_its_own_contributions_and_both_together_the_score() {
    let mut dice = Dice::new(5);
    for _ in 0..10_000 {
        let (us, them) = (facts(&mut dice), facts(&mut dice));
        let score = score(&us, &them, &Weights::default());
        let (ours, theirs) = (crate::scoring::Outline::of(&us), crate::scoring::Outline::of(&them));
        let for_us: u32 = score.reasons.iter().map(|reason| reason.contribution_for_us).sum();
        let for_them: u32 = score.reasons.iter().map(|reason| reason.contribution_for_them).sum();
        assert_eq!(ours.gain(&theirs, &Weights::default()), for_us);
        assert_eq!(theirs.gain(&ours, &Weights::default()), for_them);
    }
}

#[test]
fn a_result_holds_by_its_own_certificate_whatever_order_it_comes_in() {
    let mut dice = Dice::new(6);
    for case in 0..10_000 {
        let one_sided = dice.chance(3);
        let mode = if !one_sided && dice.chance(3) {
            RoundMode::Maximum
        } else {
            RoundMode::Stable
        };
        let mut round = round(&mut dice, mode, one_sided, 12);
        let cohort = round.cohort();
        round.solve(&cohort, &Unwatched).unwrap();
        let verdict = round.check();
        assert_eq!(verdict.faults, [], "{case}");
        if mode == RoundMode::Stable {
            assert_eq!(verdict.blocking, 0, "{case}");
        }
        let mut turned = round.clone();
        turned.entrants.reverse();
        turned.solve(&turned.cohort(), &Unwatched).unwrap();
        assert_eq!(turned.pairs, round.pairs, "{case}");
        let read: RoundCertificate = serde_json::from_str(&serde_json::to_string(&round).unwrap()).unwrap();
        assert_eq!(read.check(), verdict, "{case}");
    }
}

#[test]
fn who_stops_the_proof_is_heard() {
    struct UntilProof(std::cell::Cell<bool>);
    impl Watch for UntilProof {
        fn goes_on(&self, _done: u64, _of: u64) -> bool {
            !self.0.get()
        }
    }
    let mut round = round(&mut Dice::new(8), RoundMode::Maximum, false, 12);
    let (cohort, watch) = (round.cohort(), UntilProof(false.into()));
    round.solve(&cohort, &watch).unwrap();
    assert!(round.check_with(&cohort, &watch).is_ok());
    watch.0.set(true);
    assert_eq!(round.check_with(&cohort, &watch), Err(Stopped));
}

#[test]
fn what_was_changed_afterwards_is_found() {
    let mut dice = Dice::new(7);
    let mut changed = 0;
    for case in 0..5_000 {
        let mut round = round(&mut dice, RoundMode::Stable, false, 12);
        let cohort = round.cohort();
        round.solve(&cohort, &Unwatched).unwrap();
        let Some(pair) = round.pairs.pop() else {
            continue;
        };
        // Both have a place again, and would rather have each other than nobody.
        assert!(round.check().blocking > 0, "{case}");
        round.pairs.extend([pair, pair]);
        assert!(round.check().faults.contains(&Fault::NotPossible), "{case}");
        changed += 1;
    }
    assert!(changed > 1_000);
}

#[test]
fn the_best_pairs_are_those_of_all() {
    let mut dice = Dice::new(8);
    for _ in 0..2_000 {
        let round = round(&mut dice, RoundMode::Stable, false, 30);
        let cohort = round.cohort();
        for first in 0..cohort.members(RoundSide::First) {
            let most = 1 + dice.roll(6) as usize;
            let all = cohort.best(first, None, usize::MAX >> 8);
            let below = all.get(dice.roll(5) as usize).map(|found| found.0);
            let expected: Vec<_> = all
                .iter()
                .copied()
                .filter(|found| below.is_none_or(|below| found.0 < below))
                .take(most)
                .collect();
            assert_eq!(cohort.best(first, below, most), expected);
            let mut totals = Vec::new();
            cohort.above(first, 0, &mut |second, total| totals.push((total, second)));
            totals.sort_unstable_by(|a, b| b.cmp(a));
            totals.truncate(most);
            assert_eq!(cohort.richest(first, most), totals);
        }
    }
}

#[test]
fn a_priority_is_a_weight_and_a_wish_outranks_everything() {
    let mut dice = Dice::new(9);
    let facts = facts(&mut dice);
    let entrant = |number: u128, side, priority, wishes: &[u128]| Entrant {
        city_id: CityId(Uuid::from_u128(number)),
        side,
        places: 1,
        priority,
        wishes: wishes.iter().map(|&wish| CityId(Uuid::from_u128(wish))).collect(),
        facts: facts.clone(),
    };
    let mut round = RoundCertificate {
        mode: RoundMode::Stable,
        one_sided: false,
        same_country: true,
        seed: 0,
        weights: Weights::default(),
        caps: Vec::new(),
        entrants: vec![
            entrant(1, RoundSide::First, 0, &[]),
            entrant(2, RoundSide::First, 50, &[]),
            entrant(3, RoundSide::Second, 0, &[]),
        ],
        excluded: Vec::new(),
        pairs: Vec::new(),
    };
    let pair = |first: u128| CertifiedPair {
        first: CityId(Uuid::from_u128(first)),
        second: CityId(Uuid::from_u128(3)),
    };
    round.solve(&round.cohort(), &Unwatched).unwrap();
    assert_eq!(round.pairs, [pair(2)]);
    round.entrants[2] = entrant(3, RoundSide::Second, 0, &[1]);
    round.solve(&round.cohort(), &Unwatched).unwrap();
    assert_eq!(round.pairs, [pair(1)]);
}
