//! Matches: from a ranked suggestion to mutual interest, contact and a partnership.
//!
//! [`index`] ranks the directory, [`pair`] says how a match moves, [`service`] tells the story.

pub mod history;
pub mod index;
pub mod languages;
pub mod pair;
pub mod routes;
pub mod service;
pub mod standings;
pub mod store;
pub mod suggestions;
