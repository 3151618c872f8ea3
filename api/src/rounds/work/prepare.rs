//! What a round is matched of: its members as the match index knows them, what is left of their places, and the pairs that
//! are not possible.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use shared::ids::CityId;
use shared::rounds::{CountryCap, Entrant, RoundCertificate, RoundSide, priority_of};
use shared::scoring::Weights;

use crate::platform::Platform;
use crate::rounds::Round;
use crate::rounds::members::Member;
use crate::rounds::pairs::RoundPair;

/// The certificate of a round that is not matched yet.
pub(super) fn certificate(
    platform: &Platform,
    round: &Round,
    members: Vec<Member>,
    shown: &[RoundPair],
    now: DateTime<Utc>,
) -> RoundCertificate {
    let rules = &round.rules;
    let excluded = excluded(platform, round, &members, shown, now);
    let mut taken: HashMap<CityId, u32> = HashMap::new();
    for pair in shown.iter().filter(|pair| pair.state.holds()) {
        *taken.entry(pair.first).or_default() += 1;
        *taken.entry(pair.second).or_default() += 1;
    }
    let entrant = |member: Member| {
        let summary = platform.directory.summary(member.city)?;
        Some(Entrant {
            facts: platform.matches.member(member.city)?.outline.facts(),
            city_id: member.city,
            side: member.side,
            places: member
                .places
                .saturating_sub(taken.get(&member.city).copied().unwrap_or(0)),
            priority: priority_of(&rules.priorities, &summary.country, summary.subdivision.as_deref()),
            wishes: member.wishes,
        })
    };
    let mut entrants: Vec<Entrant> = members.into_iter().filter_map(entrant).collect();
    entrants.sort_unstable_by_key(|entrant| entrant.city_id);
    RoundCertificate {
        mode: rules.mode,
        one_sided: rules.sides.len() == 1,
        same_country: rules.same_country,
        seed: rules.seed,
        // What existing twinnings tell is no fact of a city: nobody could check it by the certificate.
        weights: Weights {
            history: 0,
            ..rules.weights
        },
        caps: caps(platform, round, shown),
        entrants,
        excluded,
        pairs: Vec::new(),
    }
}

/// What is left to each saturated country. Where one has cities on both sides, the side that has more pairs decides: so no
/// side gets more than its places.
fn caps(platform: &Platform, round: &Round, shown: &[RoundPair]) -> Vec<CountryCap> {
    let is_one_sided = round.rules.sides.len() == 1;
    let is_in = |city: CityId, country: &str| {
        let summary = platform.directory.summary(city);
        summary.is_some_and(|city| city.country == country)
    };
    let held: Vec<&RoundPair> = shown.iter().filter(|pair| pair.state.holds()).collect();
    let left = |cap: &CountryCap| {
        let firsts = |pair: &&&RoundPair| is_in(pair.first, &cap.country);
        let seconds = |pair: &&&RoundPair| is_in(pair.second, &cap.country);
        let taken = if is_one_sided {
            held.iter().filter(|pair| firsts(pair) || seconds(pair)).count()
        } else {
            let count = held.iter().filter(firsts).count();
            count.max(held.iter().filter(seconds).count())
        };
        CountryCap {
            country: cap.country.clone(),
            places: cap.places.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX)),
        }
    };
    round.rules.caps.iter().map(left).collect()
}

/// The pairs of members that are not possible: those that the programme excludes, those that were shown, and those that are
/// never matched (partners, banned, declined not long ago, in contact). Which of these it is stands nowhere.
fn excluded(
    platform: &Platform,
    round: &Round,
    members: &[Member],
    shown: &[RoundPair],
    now: DateTime<Utc>,
) -> Vec<[CityId; 2]> {
    let of_side = |side: RoundSide| -> HashSet<CityId> {
        let cities = members.iter().filter(|member| member.side == side);
        cities.map(|member| member.city).collect()
    };
    let (first, second) = (of_side(RoundSide::First), of_side(RoundSide::Second));
    // The smaller side is asked for; in a round of one side all are each other's.
    let (asked, others) = if round.rules.sides.len() == 1 {
        (&first, &first)
    } else if first.len() <= second.len() {
        (&first, &second)
    } else {
        (&second, &first)
    };
    let in_order = |a: CityId, b: CityId| if a <= b { [a, b] } else { [b, a] };
    let mut excluded: Vec<[CityId; 2]> = Vec::new();
    for &city in asked {
        let barred = platform.matches.barred_cities(city, now);
        excluded.extend(
            barred
                .into_iter()
                .filter(|other| others.contains(other))
                .map(|other| in_order(city, other)),
        );
    }
    let is_member = |city: &CityId| first.contains(city) || second.contains(city);
    let by_programme = round.rules.excluded.iter().filter(|pair| pair.iter().all(is_member));
    excluded.extend(by_programme.map(|[a, b]| in_order(*a, *b)));
    excluded.extend(shown.iter().map(|pair| in_order(pair.first, pair.second)));
    excluded.sort_unstable();
    excluded.dedup();
    excluded
}
