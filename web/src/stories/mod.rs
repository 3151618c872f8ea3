//! Stories of partnerships: read by anybody, written by their sides.

pub mod card;
pub mod edit;
pub mod list;
pub mod model;
pub mod picture;
pub mod read;

use crate::tf;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::stories::{StoryPicture, StoryState};

/// The state of a story.
pub fn state_badge(state: StoryState) -> AnyView {
    let tone = match state {
        StoryState::Draft => BadgeTone::Warning,
        StoryState::Published => BadgeTone::Success,
        StoryState::Withdrawn => BadgeTone::Plain,
    };
    view! { <Badge label=tf!("story_state.", state.code()) tone=tone/> }.into_any()
}

/// A picture in its place: the page knows its sides before it has arrived.
pub fn image(picture: &StoryPicture, alt: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let alt = Signal::derive(alt);
    view! {
        <img
            src=format!("/api/v1/story-pictures/{}", picture.id)
            width=picture.width.to_string()
            height=picture.height.to_string()
            alt=by(move || alt.get())
        />
    }
    .into_any()
}
