//! Short messages about what just happened, in a polite live region at the foot of the screen.
//!
//! `toast::say(text!("form.saved"))` from anywhere. A message stays for eight seconds, longer while the pointer or the focus is on it; an error
//! that needs an answer belongs beside its cause, not here.

use super::button::{Button, IconButton, Look};
use super::icon::Icon;
use crate::browser;
use crate::t;
use crate::ui::live::{each, on};
use leptos::prelude::*;
use std::sync::LazyLock;
use wasm_bindgen_futures::spawn_local;

#[derive(Clone)]
struct Toast {
    id: u32,
    words: String,
    undo: Option<Callback<()>>,
}

static TOASTS: LazyLock<ArcRwSignal<Vec<Toast>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));
static HELD: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

/// Says what happened.
pub fn say(words: impl Into<String>) {
    push(words.into(), None);
}

/// Says what happened and offers to take it back. The callback must live longer than the page that made it: give it signals of the session, or ids.
pub fn say_with_undo(words: impl Into<String>, undo: Callback<()>) {
    push(words.into(), Some(undo));
}

fn push(words: String, undo: Option<Callback<()>>) {
    let id = TOASTS.with_untracked(|toasts| toasts.last().map_or(0, |last| last.id.wrapping_add(1)));
    TOASTS.update(|toasts| toasts.push(Toast { id, words, undo }));
    spawn_local(async move {
        browser::rest(8_000).await;
        while HELD.get_untracked() {
            browser::rest(1_000).await;
        }
        drop_toast(id);
    });
}

fn drop_toast(id: u32) {
    TOASTS.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// The region; once, in the app's frame.
#[component]
pub fn Toasts() -> impl IntoView {
    view! {
        <div
            class="toasts"
            role="status"
            aria-live="polite"
            on:mouseenter=on(|_| HELD.set(true))
            on:mouseleave=on(|_| HELD.set(false))
            on:focusin=on(|_| HELD.set(true))
            on:focusout=on(|_| HELD.set(false))
        >
            {each(|| TOASTS.get(), |toast| toast.id, |toast: Toast| view! {
                <div class="toast">
                    <p>{toast.words.clone()}</p>
                    {toast
                        .undo
                        .map(|undo| {
                            view! {
                                <Button
                                    label=t!("action.undo")
                                    look=Look::Quiet
                                    icon=Icon::Undo
                                    on_press=move |()| {
                                        drop_toast(toast.id);
                                        undo.try_run(());
                                    }
                                />
                            }
                        })}
                    <IconButton label=t!("action.close") icon=Icon::Close on_press=move |()| drop_toast(toast.id)/>
                </div>
            })}
        </div>
    }
    .into_any()
}
