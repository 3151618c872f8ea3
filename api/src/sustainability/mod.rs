//! What keeps a partnership alive when funding ends: its plan in three parts, edition by edition.

pub mod routes;
pub mod service;
pub mod store;
