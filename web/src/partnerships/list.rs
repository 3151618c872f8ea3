//! Partnerships on record.

use crate::client;
use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;
use shared::partnerships::PartnershipPage as Found;

/// Partnerships on record.
#[component]
pub fn PartnershipsPage() -> impl IntoView {
    let page = load(|| client::get::<Found>("/partnerships"));
    view! {
        <PageHeader title=t!("nav.partnerships")/>
        <Loaded
            of=page
            view=|page: Found| {
                page.items
                    .into_iter()
                    .map(|item| view! { <p><a href=format!("/partnerships/{}", item.id)>{item.name}</a></p> })
                    .collect_view()
                    .into_any()
            }
        />
    }
    .into_any()
}
