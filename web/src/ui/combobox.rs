//! A text field that proposes while one types: the ARIA 1.2 combobox with a list box.
//!
//! The focus stays in the field; the arrow keys move an active option that `aria-activedescendant` names; Enter takes it, Escape closes the list;
//! how many proposals there are is said in a `role=status`. The source is asked 120 ms after the last key, and an answer that comes after a newer
//! question is thrown away.

use super::icon::{Icon, icon};
use crate::browser;
use crate::text;
use crate::ui::live::{CollectAny, by, live, on};
use crate::ui::state::{Kept, State};
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen_futures::spawn_local;

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is taken.
    pub value: String,
    /// What is read first.
    pub label: String,
    /// What tells it from its namesakes.
    pub detail: String,
}

/// Proposals that come later.
pub type Proposals = Pin<Box<dyn Future<Output = Vec<Choice>>>>;

/// Wraps an async function as the source of a [`Combobox`].
pub fn source<F, P>(ask: F) -> Callback<String, Proposals>
where
    F: Fn(String) -> P + Send + Sync + 'static,
    P: Future<Output = Vec<Choice>> + 'static,
{
    Callback::new(move |text| Box::pin(ask(text)) as Proposals)
}

/// The combobox.
#[component]
pub fn Combobox(
    /// Its id on the page.
    #[prop(into)]
    id: String,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// Whether the label is only spoken (a search field in the header).
    #[prop(optional)]
    label_unseen: bool,
    /// What to enter.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What stands in the field.
    text: State<String>,
    /// Where proposals come from.
    source: Callback<String, Proposals>,
    /// What happens with the one taken. The field keeps its label unless the handler changes the text.
    #[prop(into)]
    on_pick: Callback<Choice>,
    /// What Enter does when no proposal is active.
    #[prop(optional, into)]
    on_submit: Option<Callback<String>>,
    /// The least number of characters worth a question; 0 for a short list that is shown at once.
    #[prop(default = 2)]
    from: usize,
    /// A large one, as on the home page.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let choices = State::new(Vec::<Choice>::new());
    let open = State::new(false);
    let active = State::new(None::<usize>);
    let asked = Kept::new(0u32);
    let answered = State::new(None::<String>);
    let list_id = Kept::new(format!("{id}-list"));
    let hint_id = format!("{id}-hint");
    let described = hint.get_untracked().is_some().then(|| hint_id.clone());

    let close = move || {
        open.set(false);
        active.set(None);
    };
    let ask = move |question: String| {
        let Some(turn) = asked.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        }) else {
            return;
        };
        if question.trim().chars().count() < from {
            choices.set(Vec::new());
            answered.set(None);
            close();
            return;
        }
        spawn_local(async move {
            browser::rest(120).await;
            if asked.try_get_value() != Some(turn) {
                return;
            }
            let found = source.run(question.clone()).await;
            if asked.try_get_value() != Some(turn) {
                return;
            }
            choices.try_set(found);
            answered.try_set(Some(question));
            active.try_set(None);
            open.try_set(true);
        });
    };
    let pick = move |choice: Choice| {
        asked.update_value(|turn| *turn = turn.wrapping_add(1));
        text.set(choice.label.clone());
        choices.set(Vec::new());
        answered.set(None);
        close();
        on_pick.run(choice);
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let count = choices.with(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count == 0 && from == 0 => {
                event.prevent_default();
                ask(text.get_untracked());
            }
            "ArrowDown" if count > 0 => {
                event.prevent_default();
                open.set(true);
                active.update(|at| *at = Some(at.map_or(0, |at| (at + 1) % count)));
            }
            "ArrowUp" if count > 0 => {
                event.prevent_default();
                open.set(true);
                active.update(|at| *at = Some(at.map_or(count - 1, |at| (at + count - 1) % count)));
            }
            "Enter" => {
                let chosen = active
                    .get_untracked()
                    .filter(|_| open.get_untracked())
                    .and_then(|at| choices.with_untracked(|choices| choices.get(at).cloned()));
                if let Some(choice) = chosen {
                    event.prevent_default();
                    pick(choice);
                } else if let Some(submit) = on_submit {
                    event.prevent_default();
                    asked.update_value(|turn| *turn = turn.wrapping_add(1));
                    close();
                    submit.run(text.get_untracked());
                }
            }
            "Escape" => {
                if open.get_untracked() {
                    event.prevent_default();
                    event.stop_propagation();
                    close();
                } else {
                    text.set(String::new());
                    choices.set(Vec::new());
                    answered.set(None);
                }
            }
            _ => {}
        }
    };
    let shown = move || open.get() && choices.with(|choices| !choices.is_empty());
    let status = move || {
        answered
            .get()
            .filter(|_| open.get())
            .map(|question| match choices.with(Vec::len) {
                0 => text!("combobox.nothing", text = question),
                count => text!("combobox.count", count = count),
            })
            .unwrap_or_default()
    };
    view! {
        <div class="combobox" class:combobox-large=large>
            <label for=id.clone() class:unseen=label_unseen>{label}</label>
            {live(move || hint.get().map(|hint| view! { <p class="field-hint" id=hint_id.clone()>{hint}</p> }))}
            <div class="combobox-box">
                {icon(Icon::Search)}
                <input
                    class="input"
                    id=id
                    type="text"
                    role="combobox"
                    placeholder=by(move || label_unseen.then(|| label.get()))
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=by(move || if shown() { "true" } else { "false" })
                    aria-controls=list_id.get_value()
                    aria-activedescendant=by(move || active.get().filter(|_| shown()).map(|at| format!("{}-{at}", list_id.get_value())))
                    aria-describedby=described
                    prop:value=by(move || text.get())
                    on:input=on(move |event| {
                        let value = browser::event_text(&event);
                        text.set(value.clone());
                        ask(value);
                    })
                    on:keydown=on_key
                    on:focus=on(move |_| {
                        if choices.with_untracked(|choices| !choices.is_empty()) {
                            open.set(true);
                        } else if from == 0 {
                            ask(text.get_untracked());
                        }
                    })
                    on:blur=on(move |_| close())
                />
                <ul class="combobox-list" role="listbox" id=list_id.get_value() aria-label=label hidden=by(move || !shown())>
                    {live(move || {
                        choices
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(at, choice)| {
                                let taken = choice.clone();
                                view! {
                                    <li
                                        class="combobox-option"
                                        role="option"
                                        id=format!("{}-{at}", list_id.get_value())
                                        aria-selected=by(move || if active.get() == Some(at) { "true" } else { "false" })
                                        // The press must not take the focus out of the field before the click arrives.
                                        on:mousedown=on(|event: leptos::ev::MouseEvent| event.prevent_default())
                                        on:click=on(move |_| pick(taken.clone()))
                                    >
                                        <span>{choice.label}</span>
                                        <span class="combobox-detail">{choice.detail}</span>
                                    </li>
                                }
                            })
                            .collect_any()
                    })}
                </ul>
                <p class="combobox-none" hidden=by(move || !(open.get() && !shown() && answered.with(Option::is_some)))>
                    {live(move || answered.get().map(|question| text!("combobox.nothing", text = question)))}
                </p>
            </div>
            <p class="unseen" role="status">{status}</p>
        </div>
    }
    .into_any()
}
