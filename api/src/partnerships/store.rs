//! The tables of partnerships.

pub use super::twinnings::store::insert_twinnings;
