//! The cities of a round, with their places and their wishes.

pub mod routes;
pub mod service;
pub mod store;

use shared::ids::CityId;
use shared::rounds::RoundSide;

/// A city of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which city.
    pub city: CityId,
    /// Grows by one with each change of its wishes.
    pub version: i64,
    /// Its side.
    pub side: RoundSide,
    /// Its places.
    pub places: u32,
    /// Whom it wishes for, the first first.
    pub wishes: Vec<CityId>,
}
