//! What the envelope of a call affords, walking down the ranking.

use serde::{Deserialize, Serialize};

use crate::cities::codes;

codes!(
    /// What the envelope says of a file.
    Affordability {
        /// Its grant is committed.
        Committed = "committed",
        /// Affordable with all undecided files that are ranked above it.
        Within = "within",
        /// Not in its turn, but what the files above leave over would pay it; on the waiting list: what all others do.
        FitsTheRest = "fits_the_rest",
        /// More than the envelope affords.
        Beyond = "beyond",
        /// Nothing is asked of the envelope: it was rejected.
        Nothing = "nothing",
    }
);

/// What a file asks of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It was accepted, and this was granted.
    Granted(i64),
    /// It is not decided, and asks for this.
    Asks(i64),
    /// It is on the waiting list, and asked for this.
    Waits(i64),
    /// It was rejected.
    None,
}

/// What the envelope says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What is spent where all undecided files down to this one are accepted with what they ask for.
    pub cumulated: i64,
    /// Whether it is affordable.
    pub affordability: Affordability,
}

/// What was granted already.
#[must_use]
pub fn committed(claims: &[Claim]) -> i64 {
    claims.iter().fold(0, |sum, claim| match claim {
        Claim::Granted(granted) => sum.saturating_add(*granted),
        Claim::Asks(_) | Claim::Waits(_) | Claim::None => sum,
    })
}

/// What the envelope says of each file, in the order of the ranking. What is granted already comes first. The line is
/// drawn above the first undecided file that is not affordable in its turn; of those below it, the ones that what is left
/// over still pays are told. The waiting list gets, in its order, what all of them leave over. Whoever accepts all that is
/// not beyond never passes the envelope.
#[must_use]
pub fn places(envelope: Option<i64>, claims: &[Claim]) -> Vec<Place> {
    let committed = committed(claims);
    let mut rest = envelope.map_or(i64::MAX, |envelope| envelope.saturating_sub(committed));
    let mut cumulated = committed;
    let mut is_below_line = false;
    let mut places: Vec<Place> = claims
        .iter()
        .map(|claim| {
            let affordability = match *claim {
                Claim::Granted(_) => Affordability::Committed,
                Claim::None | Claim::Waits(_) => Affordability::Nothing,
                Claim::Asks(asked) => {
                    cumulated = cumulated.saturating_add(asked);
                    if asked > rest {
                        is_below_line = true;
                        Affordability::Beyond
                    } else {
                        rest -= asked;
                        if is_below_line {
                            Affordability::FitsTheRest
                        } else {
                            Affordability::Within
                        }
                    }
                }
            };
            Place {
                cumulated,
                affordability,
            }
        })
        .collect();
    for (place, claim) in places.iter_mut().zip(claims) {
        if let Claim::Waits(asked) = *claim {
            cumulated = cumulated.saturating_add(asked);
            place.cumulated = cumulated;
            place.affordability = if asked > rest {
                Affordability::Beyond
            } else {
                rest -= asked;
                Affordability::FitsTheRest
            };
        }
    }
    places
}
