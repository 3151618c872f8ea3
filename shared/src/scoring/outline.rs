//! A city's facts packed into numbers, and the value of each criterion for a pair of them.
//!
//! [`score`](super::score) packs and judges two cities; an index that judges one city against a whole directory keeps the
//! outlines and gets the same values, because these are the only ones there are. Integers throughout, so that every
//! machine agrees.

pub(crate) mod sides;
pub mod sketch;

use super::raise::Stating;
use super::{Criterion, FULL, Facts, SPECIFIC_OFFERS, ThemeUrgency, Weights};
use crate::cities::{Engagement, Level, Urgency};
use crate::geo::{Direction, Point};
use crate::themes::Theme;
pub use sketch::{Numbers, Sets, Sketch, goals_of};

/// The value where population or place of one side is unknown.
pub const UNKNOWN: u32 = FULL / 2;

/// A theme's urgency in two bits each, nothing where the theme is not stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Themes(u32);

impl Themes {
    /// The first statement about a theme counts: a city states each once.
    fn of(statements: &[ThemeUrgency]) -> Self {
        let mut themes = Self::default();
        for statement in statements {
            let place = 2 * statement.theme as u32;
            if themes.0 >> place & 3 == 0 {
                themes.0 |= urgency_weight(statement.urgency) << place;
            }
        }
        themes
    }

    /// The same with a theme stated as urgent.
    const fn with(self, theme: Theme) -> Self {
        Self(self.0 | 3 << (2 * theme as u32))
    }

    const fn weight(self, theme: Theme) -> u32 {
        self.0 >> (2 * theme as u32) & 3
    }

    fn statements(self) -> impl Iterator<Item = ThemeUrgency> {
        Theme::ALL.iter().filter_map(move |&theme| {
            let urgency = match self.weight(theme) {
                0 => return None,
                1 => Urgency::Low,
                2 => Urgency::Medium,
                _ => Urgency::High,
            };
            Some(ThemeUrgency { theme, urgency })
        })
    }

    /// One bit for each stated theme, at the lower of its two places.
    const fn stated(self) -> u32 {
        (self.0 | self.0 >> 1) & 0x5555_5555
    }

    const fn count(self) -> u32 {
        self.stated().count_ones()
    }
}

const fn urgency_weight(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::Low => 1,
        Urgency::Medium => 2,
        Urgency::High => 3,
    }
}

/// A code of two or three letters as a number; none for anything else.
fn pack(code: &str) -> Option<u16> {
    if !(2..=3).contains(&code.len()) {
        return None;
    }
    code.bytes().try_fold(0_u16, |packed, letter| {
        let letter = letter.to_ascii_lowercase();
        letter
            .is_ascii_lowercase()
            .then(|| packed * 27 + u16::from(letter - b'a') + 1)
    })
}

fn unpack(mut packed: u16) -> String {
    let mut letters = Vec::with_capacity(3);
    while packed > 0 {
        letters.push(char::from(b'a' + u8::try_from((packed - 1) % 27).unwrap_or(0)));
        packed /= 27;
    }
    letters.iter().rev().collect()
}

fn pack_all<'a>(codes: impl Iterator<Item = &'a str>) -> Box<[u16]> {
    distinct(codes.filter_map(pack).collect())
}

/// Each once, in ascending order.
fn distinct(mut packed: Vec<u16>) -> Box<[u16]> {
    packed.sort_unstable();
    packed.dedup();
    packed.into_boxed_slice()
}

fn unpack_countries(packed: &[u16]) -> Vec<String> {
    packed.iter().map(|&code| unpack(code).to_ascii_uppercase()).collect()
}

/// What the score knows of a city, packed.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    country: u16,
    level: Level,
    engagement: Option<Engagement>,
    /// One bit for each level that it looks for.
    wanted_levels: u8,
    population: Option<i64>,
    /// `1000 × log2` of the population, where known.
    size: Option<u32>,
    place: Option<(Point, Direction)>,
    needs: Themes,
    offers: Themes,
    /// One bit for each goal that its needs and offers serve.
    goals: u32,
    languages: Box<[u16]>,
    wanted_countries: Box<[u16]>,
    partner_countries: Box<[u16]>,
}

