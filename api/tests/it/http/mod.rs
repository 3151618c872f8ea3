//! The door: what every answer has in common.

mod formats;
mod problems;
