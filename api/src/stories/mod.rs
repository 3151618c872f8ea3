//! The story of a partnership: written by its sides, read by anybody once it is published.
//!
//! The row of a picture is written before its bytes are put away, as one that no story shows; the transaction that makes it
//! the story's picture says otherwise. Whatever breaks off between the two, and what was taken away, is swept up later.

pub mod pictures;
pub mod routes;
pub mod service;
pub mod store;
pub mod strip;
