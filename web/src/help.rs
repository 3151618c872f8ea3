//! Help, and what is shown where there is no page.

use crate::ui::prelude::*;
use crate::{t, tf};
use leptos::prelude::*;

/// No page at this address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <PageHeader title=t!("not_found.title") lead=t!("not_found.lead")/>
        <div class="row">
            <LinkButton href="/cities" label=t!("not_found.cities") icon=Icon::Search/>
            <LinkButton href="/" label=t!("frame.home") look=Look::Secondary/>
        </div>
    }
    .into_any()
}

/// The questions of the help page, by the last part of their keys.
const QUESTIONS: [&str; 7] = [
    "partner",
    "profile",
    "score",
    "interest",
    "application",
    "data",
    "keyboard",
];

/// How things are done here.
#[component]
pub fn HelpPage() -> impl IntoView {
    view! {
        <PageHeader title=t!("help.title") lead=t!("help.lead")/>
        <div class="stack measure">
            {QUESTIONS
                .into_iter()
                .map(|question| {
                    view! {
                        <section>
                            <h2>{tf!("help_question.", question)}</h2>
                            <p>{tf!("help_answer.", question)}</p>
                        </section>
                    }
                })
                .collect_any()}
        </div>
    }
    .into_any()
}
