//! The directory.

use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;

/// The directory.
#[component]
pub fn CitiesPage() -> impl IntoView {
    view! { <PageHeader title=t!("nav.cities")/> }.into_any()
}
