//! Several values chosen one after the other through a combobox; each stays as a tag that a press takes away.

use super::combobox::{Choice, Combobox, Proposals, source};
use super::icon::{Icon, icon};
use crate::browser;
use crate::form::Field;
use crate::t;
use crate::ui::field::error_line;
use crate::ui::live::{by, each, live, on};
use crate::ui::state::State;
use js_sys::JsString;
use leptos::prelude::*;

/// How many proposals a local list shows at once.
const SHOWN: usize = 40;

/// Letters without case and accents, to compare what is typed with what is known.
fn fold(text: &str) -> String {
    let taken_apart: String = JsString::from(text).normalize("NFD").into();
    taken_apart
        .chars()
        .filter(|sign| !('\u{300}'..='\u{36f}').contains(sign))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A source of proposals out of values and words that are known already; `taken` are left out.
pub fn local_source(options: Signal<Vec<(String, String)>>, taken: Signal<Vec<String>>) -> Callback<String, Proposals> {
    source(move |words: String| {
        let wanted = fold(words.trim());
        let taken = taken.try_get_untracked().unwrap_or_default();
        let mut found: Vec<(bool, Choice)> = options
            .try_get_untracked()
            .unwrap_or_default()
            .into_iter()
            .filter(|(value, _)| !taken.contains(value))
            .filter_map(|(value, label)| {
                let at = fold(&label).find(&wanted)?;
                Some((
                    at > 0,
                    Choice {
                        value,
                        label,
                        detail: String::new(),
                    },
                ))
            })
            .collect();
        // What begins with the words comes first; otherwise the order of the list stays.
        found.sort_by_key(|(inside, _)| *inside);
        async move { found.into_iter().take(SHOWN).map(|(_, choice)| choice).collect() }
    })
}

/// The combobox with its tags. `chosen` holds the values in the order of choosing.
#[component]
pub fn Picks(
    /// The field whose error it shows; its text is what is being typed.
    field: Field,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to choose.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// Values and their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The values chosen.
    chosen: State<Vec<String>>,
) -> impl IntoView {
    let word = move |value: &str| {
        options.with(|options| {
            options
                .iter()
                .find(|(known, _)| known == value)
                .map_or_else(|| value.to_owned(), |(_, word)| word.clone())
        })
    };
    view! {
        <div class="picks stack" class:field-wrong=by(move || field.error.with(Option::is_some))>
            {error_line(field)}
            <Combobox
                id=field.id
                label=label
                hint=hint
                text=field.text
                from=0
                source=local_source(options, chosen.into())
                on_pick=move |choice: Choice| {
                    field.type_text(String::new());
                    chosen.update(|chosen| chosen.push(choice.value));
                }
            />
            <ul class="plain-list" aria-label=label>
                {each(
                    move || chosen.get(),
                    String::clone,
                    move |value| {
                        let own = value.clone();
                        let shown = value.clone();
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="tag"
                                    on:click=on(move |_| {
                                        chosen.update(|chosen| chosen.retain(|known| *known != own));
                                        field.error.set(None);
                                        browser::focus(field.id);
                                    })
                                >
                                    <span class="unseen">{t!("picks.remove")} " "</span>
                                    <span>{live(move || word(&shown))}</span>
                                    {icon(Icon::Close)}
                                </button>
                            </li>
                        }
                    },
                )}
            </ul>
        </div>
    }
    .into_any()
}
