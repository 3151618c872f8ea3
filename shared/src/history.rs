//! What existing twinnings teach about a pair of cities: a score that is a sum of points, one for each sign.
//!
//! A [`Signal`] is a whole number measured for a pair: partners in common, the ratio of sizes, how far apart. The
//! [`Lesson`] was learned from existing twinnings and gives points for each, by a staircase of its own; the points of all
//! signals and a base are added, ten to one of the value, and cut to 0–[`FULL`](crate::scoring::FULL). Integers throughout:
//! whoever has the signals and the lesson gets the same number. The server measures the signals, since only it knows all
//! partnerships.

pub mod ceiling;
pub mod columns;
pub mod field;
pub mod lesson;
pub mod precedents;
pub mod signs;
pub mod surroundings;

use serde::{Deserialize, Serialize};

use crate::cities::codes;
use crate::scoring::FULL;
pub use lesson::{About, Lesson, Scale, Traits};

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

/// What one signal adds to the value of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// The signal.
    pub signal: Signal,
    /// What was measured, in the signal's own unit; 100,000 where it is not known.
    pub measured: u32,
    /// Points for it: ten make one of the value.
    pub points: i32,
}

/// What twinnings teach of a pair, with the points that make it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// The base and all points, added, divided by ten (rounded down) and cut to 0–1,000: the value of the criterion `history`.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub value: u32,
    /// Points before any signal.
    pub base: i32,
    /// What each signal adds; those that add nothing are left out.
    pub parts: Vec<Part>,
}

impl Judgement {
    /// What the parts add to the value by what they are about, the most first; without those that add nothing.
    #[must_use]
    pub fn by_subject(&self) -> Vec<(Subject, i32)> {
        let points = |subject| {
            let parts = self.parts.iter().filter(|part| part.signal.subject() == subject);
            parts.map(|part| part.points).sum::<i32>() / POINTS
        };
        let mut all: Vec<(Subject, i32)> = Subject::ALL.iter().map(|&subject| (subject, points(subject))).collect();
        all.retain(|(_, points)| *points != 0);
        all.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
        all
    }

    /// The value computed again from its parts.
    #[must_use]
    pub fn recomputed(&self) -> u32 {
        value_of(self.parts.iter().fold(self.base, |sum, part| sum + part.points))
    }
}

/// Points of one of the value.
pub const POINTS: i32 = 10;

/// The value of a sum of points.
#[must_use]
pub fn value_of(points: i32) -> u32 {
    points.div_euclid(POINTS).clamp(0, FULL as i32) as u32
}
