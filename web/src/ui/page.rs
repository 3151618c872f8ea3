//! What every page is built of: its header, cards, tags, steps, the way to the next items.

use super::button::{Button, Look};
use super::icon::{Icon, icon};
use crate::app;
use crate::t;
use crate::ui::live::{CollectAny, live, on};
use leptos::prelude::*;

/// One step of the way to a page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub label: Signal<String>,
}

impl Crumb {
    /// A step.
    pub fn new(href: impl Into<String>, label: Signal<String>) -> Crumb {
        Crumb {
            href: href.into(),
            label,
        }
    }
}

/// The top of a page: where one is, its title (which becomes the document's and takes the focus when the page opens), what can be done.
#[component]
pub fn PageHeader(
    /// The title.
    #[prop(into)]
    title: Signal<String>,
    /// The way here, from the first level; the page itself is not part of it.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// One sentence: what this page is for.
    #[prop(optional, into)]
    lead: MaybeProp<String>,
    /// What can be done with the whole page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    app::announce_page(title);
    view! {
        {(!crumbs.is_empty())
            .then(|| {
                view! {
                    <nav class="crumbs" aria-label=t!("page.crumbs")>
                        <ol>
                            {crumbs
                                .into_iter()
                                .map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a>{icon(Icon::ChevronRight)}</li> })
                                .collect_any()}
                        </ol>
                    </nav>
                }
            })}
        <div class="page-head">
            <div>
                <h1 id="page-title" tabindex="-1">{title}</h1>
                {live(move || lead.get().map(|lead| view! { <p class="lead">{lead}</p> }))}
            </div>
            {children.map(|children| view! { <div class="row page-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// A bounded thing among others of its kind.
#[component]
pub fn Card(
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// Where its title leads; the whole card reacts to the pointer.
    #[prop(optional, into)]
    href: MaybeProp<String>,
    /// A word above the title: a country, a kind.
    #[prop(optional, into)]
    over: MaybeProp<String>,
    /// The level of its heading on this page.
    #[prop(default = 3)]
    level: u8,
    /// The rest.
    children: Children,
) -> impl IntoView {
    let inner = move || match href.get() {
        Some(href) => view! { <a class="card-link" href=href>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    let heading = match level {
        2 => view! { <h2 class="card-title">{inner}</h2> }.into_any(),
        3 => view! { <h3 class="card-title">{inner}</h3> }.into_any(),
        _ => view! { <h4 class="card-title">{inner}</h4> }.into_any(),
    };
    view! {
        <article class="card">
            {live(move || over.get().map(|over| view! { <p class="card-over">{over}</p> }))}
            {heading}
            {children()}
        </article>
    }
    .into_any()
}

/// How a label is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadgeTone {
    /// One among others.
    #[default]
    Plain,
    /// Ours, chosen, active.
    Accent,
    /// Done, accepted.
    Success,
    /// Waiting for somebody.
    Warning,
    /// Refused, late.
    Danger,
}

/// A short label: a state, a theme.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// How it is meant.
    #[prop(optional)]
    tone: BadgeTone,
) -> impl IntoView {
    let class = match tone {
        BadgeTone::Plain => "badge",
        BadgeTone::Accent => "badge badge-accent",
        BadgeTone::Success => "badge badge-success",
        BadgeTone::Warning => "badge badge-warning",
        BadgeTone::Danger => "badge badge-danger",
    };
    view! { <span class=class>{label}</span> }.into_any()
}

/// An active filter that a press takes away.
#[component]
pub fn Tag(
    /// What it filters by.
    #[prop(into)]
    label: Signal<String>,
    /// Taking it away.
    #[prop(into)]
    on_remove: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="tag" on:click=on(move |_| on_remove.run(()))>
            <span class="unseen">{t!("tag.remove")}" "</span>
            <span>{label}</span>
            {icon(Icon::Close)}
        </button>
    }
    .into_any()
}

/// The way to the next items of a list, below those already shown.
#[component]
pub fn More(
    /// Whether there are more.
    #[prop(into)]
    there: Signal<bool>,
    /// Whether they are being fetched.
    #[prop(into)]
    busy: Signal<bool>,
    /// Fetching them.
    #[prop(into)]
    on_more: Callback<()>,
) -> impl IntoView {
    view! {
        {live(move || {
            there
                .get()
                .then(|| view! { <div class="row"><Button label=t!("list.more") look=Look::Secondary busy=busy on_press=move |()| on_more.run(())/></div> })
        })}
    }
    .into_any()
}

/// Where a step of a long form stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Nothing in it yet.
    Open,
    /// Something, not all.
    Begun,
    /// All that is needed.
    Complete,
    /// Something to correct.
    Wrong,
}

/// A step of a long form.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where it is.
    pub href: String,
    /// Its name.
    pub label: Signal<String>,
    /// Where it stands.
    pub state: StepState,
    /// Whether it is the one being looked at.
    pub current: bool,
}

/// The steps of a long form as links, each with its state in words.
#[component]
pub fn Stepper(
    /// What the steps make together.
    #[prop(into)]
    label: Signal<String>,
    /// The steps.
    #[prop(into)]
    steps: Signal<Vec<Step>>,
) -> impl IntoView {
    view! {
        <nav class="stepper" aria-label=label>
            <ol>
                {live(move || {
                    steps
                        .get()
                        .into_iter()
                        .map(|step| {
                            let (class, words, sign) = match step.state {
                                StepState::Open => ("step", t!("step.open"), None),
                                StepState::Begun => ("step step-begun", t!("step.begun"), None),
                                StepState::Complete => ("step step-complete", t!("step.complete"), Some(Icon::Check)),
                                StepState::Wrong => ("step step-wrong", t!("step.wrong"), Some(Icon::Problem)),
                            };
                            view! {
                                <li class=class>
                                    <a href=step.href aria-current=step.current.then_some("step")>
                                        <span class="step-sign" aria-hidden="true">{sign.map(icon)}</span>
                                        <span class="step-words">
                                            <span class="step-label">{step.label}</span>
                                            <span class="step-state">{words}</span>
                                        </span>
                                    </a>
                                </li>
                            }
                        })
                        .collect_any()
                })}
            </ol>
        </nav>
    }
    .into_any()
}
