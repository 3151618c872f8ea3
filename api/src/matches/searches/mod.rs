//! Searches that a city watches: what it looks for, with an alert when a city fits that its staff has not seen yet. What is
//! new is found when it is asked for, by the same ranking that everybody gets: nothing runs in between.

pub mod routes;
pub mod service;
pub mod store;
