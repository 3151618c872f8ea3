//! What partnerships achieve: results with their evidence in the partnership's page, a line of what was measured against the target, and the form.

pub mod edit;
pub mod list;
pub mod model;
