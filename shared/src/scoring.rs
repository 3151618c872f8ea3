//! The one function that ranks partners. The server runs it over the directory, the browser runs it again when a
//! weight moves; both get the same integers.
//!
//! Every criterion gives each side a value in per mille: what *a* gets from *b*, and what *b* gets from *a*. A side's
//! contribution is `weight × value`; the score is the sum of all contributions, and [`Score::max`] what it would be with
//! every value at [`FULL`]. A reader recomputes the score from the reasons alone.

use serde::{Deserialize, Serialize};

use crate::cities::{Engagement, Level, Urgency, codes};
use crate::geo::Point;
use crate::themes::Theme;

/// The highest value of a criterion, in per mille.
pub const FULL: u32 = 1_000;
/// The highest weight of a criterion.
pub const WEIGHT_MAX: u32 = 100;

codes!(
    /// What a pair is judged by.
    Criterion {
        /// What one side needs and the other offers.
        Needs = "needs",
        /// Sustainable Development Goals that both serve.
        Sdgs = "sdgs",
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
            size: 12,
            level: 10,
            languages: 8,
            distance: 4,
            country: 10,
            ties: 6,
        }
    }
}

impl Weights {
    /// The weight of one criterion.
    #[must_use]
    pub const fn of(&self, criterion: Criterion) -> u32 {
        match criterion {
            Criterion::Needs => self.needs,
            Criterion::Sdgs => self.sdgs,
            Criterion::Size => self.size,
            Criterion::Level => self.level,
            Criterion::Languages => self.languages,
            Criterion::Distance => self.distance,
            Criterion::Country => self.country,
            Criterion::Ties => self.ties,
        }
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

/// Values of one criterion for both sides, in per mille.
type Both = (u32, u32);

/// Scores the pair `us`–`them`. Swapping the two swaps the sides of each reason and keeps the total.
#[must_use]
pub fn score(us: &Facts, them: &Facts, weights: &Weights) -> Score {
    let reasons: Vec<Reason> = Criterion::ALL
        .iter()
        .map(|&criterion| {
            let (value_for_us, value_for_them) = values(criterion, us, them);
            let weight = weights.of(criterion);
            Reason {
                criterion,
                weight,
                value_for_us,
                value_for_them,
                contribution_for_us: weight * value_for_us,
                contribution_for_them: weight * value_for_them,
            }
        })
        .collect();
    total_of(reasons)
}

/// Scores again with other weights: the values of a pair do not depend on them.
#[must_use]
pub fn reweigh(score: &Score, weights: &Weights) -> Score {
    let reasons = score
        .reasons
        .iter()
        .map(|reason| {
            let weight = weights.of(reason.criterion);
            Reason {
                weight,
                contribution_for_us: weight * reason.value_for_us,
                contribution_for_them: weight * reason.value_for_them,
                ..*reason
            }
        })
        .collect();
    total_of(reasons)
}

fn total_of(reasons: Vec<Reason>) -> Score {
    Score {
        total: reasons
            .iter()
            .map(|r| r.contribution_for_us + r.contribution_for_them)
            .sum(),
        max: reasons.iter().map(|r| 2 * FULL * r.weight).sum(),
        reasons,
    }
}

fn values(criterion: Criterion, us: &Facts, them: &Facts) -> Both {
    match criterion {
        Criterion::Needs => (needs_met(&us.needs, &them.offers), needs_met(&them.needs, &us.offers)),
        Criterion::Sdgs => both(shared_goals(us, them)),
        Criterion::Size => both(similar_size(us.population, them.population)),
        Criterion::Level => (level_fits(us, them), level_fits(them, us)),
        Criterion::Languages => both(common_languages(&us.languages, &them.languages)),
        Criterion::Distance => both(nearness(us.location, them.location)),
        Criterion::Country => (country_fits(us, them), country_fits(them, us)),
        Criterion::Ties => (knows_country(us, them), knows_country(them, us)),
    }
}

const fn both(value: u32) -> Both {
    (value, value)
}

const fn urgency_weight(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::Low => 1,
        Urgency::Medium => 2,
        Urgency::High => 3,
    }
}

/// How much of the urgency-weighted needs the offers meet. Offers weigh by specificity: who offers everything is
/// expert in nothing, so that stuffing the profile with themes does not raise it.
fn needs_met(needs: &[ThemeUrgency], offers: &[ThemeUrgency]) -> u32 {
    let asked: u32 = needs.iter().map(|need| urgency_weight(need.urgency)).sum();
    if asked == 0 {
        return 0;
    }
    let met: u32 = needs
        .iter()
        .filter_map(|need| {
            let offer = offers.iter().find(|offer| offer.theme == need.theme)?;
            // A ready offer meets the need in full, one for "some day" by a third less.
            Some(urgency_weight(need.urgency) * (FULL * (4 + 2 * urgency_weight(offer.urgency)) / 10))
        })
        .sum();
    let specificity = FULL * 6 / (6 + u32::try_from(offers.len().saturating_sub(6)).unwrap_or(FULL));
    met / asked * specificity / FULL
}

fn goals(facts: &Facts) -> u32 {
    facts
        .needs
        .iter()
        .chain(&facts.offers)
        .flat_map(|statement| statement.theme.sdgs())
        .fold(0, |set, goal| set | 1 << goal)
}

fn shared_goals(us: &Facts, them: &Facts) -> u32 {
    let (ours, theirs) = (goals(us), goals(them));
    let union = (ours | theirs).count_ones();
    if union == 0 {
        0
    } else {
        FULL * (ours & theirs).count_ones() / union
    }
}

/// Full for equal populations, half for one six times the other, nothing from 36 times on; half where one is unknown.
fn similar_size(ours: Option<i64>, theirs: Option<i64>) -> u32 {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return FULL / 2;
    };
    let difference = thousandth_log2(ours).abs_diff(thousandth_log2(theirs));
    FULL.saturating_sub(FULL * difference / 5_170)
}

