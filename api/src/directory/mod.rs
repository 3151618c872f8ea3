//! The directory of authorities: the search key of names, and the sources that the directory is filled from.

pub mod fold;
pub mod import;
