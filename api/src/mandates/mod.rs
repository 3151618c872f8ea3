//! Mandates: elections are entered ([`service`]); after their day, and after the end of a mandate, the contacts concerned are
//! marked and the city's staff is told by one mail ([`marks`]); its links confirm a contact without signing in ([`links`]).

pub mod links;
pub mod marks;
pub mod routes;
pub mod service;
pub mod store;
