//! What meetings recommend: to whom, the lessons that it comes from, and what became of it.

pub mod routes;
pub mod service;
pub mod store;
