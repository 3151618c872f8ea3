//! What existing twinnings teach about who fits whom: learned here, judged by [`shared::history`].
//!
//! [`train`] gathers what a lesson is learned from, [`fit`] finds its points, [`trial`] and [`measure`] tell how well it finds
//! twinnings that were hidden from it, [`twins`] reads the files for both, [`learn`] is the command; [`memory`] keeps what the
//! server judges by. The lesson in use is `api/data/history.json`.

pub mod fit;
pub mod learn;
pub mod measure;
pub mod memory;
pub mod train;
pub mod trial;
pub mod twins;

use std::sync::OnceLock;

use shared::history::{Lesson, Scale};

/// The lesson that the server judges by; `api learn` makes it.
const LESSON: &str = include_str!("../../../data/history.json");

/// The lesson that was read, and what it is judged by.
fn read() -> &'static (Lesson, Scale) {
    static READ: OnceLock<(Lesson, Scale)> = OnceLock::new();
    READ.get_or_init(|| {
        let lesson: Lesson = serde_json::from_str(LESSON).unwrap_or_default();
        let scale = Scale::of(&lesson);
        (lesson, scale)
    })
}

/// The lesson in use. Without one that can be read, a test fails, and nothing is added for history.
#[must_use]
pub fn lesson() -> &'static Lesson {
    &read().0
}

/// The scale that the server judges by.
#[must_use]
pub fn in_use() -> &'static Scale {
    &read().1
}

#[cfg(test)]
mod tests;
