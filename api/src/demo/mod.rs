//! The demonstration: what is loaded on top of the bundled directory.

pub mod partnerships;
