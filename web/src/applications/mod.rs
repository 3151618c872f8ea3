//! Applications: written together, signed off, submitted, decided.

pub mod detail;
pub mod list;
pub mod officer;
