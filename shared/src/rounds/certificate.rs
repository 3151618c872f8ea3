//! The certificate of a result: all that it was made of, so that whoever reads it can check every pair again.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    Cohort, CountryCap, Market, Member, Pair, Rank, RoundMode, RoundSide, Stopped, Terms, Totals, Unwatched, Watch,
    any_with_any, maximum, stable,
};
use crate::ids::CityId;
use crate::scoring::outline::country_number;
use crate::scoring::{Facts, Outline, Weights};

/// Blocking pairs that a verdict names.
const NAMED: usize = 20;

/// A member of a round, as it was matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entrant {
    /// The city.
    pub city_id: CityId,
    /// Its side.
    pub side: RoundSide,
    /// The places that it had to give.
    pub places: u32,
    /// Its priority, in points of a criterion's weight.
    #[serde(default)]
    pub priority: u32,
    /// Whom it wished for, the first first.
    #[serde(default)]
    pub wishes: Vec<CityId>,
    /// What the score knew of it.
    pub facts: Facts,
}

/// A pair of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CertifiedPair {
    /// The city of the first side.
    pub first: CityId,
    /// The city of the second side.
    pub second: CityId,
}

/// All that a result was made of, and the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundCertificate {
    /// How it was matched.
    pub mode: RoundMode,
    /// Whether there is one side only.
    pub one_sided: bool,
    /// Whether two cities of one country could be matched.
    pub same_country: bool,
    /// What the lots were drawn from.
    pub seed: u32,
    /// How much each criterion counted.
    pub weights: Weights,
    /// The saturated countries with the places that were left.
    pub caps: Vec<CountryCap>,
    /// Who took part.
    pub entrants: Vec<Entrant>,
    /// Pairs that were not possible, for whatever reason.
    pub excluded: Vec<[CityId; 2]>,
    /// The result.
    pub pairs: Vec<CertifiedPair>,
}

/// What is wrong with a result, apart from blocking pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A pair that is not possible, or stands twice.
    NotPossible,
    /// A city with more partners than places.
    OverPlaces,
    /// A country with more partners than it may have.
    OverCountry,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verdict {
    /// Pairs that could have been made, all of them compared with the result.
    pub compared: u64,
    /// Pairs of which both cities would rather have each other.
    pub blocking: u64,
    /// Some of them.
    pub examples: Vec<CertifiedPair>,
    /// What else is wrong.
    pub faults: Vec<Fault>,
}

impl Verdict {
    /// Whether the result is as it should be and stable.
    #[must_use]
    pub const fn is_stable(&self) -> bool {
        self.blocking == 0 && self.faults.is_empty()
    }
}

/// From where on a city would rather have somebody new.
#[derive(Debug, Clone, Copy)]
enum Bar {
    /// It has no places at all.
    Closed,
    /// It has one free.
    Any,
    /// It would let this pair go, or its country would.
    Above(Rank),
}

impl RoundCertificate {
    /// The cohort that it speaks of.
    #[must_use]
    pub fn cohort(&self) -> Cohort {
        let member = |entrant: &Entrant| Member {
            city: entrant.city_id,
            places: entrant.places,
            priority: entrant.priority,
            outline: Outline::of(&entrant.facts),
            wishes: entrant.wishes.clone(),
        };
        let side = |side: RoundSide| {
            let entrants = self.entrants.iter().filter(|entrant| entrant.side == side);
            entrants.map(member).collect()
        };
        Cohort::new(
            self.terms(),
            side(RoundSide::First),
            side(RoundSide::Second),
            &self.excluded,
        )
    }

    fn terms(&self) -> Terms {
        let caps = self.caps.iter();
        Terms {
            weights: self.weights,
            is_one_sided: self.one_sided,
            same_country: self.same_country,
            caps: caps
                .filter_map(|cap| Some((country_number(&cap.country)?, cap.places)))
                .collect(),
            seed: self.seed,
        }
    }

