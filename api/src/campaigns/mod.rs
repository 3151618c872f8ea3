//! Campaigns: the calls of a programme's year together, and their figures, computed from the files that were handed in.
//!
//! Figures tell what was decided, so they are public once the results of all calls are; until then they are the funder's.

mod formats;
pub mod routes;
pub mod service;
pub mod store;
