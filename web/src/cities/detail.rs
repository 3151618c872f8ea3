//! A city: who it is, what it needs and offers, with whom it works.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, t};
use leptos::prelude::*;
use shared::cities::CityView;

/// A city: who it is, what it needs and offers, with whom it works.
#[component]
pub fn CityPage() -> impl IntoView {
    let id = app::param("id");
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    view! {
        <Loaded
            of=city
            view=move |city: CityView| {
                let summary = city.summary;
                let title = super::label(&summary);
                view! {
                    <PageHeader title=title crumbs=vec![Crumb::new("/cities", t!("nav.cities"))]/>
                    <p>{move || super::kind_and_country(&summary)}</p>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}
