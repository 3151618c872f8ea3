//! The cities of a cohort: they join, change their place, and leave as long as their letter is not signed.

pub mod formats;
pub mod routes;
pub mod service;
pub mod store;
