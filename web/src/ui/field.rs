//! Form controls: the label above, the hint below it, the error beside the control and tied to it, never a placeholder as label.
//!
//! Each control works on a [`Field`](crate::form::Field): its text and its error live together in the form's model, not in the component.

use super::icon::{Icon, icon};
use crate::browser;
use crate::form::Field;
use crate::t;
use crate::ui::live::{CollectAny, by, live, on};
use crate::ui::state::{Kept, State};
use leptos::prelude::*;

/// What kind of text a field wants: chooses keyboard, autofill and width, never the validation (the server's answer is the only judge).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A secret.
    Password,
    /// A whole number.
    Number,
    /// An amount of money, with a decimal comma or point.
    Amount,
    /// A day.
    Date,
    /// A web address.
    Url,
    /// A search.
    Search,
}

impl Kind {
    fn input_type(self) -> &'static str {
        match self {
            Kind::Email => "email",
            Kind::Password => "password",
            Kind::Date => "date",
            Kind::Url => "url",
            Kind::Search => "search",
            // `type=number` loses what it cannot read and scrolls away figures; a text field with a numeric keyboard does neither.
            Kind::Text | Kind::Number | Kind::Amount => "text",
        }
    }

    fn input_mode(self) -> Option<&'static str> {
        match self {
            Kind::Number => Some("numeric"),
            Kind::Amount => Some("decimal"),
            _ => None,
        }
    }
}

/// The ids that describe a control, for `aria-describedby`.
fn described(field: Field, hint: bool) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static {
    move || {
        let error = field.error.with(Option::is_some);
        match (hint, error) {
            (false, false) => None,
            (true, false) => Some(format!("{}-hint", field.id)),
            (false, true) => Some(format!("{}-error", field.id)),
            (true, true) => Some(format!("{0}-hint {0}-error", field.id)),
        }
    }
}

/// Label, hint, control and error of one field, in their order.
fn frame(field: Field, label: Signal<String>, hint: MaybeProp<String>, optional: bool, control: AnyView) -> AnyView {
    field.is_called(label);
    view! {
        <div class="field" class:field-wrong=by(move || field.error.with(Option::is_some))>
            <label for=field.id>
                {label}
                {optional.then(|| view! { <span class="field-optional">{t!("form.optional")}</span> })}
            </label>
            {live(move || hint.get().map(|hint| view! { <p class="field-hint" id=format!("{}-hint", field.id)>{hint}</p> }))}
            {error_line(field)}
            {control}
        </div>
    }
    .into_any()
}

/// The error of a field, in words, beside it.
pub fn error_line(field: Field) -> AnyView {
    view! {
        {live(move || {
            field
                .error_text()
                .map(|error| {
                    view! {
                        <p class="field-error" id=format!("{}-error", field.id)>
                            {icon(Icon::Problem)}
                            <span>{error}</span>
                        </p>
                    }
                })
        })}
    }
    .into_any()
}

/// One line of text.
#[component]
pub fn TextField(
    /// Its model.
    field: Field,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to enter, or why it is asked.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What kind of text.
    #[prop(optional)]
    kind: Kind,
    /// The browser's autofill name, such as `username`.
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// Whether it may stay empty: then the label says so. What must be filled needs no star.
    #[prop(optional)]
    optional: bool,
    /// The language of the text, where it is not the interface's.
    #[prop(optional, into)]
    lang: Option<String>,
    /// A short unit after the control, such as "km".
    #[prop(optional, into)]
    unit: MaybeProp<String>,
) -> impl IntoView {
    let has_hint = hint.get_untracked().is_some();
    let control = view! {
        <span class="field-line">
            <input
                class="input"
                class:input-short=matches!(kind, Kind::Number | Kind::Amount | Kind::Date)
                id=field.id
                name=field.id
                type=kind.input_type()
                inputmode=kind.input_mode()
                autocomplete=autocomplete
                lang=lang
                spellcheck=matches!(kind, Kind::Email | Kind::Password | Kind::Url).then_some("false")
                aria-invalid=by(move || field.error.with(Option::is_some).then_some("true"))
                aria-describedby=described(field, has_hint)
                aria-required=(!optional).then_some("true")
                prop:value=by(move || field.text.get())
                on:input=on(move |event| field.type_text(browser::event_text(&event)))
            />
            {live(move || unit.get().map(|unit| view! { <span class="field-unit">{unit}</span> }))}
        </span>
    }
    .into_any();
    frame(field, label, hint, optional, control)
}

