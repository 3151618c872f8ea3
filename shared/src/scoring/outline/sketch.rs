//! An outline borrowed: from an [`Outline`], or from the rows and sets of an index that keeps its cities its own way. All
//! values of a pair are made on sketches, so that every index scores alike.

use super::{Outline, Themes, size_of};
use crate::cities::{Engagement, Level};
use crate::geo::{Direction, Point};
use crate::themes::Theme;

/// The plain numbers of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    /// The country, as a number.
    pub country: u16,
    /// The level of the authority.
    pub level: Level,
    /// Start or strengthen.
    pub engagement: Option<Engagement>,
    /// One bit for each level that it looks for.
    pub wanted_levels: u8,
    /// Inhabitants, where known.
    pub population: Option<i64>,
    /// Where it is, where known.
    pub point: Option<Point>,
    /// What it needs: two bits for each theme, its urgency from 1 to 3, or 0 where it is not stated.
    pub needs: u32,
    /// What it offers, in the same way.
    pub offers: u32,
}

/// The sets of an outline, each ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sets<'a> {
    /// Languages, as numbers.
    pub languages: &'a [u16],
    /// Countries that it looks for, as numbers.
    pub wanted_countries: &'a [u16],
    /// Countries in which it has partners, as numbers.
    pub partner_countries: &'a [u16],
}

/// Where a city is: as it is told, or as distances are measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    At(Point),
    Toward(Direction),
}

impl Place {
    pub(super) fn direction(self) -> Direction {
        match self {
            Self::At(point) => Direction::of(point),
            Self::Toward(direction) => direction,
        }
    }
}

/// What a pair is scored by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sketch<'a> {
    pub(super) country: u16,
    pub(super) level: Level,
    pub(super) wanted_levels: u8,
    pub(super) size: Option<u32>,
    pub(super) place: Option<Place>,
    pub(super) needs: Themes,
    pub(super) offers: Themes,
    pub(super) goals: u32,
    pub(super) languages: &'a [u16],
    pub(super) wanted_countries: &'a [u16],
    pub(super) partner_countries: &'a [u16],
}

impl<'a> Sketch<'a> {
    /// The sketch of numbers and sets.
    #[must_use]
    pub fn of(numbers: &Numbers, sets: Sets<'a>) -> Self {
        Self {
            country: numbers.country,
            level: numbers.level,
            wanted_levels: numbers.wanted_levels,
            size: numbers.population.map(size_of),
            place: numbers.point.map(Place::At),
            needs: Themes(numbers.needs),
            offers: Themes(numbers.offers),
            goals: goals_of(numbers.needs) | goals_of(numbers.offers),
            languages: sets.languages,
            wanted_countries: sets.wanted_countries,
            partner_countries: sets.partner_countries,
        }
    }

    /// The population that sizes are compared by, `1000 × log2`, where known.
    #[must_use]
    pub const fn size(&self) -> Option<u32> {
        self.size
    }

    /// One bit for each goal that it serves.
    #[must_use]
    pub const fn goals(&self) -> u32 {
        self.goals
    }
}

impl Outline {
    /// The outline, borrowed.
    #[must_use]
    pub fn sketch(&self) -> Sketch<'_> {
        Sketch {
            country: self.country,
            level: self.level,
            wanted_levels: self.wanted_levels,
            size: self.size,
            place: self.place.map(|(_, direction)| Place::Toward(direction)),
            needs: self.needs,
            offers: self.offers,
            goals: self.goals,
            languages: &self.languages,
            wanted_countries: &self.wanted_countries,
            partner_countries: &self.partner_countries,
        }
    }

    /// Its numbers, to be kept elsewhere.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        Numbers {
            country: self.country,
            level: self.level,
            engagement: self.engagement,
            wanted_levels: self.wanted_levels,
            population: self.population,
            point: self.place.map(|(point, _)| point),
            needs: self.needs.0,
            offers: self.offers.0,
        }
    }

    /// Its sets, to be kept elsewhere.
    #[must_use]
    pub fn sets(&self) -> Sets<'_> {
        Sets {
            languages: &self.languages,
            wanted_countries: &self.wanted_countries,
            partner_countries: &self.partner_countries,
        }
    }

    /// The outline again, from what was kept of it.
    #[must_use]
    pub fn from_parts(numbers: &Numbers, sets: Sets<'_>) -> Self {
        let sketch = Sketch::of(numbers, sets);
        Self {
            country: numbers.country,
            level: numbers.level,
            engagement: numbers.engagement,
            wanted_levels: numbers.wanted_levels,
            population: numbers.population,
            size: sketch.size,
            place: numbers.point.map(|point| (point, Direction::of(point))),
            needs: sketch.needs,
            offers: sketch.offers,
            goals: sketch.goals,
            languages: sets.languages.into(),
            wanted_countries: sets.wanted_countries.into(),
            partner_countries: sets.partner_countries.into(),
        }
    }
}

/// The goals of the themes in one byte of statements, for each of its places.
const GOALS: [[u32; 256]; 4] = {
    let mut goals = [[0; 256]; 4];
    let mut place = 0;
    while place < 4 {
        let mut byte = 0;
        while byte < 256 {
            let mut at = 0;
            while at < 4 {
                if byte >> (2 * at) & 3 != 0 && 4 * place + at < Theme::ALL.len() {
                    let sdgs = Theme::ALL[4 * place + at].sdgs();
                    let mut goal = 0;
                    while goal < sdgs.len() {
                        goals[place][byte] |= 1 << sdgs[goal];
                        goal += 1;
                    }
                }
                at += 1;
            }
            byte += 1;
        }
        place += 1;
    }
    goals
};

/// One bit for each goal that the stated themes serve.
#[must_use]
pub fn goals_of(statements: u32) -> u32 {
    let bytes = statements.to_le_bytes();
    GOALS[0][usize::from(bytes[0])]
        | GOALS[1][usize::from(bytes[1])]
        | GOALS[2][usize::from(bytes[2])]
        | GOALS[3][usize::from(bytes[3])]
}
