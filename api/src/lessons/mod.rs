//! What partnerships learn: lessons that they propose, and the lists of at most ten that meetings make of them.
//!
//! [`check`] says what a lesson must be, [`service`] what is done with those that are proposed, [`listed`] with those of a
//! meeting.

pub mod check;
pub mod listed;
pub mod renewal;
pub mod routes;
pub mod service;
pub mod store;
