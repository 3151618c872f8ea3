//! The demonstration: what is loaded for somebody who tries the platform.

pub mod programmes;
