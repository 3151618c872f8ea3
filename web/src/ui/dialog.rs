//! A question or a detail above the page: the browser's own `<dialog>`, which keeps the focus inside and gives it back.

use super::button::IconButton;
use super::icon::Icon;
use crate::t;
use crate::ui::live::{effect, live, on};
use crate::ui::state::State;
use leptos::html;
use leptos::prelude::*;

/// A modal dialog, open while `open` is true. Escape and the button at its corner close it.
#[component]
pub fn Dialog(
    /// Its id on the page.
    id: &'static str,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open.
    open: State<bool>,
    /// What it holds; made when it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let wanted = open.get();
        if let Some(dialog) = node.get() {
            if wanted && !dialog.open() {
                // Fails only when the element is not in the document, and then there is nothing to show.
                dialog.show_modal().ok();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    view! {
        <dialog class="dialog" id=id node_ref=node aria-labelledby=format!("{id}-title") on:close=on(move |_| open.set(false))>
            <div class="dialog-head">
                <h2 id=format!("{id}-title")>{title}</h2>
                <IconButton label=t!("action.close") icon=Icon::Close on_press=move |()| open.set(false)/>
            </div>
            <div class="stack">{live(move || open.get().then(|| children()))}</div>
        </dialog>
    }
    .into_any()
}
