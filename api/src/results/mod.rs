//! What partnerships achieve: results by theme, with an indicator that is measured over time or a document that shows it.
//!
//! [`check`] says what a result must be, [`service`] what is done with it.

pub mod check;
mod formats;
pub mod routes;
pub mod service;
pub mod store;
