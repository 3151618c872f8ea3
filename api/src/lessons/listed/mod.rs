//! The list of at most ten lessons that a meeting makes of what partnerships propose.

pub mod routes;
pub mod service;
pub mod store;
