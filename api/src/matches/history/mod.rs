//! What existing twinnings teach about who fits whom: learned here, judged by [`shared::history`].
//!
//! [`train`] learns a lesson, [`trial`] and [`measure`] tell how well it finds twinnings that were hidden from it, [`twins`]
//! reads the files for both, [`learn`] is the command; [`memory`] keeps what the
//! server judges by. The lesson in use is `api/data/history.json`.

pub mod learn;
pub mod measure;
pub mod memory;
pub mod train;
pub mod trial;
pub mod twins;

use std::sync::OnceLock;

use shared::history::Lesson;

/// The lesson that the server judges by; `api learn` makes it.
const LESSON: &str = include_str!("../../../data/history.json");

/// The lesson in use. Without one that can be read, a test fails, and nothing is added for history.
#[must_use]
pub fn in_use() -> &'static Lesson {
    static LESSON_READ: OnceLock<Lesson> = OnceLock::new();
    LESSON_READ.get_or_init(|| serde_json::from_str(LESSON).unwrap_or_default())
}

#[cfg(test)]
mod tests;
