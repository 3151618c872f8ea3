//! Completing the profile of a city.

use crate::client;
use crate::ui::prelude::*;
use crate::{app, t};
use leptos::prelude::*;
use shared::cities::CityView;

/// Completing the profile of a city.
#[component]
pub fn CityEditPage() -> impl IntoView {
    let id = app::param("id");
    let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
    view! {
        <Loaded
            of=city
            view=move |city: CityView| {
                let share = f64::from(city.completeness.percent) / 100.0;
                let way = vec![Crumb::new("/cities", t!("nav.cities")), Crumb::new(format!("/cities/{}", city.summary.id), super::label(&city.summary))];
                view! {
                    <PageHeader title=t!("account.profile") crumbs=way/>
                    <Meter label=t!("cities.completeness") share=Signal::stored(share)/>
                }
                    .into_any()
            }
        />
    }
    .into_any()
}