/// Several lines of text, with the count of characters left where there is a limit.
#[component]
pub fn TextArea(
    /// Its model.
    field: Field,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to enter, or why it is asked.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// How many lines it shows at first.
    #[prop(default = 5)]
    rows: u8,
    /// The most characters that the server takes.
    #[prop(optional)]
    limit: Option<usize>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// The language of the text, where it is not the interface's.
    #[prop(optional, into)]
    lang: Option<String>,
) -> impl IntoView {
    let has_hint = hint.get_untracked().is_some();
    let control = view! {
        <textarea
            class="input"
            id=field.id
            name=field.id
            rows=rows.to_string()
            lang=lang
            aria-invalid=by(move || field.error.with(Option::is_some).then_some("true"))
            aria-describedby=described(field, has_hint)
            aria-required=(!optional).then_some("true")
            prop:value=by(move || field.text.get())
            on:input=on(move |event| field.type_text(browser::event_text(&event)))
        ></textarea>
        {limit
            .map(|limit| {
                let left = move || limit as f64 - field.text.with(|text| text.chars().count()) as f64;
                view! { <p class="field-count numeric" class:field-count-over=by(move || left() < 0.0)>{t!("form.characters_left", count = left())}</p> }
            })}
    }
    .into_any();
    frame(field, label, hint, optional, control)
}

/// A choice of one among a few fixed values (more than about ten: a combobox; up to five: radio buttons).
#[component]
pub fn Select(
    /// Its model; the text is the chosen value, empty for none.
    field: Field,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to choose, or why it is asked.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// Values and their words, in order.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The words for no choice; without them there is no empty entry.
    #[prop(optional, into)]
    none: MaybeProp<String>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let has_hint = hint.get_untracked().is_some();
    let control = view! {
        <span class="select">
            <select
                class="input"
                id=field.id
                name=field.id
                aria-invalid=by(move || field.error.with(Option::is_some).then_some("true"))
                aria-describedby=described(field, has_hint)
                on:change=on(move |event| field.type_text(browser::event_text(&event)))
            >
                {live(move || none.get().map(|none| view! { <option value="" selected=by(move || field.text.with(String::is_empty))>{none}</option> }))}
                {live(move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(value, words)| {
                            let own = value.clone();
                            view! { <option value=value selected=by(move || field.text.with(|text| *text == own))>{words}</option> }
                        })
                        .collect_any()
                })}
            </select>
            {icon(Icon::ChevronDown)}
        </span>
    }
    .into_any();
    frame(field, label, hint, optional, control)
}

/// One statement to tick.
#[component]
pub fn Checkbox(
    /// Its id on the page.
    #[prop(into)]
    id: String,
    /// The statement.
    #[prop(into)]
    label: Signal<String>,
    /// More about it.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// Whether it is ticked.
    checked: State<bool>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let described = hint.get_untracked().is_some().then(|| hint_id.clone());
    view! {
        <div class="choice">
            <input type="checkbox" id=id.clone() prop:checked=by(move || checked.get()) aria-describedby=described on:change=on(move |event| checked.set(browser::event_checked(&event)))/>
            <label for=id>{label}</label>
            {live(move || hint.get().map(|hint| view! { <p class="field-hint" id=hint_id.clone()>{hint}</p> }))}
        </div>
    }
    .into_any()
}

