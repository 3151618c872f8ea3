//! A call for projects: dates, rules, questions.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, i18n, t};
use leptos::prelude::*;
use shared::programmes::CallView;

/// A call for projects: dates, rules, questions.
#[component]
pub fn CallPage() -> impl IntoView {
    let id = app::param("id");
    let thing = load(move || client::get::<CallView>(format!("/calls/{}", id.get())));
    view! {
        <Loaded
            of=thing
            view=|thing: CallView| {
                view! {
                    <PageHeader title=Signal::derive(move || i18n::own_text(&thing.title)) crumbs=vec![Crumb::new("/calls", t!("nav.calls"))]/>
                    <p>{move || i18n::own_text(&thing.about)}</p>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}
