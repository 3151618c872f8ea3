//! The list of what somebody has to review.

pub mod store;
