//! The one function that ranks partners. The server runs it over the directory, the browser runs it again when a
//! weight moves; both get the same integers.
//!
//! Every criterion gives each side a value in per mille: what *a* gets from *b*, and what *b* gets from *a*. A side's
//! contribution is `weight × value`; the score is the sum of all contributions, and [`Score::max`] what it would be with
//! every value at [`FULL`]. A reader recomputes the score from the reasons alone. The values themselves are made in
//! [`outline`].

pub mod outline;
pub mod raise;

use serde::{Deserialize, Serialize};

use crate::cities::{Engagement, Level, Urgency, codes};
use crate::geo::Point;
use crate::themes::Theme;
pub use outline::Outline;

/// The highest value of a criterion, in per mille.
pub const FULL: u32 = 1_000;
/// The highest weight of a criterion.
pub const WEIGHT_MAX: u32 = 100;
/// Offers that count in full; every further one takes from all.
pub const SPECIFIC_OFFERS: u32 = 6;

codes!(
    /// What a pair is judged by.
    Criterion {
        /// What one side needs and the other offers.
        Needs = "needs",
        /// Sustainable Development Goals that both serve.
        Sdgs = "sdgs",
        /// What existing twinnings teach of such a pair: see [`crate::history`].
        History = "history",
        /// How near in population.
        Size = "size",
        /// Whether of one level.
        Level = "level",
        /// Languages in common.
        Languages = "languages",
        /// How far apart.
        Distance = "distance",
        /// Whether it is in a country that the other looks for.
        Country = "country",
        /// Ties that already bind the two, or their countries.
        Ties = "ties",
    }
);

/// How much each criterion counts, 0 to [`WEIGHT_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Needs met by offers.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub needs: u32,
    /// Shared goals.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub sdgs: u32,
    /// What existing twinnings teach; counts at most half as much as needs, where those count.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub history: u32,
    /// Similar size.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub size: u32,
    /// Same level.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub level: u32,
    /// Languages in common.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub languages: u32,
    /// Nearness.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub distance: u32,
    /// Countries looked for.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub country: u32,
    /// Existing ties.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub ties: u32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            needs: 40,
            sdgs: 10,
            history: 20,
            // What size, distance and ties tell, history has weighed already.
            size: 0,
            level: 2,
            languages: 2,
            distance: 0,
            country: 10,
            ties: 0,
        }
    }
}

impl Weights {
    /// The weight of one criterion, at most [`WEIGHT_MAX`].
    #[must_use]
    pub const fn of(&self, criterion: Criterion) -> u32 {
        let weight = match criterion {
            Criterion::Needs => self.needs,
            Criterion::Sdgs => self.sdgs,
            Criterion::History => return self.history(),
            Criterion::Size => self.size,
            Criterion::Level => self.level,
            Criterion::Languages => self.languages,
            Criterion::Distance => self.distance,
            Criterion::Country => self.country,
            Criterion::Ties => self.ties,
        };
        if weight > WEIGHT_MAX { WEIGHT_MAX } else { weight }
    }

    /// The weight of history: at most half that of needs, unless needs do not count at all. So one need met in full
    /// outweighs whatever twinnings of the past say of both sides.
    #[must_use]
    pub const fn history(&self) -> u32 {
        let most = if self.needs == 0 || self.needs > WEIGHT_MAX {
            WEIGHT_MAX
        } else {
            self.needs / 2
        };
        if self.history > most { most } else { self.history }
    }
}

/// A theme with its urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThemeUrgency {
    /// The theme.
    pub theme: Theme,
    /// How pressing, or how ready.
    pub urgency: Urgency,
}

/// What the score knows of a city: public facts only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facts {
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Level of the authority.
    pub level: Level,
    /// Inhabitants, where known.
    pub population: Option<i64>,
    /// Where it is, where known.
    pub location: Option<Point>,
    /// Languages of the staff, BCP 47; where none are stated, the country's.
    pub languages: Vec<String>,
    /// What it needs.
    pub needs: Vec<ThemeUrgency>,
    /// What it offers.
    pub offers: Vec<ThemeUrgency>,
    /// Countries that it looks for; empty for any.
    pub wanted_countries: Vec<String>,
    /// Levels that it looks for; empty for any.
    pub wanted_levels: Vec<Level>,
    /// Start or strengthen.
    pub engagement: Option<Engagement>,
    /// Countries in which it has partners already.
    pub partner_countries: Vec<String>,
}

/// What one criterion adds, for both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The criterion.
    pub criterion: Criterion,
    /// Its weight.
    pub weight: u32,
    /// What the asking city gets from the other, in per mille.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub value_for_us: u32,
    /// What the other gets from the asking city, in per mille.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub value_for_them: u32,
    /// `weight × value_for_us`.
    pub contribution_for_us: u32,
    /// `weight × value_for_them`.
    pub contribution_for_them: u32,
}

/// A score with all its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Score {
    /// The sum of all contributions of both sides.
    pub total: u32,
    /// What `total` would be if every value were 1,000.
    pub max: u32,
    /// One reason for each criterion, in a fixed order.
    pub reasons: Vec<Reason>,
}

