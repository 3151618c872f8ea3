//! Matches: from a ranked suggestion to mutual interest, contact and a partnership.
//!
//! [`bans`] keeps pairs apart, [`index`] ranks the directory, [`pair`] says how a match moves, [`service`] tells the story.

pub mod bans;
mod formats;
pub mod index;
pub mod languages;
pub mod pair;
pub mod routes;
pub mod service;
pub mod settle;
pub mod standings;
pub mod store;
pub mod suggestions;
