//! The control of a question: one for each kind. Its field holds the answer as the wire does; what people type is turned
//! into that as they type, and what cannot be turned stays as it is, for the server to refuse it in words.

use crate::applications::amount;
use crate::form::Field;
use crate::ui::prelude::*;
use crate::{i18n, t, text, textf};
use leptos::prelude::*;
use shared::forms::{NO, Question, QuestionKind, YES, chosen};

/// A list of this many choices or more is a menu.
const MENU: usize = 9;

/// The control.
pub(super) fn control(
    question: Question,
    field: Field,
    currency: String,
    limit_words: fn(&Question, &str) -> Option<String>,
) -> AnyView {
    let optional = !question.required;
    let kind = question.kind;
    let asked = Kept::new(question);
    let plain = Signal::derive(move || asked.with_value(|asked| i18n::own_text(&asked.label)));
    // Groups of choices have no place of their own for it.
    let label = Signal::derive(move || {
        if optional {
            format!("{} {}", plain.get(), text!("form.optional"))
        } else {
            plain.get()
        }
    });
    let unit = currency.clone();
    // An empty hint would be an empty line that is read out.
    let hint = MaybeProp::derive(move || {
        asked.with_value(|asked| {
            let hint = i18n::own_text(&asked.hint);
            let limit = limit_words(asked, &currency).filter(|_| !asked.kind.has_length());
            let told: Vec<String> = [Some(hint).filter(|hint| !hint.is_empty()), limit]
                .into_iter()
                .flatten()
                .collect();
            (!told.is_empty()).then(|| told.join(" "))
        })
    });
    let options = Signal::derive(move || {
        asked.with_value(|asked| {
            let options = asked.options.iter();
            options
                .map(|option| (option.key.clone(), i18n::own_text(&option.label)))
                .collect::<Vec<_>>()
        })
    });
    match kind {
        QuestionKind::ShortText => view! { <TextField field=field label=plain hint=hint optional=optional/> }.into_any(),
        QuestionKind::LongText => {
            let limit = asked.with_value(|asked| asked.max_length as usize);
            let rows = if limit > 1_500 { 10 } else { 5 };
            view! { <TextArea field=field label=plain hint=hint rows=rows limit=limit optional=optional/> }.into_any()
        }
        QuestionKind::Number => {
            view! { <TextField field=field label=plain hint=hint kind=Kind::Number optional=optional/> }.into_any()
        }
        QuestionKind::Date => {
            view! { <TextField field=field label=plain hint=hint kind=Kind::Date optional=optional/> }.into_any()
        }
        QuestionKind::Money => {
            let exponent = shared::money::exponent(&unit);
            let typed = typed_amount(field, exponent);
            view! { <TextField field=typed label=plain hint=hint kind=Kind::Amount optional=optional unit=Signal::derive(move || unit.clone())/> }
                .into_any()
        }
        QuestionKind::YesNo => {
            let options = Signal::derive(|| {
                [YES, NO]
                    .map(|answer| (answer.to_owned(), textf!("answer.", answer)))
                    .to_vec()
            });
            view! { <RadioGroup field=field label=label hint=hint options=options inline=true/> {clear(field, optional)} }.into_any()
        }
        QuestionKind::OneChoice if asked.with_value(|asked| asked.options.len() >= MENU) => {
            view! { <Select field=field label=plain hint=hint options=options none=t!("ask.choose") optional=optional/> }
                .into_any()
        }
        QuestionKind::OneChoice => {
            view! { <RadioGroup field=field label=label hint=hint options=options/> {clear(field, optional)} }.into_any()
        }
        QuestionKind::SeveralChoices => {
            let ticked = ticks(field);
            view! { <CheckboxGroup field=field label=label hint=hint options=options chosen=ticked/> }.into_any()
        }
    }
}

/// A choice that nobody has to make can be taken back.
fn clear(field: Field, optional: bool) -> AnyView {
    live(move || {
        (optional && field.text.with(|text| !text.is_empty()))
            .then(|| view! { <Button label=t!("ask.clear") look=Look::Quiet on_press=move |()| field.type_text(String::new())/> })
    })
}

/// A field for an amount as people write it, which keeps `field` in minor units.
fn typed_amount(field: Field, exponent: u32) -> Field {
    let language = i18n::language_now();
    let written = move |answer: &str| match answer.parse::<i64>() {
        // Nothing is an answer too.
        Ok(0) => "0".to_owned(),
        Ok(amount) => amount::write(amount, exponent, language),
        Err(_) => answer.to_owned(),
    };
    let meant = move |typed: &str| {
        if typed.trim().is_empty() {
            return String::new();
        }
        amount::parse(typed, exponent).map_or_else(|| typed.to_owned(), |amount| amount.to_string())
    };
    let mut typed = field;
    typed.text = State::new(field.text.with_untracked(|answer| written(answer)));
    // What the server or somebody else wrote is shown; what means the same already is left as it is typed.
    effect(move || {
        let answer = field.text.get();
        if typed.text.with_untracked(|text| meant(text) != answer) {
            typed.text.set(written(&answer));
        }
    });
    effect(move || {
        let answer = typed.text.with(|text| meant(text));
        if field.text.with_untracked(|text| *text != answer) {
            field.text.set(answer);
        }
    });
    typed
}

/// The ticked choices, which keep `field` as it is written on the wire.
fn ticks(field: Field) -> State<Vec<String>> {
    let read = |answer: &str| chosen(answer).map(str::to_owned).collect::<Vec<String>>();
    let ticked = State::new(field.text.with_untracked(|answer| read(answer)));
    effect(move || {
        let answer = field.text.get();
        if ticked.with_untracked(|ticked| ticked.join(",") != answer) {
            ticked.set(read(&answer));
        }
    });
    effect(move || {
        let answer = ticked.with(|ticked| ticked.join(","));
        if field.text.with_untracked(|text| *text != answer) {
            field.text.set(answer);
        }
    });
    ticked
}
