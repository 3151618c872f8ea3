//! Reviews: the reviewer's list and one-page scoring, and the committee's sheet with assignment and decisions.

pub mod assign;
pub mod committee;
pub mod criteria;
pub mod decide;
pub mod envelope;
pub mod list;
pub mod score;

use crate::tf;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::applications::ApplicationState;
use shared::reviews::{Affordability, ReviewState};

/// A review's state in words.
pub fn review_badge(state: ReviewState) -> AnyView {
    let tone = match state {
        ReviewState::Filed => BadgeTone::Success,
        ReviewState::Begun => BadgeTone::Accent,
        ReviewState::Assigned => BadgeTone::Warning,
        ReviewState::Conflict => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("review_state.", state.code()) tone=tone/> }.into_any()
}

/// A file's state in words.
pub fn file_badge(state: ApplicationState) -> AnyView {
    let tone = match state {
        ApplicationState::Accepted => BadgeTone::Success,
        ApplicationState::InReview | ApplicationState::Shortlisted => BadgeTone::Accent,
        ApplicationState::CorrectionRequested | ApplicationState::Waitlisted => BadgeTone::Warning,
        _ => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("application_state.", state.code()) tone=tone/> }.into_any()
}

/// What the envelope says of a file, in words.
pub fn affordability_badge(affordability: Affordability) -> AnyView {
    let tone = match affordability {
        Affordability::Committed => BadgeTone::Success,
        Affordability::Within => BadgeTone::Accent,
        Affordability::FitsTheRest | Affordability::Beyond => BadgeTone::Warning,
        Affordability::Nothing => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("affordability.", affordability.code()) tone=tone/> }.into_any()
}

/// Hundredths of a point as points of 100.
pub fn points(hundredths: u32) -> String {
    intl::decimal(f64::from(hundredths) / 100.0, 1)
}
