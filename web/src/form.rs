//! The model of a form: each field's text and its error together, apart from the components that show them.
//!
//! A [`Form`] is made once per page; [`Form::field`] gives its fields. Submitting sends what [`Field::text`] holds and hands a failure to
//! [`Form::fail`], which puts each of the server's errors at the field whose JSON pointer it names (or at the nearest field above it) and the rest into
//! the summary. [`Form::clear`] before each attempt. Nothing that was typed is lost: an error changes only errors.
//!
//! A long form calls [`Form::autosave`] when all its fields exist: it restores what this tab kept, then keeps every change two seconds after the last
//! key; [`Form::saved_at`] says when, for "saved at 14:02" ([`DraftNote`]). [`Form::forget_draft`] after the server has taken it.

use crate::client::Failure;
use crate::ui::icon::{Icon, icon};
use crate::ui::intl;
use crate::ui::live::live;
use crate::ui::state::{Kept, State};
use crate::{browser, t, text, textf};
use leptos::prelude::*;
use shared::problem::FieldError;
use std::cell::RefCell;
use std::collections::BTreeSet;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// A name that lives as long as the app, as the ids of fields do: for fields that are made from data, such as a call's questions. Each is kept once.
pub fn lasting(name: String) -> &'static str {
    thread_local! {
        static NAMES: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
    }
    NAMES.with(|names| {
        let mut names = names.borrow_mut();
        if let Some(known) = names.get(name.as_str()) {
            return *known;
        }
        let made: &'static str = Box::leak(name.into_boxed_str());
        names.insert(made);
        made
    })
}

/// One field. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its id in the page and in the draft.
    pub id: &'static str,
    /// Where it stands in the body that is sent, as a JSON pointer such as `/description`.
    pub pointer: &'static str,
    /// What stands in it.
    pub text: State<String>,
    /// What is wrong with it.
    pub error: State<Option<FieldError>>,
    /// What it is called, for the summary; told by the control that shows it.
    label: Kept<Option<Signal<String>>>,
    /// How often the reader changed it: what the server sent is not a change.
    touched: State<u32>,
}

impl Field {
    /// A field outside any form: a filter, for instance.
    pub fn alone(id: &'static str, text: impl Into<String>) -> Field {
        Field {
            id,
            pointer: "",
            text: State::new(text.into()),
            error: State::new(None),
            label: Kept::new(None),
            touched: State::new(0),
        }
    }

    /// Tells what the field is called.
    pub(crate) fn is_called(self, label: Signal<String>) {
        self.label.set_value(Some(label));
    }

    /// The text without the spaces around it; not tracked.
    pub fn trimmed(self) -> String {
        self.text.with_untracked(|text| text.trim().to_owned())
    }

    /// What the reader typed: the old error no longer applies.
    pub fn type_text(self, text: String) {
        self.text.set(text);
        self.error.set(None);
        self.touched.update(|count| *count = count.wrapping_add(1));
    }

    /// Its error in words; tracked.
    pub fn error_text(self) -> Option<String> {
        self.error.with(|error| error.as_ref().map(error_sentence))
    }
}

/// The sentence of a field's error, with its figures.
pub fn error_sentence(error: &FieldError) -> String {
    let figure = |name: &str| error.params.get(name).cloned().unwrap_or_default();
    let bound = match (error.params.contains_key("min"), error.params.contains_key("max")) {
        (true, true) => "_between",
        (true, false) => "_min",
        (false, true) => "_max",
        (false, false) => "",
    };
    let code = format!("{}{bound}", error.code.code());
    if crate::i18n::has("field_error.", &code) {
        textf!("field_error.", &code, min = figure("min"), max = figure("max"))
    } else {
        textf!("field_error.", error.code.code())
    }
}

/// A form. Cheap to copy; lives as long as the page that made it.
#[derive(Clone, Copy)]
pub struct Form {
    draft: Kept<String>,
    fields: Kept<Vec<Field>>,
    /// The failure that belongs to no field.
    pub failure: State<Option<Failure>>,
    /// Errors at pointers that no field has.
    rest: State<Vec<FieldError>>,
    /// Grows with each failed attempt, so that the summary takes the focus again.
    pub attempt: State<u32>,
    /// Whether it is being sent.
    pub busy: State<bool>,
    /// When this tab last kept the draft, in milliseconds since 1970.
    pub saved_at: State<Option<f64>>,
    restored: State<bool>,
}

impl Form {
    /// A form. `draft` names its draft in this tab: `"application:" + id`, for instance.
    pub fn new(draft: impl Into<String>) -> Form {
        Form {
            draft: Kept::new(format!("draft:{}", draft.into())),
            fields: Kept::new(Vec::new()),
            failure: State::new(None),
            rest: State::new(Vec::new()),
            attempt: State::new(0),
            busy: State::new(false),
            saved_at: State::new(None),
            restored: State::new(false),
        }
    }

    /// A field of this form.
    pub fn field(self, id: &'static str, pointer: &'static str, text: impl Into<String>) -> Field {
        let field = Field {
            id,
            pointer,
            text: State::new(text.into()),
            error: State::new(None),
            label: Kept::new(None),
            touched: State::new(0),
        };
        self.fields.update_value(|fields| fields.push(field));
        field
    }

