//! Programmes of funders: their dated rules and their calls for projects.

pub mod calls;
mod countries;
pub mod published;
pub mod routes;
pub mod service;
pub mod store;

pub use calls::store::CallRecord;
