//! Where a partnership goes on: the phases that follow it, and the projects that hang on it.

use crate::ui::prelude::*;
use crate::{app, client, t};
use leptos::prelude::*;
use shared::ids::PartnershipId;
use shared::partnerships::PartnershipPage;

/// Facts that are only there where something follows or hangs on it.
pub(super) fn onward(id: PartnershipId) -> AnyView {
    view! {
        {linked(id, "predecessor_id", t!("partnership.successor"))}
        {linked(id, "parent_id", t!("partnership.children"))}
    }
    .into_any()
}

/// The partnerships that name this one as such, by name.
fn linked(id: PartnershipId, link: &'static str, label: Signal<String>) -> AnyView {
    let found = load(move || {
        let id = id.to_string();
        let query = [(link, id.as_str()), ("sort", "name"), ("limit", "100")];
        client::get::<PartnershipPage>(app::address("/partnerships", &query))
    });
    live(move || {
        let page = found.ready().filter(|page| !page.items.is_empty())?;
        let items = page
            .items
            .into_iter()
            .map(|of| view! { <li><a href=format!("/partnerships/{}", of.id)>{of.name}</a></li> });
        Some(view! { <div><dt>{label}</dt> <dd><ul class="parties">{items.collect_any()}</ul></dd></div> })
    })
}
