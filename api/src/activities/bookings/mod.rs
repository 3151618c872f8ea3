//! Bookings: an exhibition travels from place to place, and is never in two at once.

pub mod routes;
pub mod service;
pub mod store;
