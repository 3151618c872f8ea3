//! A joint application, step by step.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, t};
use leptos::prelude::*;
use shared::applications::ApplicationView;

/// A joint application, step by step.
#[component]
pub fn ApplicationPage() -> impl IntoView {
    let id = app::param("id");
    let thing = load(move || client::get::<ApplicationView>(format!("/applications/{}", id.get())));
    view! {
        <Loaded
            of=thing
            view=|thing: ApplicationView| {
                view! {
                    <PageHeader title=Signal::stored(thing.summary.title) crumbs=vec![Crumb::new("/applications", t!("nav.applications"))]/>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}
