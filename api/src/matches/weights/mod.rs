//! The weights that a city keeps: how much each criterion counts for it. Its own staff and administrators know of them.

pub mod routes;
pub mod service;
pub mod store;