    /// Before an attempt: no errors.
    pub fn clear(self) {
        self.failure.set(None);
        self.rest.set(Vec::new());
        self.fields
            .with_value(|fields| fields.iter().for_each(|field| field.error.set(None)));
    }

    /// After an attempt that failed: each error to its field, the rest to the summary.
    pub fn fail(self, mut failure: Failure) {
        let errors = std::mem::take(&mut failure.errors);
        let mut rest = Vec::new();
        let fields = self.fields.get_value();
        for error in errors {
            let pointers: Vec<&str> = fields.iter().map(|field| field.pointer).collect();
            match nearest(&error.pointer, &pointers) {
                Some(at) if fields[at].error.with_untracked(Option::is_none) => fields[at].error.set(Some(error)),
                Some(_) => {}
                None => rest.push(error),
            }
        }
        self.rest.set(rest);
        self.failure.set(Some(failure));
        self.attempt.update(|attempt| *attempt = attempt.wrapping_add(1));
    }

    /// The id and the sentence of each wrong field, in the order of the page; tracked.
    pub fn wrong_fields(self) -> Vec<(String, String)> {
        let mut wrong: Vec<(String, String)> = self
            .fields
            .get_value()
            .into_iter()
            .filter_map(|field| {
                let error = field.error_text()?;
                let words = match field.label.get_value().and_then(|label| label.try_get()) {
                    Some(label) => text!("form.wrong_field", field = label, error = error),
                    None => error,
                };
                Some((field.id.to_owned(), words))
            })
            .collect();
        self.rest.with(|rest| {
            wrong.extend(rest.iter().map(|error| {
                (
                    "page-title".to_owned(),
                    format!("{} ({})", error_sentence(error), error.pointer),
                )
            }))
        });
        wrong
    }

    /// Restores what this tab kept of the fields, then keeps every change. Call it when all fields exist.
    pub fn autosave(self) {
        let fields = self.fields.get_value();
        if let Some(kept) = browser::kept(&self.draft.get_value()).and_then(|text| js_sys::JSON::parse(&text).ok()) {
            for field in &fields {
                if let Some(text) = browser::property(&kept, field.id).and_then(|text| text.as_string())
                    && field.text.with_untracked(|known| *known != text)
                {
                    field.text.set(text);
                    self.restored.set(true);
                }
            }
        }
        let turn = Kept::new(0u32);
        Effect::new(move |before: Option<u32>| {
            let touched = self.fields.with_value(|fields| {
                fields
                    .iter()
                    .fold(0u32, |sum, field| sum.wrapping_add(field.touched.get()))
            });
            if before.is_some_and(|before| before != touched) {
                let Some(mine) = turn.try_update_value(|turn| {
                    *turn = turn.wrapping_add(1);
                    *turn
                }) else {
                    return touched;
                };
                spawn_local(async move {
                    browser::rest(2_000).await;
                    if turn.try_get_value() == Some(mine) {
                        self.keep_draft();
                    }
                });
            }
            touched
        });
    }

    /// Keeps the draft in this tab now.
    pub fn keep_draft(self) {
        let Some(fields) = self.fields.try_get_value() else {
            return;
        };
        let kept = js_sys::Object::new();
        for field in fields {
            if let Some(text) = field.text.try_get_untracked() {
                // Setting a property of a plain object cannot fail.
                js_sys::Reflect::set(&kept, &JsValue::from_str(field.id), &JsValue::from_str(&text)).ok();
            }
        }
        let text = js_sys::JSON::stringify(&kept)
            .ok()
            .and_then(|text| text.as_string())
            .unwrap_or_default();
        if browser::keep(&self.draft.get_value(), &text) {
            self.saved_at.try_set(Some(browser::now_ms()));
        }
    }

    /// Forgets the draft: the server has it now.
    pub fn forget_draft(self) {
        browser::forget(&self.draft.get_value());
        self.saved_at.try_set(None);
        self.restored.try_set(false);
    }
}

/// The index of the pointer that is `wanted`, or else the longest one above it.
fn nearest(wanted: &str, pointers: &[&str]) -> Option<usize> {
    pointers
        .iter()
        .enumerate()
        .filter(|(_, pointer)| {
            !pointer.is_empty()
                && (wanted == **pointer || wanted.strip_prefix(**pointer).is_some_and(|rest| rest.starts_with('/')))
        })
        .max_by_key(|(_, pointer)| pointer.len())
        .map(|(at, _)| at)
}

/// "Saved on this device at 14:02", spoken politely.
#[component]
pub fn DraftNote(
    /// The form.
    form: Form,
) -> impl IntoView {
    view! {
        <p class="draft-note small soft" role="status">
            {live(move || {
                form.saved_at
                    .get()
                    .map(|at| view! { {icon(Icon::Check)} <span>{t!("form.saved_at", time = intl::time_ms(at))}</span> }.into_any())
                    .or_else(|| form.restored.get().then(|| view! { <span>{t!("form.restored")}</span> }.into_any()))
            })}
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_goes_to_its_field_or_the_nearest_above() {
        let pointers = ["/needs", "/needs/0/theme", "", "/name"];
        assert_eq!(nearest("/name", &pointers), Some(3));
        assert_eq!(nearest("/needs/0/theme", &pointers), Some(1));
        assert_eq!(nearest("/needs/3/sentence", &pointers), Some(0));
        assert_eq!(nearest("/needsmore", &pointers), None);
        assert_eq!(nearest("/other", &pointers), None);
    }
}
