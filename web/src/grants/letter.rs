//! The letter about a decision, as a page to read and to print, in the language that its reader chooses.

use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, t};
use leptos::prelude::*;
use shared::applications::DecisionLetter;
use shared::language::Language;

/// The letter about the decision on a file.
#[component]
pub fn LetterPage() -> impl IntoView {
    let id = app::param("id");
    let wanted = app::query("language");
    let language = memo(move || Language::from_tag(&wanted.get()).unwrap_or_else(i18n::language));
    let letter = load(move || {
        client::get::<DecisionLetter>(format!(
            "/applications/{}/decision-letter?language={}",
            id.get(),
            language.get().tag()
        ))
    });
    view! { <Loaded of=letter lines=10 view=|letter: DecisionLetter| sheet(letter)/> }.into_any()
}

fn sheet(letter: DecisionLetter) -> AnyView {
    let DecisionLetter {
        application_id: id,
        language,
        subject,
        text,
    } = letter;
    let print = |()| {
        if let Some(window) = browser::window() {
            // A browser without a printer has nothing to say about it.
            window.print().ok();
        }
    };
    let others = Language::ALL
        .iter()
        .map(|other| {
            let name = i18n::own_name(*other);
            if *other == language {
                view! { <li><strong lang=other.tag()>{name}</strong></li> }.into_any()
            } else {
                view! { <li><a href=format!("/applications/{id}/letter?language={}", other.tag()) lang=other.tag()>{name}</a></li> }
                    .into_any()
            }
        })
        .collect_any();
    let words = text
        .trim()
        .split("\n\n")
        .map(|paragraph| view! { <p>{paragraph.to_owned()}</p> })
        .collect_any();
    view! {
        <PageHeader
            title=t!("letter.title")
            crumbs=vec![
                Crumb::new("/applications", t!("nav.applications")),
                Crumb::new(format!("/applications/{id}"), t!("letter.file")),
            ]
        >
            <Button label=t!("action.print") look=Look::Secondary icon=Icon::Print on_press=print/>
        </PageHeader>
        <div class="stack stack-l">
            <div class="row no-print">
                <nav aria-label=t!("letter.languages")><ul class="letter-languages" role="list">{others}</ul></nav>
            </div>
            <article class="sheet letter-sheet" lang=language.tag()>
                <h2>{subject}</h2>
                {words}
            </article>
        </div>
    }
    .into_any()
}
