//! Who else has a file open, so that two people do not write over each other unawares.

pub mod routes;
pub mod service;
pub mod store;
