//! Cities: the directory's public profiles and what their staff does with them.

pub mod contacts;
mod formats;
pub mod history;
pub mod kin;
pub mod routes;
pub mod rules;
pub mod service;
pub mod steps;
pub mod store;
