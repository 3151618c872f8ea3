//! Programmes and their calls for projects.

pub mod detail;
pub mod list;
