//! Forms: what a call asks of an application. Its officers write it as they like until the call opens; then applicants rely
//! on it, and it may only ask less. What thinks is pure and in `shared::forms`.

pub mod routes;
pub mod service;
