//! What existing twinnings teach about a pair of cities: a score that is a sum of points, one for each sign.
//!
//! A [`Signal`] is a whole number measured for a pair: partners in common, the ratio of sizes, how far apart. The
//! [`Lesson`] was learned from existing twinnings and gives points for each, by a staircase of its own; the points of all
//! signals and a base are added and cut to 0–[`FULL`](crate::scoring::FULL). Integers throughout: whoever has the signals
//! and the lesson gets the same number. The server measures the signals, since only it knows all partnerships.

pub mod columns;
pub mod field;
pub mod precedents;
pub mod signs;
pub mod surroundings;

use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::scoring::FULL;

codes!(
    /// What is measured of a pair.
    Signal {
        /// Partners that both have, each worth more the fewer partners it has itself; 1,000 for one with a single other.
        CommonPartners = "common_partners",
        /// The same, each partner worth the less the more partners it has, and the candidate has.
        CloseCircle = "close_circle",
        /// Walks of three partnerships from one to the other.
        PathsOfThree = "paths_of_three",
        /// Walks of three, counted less for a candidate with many partners.
        CloseOfThree = "close_of_three",
        /// Walks of five partnerships.
        PathsOfFive = "paths_of_five",
        /// Common partners that are partners of each other: the two would join a ring.
        Rings = "rings",
        /// Towns near the asking city that have the candidate as a partner.
        NeighboursPartner = "neighbours_partner",
        /// The same, towns of like size first.
        PeersPartner = "peers_partner",
        /// Partners' partners of towns near the asking city.
        NeighboursCircle = "neighbours_circle",
        /// Walks of three from towns near the asking city.
        NeighboursPaths = "neighbours_paths",
        /// Towns near the candidate that are partners of the asking city.
        NearPartners = "near_partners",
        /// Twinnings between towns near the one and towns near the other, of like size.
        RegionTies = "region_ties",
        /// Those among all twinnings of the candidate's surroundings.
        RegionShare = "region_share",
        /// Towns very near the candidate that are partners of the asking city.
        NextPartners = "next_partners",
        /// Kilometres from the candidate to the nearest partner of the asking city.
        NearestOurs = "nearest_ours",
        /// Kilometres from the asking city to the nearest partner of the candidate.
        NearestTheirs = "nearest_theirs",
        /// Twinnings between towns very near the one and towns very near the other.
        NextTies = "next_ties",
        /// Those among all twinnings very near the candidate.
        NextShare = "next_share",
        /// Kilometres at both ends of the nearest such twinning, added.
        NearestTie = "nearest_tie",
        /// The candidate's partners against what towns of its size around it have, per mille.
        OwnHabit = "own_habit",
        /// Walks of three that end near the candidate.
        PathsNear = "paths_near",
        /// Partners of the candidate.
        Partners = "partners",
        /// Its partners in the asking city's country.
        PartnersHere = "partners_here",
        /// Their share of all its partners, per mille.
        ShareHere = "share_here",
        /// Countries in which it has partners.
        PartnerCountries = "partner_countries",
        /// Partners of the best connected of its partners.
        BestPartner = "best_partner",
        /// How alike the two are in the countries of their partners, per mille.
        LikeCountries = "like_countries",
        /// Partners of a town around the candidate on average, in thousandths.
        RegionHabit = "region_habit",
        /// Share of the asking city's country in the twinnings around the candidate, per mille.
        RegionHere = "region_here",
        /// Places around the candidate.
        Density = "density",
        /// Doublings between the two populations, in thousandths.
        SizeGap = "size_gap",
        /// Doublings between their ranks by population in their countries, in thousandths.
        RankGap = "rank_gap",
        /// Between their places among the cities of their countries by population, per mille.
        PlaceGap = "place_gap",
        /// The candidate's population: doublings in thousandths; 0 unknown.
        Size = "size",
        /// Its rank in its country, doublings in thousandths.
        Rank = "rank",
        /// Doublings between the asking city and the candidate's partners on average, in thousandths.
        PartnersSize = "partners_size",
        /// Doublings between the candidate and the asking city's partners on average, in thousandths.
        OurPartnersSize = "our_partners_size",
        /// Kilometres between the two.
        Distance = "distance",
        /// Between their latitudes, in hundredths of the Earth's radius along its axis.
        Latitude = "latitude",
        /// How alike the names are, per mille.
        Name = "name",
        /// Rare words that both names have.
        Words = "words",
    }
);

