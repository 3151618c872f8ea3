//! The sustainability plan of a partnership: its three parts, its editions, and its form.

pub mod edit;
pub mod model;
pub mod plan;
