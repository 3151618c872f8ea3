//! The applications that a programme officer decides on.

use crate::client;
use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::applications::ApplicationPage as Found;

/// The applications that a programme officer decides on.
#[component]
pub fn OfficerPage() -> impl IntoView {
    let page = load(|| client::get::<Found>("/applications"));
    view! {
        <PageHeader title=t!("nav.officer")/>
        <Loaded
            of=page
            view=|page: Found| {
                page.items
                    .into_iter()
                    .map(|item| view! { <p><a href=format!("/applications/{}", item.id)>{item.title}</a></p> })
                    .collect_view()
                    .into_any()
            }
        />
    }
    .into_any()
}