/// Scores the pair `us`–`them`. Swapping the two swaps the sides of each reason and keeps the total.
#[must_use]
pub fn score(us: &Facts, them: &Facts, weights: &Weights) -> Score {
    score_outlines(&Outline::of(us), &Outline::of(them), weights)
}

/// Scores a pair whose facts are packed already, without history.
#[must_use]
pub fn score_outlines(us: &Outline, them: &Outline, weights: &Weights) -> Score {
    score_with_history(us, them, weights, 0)
}

/// Scores a pair with what twinnings teach of it: a value in per mille that counts for both sides.
#[must_use]
pub fn score_with_history(us: &Outline, them: &Outline, weights: &Weights, history: u32) -> Score {
    total_of(Criterion::ALL.iter().map(|&criterion| {
        let (value_for_us, value_for_them) = match criterion {
            Criterion::History => (history.min(FULL), history.min(FULL)),
            _ => us.values(them, criterion),
        };
        reason(criterion, weights.of(criterion), value_for_us, value_for_them)
    }))
}

/// Scores again with other weights: the values of a pair do not depend on them.
#[must_use]
pub fn reweigh(score: &Score, weights: &Weights) -> Score {
    total_of(score.reasons.iter().map(|known| {
        reason(
            known.criterion,
            weights.of(known.criterion),
            known.value_for_us,
            known.value_for_them,
        )
    }))
}

const fn reason(criterion: Criterion, weight: u32, value_for_us: u32, value_for_them: u32) -> Reason {
    Reason {
        criterion,
        weight,
        value_for_us,
        value_for_them,
        contribution_for_us: weight * value_for_us,
        contribution_for_them: weight * value_for_them,
    }
}