/// Several ticks under one question. `chosen` holds the values in the order of the options.
#[component]
pub fn CheckboxGroup(
    /// The field whose error it shows; its text is not used.
    field: Field,
    /// The question.
    #[prop(into)]
    label: Signal<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// Values and their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The values ticked.
    chosen: State<Vec<String>>,
    /// In columns, for many short options.
    #[prop(optional)]
    columns: bool,
) -> impl IntoView {
    let has_hint = hint.get_untracked().is_some();
    field.is_called(label);
    view! {
        <fieldset class="field" id=field.id tabindex="-1" class:field-wrong=by(move || field.error.with(Option::is_some)) aria-describedby=described(field, has_hint)>
            <legend>{label}</legend>
            {live(move || hint.get().map(|hint| view! { <p class="field-hint" id=format!("{}-hint", field.id)>{hint}</p> }))}
            {error_line(field)}
            <div class="choices" class:choices-columns=columns>
                {live(move || {
                    let all = options.get();
                    let order: Vec<String> = all.iter().map(|(value, _)| value.clone()).collect();
                    let order = Kept::new(order);
                    all.into_iter()
                        .map(|(value, words)| {
                            let id = format!("{}-{value}", field.id);
                            let own = value.clone();
                            view! {
                                <div class="choice">
                                    <input
                                        type="checkbox"
                                        id=id.clone()
                                        prop:checked=by(move || chosen.with(|chosen| chosen.contains(&own)))
                                        on:change=on(move |event| {
                                            let on = browser::event_checked(&event);
                                            chosen
                                                .update(|chosen| {
                                                    chosen.retain(|known| *known != value);
                                                    if on {
                                                        chosen.push(value.clone());
                                                        order.with_value(|order| chosen.sort_by_key(|known| order.iter().position(|each| each == known)));
                                                    }
                                                });
                                            field.error.set(None);
                                        })
                                    />
                                    <label for=id>{words}</label>
                                </div>
                            }
                        })
                        .collect_any()
                })}
            </div>
        </fieldset>
    }
    .into_any()
}

/// One answer among a few, all in view.
#[component]
pub fn RadioGroup(
    /// Its model; the text is the chosen value.
    field: Field,
    /// The question.
    #[prop(into)]
    label: Signal<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// Values and their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// Beside each other, for two or three short answers.
    #[prop(optional)]
    inline: bool,
) -> impl IntoView {
    let has_hint = hint.get_untracked().is_some();
    field.is_called(label);
    view! {
        <fieldset class="field" id=field.id tabindex="-1" class:field-wrong=by(move || field.error.with(Option::is_some)) aria-describedby=described(field, has_hint)>
            <legend>{label}</legend>
            {live(move || hint.get().map(|hint| view! { <p class="field-hint" id=format!("{}-hint", field.id)>{hint}</p> }))}
            {error_line(field)}
            <div class="choices" class:choices-inline=inline>
                {live(move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(value, words)| {
                            let id = format!("{}-{value}", field.id);
                            let own = value.clone();
                            view! {
                                <div class="choice">
                                    <input
                                        type="radio"
                                        id=id.clone()
                                        name=field.id
                                        prop:checked=by(move || field.text.with(|text| *text == own))
                                        on:change=on(move |_| field.type_text(value.clone()))
                                    />
                                    <label for=id>{words}</label>
                                </div>
                            }
                        })
                        .collect_any()
                })}
            </div>
        </fieldset>
    }
    .into_any()
}

/// A range with its value in words, for a weight or a distance.
#[component]
pub fn Slider(
    /// Its id on the page.
    #[prop(into)]
    id: String,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// The value.
    value: State<u32>,
    /// The least.
    #[prop(default = 0)]
    min: u32,
    /// The most.
    #[prop(default = 100)]
    max: u32,
    /// The step.
    #[prop(default = 1)]
    step: u32,
    /// The value in words, as seen and as spoken.
    #[prop(into)]
    words: Callback<u32, String>,
) -> impl IntoView {
    view! {
        <div class="slider">
            <label for=id.clone()>{label}</label>
            <output for=id.clone() class="numeric">{live(move || words.run(value.get()))}</output>
            <input
                type="range"
                id=id
                min=min.to_string()
                max=max.to_string()
                step=step.to_string()
                aria-valuetext=by(move || words.run(value.get()))
                prop:value=by(move || value.get().to_string())
                on:input=on(move |event| {
                    if let Ok(number) = browser::event_text(&event).parse() {
                        value.set(number);
                    }
                })
            />
        </div>
    }
    .into_any()
}