    /// Makes the result.
    ///
    /// # Errors
    /// `Stopped`, where the watch stops it.
    pub fn solve(&mut self, cohort: &Cohort, watch: &dyn Watch) -> Result<(), Stopped> {
        let pairs = solve(cohort, self.mode, watch)?;
        self.pairs = pairs
            .into_iter()
            .map(|(first, second)| CertifiedPair {
                first: cohort.member(RoundSide::First, first).city,
                second: cohort.member(RoundSide::Second, second).city,
            })
            .collect();
        Ok(())
    }

    /// Compares every possible pair with the result.
    #[must_use]
    pub fn check(&self) -> Verdict {
        // Nobody watches, so nobody stops it.
        self.check_with(&self.cohort(), &Unwatched).unwrap_or_default()
    }

    /// The same with the cohort at hand.
    ///
    /// # Errors
    /// `Stopped`, where the watch stops it.
    pub fn check_with(&self, cohort: &Cohort, watch: &dyn Watch) -> Result<Verdict, Stopped> {
        let mut faults = BTreeSet::new();
        let numbers = self.pairs.iter().map(|pair| {
            Some((
                cohort.number(RoundSide::First, pair.first)?,
                cohort.number(RoundSide::Second, pair.second)?,
            ))
        });
        let mut pairs = HashSet::new();
        for pair in numbers {
            let Some(mut pair) = pair.filter(|pair| cohort.is_possible(*pair)) else {
                faults.insert(0);
                continue;
            };
            if self.one_sided && pair.0 > pair.1 {
                pair = (pair.1, pair.0);
            }
            if !pairs.insert(pair) {
                faults.insert(0);
            }
        }
        let bars = Bars::of(cohort, &pairs, &mut faults);
        let mut verdict = bars.blocking(cohort, &pairs, self.mode, watch)?;
        let all = [Fault::NotPossible, Fault::OverPlaces, Fault::OverCountry];
        verdict.faults = faults.into_iter().map(|fault: usize| all[fault]).collect();
        Ok(verdict)
    }
}

/// Matches a cohort.
fn solve(cohort: &Cohort, mode: RoundMode, watch: &dyn Watch) -> Result<Vec<Pair>, Stopped> {
    match mode {
        RoundMode::Stable if cohort.terms().is_one_sided => any_with_any(cohort, watch),
        RoundMode::Stable => stable(cohort, watch),
        RoundMode::Maximum => maximum(cohort, watch),
    }
}

/// The bars of all members of both sides.
struct Bars([Vec<Bar>; 2]);

const SIDES: [RoundSide; 2] = [RoundSide::First, RoundSide::Second];

impl Bars {
    fn of(cohort: &Cohort, pairs: &HashSet<Pair>, faults: &mut BTreeSet<usize>) -> Self {
        let is_one_sided = cohort.terms().is_one_sided;
        Self(SIDES.map(|side| {
            let mut held: HashMap<u32, Vec<Rank>> = HashMap::new();
            let mut by_country: HashMap<u32, Vec<Rank>> = HashMap::new();
            for &pair in pairs {
                let rank = cohort.rank(side, pair);
                let ours = match side {
                    _ if is_one_sided => vec![pair.0, pair.1],
                    RoundSide::First => vec![pair.0],
                    RoundSide::Second => vec![pair.1],
                };
                let countries: BTreeSet<u32> = ours.iter().filter_map(|city| cohort.country(side, *city)).collect();
                for country in countries {
                    by_country.entry(country).or_default().push(rank);
                }
                for city in ours {
                    held.entry(city).or_default().push(rank);
                }
            }
            let full: Vec<Option<Rank>> = (0..)
                .zip(cohort.caps(side))
                .map(|(country, places)| {
                    let held = by_country.get(&country).map_or(&[][..], Vec::as_slice);
                    if held.len() > *places as usize {
                        faults.insert(2);
                    }
                    // A country without any places takes nobody.
                    let none = Rank::new(u32::MAX, u32::MAX, 0, 0);
                    (held.len() >= *places as usize).then(|| held.iter().min().copied().unwrap_or(none))
                })
                .collect();
            (0..cohort.members(side))
                .map(|member| {
                    let places = cohort.places(side, member) as usize;
                    let held = held.get(&member).map_or(&[][..], Vec::as_slice);
                    if held.len() > places {
                        faults.insert(1);
                    }
                    if places == 0 {
                        Bar::Closed
                    } else if held.len() >= places {
                        held.iter().min().map_or(Bar::Any, |last| Bar::Above(*last))
                    } else {
                        let country = cohort.country(side, member);
                        let last = country.and_then(|country| full[country as usize]);
                        last.map_or(Bar::Any, Bar::Above)
                    }
                })
                .collect()
        }))
    }

