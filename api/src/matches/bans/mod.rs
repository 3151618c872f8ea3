//! Bans: a city says with whom it is never to be matched. Only its own staff and administrators know of it; to the other
//! side a ban looks like every other reason for which two cities cannot be matched.

pub mod routes;
pub mod service;
pub mod store;
