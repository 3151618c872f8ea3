//! Matching rounds: prepared and matched by a programme's officers, wished for and answered by its cities.

pub mod answers;
pub mod check;
pub mod detail;
pub mod edit;
pub mod list;
pub mod members;
pub mod model;
pub mod result;
pub mod steps;
pub mod wishes;

use crate::tf;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::rounds::{RoundPairState, RoundState};

/// A round's state in words.
pub fn state_badge(state: RoundState) -> AnyView {
    let tone = match state {
        RoundState::Open | RoundState::Published => BadgeTone::Success,
        RoundState::Ran => BadgeTone::Accent,
        RoundState::Draft => BadgeTone::Warning,
        RoundState::Closed | RoundState::Cancelled => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("round_state.", state.code()) tone=tone/> }.into_any()
}

/// A pair's state in words.
pub fn pair_badge(state: RoundPairState) -> AnyView {
    let tone = match state {
        RoundPairState::Agreed => BadgeTone::Success,
        RoundPairState::Accepted | RoundPairState::Proposed => BadgeTone::Accent,
        RoundPairState::Trial | RoundPairState::Made => BadgeTone::Warning,
        RoundPairState::Declined | RoundPairState::Withdrawn | RoundPairState::Lapsed => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("round_pair_state.", state.code()) tone=tone/> }.into_any()
}
