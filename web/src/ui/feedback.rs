//! What a screen says about itself: nothing here yet, still loading, something failed, something to correct.

use super::button::{Button, Look};
use super::icon::{Icon, icon};
use crate::browser;
use crate::client::Failure;
use crate::form::Form;
use crate::i18n;
use crate::ui::live::{CollectAny, by, effect, live, on};
use crate::{t, textf};
use leptos::prelude::*;

/// A list with nothing in it: says why, and what to do. Put the next step in the children.
#[component]
pub fn EmptyState(
    /// What is not there.
    #[prop(into)]
    title: Signal<String>,
    /// Why, or how it will come.
    #[prop(optional, into)]
    words: MaybeProp<String>,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {live(move || words.get().map(|words| view! { <p>{words}</p> }))}
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// Grey lines in the place of what is being fetched. Appears after 300 ms, so that a quick answer does not flash.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 4)]
    lines: u8,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="unseen">{t!("loading")}</span>
            {(0..lines).map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> }).collect_any()}
        </div>
    }
    .into_any()
}

/// How far a long work is, in words and as a bar.
#[component]
pub fn Progress(
    /// What is going on.
    #[prop(into)]
    label: Signal<String>,
    /// From 0 to 1; nothing while it cannot be told.
    #[prop(optional, into)]
    share: MaybeProp<f64>,
) -> impl IntoView {
    view! {
        <label class="progress">
            <span>{label}</span>
            <progress max="1" prop:value=by(move || share.get()) aria-label=label></progress>
        </label>
    }
    .into_any()
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    #[default]
    Info,
    /// Done.
    Success,
    /// To be looked at.
    Warning,
    /// Wrong.
    Danger,
}

/// A message in the page. Not a live region: use a toast, or focus, for what just happened.
#[component]
pub fn Notice(
    /// How it is meant.
    #[prop(optional)]
    tone: Tone,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let (class, sign) = match tone {
        Tone::Info => ("notice", Icon::Info),
        Tone::Success => ("notice notice-success", Icon::Done),
        Tone::Warning => ("notice notice-warning", Icon::Warning),
        Tone::Danger => ("notice notice-danger", Icon::Problem),
    };
    view! {
        <div class=class>
            {icon(sign)}
            <div class="stack">{children()}</div>
        </div>
    }
    .into_any()
}

/// The sentence of a failure in the reader's language; the server's own where we have none for its code.
pub fn failure_sentence(failure: &Failure) -> String {
    if i18n::has("problem.", &failure.code) {
        textf!("problem.", &failure.code)
    } else {
        failure.title.to_string()
    }
}

/// A failure, told in words, with what can be done about it.
#[component]
pub fn ProblemView(
    /// What failed.
    failure: Failure,
    /// Trying again, where that makes sense.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let sign_in = failure.status == 401;
    let request = failure.request_id.clone().map(String::from);
    let detail = failure.detail.clone();
    view! {
        <div class="notice notice-danger" role="alert">
            {icon(Icon::Problem)}
            <div class="stack">
                <p class="notice-title">{live(move || failure_sentence(&failure))}</p>
                {detail.map(|detail| view! { <p>{detail}</p> })}
                {request.map(|id| view! { <p class="small soft">{t!("problem_view.request", id = id.clone())}</p> })}
                {retry
                    .filter(|_| !sign_in)
                    .map(|retry| view! { <div class="row"><Button label=t!("action.retry") look=Look::Secondary on_press=move |()| retry.run(())/></div> })}
                {sign_in.then(|| view! { <p><a href=crate::session::sign_in_address()>{t!("action.sign_in")}</a></p> })}
            </div>
        </div>
    }
    .into_any()
}

/// What is to be corrected in a form, at its top, with a link to each field. Takes the focus when it appears.
#[component]
pub fn ErrorSummary(
    /// The form.
    form: Form,
) -> impl IntoView {
    let id = "error-summary";
    effect(move || {
        if form.attempt.get() > 0 {
            browser::focus_soon(id);
        }
    });
    view! {
        {live(move || {
            let wrong = form.wrong_fields();
            let failure = form.failure.get();
            (!wrong.is_empty() || failure.is_some())
                .then(|| {
                    view! {
                        <div class="notice notice-danger" id=id tabindex="-1" role="group" aria-labelledby="error-summary-title">
                            {icon(Icon::Problem)}
                            <div class="stack">
                                <h2 class="notice-title" id="error-summary-title">
                                    {if wrong.is_empty() { failure.as_ref().map(failure_sentence).unwrap_or_default() } else { textf!("problem.", "invalid") }}
                                </h2>
                                {failure
                                    .and_then(|failure| failure.detail)
                                    .map(|detail| view! { <p>{detail}</p> })}
                                <ul>
                                    {wrong
                                        .into_iter()
                                        .map(|(target, words)| {
                                            let to = target.clone();
                                            view! {
                                                <li>
                                                    <a
                                                        href=format!("#{target}")
                                                        on:click=on(move |event: leptos::ev::MouseEvent| {
                                                            event.prevent_default();
                                                            event.stop_propagation();
                                                            browser::focus(&to);
                                                        })
                                                    >
                                                        {words}
                                                    </a>
                                                </li>
                                            }
                                        })
                                        .collect_any()}
                                </ul>
                            </div>
                        </div>
                    }
                })
        })}
    }
    .into_any()
}