codes!(
    /// What signals are about, for readers.
    Subject {
        /// Partners that the two share, directly or through others.
        Circle = "circle",
        /// Twinnings of towns near the one or the other.
        Neighbours = "neighbours",
        /// How used the candidate and its surroundings are to twinnings.
        Habit = "habit",
        /// Ties with the asking city's country.
        Country = "country",
        /// Sizes.
        Size = "size",
        /// How far apart.
        Distance = "distance",
        /// Names.
        Name = "name",
    }
);

impl Signal {
    /// What it is about.
    #[must_use]
    pub const fn subject(self) -> Subject {
        match self {
            Self::CommonPartners
            | Self::CloseCircle
            | Self::PathsOfThree
            | Self::CloseOfThree
            | Self::PathsOfFive
            | Self::Rings => Subject::Circle,
            Self::NeighboursPartner
            | Self::PeersPartner
            | Self::NeighboursCircle
            | Self::NeighboursPaths
            | Self::NearPartners
            | Self::RegionTies
            | Self::RegionShare
            | Self::NextPartners
            | Self::NearestOurs
            | Self::NearestTheirs
            | Self::NextTies
            | Self::NextShare
            | Self::NearestTie
            | Self::PathsNear => Subject::Neighbours,
            Self::OwnHabit | Self::Partners | Self::BestPartner | Self::RegionHabit | Self::Density => Subject::Habit,
            Self::PartnersHere | Self::ShareHere | Self::PartnerCountries | Self::LikeCountries | Self::RegionHere => {
                Subject::Country
            }
            Self::SizeGap
            | Self::RankGap
            | Self::PlaceGap
            | Self::Size
            | Self::Rank
            | Self::PartnersSize
            | Self::OurPartnersSize => Subject::Size,
            Self::Distance | Self::Latitude => Subject::Distance,
            Self::Name | Self::Words => Subject::Name,
        }
    }
}

/// How many signals there are.
pub const SIGNALS: usize = Signal::ALL.len();

/// All signals of a pair, in the order of [`Signal::ALL`].
pub type Signs = [u32; SIGNALS];

/// The points of one signal: a staircase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Staircase {
    /// The signal.
    pub signal: Signal,
    /// Where the steps are, ascending: a value stands on step *n* when *n* of these are at most it.
    pub steps: Vec<u32>,
    /// Points by band of the asking city, for the floor and each of the `steps`.
    pub points: Vec<Vec<i32>>,
    /// Points that are added, by band of the candidate.
    pub more: Vec<Vec<i32>>,
}

impl Staircase {
    /// The points for a value.
    #[must_use]
    pub fn points(&self, bands: Bands, value: u32) -> i32 {
        let step = self.steps.partition_point(|step| *step <= value);
        let of =
            |curves: &[Vec<i32>], band: usize| curves.get(band).and_then(|curve| curve.get(step)).copied().unwrap_or(0);
        of(&self.points, bands.us) + of(&self.more, bands.them)
    }
}

/// In which band either side is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    /// The asking city's.
    pub us: usize,
    /// The candidate's.
    pub them: usize,
}

/// What was learned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// When, and from what.
    pub about: About,
    /// The bands of asking cities by their number of partners: a city with *n* partners is in the band that counts how many
    /// of these are at most *n*.
    pub bands: Vec<u32>,
    /// Those of candidates.
    pub candidate_bands: Vec<u32>,
    /// Points before any signal.
    pub base: i32,
    /// A staircase for each signal, in the order of [`Signal::ALL`].
    pub signals: Vec<Staircase>,
}

/// When and from what a lesson was learned, and how it did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The day.
    pub learned_on: String,
    /// What it was learned from.
    pub data: String,
    /// Figures on hidden twinnings.
    pub figures: Vec<String>,
    /// What may be done with it.
    pub licence: String,
}

impl Lesson {
    /// The bands of a pair by the number of partners of each.
    #[must_use]
    pub fn bands(&self, ours: u32, theirs: u32) -> Bands {
        Bands {
            us: self.bands.partition_point(|bound| *bound <= ours),
            them: self.candidate_bands.partition_point(|bound| *bound <= theirs),
        }
    }

    /// The points of a pair before they are cut.
    #[must_use]
    pub fn sum(&self, bands: Bands, signs: &Signs) -> i32 {
        self.signals
            .iter()
            .zip(signs)
            .fold(self.base, |sum, (staircase, &value)| {
                sum + staircase.points(bands, value)
            })
    }

