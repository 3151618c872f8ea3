//! The way to its story on a partnership's page.

use super::list::card;
use crate::client;
use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::stories::{StoryPage, StoryState};

/// A partnership's story as a card; nothing where none is published.
pub fn teaser(id: PartnershipId) -> AnyView {
    let page = load(move || client::get::<StoryPage>(format!("/stories?partnership_id={id}&limit=1")));
    live(move || {
        let story = page.ready()?.items.into_iter().next()?;
        (story.state == StoryState::Published).then(|| {
            view! {
                <section class="stack" aria-labelledby="story">
                    <h2 id="story">{t!("story.title")}</h2>
                    {card(story, 3)}
                </section>
            }
        })
    })
    .into_any()
}
