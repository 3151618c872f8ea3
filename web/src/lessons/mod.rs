//! What partnerships learn: their lessons in the partnership's page, the form of one, and the meetings with their lists of ten.

pub mod edit;
pub mod list;
pub mod listing;
pub mod meeting;
pub mod meeting_edit;
pub mod model;
