//! Cities: the directory's public profiles and what their staff does with them.

pub mod routes;
pub mod service;
pub mod store;
