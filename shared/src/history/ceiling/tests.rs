use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::geo::Point;
use crate::history::columns::Place;
use crate::history::lesson::{Banding, COARSE, Lesson, More, Scale, Staircase, Trait};
use crate::history::signs::Asked;

/// Numbers that only look like chance.
fn chance(seed: u64, number: u64) -> u64 {
    let mixed = (seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 31).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33
}

/// A lesson of points that only look like chance; a signal counts where `counts` says so.
fn lesson(seed: u64, counts: impl Fn(Signal) -> bool) -> Lesson {
    let bandings: Vec<Banding> = Trait::ALL
        .iter()
        .map(|&by| {
            let is_country = matches!(by, Trait::OurCountry | Trait::TheirCountry);
            Banding {
                by,
                bounds: if is_country {
                    Vec::new()
                } else {
                    vec![1, 40, 12_000, 100_000]
                },
                countries: if is_country { vec!["FR".to_owned()] } else { Vec::new() },
            }
        })
        .collect();
    let signals = Signal::ALL.iter().map(|&signal| {
        let of = |number: u64| chance(seed, signal as u64 * 1_000 + number);
        let points = |number: u64| {
            if counts(signal) {
                of(number) as i32 % 401 - 200
            } else {
                0
            }
        };
        let mut steps: Vec<u32> = (0..12)
            .map(|number| (of(number) % 12) as u32 * 10_u32.pow(number as u32 % 5))
            .collect();
        steps.sort_unstable();
        Staircase {
            signal,
            points: (0..=steps.len() as u64).map(|step| points(50 + step)).collect(),
            more: bandings
                .iter()
                .map(|banding| More {
                    by: banding.by,
                    points: (0..banding.len() as u64)
                        .map(|band| {
                            let steps = 0..=(steps.len() / COARSE) as u64;
                            steps
                                .map(|step| points(100 + banding.by as u64 * 70 + band * 10 + step) / 5)
                                .collect()
                        })
                        .collect(),
                })
                .collect(),
            steps,
        }
    });
    Lesson {
        base: 5_000,
        signals: signals.collect(),
        bandings,
        ..Lesson::default()
    }
}

fn place() -> impl Strategy<Value = Place> {
    (
        select(&[487, 500][..]),
        option::of(select(&[1_i64, 40, 900, 20_000, 21_000, 3_000_000][..])),
        option::of((45.0..52.0, 0.0..9.0)),
        vec(select(&["saint", "ville", "sur", "mer", "kre", "grad"][..]), 0..4),
    )
        .prop_map(|(country, population, point, words)| Place {
            country,
            population,
            point: point.map(|(lat, lng)| Point { lat, lng }),
            name: words.join(" "),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_value_exceeds_its_ceiling(
        mut places in vec(place(), 2..40),
        pairs in vec((any::<Index>(), any::<Index>()), 0..4),
        seed in any::<u64>(),
        few in 1_u64..12,
        are_apart in any::<bool>(),
    ) {
        // Hoods of one country, and mixed ones.
        if are_apart {
            places.sort_by_key(|place| place.country);
        }
        let pairs: Vec<(u32, u32)> = pairs
            .iter()
            .map(|(a, b)| (a.index(places.len()) as u32, b.index(places.len()) as u32))
            .filter(|(a, b)| a != b)
            .collect();
        let columns = Columns::of(&places, &pairs);
        let around = Surroundings::of(&columns);
        let scale = Scale::of(&lesson(seed, |signal| chance(seed, signal as u64).is_multiple_of(few)));
        let slots: Vec<u32> = (0..places.len() as u32).collect();
        for us in 0..places.len() as u32 {
            let asked = Asked::by(&columns, &around, us, None, None);
            let judge = scale.asked(&columns, us);
            let ceiling = Ceiling::of(&columns, asked.walks(), &judge);
            for slots in slots.chunks(7) {
                let (hood, looks) = Hood::of(&columns, &around, slots.iter().copied());
                let mut of_hood = Asking { ceiling: &ceiling, scale: &judge, around: &around }.over(&hood);
                for (&them, look) in slots.iter().zip(&looks).filter(|(at, _)| **at != us) {
                    let value = judge.value(&columns, them, &asked.signs(them));
                    let most = of_hood.of(look);
                    prop_assert!(value <= most, "{us}–{them}: {value}, at most {most}");
                    prop_assert!(most <= of_hood.most());
                }
            }
        }
    }
}

/// Towns of two countries without any partner, each of another size and name.
fn untied() -> Vec<Place> {
    let names = [
        "aubers",
        "fromelles",
        "halle",
        "werther",
        "saint brieuc",
        "krementchouk",
    ];
    names
        .iter()
        .enumerate()
        .map(|(number, name)| Place {
            country: 487,
            population: Some(1_000 << number),
            point: Some(Point {
                lat: 45.0 + number as f64,
                lng: 2.0,
            }),
            name: (*name).to_owned(),
        })
        .collect()
}

#[test]
fn of_who_has_no_partner_the_ceiling_is_near() {
    let columns = Columns::of(&untied(), &[]);
    let around = Surroundings::of(&columns);
    for seed in 0..40 {
        // Names and populations are kept in wide steps, where a place is in a range of one.
        let exact = |signal| {
            !matches!(
                signal,
                Signal::Name | Signal::Words | Signal::Size | Signal::SizeGap | Signal::Rank | Signal::RankGap
            )
        };
        let scale = Scale::of(&lesson(seed, |signal| exact(signal) && signal != Signal::Distance));
        let judge = scale.asked(&columns, 0);
        let asked = Asked::by(&columns, &around, 0, None, None);
        let ceiling = Ceiling::of(&columns, asked.walks(), &judge);
        for them in 1..6 {
            let (hood, looks) = Hood::of(&columns, &around, [them].into_iter());
            let value = judge.value(&columns, them, &asked.signs(them));
            let asking = Asking {
                ceiling: &ceiling,
                scale: &judge,
                around: &around,
            };
            let most = asking.over(&hood).of(&looks[0]);
            let standing = 80;
            assert!(
                (value..=value + standing).contains(&most),
                "{seed}: {value}, at most {most}"
            );
        }
    }
}

#[test]
fn whoever_has_a_partner_may_have_anything() {
    let columns = Columns::of(&untied(), &[(0, 1)]);
    let around = Surroundings::of(&columns);
    let scale = Scale::of(&Lesson::default());
    let judge = scale.asked(&columns, 0);
    let ceiling = Ceiling::of(&columns, Asked::by(&columns, &around, 0, None, None).walks(), &judge);
    let most = |them: u32| {
        let (hood, looks) = Hood::of(&columns, &around, [them].into_iter());
        let asking = Asking {
            ceiling: &ceiling,
            scale: &judge,
            around: &around,
        };
        let mut of_hood = asking.over(&hood);
        [of_hood.of(&looks[0]), of_hood.most()]
    };
    assert_eq!(most(1), [FULL; 2], "with partners");
    assert_eq!(most(2), [0, FULL], "where a partner is felt");
    assert_eq!(most(5), [0; 2], "far from any");
}
