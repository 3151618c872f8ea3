//! The recommendations of a meeting, by whom they address.

use super::state_badge;
use crate::ui::prelude::*;
use crate::{client, i18n, t, tf};
use leptos::prelude::*;
use shared::ids::MeetingId;
use shared::recommendations::{Addressee, RecommendationPage, RecommendationView};

/// The recommendations of a meeting.
#[component]
pub fn Recommendations(
    /// The meeting.
    id: MeetingId,
    /// Whether the reader may write some.
    may_add: bool,
) -> impl IntoView {
    let list = load(move || client::get::<RecommendationPage>(format!("/meetings/{id}/recommendations?limit=100")));
    view! {
        <section class="stack recommended" aria-labelledby="recommendations">
            <div class="row">
                <h2 id="recommendations">{t!("recommendations.title")}</h2>
                {may_add
                    .then(|| {
                        view! { <LinkButton href=format!("/meetings/{id}/recommendations/new") label=t!("recommendations.add") look=Look::Secondary icon=Icon::Plus/> }
                    })}
            </div>
            <Loaded
                of=list
                lines=4
                view=|page: RecommendationPage| {
                    if page.items.is_empty() {
                        return view! { <p class="soft">{t!("recommendations.none")}</p> }.into_any();
                    }
                    Addressee::ALL.iter().map(|&addressee| group(addressee, &page.items)).collect_any()
                }
            />
        </section>
    }
    .into_any()
}

fn group(addressee: Addressee, all: &[RecommendationView]) -> AnyView {
    let own = all.iter().filter(|one| one.addressee == addressee).cloned();
    let items: Vec<_> = own.map(card).collect();
    if items.is_empty() {
        return ().into_any();
    }
    let heading = format!("to-{}", addressee.code());
    let named = heading.clone();
    view! {
        <section class="stack" aria-labelledby=named>
            <h3 class="minor" id=heading>{tf!("addressee.", addressee.code())}</h3>
            <ul class="recommended-list">{items}</ul>
        </section>
    }
    .into_any()
}

fn card(one: RecommendationView) -> AnyView {
    let count = one.sources.len();
    let (href, state, to) = (format!("/recommendations/{}", one.id), one.state, one.addressee_name);
    // What became of it is told at once, where there is a word on it.
    let outcome = one.steps.into_iter().next_back().and_then(|step| step.reason);
    view! {
        <li class="sheet stack recommended-card">
            <p class="row">{state_badge(state)} {(!to.is_empty()).then(|| view! { <span class="small soft">{to}</span> })}</p>
            <p class="ten-text"><a href=href>{live(move || i18n::own_text(&one.text))}</a></p>
            {outcome.map(|words| view! { <p class="small">{words}</p> })}
            <p class="small soft">{t!("recommendations.from", count = count)}</p>
        </li>
    }
    .into_any()
}
