//! A question in the editor of a form: its card, and the fields that it opens to.

use super::edit::{Desk, words};
use super::rows::{OptionRow, QuestionRow, Sheet};
use crate::form::{Field, lasting};
use crate::ui::field::error_line;
use crate::ui::prelude::*;
use crate::{browser, t, text, textf};
use leptos::prelude::*;
use shared::forms::{NO, Prefill, QuestionKind, YES};

/// Moves a question by one place, from section to section.
fn shift(desk: Desk, key: u32, down: bool) {
    let sections = desk.sheet.sections.get_untracked();
    let found = sections.iter().enumerate().find_map(|(at, section)| {
        let place = section
            .questions
            .with_untracked(|rows| rows.iter().position(|row| row.key == key))?;
        Some((at, place))
    });
    let Some((at, place)) = found else { return };
    let last = sections[at].questions.with_untracked(Vec::len) - 1;
    if (down && place < last) || (!down && place > 0) {
        let to = if down { place + 1 } else { place - 1 };
        sections[at].questions.update(|rows| rows.swap(place, to));
        return;
    }
    let next = if down { at.checked_add(1) } else { at.checked_sub(1) };
    // What applicants rely on stays in its section.
    let Some(target) = next.and_then(|next| sections.get(next)).filter(|_| !desk.held) else {
        return;
    };
    let mut moved = None;
    sections[at].questions.update(|rows| moved = Some(rows.remove(place)));
    target.questions.update(|rows| {
        if let Some(row) = moved {
            rows.insert(if down { 0 } else { rows.len() }, row);
        }
    });
}

/// The card of a question.
pub(super) fn question_card(desk: Desk, row: QuestionRow) -> AnyView {
    let sheet = desk.sheet;
    let name = Signal::derive(move || {
        let told = row.label.told();
        if told.is_empty() {
            text!("asking.new_question")
        } else {
            told
        }
    });
    let number = memo(move || {
        sheet
            .rows()
            .iter()
            .position(|known| known.key == row.key)
            .map_or(0, |at| at + 1)
    });
    let facts = move || {
        let mut facts = vec![textf!("question_kind.", row.kind_now().code())];
        if row.required.get() {
            facts.push(text!("asking.is_required"));
        }
        if let Some(leader) = leader_of(sheet, row) {
            let answers = answer_options(leader);
            let chosen: Vec<String> = row.answers.with(|chosen| {
                let known = answers.iter().filter(|(code, _)| chosen.contains(code));
                known.map(|(_, words)| words.clone()).collect()
            });
            facts.push(text!(
                "asking.only_if",
                question = leader.label.told(),
                answers = intl::list(&chosen)
            ));
        }
        facts.join(" · ")
    };
    let remove = move |()| {
        for section in sheet.sections.get_untracked() {
            section
                .questions
                .update(|rows| rows.retain(|known| known.key != row.key));
        }
    };
    let toggle = Signal::derive(move || {
        if row.open.get() {
            text!("asking.close")
        } else {
            text!("asking.edit")
        }
    });
    let fields = format!("row-{}-fields", row.key);
    view! {
        <li class="asking-question" class:asking-open=by(move || row.open.get())>
            <div class="asking-head">
                <span class="asking-number" aria-hidden="true">{live(move || number.get().to_string())}</span>
                <div class="asking-words">
                    <p class="question-label">{name}</p>
                    <p class="small soft">{live(facts)}</p>
                </div>
                <div class="asking-tools">
                    <IconButton label=about(t!("asking.up"), name) icon=Icon::SortUp on_press=move |()| shift(desk, row.key, false)/>
                    <IconButton label=about(t!("asking.down"), name) icon=Icon::SortDown on_press=move |()| shift(desk, row.key, true)/>
                    <Button label=toggle about=name look=Look::Quiet icon=Icon::Edit on_press=move |()| row.open.update(|open| *open = !*open)/>
                    {(!desk.held || !row.known)
                        .then(|| view! { <Button label=t!("asking.remove") about=name look=Look::Quiet icon=Icon::Delete on_press=remove/> })}
                </div>
            </div>
            <div id=fields>{live(move || row.open.get().then(|| question_fields(desk, row)))}</div>
        </li>
    }
    .into_any()
}

/// What a button does, and to what.
fn about(what: Signal<String>, name: Signal<String>) -> Signal<String> {
    Signal::derive(move || format!("{} : {}", what.get(), name.get()))
}

/// The question on whose answer this one depends; tracked.
fn leader_of(sheet: Sheet, row: QuestionRow) -> Option<QuestionRow> {
    let wanted = row.leader.text.get();
    sheet.rows().into_iter().find(|other| other.key.to_string() == wanted)
}

/// The answers that a question can have, with their words; tracked.
fn answer_options(row: QuestionRow) -> Vec<(String, String)> {
    if row.kind_now() == QuestionKind::YesNo {
        return [YES, NO]
            .map(|answer| (answer.to_owned(), textf!("answer.", answer)))
            .to_vec();
    }
    let options = row.options.get().into_iter();
    options
        .map(|option| (option.code.get_value(), option.label.told()))
        .collect()
}