fn total_of(reasons: impl Iterator<Item = Reason>) -> Score {
    let reasons: Vec<Reason> = reasons.collect();
    Score {
        total: reasons
            .iter()
            .map(|r| r.contribution_for_us + r.contribution_for_them)
            .sum(),
        max: reasons.iter().map(|r| 2 * FULL * r.weight).sum(),
        reasons,
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::*;

    fn urgency() -> impl Strategy<Value = Urgency> {
        select(Urgency::ALL)
    }

    fn statements(most: usize) -> impl Strategy<Value = Vec<ThemeUrgency>> {
        (
            subsequence(Theme::ALL.to_vec(), 0..=most),
            vec(urgency(), Theme::ALL.len()),
        )
            .prop_map(|(themes, urgencies)| {
                themes
                    .into_iter()
                    .zip(urgencies)
                    .map(|(theme, urgency)| ThemeUrgency { theme, urgency })
                    .collect()
            })
    }

    fn codes(of: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
        subsequence(of.to_vec(), 0..=of.len()).prop_map(|codes| codes.into_iter().map(str::to_owned).collect())
    }

    fn facts() -> impl Strategy<Value = Facts> {
        let countries = &["AM", "AR", "FR", "UA", "XK"];
        (
            (
                select(&["AM", "AR", "FR", "UA", "XK"][..]),
                select(Level::ALL),
                option::of(0_i64..40_000_000),
                option::of((-90.0..=90.0, -180.0..=180.0)),
            ),
            (codes(&["en", "fr", "hy", "uk"]), statements(16), statements(16)),
            (
                codes(countries),
                subsequence(Level::ALL.to_vec(), 0..=4),
                option::of(select(Engagement::ALL)),
                codes(countries),
            ),
        )
            .prop_map(
                |(
                    (country, level, population, place),
                    (languages, needs, offers),
                    (wanted_countries, wanted_levels, engagement, partner_countries),
                )| Facts {
                    country: country.to_owned(),
                    level,
                    population,
                    location: place.map(|(lat, lng)| Point { lat, lng }),
                    languages,
                    needs,
                    offers,
                    wanted_countries,
                    wanted_levels,
                    engagement,
                    partner_countries,
                },
            )
    }

    fn weights() -> impl Strategy<Value = Weights> {
        vec(0..=WEIGHT_MAX, 9).prop_map(|w| Weights {
            needs: w[0],
            sdgs: w[1],
            size: w[2],
            level: w[3],
            languages: w[4],
            distance: w[5],
            country: w[6],
            ties: w[7],
            history: w[8],
        })
    }

    fn needs_value(us: &Facts, them: &Facts) -> u32 {
        score(us, them, &Weights::default()).reasons[0].value_for_us
    }

    proptest! {
        #[test]
        fn the_parts_add_up_and_no_value_exceeds_its_bound(us in facts(), them in facts(), weights in weights()) {
            let score = score(&us, &them, &weights);
            let mut sum = 0;
            for reason in &score.reasons {
                prop_assert!(reason.value_for_us <= FULL && reason.value_for_them <= FULL);
                prop_assert_eq!(reason.contribution_for_us, reason.weight * reason.value_for_us);
                prop_assert_eq!(reason.contribution_for_them, reason.weight * reason.value_for_them);
                sum += reason.contribution_for_us + reason.contribution_for_them;
            }
            prop_assert_eq!(sum, score.total);
            prop_assert!(score.total <= score.max);
            prop_assert_eq!(score.reasons.len(), Criterion::ALL.len());
        }

        #[test]
        fn swapping_the_cities_swaps_the_sides(us in facts(), them in facts(), weights in weights()) {
            let (here, there) = (score(&us, &them, &weights), score(&them, &us, &weights));
            prop_assert_eq!(here.total, there.total);
            for (a, b) in here.reasons.iter().zip(&there.reasons) {
                prop_assert_eq!((a.value_for_us, a.value_for_them), (b.value_for_them, b.value_for_us));
            }
        }

        #[test]
        fn new_weights_on_old_reasons_score_like_the_whole(us in facts(), them in facts(), a in weights(), b in weights()) {
            prop_assert_eq!(reweigh(&score(&us, &them, &a), &b), score(&us, &them, &b));
        }

        #[test]
        fn packing_keeps_the_score_and_comes_back(us in facts(), them in facts(), weights in weights()) {
            let packed = (Outline::of(&us), Outline::of(&them));
            prop_assert_eq!(packed.0.total(&packed.1, &weights), score(&us, &them, &weights).total);
            let total = score(&us, &them, &weights).total;
            let plan = outline::Plan::of(&weights);
            prop_assert_eq!(packed.0.total_from(&packed.1, &plan, total), Some(total));
            prop_assert_eq!(packed.0.total_from(&packed.1, &plan, total + 1), None);
            let again = (packed.0.facts(), packed.1.facts());
            prop_assert_eq!(score(&again.0, &again.1, &weights), score(&us, &them, &weights));
            prop_assert_eq!(Outline::of(&again.0), packed.0);
        }

        #[test]
        fn an_outline_is_the_same_from_its_parts(us in facts(), them in facts(), weights in weights()) {
            let (us, them) = (Outline::of(&us), Outline::of(&them));
            let apart = (them.numbers(), them.sets());
            prop_assert_eq!(&Outline::from_parts(&apart.0, apart.1), &them);
            let plan = outline::Plan::of(&weights);
            let kept = outline::Sketch::of(&apart.0, apart.1);
            prop_assert_eq!(us.sketch().total_from(&kept, &plan, 0), us.total_from(&them, &plan, 0));
        }

        #[test]
        fn offering_everything_never_outdoes_a_city_that_offers_something_needed(us in facts(), them in facts(), urgency in urgency()) {
            let mut stuffed = them.clone();
            stuffed.offers = Theme::ALL.iter().map(|&theme| ThemeUrgency { theme, urgency }).collect();
            prop_assert!(needs_value(&us, &stuffed) <= needs_value(&us, &them));
        }

        #[test]
        fn a_further_offer_that_is_needed_never_lowers_a_specific_city(us in facts(), them in facts(), offers in statements(5), further in urgency()) {
            let before = Facts { offers, ..them };
            for need in &us.needs {
                if before.offers.iter().all(|offer| offer.theme != need.theme) {
                    let mut after = before.clone();
                    after.offers.push(ThemeUrgency { theme: need.theme, urgency: further });
                    prop_assert!(needs_value(&us, &after) >= needs_value(&us, &before));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn one_need_met_in_full_outweighs_all_history(us in facts(), them in facts(), weights in weights(), history in 0..=FULL) {
            let (us, them) = (Outline::of(&us), Outline::of(&them));
            let known = score_with_history(&us, &them, &weights, history);
            let unknown = score_outlines(&us, &them, &weights);
            let gain = known.total - unknown.total;
            prop_assert_eq!(gain, 2 * weights.history() * history);
            prop_assert!(weights.needs == 0 || gain <= weights.of(Criterion::Needs) * FULL);
            prop_assert_eq!(reweigh(&known, &weights), known);
        }
    }

    #[test]
    fn a_ready_offer_meets_a_need_in_full() {
        let city = |needs: &[Theme], offers: &[Theme]| {
            let high = |themes: &[Theme]| {
                themes
                    .iter()
                    .map(|&theme| ThemeUrgency {
                        theme,
                        urgency: Urgency::High,
                    })
                    .collect()
            };
            Facts {
                country: "FR".to_owned(),
                level: Level::Local,
                population: None,
                location: None,
                languages: Vec::new(),
                needs: high(needs),
                offers: high(offers),
                wanted_countries: Vec::new(),
                wanted_levels: Vec::new(),
                engagement: None,
                partner_countries: Vec::new(),
            }
        };
        let seeker = city(&[Theme::Climate, Theme::Youth], &[]);
        assert_eq!(needs_value(&seeker, &city(&[], &[Theme::Climate, Theme::Youth])), FULL);
        assert_eq!(needs_value(&seeker, &city(&[], &[Theme::Climate])), FULL / 2);
        assert_eq!(needs_value(&seeker, &city(&[], Theme::ALL)), 0);
        // Ten offers: four beyond those that count in full, so that six tenths squared is left.
        assert_eq!(needs_value(&seeker, &city(&[], &Theme::ALL[..10])), 360);
    }
}
