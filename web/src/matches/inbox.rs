//! The matches of the cities that one works for.

use crate::client;
use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::matches::MatchPage;

/// The matches of the cities that one works for.
#[component]
pub fn MatchesPage() -> impl IntoView {
    let page = load(|| client::get::<MatchPage>("/matches"));
    view! {
        <PageHeader title=t!("nav.matches")/>
        <Loaded
            of=page
            view=|page: MatchPage| {
                page.items
                    .into_iter()
                    .map(|item| view! { <p>{item.id.to_string()}</p> })
                    .collect_view()
                    .into_any()
            }
        />
    }
    .into_any()
}
