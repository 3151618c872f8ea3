//! People and programs: signing in, sessions, tokens, grants.

pub mod routes;
pub mod service;
pub mod store;
pub mod tokens;
