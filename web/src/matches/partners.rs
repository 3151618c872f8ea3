//! Finding a partner: ranked cities with the reasons in both directions.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, cities, t};
use leptos::prelude::*;
use shared::matches::SuggestionPage;

/// Finding a partner: ranked cities with the reasons in both directions.
#[component]
pub fn PartnersPage() -> impl IntoView {
    let id = app::param("id");
    let page = load(move || client::get::<SuggestionPage>(format!("/cities/{}/matches", id.get())));
    view! {
        <PageHeader title=t!("nav.find")/>
        <Loaded
            of=page
            view=|page: SuggestionPage| {
                page.items
                    .into_iter()
                    .map(|suggestion| view! { <p><a href=format!("/cities/{}", suggestion.city.id)>{cities::label(&suggestion.city)}</a></p> })
                    .collect_view()
                    .into_any()
            }
        />
    }
    .into_any()
}
