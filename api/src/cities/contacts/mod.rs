//! Contact persons of a city: personal data, for its staff and those in contact with it.

pub mod routes;
pub mod same;
pub mod service;
pub mod store;
