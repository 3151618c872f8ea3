//! All stories that are published, as pictures with a few words.

use super::image;
use crate::ui::prelude::*;
use crate::{i18n, t};
use leptos::prelude::*;
use shared::stories::{StoryPage, StorySummary};

/// The stories of partnerships.
#[component]
pub fn StoriesPage() -> impl IntoView {
    let stories = grow(move |cursor: Option<String>| {
        let mut query = vec![("limit", "12".to_owned())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        slice::<StoryPage>(crate::app::address("/stories", &query))
    });
    let shown = move || {
        if let Some(failure) = stories.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| stories.reload()/> }.into_any();
        }
        let Some(items) = stories.items.get() else {
            return view! { <Skeleton lines=8/> }.into_any();
        };
        if items.is_empty() {
            return view! { <EmptyState title=t!("story.no_stories") words=t!("story.no_stories_words")/> }.into_any();
        }
        view! { <ul class="story-cards">{items.into_iter().map(|story| view! { <li>{card(story, 2)}</li> }).collect_any()}</ul> }
            .into_any()
    };
    view! {
        <PageHeader
            title=t!("story.stories")
            crumbs=vec![Crumb::new("/partnerships", t!("nav.partnerships"))]
            lead=t!("story.stories_lead")
        />
        {live(shown)}
        <More
            there=Signal::derive(move || stories.next.with(Option::is_some) && stories.failure.with(Option::is_none))
            busy=stories.busy
            on_more=move |()| stories.more()
        />
    }
    .into_any()
}

/// A story among others: its picture, its title that leads to it, and what it is about.
pub fn card(story: StorySummary, level: u8) -> AnyView {
    let href = format!("/partnerships/{}/story", story.partnership_id);
    let StorySummary {
        title,
        lead,
        alt,
        picture,
        partnership_name,
        ..
    } = story;
    let picture = picture.map(|picture| {
        let alt = alt.clone();
        view! { <div class="story-card-picture">{image(&picture, move || i18n::own_text(&alt))}</div> }
    });
    let title = move || i18n::own_text(&title);
    let link = view! { <a class="card-link" href=href>{live(title)}</a> };
    let heading = if level == 2 {
        view! { <h2 class="card-title">{link}</h2> }.into_any()
    } else {
        view! { <h3 class="card-title">{link}</h3> }.into_any()
    };
    view! {
        <article class="card story-card">
            {picture}
            <div class="stack">
                <p class="card-over">{partnership_name}</p>
                {heading}
                <p>{live(move || i18n::own_text(&lead))}</p>
            </div>
        </article>
    }
    .into_any()
}
