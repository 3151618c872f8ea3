//! Self-assessment: what each side of a partnership makes of it, apart, on the ten G20 Rome principles.
//!
//! [`service`] writes and files, [`years`] puts the sides of a year beside each other, [`gaps`] tells where they are far
//! apart.

pub mod gaps;
pub mod routes;
pub mod service;
pub mod store;
pub mod years;