    fn blocking(
        &self,
        cohort: &Cohort,
        pairs: &HashSet<Pair>,
        mode: RoundMode,
        watch: &dyn Watch,
    ) -> Result<Verdict, Stopped> {
        let is_one_sided = cohort.terms().is_one_sided;
        let mut verdict = Verdict::default();
        let firsts = u64::from(cohort.members(RoundSide::First));
        let seconds = u64::from(cohort.members(RoundSide::Second));
        verdict.compared = if is_one_sided {
            firsts * firsts.saturating_sub(1) / 2
        } else {
            firsts * seconds
        };
        let mut partners: HashMap<u32, Vec<u32>> = HashMap::new();
        for &(first, second) in pairs {
            partners.entry(first).or_default().push(second);
        }
        for (first, bar) in (0_u32..).zip(&self.0[0]) {
            // All pairs are made: what is left to do is less than a step of it.
            if first.is_multiple_of(64) && !watch.goes_on(firsts, firsts) {
                return Err(Stopped);
            }
            let own = partners.get(&first).map_or(&[][..], Vec::as_slice);
            let least = match bar {
                Bar::Closed => continue,
                Bar::Any => 0,
                Bar::Above(rank) => rank.worth(),
            };
            cohort.partners(first, least, |second, worth| {
                let (pair, bar_there) = ((first, second), &self.0[1][second as usize]);
                if (!is_one_sided || first < second)
                    && wants(mode, bar, || worth, || cohort.ranked(worth, pair))
                    && wants(
                        mode,
                        bar_there,
                        || cohort.worth(RoundSide::Second, pair),
                        || cohort.rank(RoundSide::Second, pair),
                    )
                    && !own.contains(&second)
                {
                    verdict.blocking += 1;
                    if verdict.examples.len() < NAMED {
                        verdict.examples.push(CertifiedPair {
                            first: cohort.member(RoundSide::First, first).city,
                            second: cohort.member(RoundSide::Second, second).city,
                        });
                    }
                }
                least
            });
        }
        Ok(verdict)
    }
}

/// Whether a city would take a pair of this rank. A stable result holds even where the lot decides; where stability is only
/// told as a price, equals do not count.
fn wants(mode: RoundMode, bar: &Bar, worth: impl Fn() -> u32, rank: impl Fn() -> Rank) -> bool {
    match (bar, mode) {
        (Bar::Closed, _) => false,
        (Bar::Any, _) => true,
        (Bar::Above(last), RoundMode::Stable) => rank() > *last,
        (Bar::Above(last), RoundMode::Maximum) => worth() > last.worth(),
    }
}

impl Cohort {
    /// The total of all pairs, and how many members of each side have a partner.
    #[must_use]
    pub fn sums(&self, pairs: &[CertifiedPair]) -> (u64, [u32; 2]) {
        let mut total = 0;
        let mut matched = [HashSet::new(), HashSet::new()];
        for pair in pairs {
            let (first, second) = (
                self.number(RoundSide::First, pair.first),
                self.number(RoundSide::Second, pair.second),
            );
            if let (Some(first), Some(second)) = (first, second) {
                total += u64::from(self.total((first, second)));
                matched[0].insert(first);
                matched[usize::from(!self.terms().is_one_sided)].insert(second);
            }
        }
        (total, matched.map(|cities| cities.len() as u32))
    }
}
