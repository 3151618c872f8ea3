//! Partnerships: who works with whom, in which pairs, and where it stands.

pub mod detail;
pub mod list;
pub mod model;