impl Outline {
    /// Packs facts. Of a language only the first part counts: `fr-CA` is `fr`.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let goals = facts
            .needs
            .iter()
            .chain(&facts.offers)
            .flat_map(|statement| statement.theme.sdgs())
            .fold(0, |set, goal| set | 1 << goal);
        Self {
            country: pack(&facts.country).unwrap_or(0),
            level: facts.level,
            engagement: facts.engagement,
            wanted_levels: facts.wanted_levels.iter().fold(0, |set, &level| set | 1 << level as u8),
            population: facts.population,
            size: facts.population.map(size_of),
            place: facts.location.map(|point| (point, Direction::of(point))),
            needs: Themes::of(&facts.needs),
            offers: Themes::of(&facts.offers),
            goals,
            languages: pack_all(
                facts
                    .languages
                    .iter()
                    .map(|tag| tag.split(['-', '_']).next().unwrap_or_default()),
            ),
            wanted_countries: pack_all(facts.wanted_countries.iter().map(String::as_str)),
            partner_countries: pack_all(facts.partner_countries.iter().map(String::as_str)),
        }
    }

    /// The facts again: with the same score, in the order of the code lists.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            country: unpack(self.country).to_ascii_uppercase(),
            level: self.level,
            population: self.population,
            location: self.place.map(|(point, _)| point),
            languages: self.languages.iter().map(|&code| unpack(code)).collect(),
            needs: self.needs.statements().collect(),
            offers: self.offers.statements().collect(),
            wanted_countries: unpack_countries(&self.wanted_countries),
            wanted_levels: Level::ALL
                .iter()
                .copied()
                .filter(|&level| self.wanted_levels >> level as u8 & 1 == 1)
                .collect(),
            engagement: self.engagement,
            partner_countries: unpack_countries(&self.partner_countries),
        }
    }

    /// The same city, had it stated a need or an offer of high urgency.
    #[must_use]
    pub fn stating(&self, stating: Stating, theme: Theme) -> Self {
        let mut stated = self.clone();
        let statements = match stating {
            Stating::Need => &mut stated.needs,
            Stating::Offer => &mut stated.offers,
        };
        *statements = statements.with(theme);
        stated.goals = theme.sdgs().iter().fold(stated.goals, |set, goal| set | 1 << goal);
        stated
    }

    /// Replaces the countries in which it has partners.
    pub fn set_partner_countries(&mut self, countries: impl Iterator<Item = u16>) {
        self.partner_countries = distinct(countries.collect());
    }

    /// The country as a number to compare with [`country_number`].
    #[must_use]
    pub const fn country(&self) -> u16 {
        self.country
    }

    /// The level of the authority.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// Inhabitants, where known.
    #[must_use]
    pub const fn population(&self) -> Option<i64> {
        self.population
    }

    /// Whether it needs this.
    #[must_use]
    pub const fn needs(&self, theme: Theme) -> bool {
        self.needs.weight(theme) > 0
    }

    /// Whether it offers this.
    #[must_use]
    pub const fn offers(&self, theme: Theme) -> bool {
        self.offers.weight(theme) > 0
    }

    /// Whole kilometres to another city, where both places are known.
    #[must_use]
    pub fn distance_km(&self, other: &Self) -> Option<u32> {
        self.sketch().distance_km(&other.sketch())
    }

    /// The total of [`score`](super::score), without its reasons.
    #[must_use]
    pub fn total(&self, other: &Self, weights: &Weights) -> u32 {
        self.total_from(other, &Plan::of(weights), 0).unwrap_or(0)
    }

    /// The total, where it is at least `least`; most pairs are given up after what is quickly judged.
    #[must_use]
    pub fn total_from(&self, other: &Self, plan: &Plan, least: u32) -> Option<u32> {
        self.sketch().total_from(&other.sketch(), plan, least)
    }

    /// What each side gets from the other by one criterion, in per mille.
    pub(super) fn values(&self, other: &Self, criterion: Criterion) -> (u32, u32) {
        self.sketch().values(&other.sketch(), criterion)
    }
}