/// `1000 × log2(value)`, in integers so that every machine agrees: the whole part by bits, the rest linear between
/// powers of two.
fn thousandth_log2(value: i64) -> u32 {
    let value = u64::try_from(value).unwrap_or(0).max(1);
    let whole = value.ilog2();
    let rest = (u128::from(value) * 1_000 >> whole) as u32 - 1_000;
    whole * 1_000 + rest
}

fn level_fits(seeker: &Facts, other: &Facts) -> u32 {
    let wanted = seeker.wanted_levels.contains(&other.level);
    match (seeker.wanted_levels.is_empty(), wanted) {
        (false, true) => FULL,
        (false, false) => 0,
        (true, _) if seeker.level == other.level => FULL,
        (true, _) if (seeker.level as i32 - other.level as i32).abs() == 1 => FULL * 4 / 10,
        (true, _) => 0,
    }
}

fn common_languages(ours: &[String], theirs: &[String]) -> u32 {
    match ours.iter().filter(|language| theirs.contains(language)).count() {
        0 => 0,
        1 => FULL * 8 / 10,
        _ => FULL,
    }
}

/// Full next door, half at 1,500 km; half where one place is unknown.
fn nearness(ours: Option<Point>, theirs: Option<Point>) -> u32 {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return FULL / 2;
    };
    // Whole kilometres: the last digits of a sine differ from machine to machine, the ranking must not.
    let km = ours.distance_km(theirs).round() as u32;
    FULL * 1_500 / (1_500 + km)
}

fn country_fits(seeker: &Facts, other: &Facts) -> u32 {
    if seeker.wanted_countries.is_empty() {
        FULL / 2
    } else if seeker.wanted_countries.contains(&other.country) {
        FULL
    } else {
        0
    }
}

fn knows_country(seeker: &Facts, other: &Facts) -> u32 {
    if seeker.partner_countries.contains(&other.country) {
        FULL
    } else {
        0
    }
}
