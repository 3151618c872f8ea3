//! Networks that accompany cities, read from memory.

pub mod routes;
pub mod service;
pub mod store;
