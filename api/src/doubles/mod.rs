//! Likely doubles: what the directory and its partnerships may hold twice.
//!
//! [`spelling`] compares names, [`find`] weighs pairs of cities and [`links`] pairs of partnerships, both without a database;
//! [`search`] keeps what they found as proposals; [`merging`] lets one go into the other and takes that back; [`successions`]
//! tells what became of what is there no more.

mod find;
mod links;
pub mod merging;
pub mod routes;
pub mod search;
pub mod service;
mod spelling;
pub mod store;
pub mod successions;
mod views;
