//! A partnership: its parties, its pairs, where it stands.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, t};
use leptos::prelude::*;
use shared::partnerships::PartnershipView;

/// A partnership: its parties, its pairs, where it stands.
#[component]
pub fn PartnershipPage() -> impl IntoView {
    let id = app::param("id");
    let thing = load(move || client::get::<PartnershipView>(format!("/partnerships/{}", id.get())));
    view! {
        <Loaded
            of=thing
            view=|thing: PartnershipView| {
                view! {
                    <PageHeader title=Signal::stored(thing.summary.name) crumbs=vec![Crumb::new("/partnerships", t!("nav.partnerships"))]/>
                    <p>{thing.about}</p>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}
