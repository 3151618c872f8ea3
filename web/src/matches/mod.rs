//! Matches: who could be a partner, why, and what the two have said to each other.

pub mod bans;
pub mod inbox;
pub mod interest;
pub mod model;
pub mod partners;
pub mod saved;
pub mod searches;
pub mod synergy;
