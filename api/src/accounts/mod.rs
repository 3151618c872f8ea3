//! People and programs: signing in, sessions, tokens, grants.

pub mod admin;
pub mod clients;
pub mod passwords;
pub mod revocation;
pub mod routes;
pub mod secrets;
pub mod service;
pub mod sessions;
pub mod store;
pub mod throttle;
pub mod tokens;
