//! Buttons do something; link-buttons go somewhere. Same looks, different elements.

use super::icon::{Icon, icon};
use crate::ui::live::{by, live, on};
use leptos::prelude::*;

/// How much a button weighs on the page. At most one `Primary` per section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one next step.
    #[default]
    Primary,
    /// Another possible step.
    Secondary,
    /// A small act beside a thing.
    Quiet,
    /// An act that takes something away; say in words what.
    Danger,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Primary => "button",
            Look::Secondary => "button button-secondary",
            Look::Quiet => "button button-quiet",
            Look::Danger => "button button-danger",
        }
    }
}

/// A button. While `busy` it stays focusable, says so, and ignores presses, so that nothing is sent twice.
#[component]
pub fn Button(
    /// The words on it.
    #[prop(into)]
    label: Signal<String>,
    /// Its weight.
    #[prop(optional)]
    look: Look,
    /// Whether it submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Words for those who do not see what stands beside it: "Remove" + "Lviv".
    #[prop(optional, into)]
    about: MaybeProp<String>,
    /// Whether its last press is still being worked on.
    #[prop(optional, into)]
    busy: MaybeProp<bool>,
    /// Whether it is a switch that is on (`aria-pressed`).
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// What it does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let is_busy = move || busy.get().unwrap_or(false);
    view! {
        <button
            class=look.class()
            type=if submit { "submit" } else { "button" }
            aria-disabled=by(move || is_busy().then_some("true"))
            aria-pressed=by(move || pressed.get().map(|on| if on { "true" } else { "false" }))
            on:click=on(move |event: leptos::ev::MouseEvent| {
                if is_busy() {
                    event.prevent_default();
                } else if let Some(act) = on_press {
                    act.run(());
                }
            })
        >
            {icon.map(self::icon)}
            <span>{label}</span>
            <span class="unseen">{live(move || about.get().map(|about| format!(" {about}")))}</span>
        </button>
    }
    .into_any()
}

/// A button with an icon only; its words are its accessible name and tooltip.
#[component]
pub fn IconButton(
    /// What it does, in words.
    #[prop(into)]
    label: Signal<String>,
    /// What it shows.
    icon: Icon,
    /// Whether it is a switch that is on.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="icon-button"
            type="button"
            aria-label=label
            title=label
            aria-pressed=by(move || pressed.get().map(|on| if on { "true" } else { "false" }))
            on:click=on(move |_| on_press.run(()))
        >
            {self::icon(icon)}
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: Signal<String>,
    /// The words on it.
    #[prop(into)]
    label: Signal<String>,
    /// Its weight.
    #[prop(optional)]
    look: Look,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <a class=look.class() href=href>
            {icon.map(self::icon)}
            <span>{label}</span>
        </a>
    }
    .into_any()
}
