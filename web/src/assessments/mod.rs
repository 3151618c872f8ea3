//! Self-assessment: the sides of a partnership beside each other, and the sheet of one of them.

pub mod chart;
pub mod edit;
pub mod model;
pub mod years;

use crate::tf;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::assessments::AssessmentState;

/// Where an assessment stands, in words.
pub fn state_badge(state: AssessmentState) -> AnyView {
    let tone = match state {
        AssessmentState::Draft => BadgeTone::Warning,
        AssessmentState::Filed => BadgeTone::Accent,
        AssessmentState::Shared => BadgeTone::Success,
    };
    view! { <Badge label=tf!("assessment_state.", state.code()) tone=tone/> }.into_any()
}
