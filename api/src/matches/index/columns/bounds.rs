//! What a ranking asks, and the most that any row of a block can reach by it.

use shared::cities::Level;
use shared::geo::Direction;
use shared::scoring::outline::{Numbers, Plan, Sets, Sketch, UNKNOWN, languages_value, nearness, similar_size};
use shared::scoring::{Criterion, FULL, Outline, Weights};

use super::block::{AXIS, Block, chord};
use super::kernel::{Sizes, Themes, Values, Ways, units};
use super::{Columns, Teaching};

/// Kilometres in the radius of the Earth, and a little more.
const RADIUS_KM: f32 = 6_371.1;
/// The longest sum of a bound in units: what they are rounded up by still fits into 16 bits.
const UNITS: u32 = 60_000;

/// What a ranking asks: who for, and how much each criterion counts.
pub struct Query<'a> {
    pub(super) us: Sketch<'a>,
    pub(super) ours: &'a Outline,
    pub(super) plan: Plan,
    pub(super) teaching: Option<Teaching<'a>>,
    /// Points for each per mille that is learned.
    pub(super) learned_weight: u32,
    /// The same in units.
    pub(super) values: Values,
    weights: &'a Weights,
    /// Points in one unit of the bounds.
    unit: u32,
    themes: Themes,
    place: Option<[f32; 3]>,
    sizes: Option<Sizes>,
    /// What is the same in each block.
    ways: Ways,
    /// Points for each set of languages.
    by_languages: Vec<u16>,
}

/// The most that a block can reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// In points, all together.
    pub(super) points: u32,
    /// Those that are the same for each of its rows, in units.
    pub(super) alike: u16,
    /// Those for all that differs by row but its themes, in units.
    pub(super) beside: u16,
}

/// What follows from country and level alone.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    of: Option<(u16, u8)>,
    /// Points that are sure.
    sure: u32,
    /// For those that look for no level in particular.
    level: u32,
}

impl<'a> Query<'a> {
    /// A ranking for `ours`; what a teacher says counts by the weight of history.
    #[must_use]
    pub fn of(columns: &Columns, ours: &'a Outline, weights: &'a Weights, teaching: Option<Teaching<'a>>) -> Self {
        // What does not count is not asked for.
        let teaching = teaching.filter(|_| weights.of(Criterion::History) > 0);
        let us = ours.sketch();
        let numbers = ours.numbers();
        let most = Criterion::ALL.iter().map(|&criterion| 2 * FULL * weights.of(criterion));
        let unit = unit_of(most.sum::<u32>());
        let learned_weight = if teaching.is_some() {
            2 * weights.of(Criterion::History)
        } else {
            0
        };
        let by_size = 2 * weights.of(Criterion::Size);
        let of = |criterion, value| units(u64::from(weights.of(criterion) * value), unit);
        let mut ways = Ways::default();
        ways.set_country(
            ours.country(),
            of(Criterion::Country, FULL / 2),
            of(Criterion::Country, FULL),
            of(Criterion::Ties, FULL),
        );
        let spoken = ours.sets().languages;
        let shared = |codes: &[u16]| {
            let common = spoken.iter().filter(|code| codes.contains(code)).count();
            of(Criterion::Languages, 2 * languages_value(common))
        };
        // For who has languages that its block does not tell apart.
        ways.by_tongue = [shared(spoken); 16];
        Self {
            us,
            ours,
            plan: Plan::of(weights),
            teaching,
            learned_weight,
            values: Values::of(learned_weight, unit),
            weights,
            unit,
            themes: Themes::of(
                numbers.needs,
                numbers.offers,
                weights.of(Criterion::Needs),
                2 * weights.of(Criterion::Sdgs),
                unit,
            ),
            place: numbers
                .point
                .map(|point| Direction::of(point).axes().map(|axis| axis as f32)),
            sizes: us
                .size()
                .and_then(|size| u16::try_from(size).ok())
                .filter(|_| by_size > 0)
                .map(|size| Sizes::of(size, by_size, unit)),
            ways,
            by_languages: columns.pools.languages.sets().map(shared).collect(),
        }
    }

    pub(super) fn place(&self) -> Option<[f32; 3]> {
        self.place
    }

    pub(super) fn themes(&self) -> &Themes {
        &self.themes
    }

    /// How many units a row must add to what is alike in its block, to reach `least` points.
    pub(super) fn missing(&self, least: u32, alike: u16) -> u16 {
        u16::try_from(least.div_ceil(self.unit))
            .unwrap_or(u16::MAX)
            .saturating_sub(alike)
    }

    /// The most points that anything learned gives in a block.
    fn most_learned(&self, block: usize) -> u32 {
        self.learned_weight * self.teaching.map_or(0, |teaching| teaching.most(block))
    }

    /// The same in units.
    pub(super) fn learned(&self, block: usize) -> u16 {
        units(u64::from(self.most_learned(block)), self.unit)
    }

    /// Points for what rows of a block say of themselves.
    pub(super) fn ways(&self, block: &Block, known: &Known) -> Ways {
        let of = |criterion, value| units(u64::from(self.weights.of(criterion) * value), self.unit);
        let mut ways = self.ways.clone();
        let told_apart = block.tongues.iter().take(usize::from(block.tongue_count));
        for (points, &set) in ways.by_tongue.iter_mut().zip(told_apart) {
            *points = self.by_languages.get(set as usize).copied().unwrap_or(u16::MAX);
        }
        let (any, wanted) = (of(Criterion::Level, known.level), of(Criterion::Level, FULL));
        let level = self.ours.level() as u8;
        for (levels, points) in (0_u8..).zip(&mut ways.by_levels) {
            *points = if levels >> level & 1 == 1 { wanted } else { 0 };
        }
        ways.by_levels[0] = any;
        ways
    }

