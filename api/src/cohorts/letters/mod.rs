//! Letters of engagement: drafted, sent, signed, filed; refused, or taken back into a draft.
//!
//! [`text`] fills a letter in, [`service`] moves it. What a letter says is kept as it is sent, so that a city signs what it has read.

pub mod routes;
pub mod service;
pub mod text;
