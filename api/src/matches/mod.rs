//! Matches: from a ranked suggestion to mutual interest, contact and a partnership.
//!
//! [`index`] ranks the directory, [`pair`] says how a match moves, [`service`] tells the story. What a city keeps to itself:
//! [`bans`], which keep pairs apart, [`weights`] and [`searches`].

pub mod bans;
mod formats;
pub mod history;
pub mod index;
pub mod languages;
pub mod pair;
pub mod routes;
pub mod searches;
pub mod service;
pub mod settle;
pub mod standings;
pub mod store;
pub mod suggestions;
pub mod weights;