    /// What country and level of a block make sure.
    pub(super) fn know(&self, block: &Block, known: &mut Known) {
        if known.of == Some((block.country, block.level)) {
            return;
        }
        let level = Level::ALL
            .get(usize::from(block.level))
            .copied()
            .unwrap_or(Level::Local);
        let them = Sketch::of(
            &Numbers {
                country: block.country,
                level,
                engagement: None,
                wanted_levels: 0,
                population: None,
                point: None,
                needs: 0,
                offers: 0,
            },
            Sets {
                languages: &[],
                wanted_countries: &[],
                partner_countries: &[],
            },
        );
        let of = |criterion| {
            let (ours, theirs) = self.us.values(&them, criterion);
            (self.weights.of(criterion) * ours, theirs)
        };
        let (level, country, ties) = (of(Criterion::Level), of(Criterion::Country), of(Criterion::Ties));
        *known = Known {
            of: Some((block.country, block.level)),
            sure: level.0 + country.0 + ties.0,
            level: level.1,
        };
    }

    /// The most that a row of the block can reach.
    pub(super) fn most(&self, number: usize, block: &Block, known: &mut Known) -> Most {
        self.know(block, known);
        let weight = |criterion| self.weights.of(criterion);
        let numbers = self.us;
        let country = if block.wanted.may_have(self.ours.country()) {
            FULL
        } else if block.has(Block::NO_COUNTRY) {
            FULL / 2
        } else {
            0
        };
        let ties = if block.partners.may_have(self.ours.country()) {
            FULL
        } else {
            0
        };
        let wants_level = block.wanted_levels >> self.ours.level() as u8 & 1 == 1;
        let level = match (wants_level, block.has(Block::NO_LEVEL)) {
            (true, _) => FULL,
            (false, true) => known.level,
            (false, false) => 0,
        };
        let common = self
            .ours
            .sets()
            .languages
            .iter()
            .filter(|&&code| block.languages.may_have(code))
            .count()
            .min(usize::from(block.most_languages));
        let ours = numbers.goals();
        let goals = (FULL * (ours & block.goals).count_ones())
            .checked_div(ours.count_ones())
            .unwrap_or(0);
        let alike = known.sure + 2 * weight(Criterion::Distance) * self.nearest(block);
        let by_learned = self.most_learned(number);
        let by_row = weight(Criterion::Country) * country
            + weight(Criterion::Ties) * ties
            + weight(Criterion::Level) * level
            + 2 * weight(Criterion::Languages) * languages_value(common);
        let by_size = 2 * weight(Criterion::Size) * self.likest(block);
        let by_themes = if block.has(Block::THEMES) {
            let full = units(u64::from(weight(Criterion::Needs) * FULL), self.unit);
            let by_needs = u32::from(self.themes.most(block.offers, block.needs, full)) * self.unit;
            by_needs + 2 * weight(Criterion::Sdgs) * goals
        } else {
            0
        };
        // Where sizes do not differ by row, they are alike.
        let sized = if self.differ_by_size(block) { 0 } else { by_size };
        let in_units = |points: u32| units(u64::from(points), self.unit);
        Most {
            points: alike + by_row + by_size + by_themes + by_learned,
            alike: in_units(alike + sized),
            beside: in_units(by_row + by_size - sized + by_learned),
        }
    }

    /// The value of distance for who is nearest.
    fn nearest(&self, block: &Block) -> u32 {
        if self.weights.of(Criterion::Distance) == 0 {
            return 0;
        }
        let unknown = if block.has(Block::NO_PLACE) { UNKNOWN } else { 0 };
        match self.place {
            None => UNKNOWN,
            Some(_) if !block.has(Block::PLACED) => UNKNOWN,
            Some(place) => {
                // An arc is longer than its chord.
                let gap = (chord(place, block.middle) - block.radius).max(0.0);
                let km = (gap * RADIUS_KM - 2.0).max(0.0) as u32;
                nearness(km).max(unknown)
            }
        }
    }

    /// The value of size for who is most alike.
    fn likest(&self, block: &Block) -> u32 {
        let Some(ours) = self.us.size() else { return UNKNOWN };
        let [least, most] = block.sizes.map(u32::from);
        let unknown = if block.has(Block::NO_PEOPLE) { UNKNOWN } else { 0 };
        if least > most {
            return unknown;
        }
        similar_size(Some(ours), Some(ours.clamp(least, most))).max(unknown)
    }

    fn differ_by_size(&self, block: &Block) -> bool {
        self.sizes.is_some() && (block.sizes[0] < block.sizes[1] || block.has(Block::NO_PEOPLE))
    }

    /// How rows of a block get points for their sizes; nothing where those do not differ.
    pub(super) fn sizes(&self, block: &Block) -> Option<Sizes> {
        self.sizes.filter(|_| self.differ_by_size(block))
    }
}

/// How many points are one unit: a number that divides most of what criteria give, so that little is rounded.
fn unit_of(most: u32) -> u32 {
    let least = most / UNITS + 1;
    [1, 2, 4, 5, 10, 20, 25, 50, 100]
        .into_iter()
        .find(|unit| *unit >= least)
        .unwrap_or(least)
}

/// A chord of the unit sphere in 16-bit steps to one in 32-bit numbers.
pub(super) fn axis(step: i16) -> f32 {
    f32::from(step) / AXIS
}
