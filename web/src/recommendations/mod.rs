//! What meetings recommend: the list in a meeting's page, the page of one with what became of it, and its form.

pub mod detail;
pub mod edit;
pub mod list;

use crate::ui::prelude::*;
use crate::{i18n, tf};
use leptos::prelude::*;
use shared::recommendations::{RecommendationRef, RecommendationState};

/// Where a recommendation stands, in words.
pub fn state_badge(state: RecommendationState) -> AnyView {
    let tone = match state {
        RecommendationState::Draft => BadgeTone::Warning,
        RecommendationState::Adopted | RecommendationState::Addressed => BadgeTone::Accent,
        RecommendationState::TakenUp => BadgeTone::Success,
        RecommendationState::Declined => BadgeTone::Danger,
    };
    view! { <Badge label=tf!("recommendation_state.", state.code()) tone=tone/> }.into_any()
}

/// The recommendations that come from a lesson, as a list of links.
pub fn links(of: Vec<RecommendationRef>) -> AnyView {
    let items = of.into_iter().map(|one| {
        let (href, state) = (format!("/recommendations/{}", one.id), one.state);
        view! { <li><a href=href>{live(move || i18n::own_text(&one.text))}</a> " " {state_badge(state)}</li> }
    });
    view! { <ul>{items.collect_any()}</ul> }.into_any()
}
