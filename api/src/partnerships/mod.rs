//! Partnerships: several parties over several countries, with pairs inside, and how they change over time.

pub mod store;
pub mod twinnings;
