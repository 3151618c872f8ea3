//! Matching rounds: a programme matches a whole cohort of cities at once.
//!
//! # What a round says
//!
//! A round has two sides, such as Ukrainian communities and municipalities of the Union, or one ("any with any"). Each
//! member has a number of places. Pairs that are not possible are left out: banned ones, partners, those who declined each
//! other not long ago or have a match open, those that the programme excludes, and, unless the round says otherwise, two
//! cities of one country. A country may be saturated: all its cities of a side together have so many places.
//!
//! # Who would rather have whom
//!
//! The score of two cities is one number for both, but its contributions are not: each side gets its own. So in a round of
//! two sides **a city ranks the others by what it gets from them**: the sum of its own contributions, and the priority
//! points of the other city (a priority region is a weight, never a filter). What existing twinnings tell (the criterion
//! `history`) does not count: it is no fact of a city, and nobody could check it. **A wish outranks** everything that was
//! not wished for, an earlier wish a later one. Equals are ranked by a lot that is drawn from the round's seed and the two
//! ids: the same data and the same seed give the same result, on every machine.
//!
//! # Modes
//!
//! - *Stable* ([`stable()`]): no pair is left of which both cities would rather have each other. The first side proposes:
//!   of all stable results it gets the one that is best for each of its cities. In a round of one side both cities of a
//!   pair rank it by its total ([`any_with_any`]): then there is always one stable result, and only one.
//! - *Maximum* ([`maximum()`], two sides): the most cities that have a partner, then the best total of all pairs. Its price in
//!   stability is told: how many pairs would rather have each other.
//!
//! A [`RoundCertificate`] holds all that a result was made of. [`RoundCertificate::check`] compares every possible pair with
//! it, in the server that made it and in the browser that shows it.

mod certificate;
mod cohort;
mod columns;
mod faults;
mod flow;
mod greedy;
mod market;
mod maximum;
mod stable;
#[cfg(test)]
mod tests;
mod words;

pub use certificate::{CertifiedPair, Entrant, Fault, RoundCertificate, Verdict};
pub use cohort::{Cohort, Member, Terms};
pub use faults::end_faults;
pub use greedy::any_with_any;
pub use market::{Market, Pair, Rank, Stopped, Totals, Unwatched, Watch};
pub use maximum::maximum;
pub use stable::stable;
pub use words::*;
