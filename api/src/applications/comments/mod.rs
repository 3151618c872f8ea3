//! What the cities of a file say to each other: seen by them alone, before and after it is handed in, and no part of what
//! they sign.

pub mod routes;
pub mod service;
pub mod store;
