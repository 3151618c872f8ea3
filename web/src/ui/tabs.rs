//! Tabs: several panels in one place, one seen at a time. Arrow keys move between the tabs.

use crate::browser;
use crate::ui::live::{CollectAny, by, on};
use crate::ui::state::{Kept, State};
use leptos::prelude::*;

/// A tab.
#[derive(Clone, Copy, Debug)]
pub struct Tab {
    /// Its id, as in the address and in [`TabPanel`].
    pub id: &'static str,
    /// Its words.
    pub label: Signal<String>,
}

/// The row of tabs.
#[component]
pub fn Tabs(
    /// What the tabs divide.
    #[prop(into)]
    label: Signal<String>,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The id of the one seen.
    selected: State<String>,
) -> impl IntoView {
    let ids = Kept::new(tabs.iter().map(|tab| tab.id).collect::<Vec<_>>());
    let on_key = move |event: web_sys::KeyboardEvent| {
        let ids = ids.get_value();
        let Some(at) = ids
            .iter()
            .position(|id| selected.with_untracked(|selected| selected == id))
        else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % ids.len(),
            "ArrowLeft" => (at + ids.len() - 1) % ids.len(),
            "Home" => 0,
            "End" => ids.len() - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(id) = ids.get(to) {
            selected.set((*id).to_owned());
            browser::focus(&format!("tab-{id}"));
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            {tabs
                .into_iter()
                .map(|tab| {
                    let is_on = move || selected.with(|selected| selected == tab.id);
                    view! {
                        <button
                            type="button"
                            class="tab"
                            role="tab"
                            id=format!("tab-{}", tab.id)
                            aria-controls=format!("panel-{}", tab.id)
                            aria-selected=by(move || if is_on() { "true" } else { "false" })
                            tabindex=by(move || if is_on() { "0" } else { "-1" })
                            on:click=on(move |_| selected.set(tab.id.to_owned()))
                        >
                            {tab.label}
                        </button>
                    }
                })
                .collect_any()}
        </div>
    }
    .into_any()
}

/// The panel of a tab; hidden while another is selected, so that what was typed in it stays.
#[component]
pub fn TabPanel(
    /// The tab's id.
    id: &'static str,
    /// The id of the one seen.
    selected: State<String>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! {
        <div role="tabpanel" class="tab-panel" id=format!("panel-{id}") aria-labelledby=format!("tab-{id}") tabindex="0" hidden=by(move || selected.with(|selected| selected != id))>
            {children()}
        </div>
    }
    .into_any()
}
