//! The proposals that wait, and those that were decided.

use super::card::card;
use super::search::Search;
use crate::ui::prelude::*;
use crate::{app, browser, session, t, text, tf};
use leptos::ev;
use leptos::prelude::*;
use shared::doubles::{DoublePage as Found, DoubleState, DoubleSubject};
use shared::ids::DoubleId;
use wasm_bindgen::JsCast;

/// The review of doubles.
#[component]
pub fn DoublesPage() -> impl IntoView {
    let signed_in = memo(|| session::is_known().then(session::is_signed_in));
    view! {
        {live(move || match signed_in.get() {
            None => view! { <PageHeader title=t!("doubles.title") lead=t!("doubles.lead")/> <Skeleton lines=8/> }.into_any(),
            Some(false) => {
                view! {
                    <PageHeader title=t!("doubles.title") lead=t!("doubles.lead")/>
                    <EmptyState title=t!("problem.unauthenticated")>
                        <LinkButton href=session::sign_in_address() label=t!("action.sign_in")/>
                    </EmptyState>
                }
                    .into_any()
            }
            Some(true) => view! { <Review/> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn Review() -> impl IntoView {
    let (state, subject) = (app::query("state"), app::query("subject"));
    let list = grow(move |cursor: Option<String>| {
        let mut query = vec![("limit", "20".to_owned())];
        for (name, value) in [("state", state.get()), ("subject", subject.get())] {
            if !value.is_empty() {
                query.push((name, value));
            }
        }
        match cursor {
            Some(cursor) => query.push(("cursor", cursor)),
            None => query.push(("count", "true".to_owned())),
        }
        slice::<Found>(app::address("/doubles", &query))
    });
    listen_for_decisions();
    let proposing = State::new(false);
    let search = Search::new(Callback::new(move |()| list.reload()));
    let count = move || match (list.items.with(Option::is_some), list.total.get()) {
        (true, Some(total)) => text!("doubles.count", count = total),
        _ => String::new(),
    };
    let body = move || {
        if let Some(failure) = list.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| list.reload()/> }.into_any();
        }
        match list.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) => view! { <EmptyState title=t!("doubles.none") words=t!("doubles.none_words")/> }.into_any(),
            Some(false) => view! {
                <ol class="doubles">
                    {each(
                        move || list.items.get().unwrap_or_default(),
                        |double| (double.id, double.version),
                        move |double| card(double, list),
                    )}
                </ol>
            }
            .into_any(),
        }
    };
    view! {
        <PageHeader title=t!("doubles.title") lead=t!("doubles.lead")>
            <LinkButton href="/organisations" label=t!("organisations.title") look=Look::Secondary/>
            <Button label=t!("doubles.propose") look=Look::Secondary icon=Icon::Plus on_press=move |()| proposing.set(true)/>
            <Button label=t!("doubles.search") look=Look::Secondary icon=Icon::Search busy=search.busy on_press=move |()| search.ask()/>
        </PageHeader>
        <div class="stack">
            {search.view()}
            <Choices/>
            <div class="row row-apart">
                <p class="results-count" role="status">{count}</p>
                <p class="small soft no-print triage-keys">
                    <kbd>"j"</kbd> " " <kbd>"k"</kbd> " " {t!("doubles.keys_move")} " · " <kbd>"m"</kbd> " " {t!("doubles.keys_merge")} " · " <kbd>"r"</kbd> " "
                    {t!("doubles.keys_reject")}
                </p>
            </div>
            {body}
            <More
                there=Signal::derive(move || list.next.with(Option::is_some) && list.failure.with(Option::is_none))
                busy=list.busy
                on_more=move |()| list.more()
            />
        </div>
        {super::propose::dialog(proposing, Callback::new(move |()| list.reload()))}
    }
    .into_any()
}

/// What waits and what was decided; cities and partnerships.
#[component]
fn Choices() -> impl IntoView {
    let (state, subject) = (app::query("state"), app::query("subject"));
    let choice = move |label: Signal<String>, own: (String, String)| {
        let href = app::address("/doubles", &[("state", &own.0), ("subject", &own.1)]);
        let current = move || (state.get() == own.0 && subject.get() == own.1).then_some("true");
        view! { <li><a href=href aria-current=by(current)>{label}</a></li> }.into_any()
    };
    view! {
        <nav aria-label=t!("doubles.show")>
            <ul class="grant-choices">
                {choice(t!("doubles.waiting"), (String::new(), String::new()))}
                {DoubleSubject::ALL
                    .iter()
                    .map(|subject| choice(tf!("double_subject.", subject.code()), (String::new(), subject.code().to_owned())))
                    .collect_any()}
                {[DoubleState::Merged, DoubleState::Rejected]
                    .iter()
                    .map(|state| choice(tf!("double_state.", state.code()), (state.code().to_owned(), String::new())))
                    .collect_any()}
            </ul>
        </nav>
    }
    .into_any()
}

/// The cards, in the order in which they stand.
fn cards() -> Vec<web_sys::Element> {
    let found = browser::document().and_then(|document| document.query_selector_all("li.double").ok());
    let Some(found) = found else { return Vec::new() };
    (0..found.length())
        .filter_map(|at| found.get(at)?.dyn_into().ok())
        .collect()
}

/// Which card the focus is in.
fn here(cards: &[web_sys::Element]) -> Option<usize> {
    let focused = browser::document()?.active_element()?;
    cards.iter().position(|card| card.contains(Some(&focused)))
}

fn focus_on(card: &web_sys::Element) {
    let heading = card.query_selector(".double-title").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
        heading.focus().ok();
    }
}

/// Moves the focus on to the card after one that leaves the list, or before it where it is the last.
pub(super) fn go_on(leaving: DoubleId) {
    let cards = cards();
    let own = leaving.to_string();
    let at = cards
        .iter()
        .position(|card| card.get_attribute("data-double").as_deref() == Some(&own));
    if let Some(next) = at.and_then(|at| cards.get(at + 1).or(at.checked_sub(1).and_then(|at| cards.get(at)))) {
        focus_on(next);
    }
}

/// `j` and `k` move between the proposals, `m` keeps the first of the two, `r` says that they are two.
fn listen_for_decisions() {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || !app::shortcuts_are_on()
            || browser::is_typing(&event)
        {
            return;
        }
        let cards = cards();
        let at = here(&cards);
        let to = match (event.key().as_str(), at) {
            ("j", Some(at)) => (at + 1).min(cards.len().saturating_sub(1)),
            ("j", None) => 0,
            ("k", Some(at)) => at.saturating_sub(1),
            ("k", None) => cards.len().saturating_sub(1),
            (key @ ("m" | "r"), Some(at)) => {
                let wanted = if key == "m" {
                    ".double-keep button"
                } else {
                    ".double-acts > .button-quiet"
                };
                let button = cards
                    .get(at)
                    .and_then(|card| card.query_selector(wanted).ok().flatten());
                if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                    event.prevent_default();
                    button.click();
                }
                return;
            }
            _ => return,
        };
        if let Some(card) = cards.get(to) {
            event.prevent_default();
            focus_on(card);
        }
    });
    on_cleanup(move || handle.remove());
}
