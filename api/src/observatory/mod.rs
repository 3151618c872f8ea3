//! The observatory: figures that are computed, never typed.

pub mod routes;
pub mod service;
