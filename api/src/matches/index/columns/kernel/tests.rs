use proptest::collection::vec;
use proptest::prelude::*;
use shared::cities::Level;
use shared::scoring::outline::{Numbers, Sets, Sketch, goals_of, similar_size};
use shared::scoring::{Criterion, WEIGHT_MAX};

use super::*;
use crate::matches::index::columns::block::BLOCK;

fn sketch(needs: u32, offers: u32) -> Sketch<'static> {
    let numbers = Numbers {
        country: 0,
        level: Level::Local,
        engagement: None,
        wanted_levels: 0,
        population: None,
        point: None,
        needs,
        offers,
    };
    let sets = Sets {
        languages: &[],
        wanted_countries: &[],
        partner_countries: &[],
    };
    Sketch::of(&numbers, sets)
}

fn themes() -> impl Strategy<Value = (u32, u32)> {
    // Few and many statements alike.
    let statements = || (any::<u32>(), any::<u32>(), any::<bool>()).prop_map(|(a, b, few)| if few { a & b } else { a });
    (statements(), statements())
}

/// What the columns have of some rows' themes.
fn columns_of(all: &[(u32, u32)]) -> (Stated, Vec<Folk>) {
    let (mut stated, mut folks) = (Stated::default(), vec![Folk::default(); all.len().div_ceil(LANE)]);
    for (at, &(needs, offers)) in all.iter().enumerate() {
        stated.set(at, needs, offers);
        folks[at / LANE].set(at % LANE, goals_of(needs) | goals_of(offers), (0, 0), &[], &[]);
    }
    (stated, folks)
}

proptest! {
    #[test]
    fn bounds_are_never_less_than_the_points(
        us in themes(),
        all in vec(themes(), 1..=2 * LANE),
        weights in (0..=WEIGHT_MAX, 0..=WEIGHT_MAX),
        rest in 0_u32..1_000_000,
    ) {
        let unit = (2_000 * (weights.0 + weights.1) + rest) / 60_000 + 1;
        let query = Themes::of(us.0, us.1, weights.0, 2 * weights.1, unit);
        let (stated, folks) = columns_of(&all);
        let met = query.met(&stated);
        for (at, &(needs, offers)) in all.iter().enumerate() {
            let value = |criterion| {
                let (ours, theirs) = sketch(us.0, us.1).values(&sketch(needs, offers), criterion);
                ours + theirs
            };
            let by_needs = weights.0 * value(Criterion::Needs);
            let points = by_needs + weights.1 * value(Criterion::Sdgs);
            let for_needs = met.0[at / LANE][at % LANE];
            let for_goals = query.for_goals(&folks[at / LANE], at % LANE);
            prop_assert!(u32::from(for_needs) * unit >= by_needs);
            prop_assert!(u32::from(for_needs + for_goals) * unit >= points);
            prop_assert!(for_goals <= query.by_goals);
            let full = units(u64::from(1_000 * weights.0), unit);
            prop_assert!(u32::from(query.most(offers, needs, full)) * unit >= by_needs);
        }
    }

    #[test]
    fn sizes_get_never_less_than_their_points(ours in any::<u16>(), theirs in any::<u16>(), weight in 0..=WEIGHT_MAX, unit in 1_u32..40) {
        let unit = unit + 2_000 * weight / 60_000;
        let known = |size: u16| (size != NO_SIZE).then_some(u32::from(size));
        let points = 2 * weight * similar_size(Some(u32::from(ours)), known(theirs));
        prop_assert!(u32::from(Sizes::of(ours, 2 * weight, unit).of_row(theirs)) * unit >= points);
    }

    #[test]
    fn values_get_never_less_than_their_points(value in 0..=FULL, points in 0_u32..=200, unit in 4_u32..40) {
        prop_assert!(u32::from(Values::of(points, unit).of_row(value as u16)) * unit >= points * value);
    }

    #[test]
    fn the_wide_version_gives_what_the_plain_one_does(
        us in themes(),
        all in vec(themes(), 1..=BLOCK),
        folk in vec(any::<(u8, u8, u8)>(), 8 * LANE),
        points in vec(0_u16..9_000, 16),
        sizes in vec(prop_oneof![Just(NO_SIZE), 0_u16..20_000], 8 * LANE),
        size in 0_u16..20_000,
        values in vec(0_u16..1_200, 8 * LANE),
        with in any::<(bool, bool, bool)>(),
        weights in (0..=WEIGHT_MAX, 0..=WEIGHT_MAX),
        unit in 1_u32..40,
        country in any::<u16>(),
        least in any::<u16>(),
        asked in 0..=8 * LANE,
    ) {
        let query = Themes::of(us.0, us.1, weights.0, weights.1, 4);
        let (stated, mut folks) = columns_of(&all);
        let met = query.met(&stated);
        prop_assert_eq!(&met, &query.met_plainly(&stated));
        for (folk, all) in folks.iter_mut().zip(folk.chunks(LANE)) {
            for (at, &(tongues, wanted, partners)) in all.iter().enumerate() {
                (folk.tongues[at], folk.wanted[at], folk.partners[at]) = (tongues, wanted, partners);
            }
        }
        let mut ways = Ways::default();
        ways.by_tongue.copy_from_slice(&points);
        ways.by_levels.copy_from_slice(&points);
        ways.set_country(country, points[0], points[1], points[2]);
        let reach = Reach {
            ways: (&ways, &folks),
            themes: with.0.then_some((&query, &met)),
            sizes: with.1.then_some((Sizes::of(size, weights.0, 4), &sizes[..])),
            values: with.2.then_some((Values::of(2 * weights.1, unit), &values[..])),
            least,
        };
        let asked = Rows::first(asked);
        prop_assert_eq!(reach.rows(asked), asked.and(reach.rows_plainly([1; 8])));
        // Thresholds that some reach and some do not.
        for least in [least, query.by_goals, met.0[0][0], met.0[0][0] + query.for_goals(&folks[0], 0)] {
            prop_assert_eq!(query.rows(&met, &folks, least), query.rows_plainly(&met, &folks, least));
        }
    }

    #[test]
    fn rows_of_sizes_are_found_by_both_versions(
        sizes in vec(prop_oneof![Just(NO_SIZE), 0_u16..40, 0_u16..NO_SIZE], 8 * LANE),
        ends in (0_u16..40, prop_oneof![0_u16..40, 40..NO_SIZE]),
    ) {
        let [least, most] = [ends.0.min(ends.1), ends.0.max(ends.1)];
        let found = rows_sized(&sizes, [least, most]);
        prop_assert_eq!(found, rows_sized_plainly(&sizes, [least, most]));
        for (at, size) in sizes.into_iter().enumerate() {
            let has = |rows: [u32; 8]| rows[at / LANE] >> (at % LANE) & 1 == 1;
            prop_assert_eq!(has(found[0]), (least..=most).contains(&size));
            prop_assert_eq!(has(found[1]), [least, most].contains(&size));
        }
    }
}
