//! Likely doubles: side by side, with what speaks for and against, worked through by keyboard.

pub mod card;
pub mod list;
pub mod model;
mod propose;
mod search;
