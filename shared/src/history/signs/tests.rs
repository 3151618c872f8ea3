use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::geo::Point;
use crate::history::Signal;
use crate::history::columns::Place;

fn place(country: u16, people: i64, lat: f64, lng: f64, name: &str) -> Place {
    Place {
        country,
        population: Some(people),
        point: Some(Point { lat, lng }),
        name: name.to_owned(),
    }
}

fn sign(signs: &Signs, signal: Signal) -> u32 {
    signs[signal as usize]
}

/// Two towns beside each other in one country, three beside each other in another.
fn towns() -> Vec<Place> {
    vec![
        place(1, 9_000, 50.59, 2.82, "aubers"),
        place(1, 8_000, 50.60, 2.85, "fromelles"),
        place(2, 9_500, 52.06, 8.36, "halle"),
        place(2, 9_000, 52.07, 8.41, "werther"),
        place(2, 9_000, 47.84, 12.98, "aubers am inn"),
    ]
}

#[test]
fn what_neighbours_do_is_seen() {
    let columns = Columns::of(&towns(), &[(1, 2)]);
    let around = Surroundings::of(&columns);
    let asked = Asked::by(&columns, &around, 0, Some(2), None);
    let (known, beside, far) = (asked.signs(2), asked.signs(3), asked.signs(4));
    assert!(sign(&known, Signal::NeighboursPartner) > 0);
    assert_eq!(sign(&beside, Signal::NeighboursPartner), 0);
    assert!(sign(&beside, Signal::NextTies) > 0 && sign(&far, Signal::NextTies) == 0);
    // Two kilometres here, four there.
    assert_eq!(sign(&beside, Signal::NearestTie), 6);
    assert_eq!(sign(&far, Signal::NearestTie), UNKNOWN);
    assert!(sign(&far, Signal::Words) == 0 && sign(&far, Signal::Name) > sign(&beside, Signal::Name));
}

#[test]
fn towns_of_one_size_have_one_rank_whatever_order_they_came_in() {
    let mut towns = towns();
    let ranks = |towns: &[Place], them: u32| {
        let columns = Columns::of(towns, &[]);
        let around = Surroundings::of(&columns);
        let signs = Asked::by(&columns, &around, 0, Some(2), None).signs(them);
        [Signal::Rank, Signal::RankGap, Signal::PlaceGap].map(|signal| sign(&signs, signal))
    };
    let (largest, second, third) = (ranks(&towns, 2), ranks(&towns, 3), ranks(&towns, 4));
    assert_eq!(second, third);
    assert!(largest[0] < second[0], "{largest:?} {second:?}");
    towns.swap(3, 4);
    assert_eq!(ranks(&towns, 3), second);
}

#[test]
fn what_was_kept_tells_the_same_again() {
    let columns = Columns::of(&towns(), &[(0, 2), (1, 2), (1, 4)]);
    let around = Surroundings::of(&columns);
    for us in 0..5 {
        let asked = Asked::by(&columns, &around, us, None, None);
        let again = Asked::again(&columns, &around, asked.walks());
        let within = Asked::by(&columns, &around, us, Some(2), None);
        for them in 2..5 {
            assert_eq!(asked.signs(them), again.signs(them));
            assert_eq!(asked.signs(them), within.signs(them), "candidates of one country alone");
        }
    }
}

#[test]
fn walks_are_counted_as_by_hand() {
    // 0 – 2 – 1 – 3: one walk of three from 0 to 3, through two cities of two partners each.
    let columns = Columns::of(&towns(), &[(0, 2), (2, 1), (1, 3)]);
    let around = Surroundings::of(&columns);
    let asked = Asked::by(&columns, &around, 0, None, None);
    let there = asked.signs(3);
    // 1/√1 · 1/√2 · 1/√2 · 1/√2 · 1/√2 · 1/√1 = 1/4, of 2²⁰.
    assert!(
        sign(&there, Signal::PathsOfThree).abs_diff(1 << 18) < 1 << 10,
        "{there:?}"
    );
    assert_eq!(sign(&there, Signal::CommonPartners), 0);
    // 2 has two partners: 1,000 / log₂ 3, with the logarithm linear between powers of two.
    assert_eq!(sign(&asked.signs(1), Signal::CommonPartners), 666);
}

