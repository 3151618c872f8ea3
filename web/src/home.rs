//! Home, signed out.

use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;

/// Home, signed out.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <PageHeader title=t!("home.title")/> }.into_any()
}