impl Sketch<'_> {
    /// Whole kilometres to another city, where both places are known.
    #[must_use]
    pub fn distance_km(&self, other: &Self) -> Option<u32> {
        let (ours, theirs) = (self.place?.direction(), other.place?.direction());
        Some(ours.distance_km(theirs).round() as u32)
    }

    /// The total, where it is at least `least`; most pairs are given up after what is quickly judged.
    #[must_use]
    pub fn total_from(&self, other: &Self, plan: &Plan, least: u32) -> Option<u32> {
        let mut total = 0;
        for step in &plan.0 {
            if total + step.rest < least {
                return None;
            }
            if step.weight > 0 {
                let (ours, theirs) = self.values(other, step.criterion);
                total += step.weight * (ours + theirs);
            }
        }
        (total >= least).then_some(total)
    }

    /// What each side gets from the other by one criterion, in per mille.
    #[must_use]
    pub fn values(&self, other: &Self, criterion: Criterion) -> (u32, u32) {
        match criterion {
            Criterion::Needs => (needs_met(self.needs, other.offers), needs_met(other.needs, self.offers)),
            Criterion::Sdgs => both(shared_goals(self.goals, other.goals)),
            // Not a fact of either city: whoever knows all partnerships adds it.
            Criterion::History => (0, 0),
            Criterion::Size => both(similar_size(self.size, other.size)),
            Criterion::Level => (self.level_fits(other), other.level_fits(self)),
            Criterion::Languages => both(common_languages(self.languages, other.languages)),
            Criterion::Distance => both(self.distance_km(other).map_or(UNKNOWN, nearness)),
            Criterion::Country => (self.country_fits(other), other.country_fits(self)),
            Criterion::Ties => (self.knows_country(other), other.knows_country(self)),
        }
    }

    /// What it looks for counts; without that, its own level and, less, the one beside it.
    const fn level_fits(&self, other: &Self) -> u32 {
        if self.wanted_levels != 0 {
            return if self.wanted_levels >> other.level as u8 & 1 == 1 {
                FULL
            } else {
                0
            };
        }
        match (self.level as u8).abs_diff(other.level as u8) {
            0 => FULL,
            1 => FULL * 4 / 10,
            _ => 0,
        }
    }

    /// Half where it looks for no country in particular.
    fn country_fits(&self, other: &Self) -> u32 {
        if self.wanted_countries.is_empty() {
            FULL / 2
        } else if self.wanted_countries.contains(&other.country) {
            FULL
        } else {
            0
        }
    }

    fn knows_country(&self, other: &Self) -> u32 {
        if self.partner_countries.contains(&other.country) {
            FULL
        } else {
            0
        }
    }
}

/// Weights in the order in which a ranking judges: what is quickly judged and tells much first, distance last.
#[derive(Debug, Clone, Copy)]
pub struct Plan([Step; Criterion::ALL.len()]);

#[derive(Debug, Clone, Copy)]
struct Step {
    criterion: Criterion,
    weight: u32,
    /// The most that this step and those after it can add.
    rest: u32,
}

impl Plan {
    const ORDER: [Criterion; Criterion::ALL.len()] = [
        Criterion::Needs,
        Criterion::Country,
        Criterion::Ties,
        Criterion::Level,
        Criterion::Size,
        Criterion::Sdgs,
        Criterion::Languages,
        Criterion::Distance,
        Criterion::History,
    ];

    /// The plan for these weights.
    #[must_use]
    pub fn of(weights: &Weights) -> Self {
        let mut rest = 0;
        let mut steps = Self::ORDER.map(|criterion| Step {
            criterion,
            // Whoever ranks with history adds it, and its bound, by itself.
            weight: if matches!(criterion, Criterion::History) {
                0
            } else {
                weights.of(criterion)
            },
            rest: 0,
        });
        for step in steps.iter_mut().rev() {
            rest += 2 * FULL * step.weight;
            step.rest = rest;
        }
        Self(steps)
    }
}

/// The number of a country's code, to compare with [`Outline::country`]; none for what is no such code.
#[must_use]
pub fn country_number(code: &str) -> Option<u16> {
    pack(code)
}

/// The code of a country's number.
#[must_use]
pub fn country_code(number: u16) -> Option<String> {
    let code = unpack(number).to_ascii_uppercase();
    (country_number(&code) == Some(number)).then_some(code)
}

const fn both(value: u32) -> (u32, u32) {
    (value, value)
}

