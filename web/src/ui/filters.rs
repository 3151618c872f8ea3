//! Filters whose state is the address: a field and a query value that follow each other, and the tags of what is active.

use super::page::Tag;
use crate::form::Field;
use crate::ui::live::{CollectAny, effect, live};
use crate::ui::state::Kept;
use crate::{app, browser, t};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Sets values of the address's query.
pub type SetQuery = Callback<Vec<(&'static str, String)>>;

/// A field that follows a value of the address (a tag taken away, the way back) and that the value follows, `rest` milliseconds after the last key.
pub fn query_field(name: &'static str, id: &'static str, rest: u32, set: SetQuery) -> Field {
    let value = app::query(name);
    let field = Field::alone(id, value.get_untracked());
    effect(move || {
        let wanted = value.get();
        if field.text.with_untracked(|text| text.trim() != wanted) {
            field.text.set(wanted);
        }
    });
    let turn = Kept::new(0u32);
    Effect::new(move |before: Option<String>| {
        let text = field.text.with(|text| text.trim().to_owned());
        if before.as_ref().is_some_and(|before| *before != text) && value.get_untracked() != text {
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            let mine = turn.get_value();
            let sent = text.clone();
            spawn_local(async move {
                browser::rest(rest).await;
                if turn.try_get_value() == Some(mine) {
                    set.try_run(vec![(name, sent)]);
                }
            });
        }
        text
    });
    field
}

/// The active filters as tags; a press takes one away. `words` says a filter's value in the reader's language.
pub fn filter_tags(
    active: Signal<Vec<(&'static str, String)>>,
    words: fn(&str, &str) -> String,
    set: SetQuery,
) -> AnyView {
    view! {
        {live(move || {
            let active = active.get();
            (!active.is_empty())
                .then(|| {
                    view! {
                        <ul class="plain-list" aria-label=t!("cities.active_filters")>
                            {active
                                .into_iter()
                                .map(|(name, value)| {
                                    let label = Signal::derive(move || words(name, &value));
                                    view! { <li><Tag label=label on_remove=move |()| set.run(vec![(name, String::new())])/></li> }
                                })
                                .collect_any()}
                        </ul>
                    }
                })
        })}
    }
    .into_any()
}
