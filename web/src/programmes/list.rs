//! Calls for projects.

use crate::client;
use crate::ui::prelude::*;
use crate::{i18n, t};
use leptos::prelude::*;
use shared::programmes::CallPage as Found;

/// Calls for projects.
#[component]
pub fn CallsPage() -> impl IntoView {
    let page = load(|| client::get::<Found>("/calls"));
    view! {
        <PageHeader title=t!("nav.calls")/>
        <Loaded
            of=page
            view=|page: Found| {
                page.items
                    .into_iter()
                    .map(|item| view! { <p><a href=format!("/calls/{}", item.id)>{move || i18n::own_text(&item.title)}</a></p> })
                    .collect_view()
                    .into_any()
            }
        />
    }
    .into_any()
}