fn question_fields(desk: Desk, row: QuestionRow) -> AnyView {
    let fixed = desk.held && row.known;
    let kinds = Signal::derive(|| {
        let kinds = QuestionKind::ALL.iter().map(|kind| kind.code());
        kinds
            .map(|code| (code.to_owned(), textf!("question_kind.", code)))
            .collect::<Vec<_>>()
    });
    let kind = memo(move || row.kind_now());
    view! {
        <div class="stack asking-fields">
            {words(desk, row.label, t!("asking.question"), MaybeProp::default(), false, false)}
            {words(desk, row.hint, t!("asking.hint"), t!("asking.hint_hint").into(), true, true)}
            {(!fixed).then(|| view! { <Select field=row.kind label=t!("asking.kind") options=kinds/> })}
            {live(move || kind.get().has_options().then(|| choices(desk, row)))}
            {live(move || limits(desk.sheet, row, kind.get()))}
            <Checkbox id=format!("row-{}-required", row.key) label=t!("asking.required") hint=t!("asking.required_hint") checked=row.required/>
            {(!fixed).then(|| condition(desk.sheet, row))}
            {(!fixed).then(|| source(row, kind))}
        </div>
    }
    .into_any()
}

fn choices(desk: Desk, row: QuestionRow) -> AnyView {
    let add = move |()| {
        let option = desk.sheet.option(row.key, None);
        row.options.update(|options| options.push(option));
        browser::focus_soon(option.label.of(desk.language.get_untracked()).id);
    };
    let one = move |option: OptionRow| {
        let name = Signal::derive(move || option.label.told());
        let remove = move |()| {
            row.options
                .update(|options| options.retain(|known| known.key != option.key))
        };
        view! {
            <li class="asking-choice">
                {words(desk, option.label, t!("asking.choice"), MaybeProp::default(), false, false)}
                {(!desk.held || !option.known)
                    .then(|| view! { <Button label=t!("asking.remove_choice") about=name look=Look::Quiet icon=Icon::Close on_press=remove/> })}
            </li>
        }
        .into_any()
    };
    row.choices.is_called(t!("asking.choices"));
    view! {
        <fieldset class="field stack" id=row.choices.id tabindex="-1">
            <legend>{t!("asking.choices")}</legend>
            {error_line(row.choices)}
            <ol class="plain-stack">{each(move || row.options.get(), |option| option.key, one)}</ol>
            <div class="row"><Button label=t!("asking.add_choice") look=Look::Quiet icon=Icon::Plus on_press=add/></div>
        </fieldset>
    }
    .into_any()
}

fn limits(sheet: Sheet, row: QuestionRow, kind: QuestionKind) -> AnyView {
    if kind.has_length() {
        return view! { <TextField field=row.length label=t!("asking.max_length") kind=Kind::Number/> }.into_any();
    }
    if !kind.has_bounds() {
        return ().into_any();
    }
    let unit = sheet.currency.get_value();
    let unit = MaybeProp::derive(move || (kind == QuestionKind::Money).then(|| unit.clone()));
    let typed = if kind == QuestionKind::Money {
        Kind::Amount
    } else {
        Kind::Number
    };
    let (least, most) = if kind == QuestionKind::SeveralChoices {
        (t!("asking.fewest"), t!("asking.most"))
    } else {
        (t!("asking.min"), t!("asking.max"))
    };
    view! {
        <div class="criterion-fields">
            <TextField field=row.min label=least kind=typed unit=unit optional=true/>
            <TextField field=row.max label=most kind=typed unit=unit optional=true/>
        </div>
    }
    .into_any()
}

fn condition(sheet: Sheet, row: QuestionRow) -> AnyView {
    let leaders = memo(move || {
        let leaders = sheet.leaders(row.key).into_iter();
        leaders
            .map(|leader| (leader.key.to_string(), leader.label.told()))
            .collect::<Vec<(String, String)>>()
    });
    let options = Signal::derive(move || leaders.get());
    let answers = Signal::derive(move || leader_of(sheet, row).map(answer_options).unwrap_or_default());
    let field = Field::alone(lasting(format!("row-{}-answers", row.key)), "");
    live(move || {
        (leaders.with(|leaders| !leaders.is_empty()) || row.leader.text.with(|text| !text.is_empty())).then(|| {
            view! {
                <Select field=row.leader label=t!("asking.shown_when") hint=t!("asking.shown_when_hint") options=options none=t!("asking.always") optional=true/>
                {live(move || {
                    answers
                        .with(|answers| !answers.is_empty())
                        .then(|| view! { <CheckboxGroup field=field label=t!("asking.shown_answers") options=answers chosen=row.answers/> })
                })}
            }
        })
    })
}

fn source(row: QuestionRow, kind: Derived<QuestionKind>) -> AnyView {
    let options = Signal::derive(move || {
        let fits = Prefill::ALL.iter().filter(|prefill| prefill.fits(kind.get()));
        fits.map(|prefill| (prefill.code().to_owned(), textf!("prefill.", prefill.code())))
            .collect::<Vec<_>>()
    });
    view! {
        <Select field=row.prefill label=t!("asking.prefill") hint=t!("asking.prefill_hint") options=options none=t!("asking.no_prefill") optional=true/>
        {(!row.known)
            .then(|| {
                view! { <TextField field=row.code label=t!("asking.key") hint=t!("asking.key_hint")/> }
            })}
    }
    .into_any()
}
