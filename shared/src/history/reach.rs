//! How far a signal reaches, for whoever looks for the best of many candidates without judging each.
//!
//! The value of a pair is a sum over signals, and each signal needs to be looked at only as far as it reaches:
//!
//! 1. [`Reach::Candidate`]: the same whoever asks. Its points can be added up once for each candidate and band of asking
//!    cities, and kept.
//! 2. [`Reach::Table`]: follows from two small numbers, one of each side (country and country, size and size, place and
//!    place): a look-up in a table that is made once for each asking city.
//! 3. [`Reach::Few`]: at its floor for all but few candidates, those that walks, neighbours or words of the asking city lead
//!    to. Whoever starts from the asking city finds them without looking at the others; for these others the points of the
//!    floor count.
//!
//! Each part has a highest number of points ([`AskedScale::most`](super::lesson::AskedScale::most)), so that a candidate whose
//! first parts leave it too far behind can be given up, exactly.

use super::Signal;

/// How far a signal reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The same whoever asks.
    Candidate,
    /// By two small numbers, one of each side.
    Table,
    /// At its floor for all but few candidates.
    Few,
}

impl Signal {
    /// How far it reaches.
    #[must_use]
    pub const fn reach(self) -> Reach {
        match self {
            Self::OwnHabit
            | Self::Partners
            | Self::PartnerCountries
            | Self::BestPartner
            | Self::RegionHabit
            | Self::Density
            | Self::Size
            | Self::Rank => Reach::Candidate,
            Self::PartnersHere
            | Self::ShareHere
            | Self::LikeCountries
            | Self::RegionHere
            | Self::SizeGap
            | Self::RankGap
            | Self::PlaceGap
            | Self::PartnersSize
            | Self::OurPartnersSize
            | Self::Distance
            | Self::Latitude => Reach::Table,
            Self::CommonPartners
            | Self::CloseCircle
            | Self::PathsOfThree
            | Self::CloseOfThree
            | Self::PathsOfFive
            | Self::Rings
            | Self::NeighboursPartner
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
            | Self::PathsNear
            | Self::Name
            | Self::Words => Reach::Few,
        }
    }
}
