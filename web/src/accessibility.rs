//! The accessibility statement, as RGAA and EN 301 549 ask for one.

use crate::t;
use crate::ui::prelude::*;
use leptos::prelude::*;

/// The statement.
#[component]
pub fn AccessibilityPage() -> impl IntoView {
    view! {
        <PageHeader title=t!("accessibility.title") lead=t!("accessibility.lead")/>
        <div class="stack measure">
            <section>
                <h2>{t!("accessibility.state_title")}</h2>
                <p>{t!("accessibility.state")}</p>
            </section>
            <section>
                <h2>{t!("accessibility.done_title")}</h2>
                <ul>
                    <li>{t!("accessibility.done_keyboard")}</li>
                    <li>{t!("accessibility.done_reader")}</li>
                    <li>{t!("accessibility.done_zoom")}</li>
                    <li>{t!("accessibility.done_preferences")}</li>
                    <li>{t!("accessibility.done_tables")}</li>
                    <li>{t!("accessibility.done_shortcuts")}</li>
                </ul>
            </section>
            <section>
                <h2>{t!("accessibility.limits_title")}</h2>
                <p>{t!("accessibility.limits")}</p>
            </section>
            <section>
                <h2>{t!("accessibility.method_title")}</h2>
                <p>{t!("accessibility.method")}</p>
            </section>
            <section>
                <h2>{t!("accessibility.contact_title")}</h2>
                <p>{t!("accessibility.contact")}</p>
            </section>
        </div>
    }
    .into_any()
}