    /// The value of a pair with all its points.
    #[must_use]
    pub fn judge(&self, bands: Bands, signs: &Signs) -> Judgement {
        let parts = self.signals.iter().zip(signs).map(|(staircase, &measured)| Part {
            signal: staircase.signal,
            measured,
            points: staircase.points(bands, measured),
        });
        Judgement {
            value: self.value(bands, signs),
            base: self.base,
            parts: parts.filter(|part| part.points != 0).collect(),
        }
    }

    /// The value of a pair, 0 to [`FULL`].
    #[must_use]
    pub fn value(&self, bands: Bands, signs: &Signs) -> u32 {
        self.sum(bands, signs).clamp(0, FULL as i32) as u32
    }
}

/// A lesson made ready for one asking city: the staircases of both sides added.
#[derive(Debug, Clone)]
pub struct Ready<'a> {
    lesson: &'a Lesson,
    /// By the candidate's band.
    bands: Vec<Vec<Curve<'a>>>,
}

/// The points of one signal in one band of either side.
#[derive(Debug, Clone)]
struct Curve<'a> {
    /// The first of the steps: most values are below it.
    first: u32,
    steps: &'a [u32],
    points: Vec<i32>,
}

impl Curve<'_> {
    fn points(&self, value: u32) -> i32 {
        let step = if value < self.first {
            0
        } else {
            self.steps.partition_point(|step| *step <= value)
        };
        self.points.get(step).copied().unwrap_or(0)
    }
}

impl Lesson {
    /// The lesson for a city with so many partners.
    #[must_use]
    pub fn ready(&self, partners: u32) -> Ready<'_> {
        let us = self.bands.partition_point(|bound| *bound <= partners);
        let curve = |staircase: &'_ Staircase, bands: Bands| {
            let of = |curves: &[Vec<i32>], band: usize, step: usize| {
                curves.get(band).and_then(|curve| curve.get(step)).copied().unwrap_or(0)
            };
            (0..=staircase.steps.len())
                .map(|step| of(&staircase.points, bands.us, step) + of(&staircase.more, bands.them, step))
                .collect()
        };
        let bands = (0..=self.candidate_bands.len())
            .map(|them| {
                let curves = self.signals.iter().map(|staircase| Curve {
                    first: staircase.steps.first().copied().unwrap_or(u32::MAX),
                    steps: &staircase.steps,
                    points: curve(staircase, Bands { us, them }),
                });
                curves.collect()
            })
            .collect();
        Ready { lesson: self, bands }
    }
}

impl Ready<'_> {
    /// The value of a pair, 0 to [`FULL`], for a candidate with so many partners.
    #[must_use]
    pub fn value(&self, partners: u32, signs: &Signs) -> u32 {
        let them = self.lesson.candidate_bands.partition_point(|bound| *bound <= partners);
        let curves = self.bands.get(them).map_or(&[][..], Vec::as_slice);
        let points = curves.iter().zip(signs).map(|(curve, &value)| curve.points(value));
        points
            .fold(self.lesson.base, |sum, points| sum + points)
            .clamp(0, FULL as i32) as u32
    }
}

/// What one signal adds to the value of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// The signal.
    pub signal: Signal,
    /// What was measured, in the signal's own unit; 100,000 where it is not known.
    pub measured: u32,
    /// Points for it.
    pub points: i32,
}

/// What twinnings teach of a pair, with the points that make it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// The base and all points, added and cut to 0–1,000: the value of the criterion `history`.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub value: u32,
    /// Points before any signal.
    pub base: i32,
    /// What each signal adds; those that add nothing are left out.
    pub parts: Vec<Part>,
}

impl Judgement {
    /// The points of all parts by what they are about, the most first; without those that add nothing.
    #[must_use]
    pub fn by_subject(&self) -> Vec<(Subject, i32)> {
        let points = |subject| {
            let parts = self.parts.iter().filter(|part| part.signal.subject() == subject);
            parts.map(|part| part.points).sum::<i32>()
        };
        let mut all: Vec<(Subject, i32)> = Subject::ALL.iter().map(|&subject| (subject, points(subject))).collect();
        all.retain(|(_, points)| *points != 0);
        all.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
        all
    }

    /// The value computed again from its parts.
    #[must_use]
    pub fn recomputed(&self) -> u32 {
        let sum = self.parts.iter().fold(self.base, |sum, part| sum + part.points);
        sum.clamp(0, FULL as i32) as u32
    }
}
