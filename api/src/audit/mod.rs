//! The journal, for administrators (`/audit`) and integrators (`/changes`).

pub mod routes;
pub mod service;
pub mod store;