#[test]
fn a_ring_is_seen_by_who_could_close_it() {
    let columns = Columns::of(&towns(), &[(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]);
    let around = Surroundings::of(&columns);
    let asked = Asked::by(&columns, &around, 0, None, None);
    assert_eq!(sign(&asked.signs(3), Signal::Rings), 2);
    assert_eq!(sign(&asked.signs(4), Signal::Rings), 0);
}

prop_compose! {
    fn directory()(
        all in vec((0_u16..3, 0_i64..2_000_000, 40.0..55.0_f64, -5.0..30.0_f64, "[a-d]{2,5}( [a-d]{2,4})?"), 2..30),
        links in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..40),
    ) -> (Vec<Place>, Vec<(u32, u32)>) {
        let places: Vec<Place> = all
            .into_iter()
            .map(|(country, people, lat, lng, name)| place(country, people, lat, lng, &name))
            .collect();
        let links = links
            .into_iter()
            .map(|(a, b)| (a.index(places.len()) as u32, b.index(places.len()) as u32))
            .filter(|(a, b)| a != b)
            .collect();
        (places, links)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn who_asks_within_a_country_hears_the_same_as_who_asks_everywhere((places, links) in directory()) {
        let columns = Columns::of(&places, &links);
        let around = Surroundings::of(&columns);
        let everywhere = Asked::by(&columns, &around, 0, None, None);
        for country in 0..3 {
            let within = Asked::by(&columns, &around, 0, Some(country), None);
            for &at in columns.members(country) {
                prop_assert_eq!(within.signs(at), everywhere.signs(at));
            }
        }
    }

    #[test]
    fn the_order_of_links_and_links_told_twice_change_nothing((places, links) in directory()) {
        let mut other: Vec<(u32, u32)> = links.iter().rev().map(|&(a, b)| (b, a)).collect();
        other.extend(&links);
        let (one, other) = (Columns::of(&places, &links), Columns::of(&places, &other));
        let (near_one, near_other) = (Surroundings::of(&one), Surroundings::of(&other));
        let (one, other) = (Asked::by(&one, &near_one, 0, None, None), Asked::by(&other, &near_other, 0, None, None));
        for at in 1..places.len() as u32 {
            prop_assert_eq!(one.signs(at), other.signs(at));
        }
    }

    /// What a lesson is taught by: a parted pair looks to the two as if it had never been.
    #[test]
    fn a_parted_pair_leaves_no_trace_in_its_own_signs((places, links) in directory()) {
        let Some(&(a, b)) = links.first() else { return Ok(()) };
        let mut columns = Columns::of(&places, &links);
        let before = Surroundings::of(&columns);
        columns.part(a, b);
        let left: Vec<(u32, u32)> = links.iter().copied().filter(|&(x, y)| (x, y) != (a, b) && (y, x) != (a, b)).collect();
        let never = Columns::of(&places, &left);
        let after = Surroundings::of(&never);
        for (us, them) in [(a, b), (b, a)] {
            let parted = Asked::by(&columns, &before, us, None, Some((a, b))).signs(them);
            let expected = Asked::by(&never, &after, us, None, None).signs(them);
            for (&signal, (parted, expected)) in Signal::ALL.iter().zip(parted.iter().zip(&expected)) {
                // Neighbours that are twinned with each other may still feel each other in these two.
                if !matches!(signal, Signal::RegionShare | Signal::OwnHabit) {
                    prop_assert_eq!(parted, expected, "{:?}", signal);
                }
            }
        }
    }
}