/// How much of the urgency-weighted needs the offers meet: in full by one that is ready now, by a fifth less by one for
/// this year or next, by two fifths less by one for some day.
///
/// Up to [`SPECIFIC_OFFERS`] offers count in full. From there on each further one takes from all, down to nothing for who
/// offers everything: whoever is expert in everything is expert in nothing, and stuffing a profile does not raise it.
fn needs_met(needs: Themes, offers: Themes) -> u32 {
    let (mut asked, mut met) = (0, 0);
    let mut open = needs.stated();
    while open != 0 {
        let place = open.trailing_zeros();
        open &= open - 1;
        let urgency = needs.0 >> place & 3;
        let readiness = offers.0 >> place & 3;
        asked += urgency;
        if readiness > 0 {
            met += urgency * readiness_value(readiness);
        }
    }
    if met == 0 {
        return 0;
    }
    let left = specific(offers.0);
    met * left * left / (asked * SPREAD * SPREAD)
}

/// What an offer meets of a need, by its readiness from 1 to 3; nothing without one.
#[must_use]
pub const fn readiness_value(readiness: u32) -> u32 {
    if readiness == 0 {
        0
    } else {
        FULL * (4 + 2 * readiness) / 10
    }
}

/// How many offers it takes from the last that counts in full to every theme.
pub const SPREAD: u32 = Theme::ALL.len() as u32 - SPECIFIC_OFFERS;

/// How specific offers are: [`SPREAD`] for few, nothing for all; it counts squared.
#[must_use]
pub fn specific(offers: u32) -> u32 {
    (Theme::ALL.len() as u32 - Themes(offers).count()).min(SPREAD)
}

/// Goals that both serve out of all that either serves.
const fn shared_goals(ours: u32, theirs: u32) -> u32 {
    let union = (ours | theirs).count_ones();
    match (FULL * (ours & theirs).count_ones()).checked_div(union) {
        Some(shared) => shared,
        None => 0,
    }
}

/// Full for equal populations, half for one six times the other, nothing from 36 times on.
#[must_use]
pub const fn similar_size(ours: Option<u32>, theirs: Option<u32>) -> u32 {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => FULL.saturating_sub(FULL * ours.abs_diff(theirs) / 5_170),
        _ => UNKNOWN,
    }
}

/// The size of a city, by which cities are compared: `1000 × log2(population)`. Who has more people is of no lesser size.
#[must_use]
pub fn size_of(population: i64) -> u32 {
    thousandth_log2(u64::try_from(population).unwrap_or(0))
}

/// `1000 × log2(value)`, 0 for nothing: the whole part by bits, the rest linear between powers of two.
pub(crate) fn thousandth_log2(value: u64) -> u32 {
    let value = value.max(1);
    let whole = value.ilog2();
    let rest = ((u128::from(value) * 1_000) >> whole) as u32 - 1_000;
    whole * 1_000 + rest
}

fn common_languages(ours: &[u16], theirs: &[u16]) -> u32 {
    languages_value(ours.iter().filter(|language| theirs.contains(language)).count())
}

/// One language in common is most of what it takes.
#[must_use]
pub const fn languages_value(common: usize) -> u32 {
    match common {
        0 => 0,
        1 => FULL * 8 / 10,
        _ => FULL,
    }
}

/// Full next door, half at 1,500 km.
#[must_use]
pub const fn nearness(km: u32) -> u32 {
    FULL * 1_500 / (1_500 + km)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back_as_they_were() {
        for code in ["fr", "uk", "zz", "aa", "hy", "ber", "zzz", "aaa"] {
            assert_eq!(pack(code).map(unpack).as_deref(), Some(code));
        }
        for other in ["", "f", "français", "f1", "éé", "abcd"] {
            assert_eq!(pack(other), None, "{other}");
        }
    }

    #[test]
    fn sizes_are_compared_by_their_ratio() {
        let similar = |a: i64, b: i64| similar_size(Some(size_of(a)), Some(size_of(b)));
        assert_eq!(similar(10_000, 10_000), FULL);
        assert!((480..=520).contains(&similar(10_000, 60_000)));
        assert_eq!(similar(1_000, 100_000), 0);
        assert_eq!(similar_size(None, Some(5)), FULL / 2);
        assert_eq!(similar(0, -7), FULL);
    }
}
