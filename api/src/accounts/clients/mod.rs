//! Programs that call the API for somebody: OAuth 2 clients with a secret, scopes, and one grant of who made them.

pub mod routes;
pub mod service;
pub mod store;
