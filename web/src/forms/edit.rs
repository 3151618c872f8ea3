//! What a call asks: everybody who sees the call reads it; its officers write it, section by section, in three languages.

use super::card::question_card;
use super::rows::{SectionRow, Sheet, Words};
use super::{by_section, limit_words};
use crate::client::Failure;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, t, text, textf, tf};
use leptos::prelude::*;
use shared::forms::{CallFormView, FormFreedom, FormSection, Question, eased};
use shared::language::Language;
use shared::problem::FieldError;
use wasm_bindgen_futures::spawn_local;

/// The form of a call.
#[component]
pub fn FormPage() -> impl IntoView {
    let id = app::param("id");
    let known = memo(session::is_known);
    let found = load(move || {
        known.track();
        client::get::<CallFormView>(format!("/calls/{}/form", id.get()))
    });
    let shown = |view: CallFormView| {
        let title = view.call_title.clone();
        let title = Signal::derive(move || i18n::own_text(&title));
        let path = format!("/calls/{}", view.call_id);
        let crumbs = vec![Crumb::new("/calls", t!("nav.calls")), Crumb::new(path, title)];
        let body = if view.can_update {
            view! { <Editor view=view/> }.into_any()
        } else {
            told(&view)
        };
        view! { <PageHeader title=t!("asking.title") lead=title crumbs=crumbs/> {body} }.into_any()
    };
    view! { <Loaded of=found lines=10 view=shown/> }.into_any()
}

/// The form where it cannot be changed.
fn told(view: &CallFormView) -> AnyView {
    if view.questions.is_empty() {
        return view! { <EmptyState title=t!("asking.none") words=t!("asking.none_words")/> }.into_any();
    }
    let parts = by_section(&view.sections, view.questions.iter().collect());
    let parts = parts
        .into_iter()
        .map(|(section, questions)| {
            let questions = questions.into_iter().map(|question| told_question(view, question)).collect_any();
            let title = section.map(|FormSection { title, about, .. }| {
                let (title, about) = (title.clone(), about.clone());
                view! {
                    <h2>{live(move || i18n::own_text(&title))}</h2>
                    {live(move || Some(i18n::own_text(&about)).filter(|about| !about.is_empty()).map(|about| view! { <p class="soft">{about}</p> }))}
                }
            });
            view! { <section class="stack">{title} <ol class="questions">{questions}</ol></section> }
        })
        .collect_any();
    view! { <div class="stack stack-l measure">{parts}</div> }.into_any()
}

fn told_question(view: &CallFormView, question: &Question) -> AnyView {
    let required = question.required;
    let (label, hint) = (question.label.clone(), question.hint.clone());
    let condition = question.shown_when.as_ref().and_then(|when| {
        let leader = view.questions.iter().find(|other| other.key == when.question)?.clone();
        Some((leader, when.answers.clone()))
    });
    let currency = view.currency.clone();
    let question = question.clone();
    let facts = move || {
        let mut facts = vec![textf!("question_kind.", question.kind.code())];
        facts.extend(limit_words(&question, &currency));
        if let Some((leader, answers)) = &condition {
            let answers: Vec<String> = answers
                .iter()
                .map(|answer| super::answer_words(leader, answer, &currency))
                .collect();
            facts.push(text!(
                "asking.only_if",
                question = i18n::own_text(&leader.label),
                answers = intl::list(&answers)
            ));
        }
        facts.join(" · ")
    };
    view! {
        <li class="stack">
            <p class="question-label">
                {live(move || i18n::own_text(&label))} {(!required).then(|| view! { <span class="field-optional">{t!("form.optional")}</span> })}
            </p>
            {live(move || Some(i18n::own_text(&hint)).filter(|hint| !hint.is_empty()).map(|hint| view! { <p class="small soft">{hint}</p> }))}
            <p class="small soft">{live(facts)}</p>
        </li>
    }
    .into_any()
}

/// What the editor needs in each of its parts.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) sheet: Sheet,
    /// Whether what was there may no longer change.
    pub(super) held: bool,
    /// The language that is being written.
    pub(super) language: State<Language>,
}

#[component]
fn Editor(view: CallFormView) -> impl IntoView {
    let (call, version) = (view.call_id, view.version);
    let desk = Desk {
        sheet: Sheet::new(&view),
        held: view.freedom == FormFreedom::Eased,
        language: State::new(i18n::language_now()),
    };
    let sheet = desk.sheet;
    let form = sheet.form;
    let before = Kept::new(shared::forms::CallForm {
        sections: view.sections,
        questions: view.questions,
    });
    let go = app::navigator();
    let fail = move |mut failure: Failure| {
        failure.errors = failure.errors.into_iter().map(|error| sheet.placed(error)).collect();
        reveal(desk, &failure.errors);
        form.fail(failure);
    };
    let save = move || {
        form.clear();
        let (written, mut wrong) = untrack(|| sheet.read());
        wrong.extend(written.faults());
        if desk.held {
            before.with_value(|before| wrong.extend(eased(before, &written)));
        }
        let mut wrong = wrong.into_iter();
        if let Some(first) = wrong.next() {
            let mut failure = Failure::of_field(first);
            failure.errors.extend(wrong);
            return fail(failure);
        }
        form.busy.set(true);
        spawn_local(async move {
            let answer = client::put::<_, CallFormView>(format!("/calls/{call}/form"), version, &written).await;
            form.busy.try_set(false);
            match answer {
                Ok(_) => {
                    toast::say(text!("asking.saved"));
                    go.try_run(format!("/calls/{call}"));
                }
                Err(failure) => fail(failure),
            }
        });
    };
    let add = move |()| {
        let row = sheet.section(None);
        sheet.sections.update(|sections| sections.push(row));
        browser::focus_soon(row.title.of(desk.language.get_untracked()).id);
    };
    let freedom = if desk.held { "eased" } else { "free" };
    view! {
        <form class="stack stack-l edit-form asking" novalidate on:submit=submit(form.busy, save)>
            <ErrorSummary form=form/>
            <Notice><p>{tf!("form_freedom.", freedom)}</p></Notice>
            {languages(desk)}
            <ol class="rule-rows">{each(move || sheet.sections.get(), |row| row.key, move |row| section(desk, row))}</ol>
            <div class="row"><Button label=t!("asking.add_section") look=Look::Secondary icon=Icon::Plus on_press=add/></div>
            <div class="savebar">
                <Button label=t!("action.save") submit=true icon=Icon::Check busy=form.busy/>
                <a href=format!("/calls/{call}")>{t!("action.cancel")}</a>
            </div>
        </form>
    }
    .into_any()
}

/// Opens what is wrong, in the language in which it is: an error that nobody sees helps nobody.
fn reveal(desk: Desk, errors: &[FieldError]) {
    for row in untrack(|| desk.sheet.rows()) {
        let place = format!("/row/{}/", row.key);
        if errors.iter().any(|error| error.pointer.starts_with(&place)) {
            row.open.set(true);
        }
    }
    let tag = errors.first().and_then(|error| error.pointer.rsplit('/').next());
    if let Some(language) = tag.and_then(|tag| Language::ALL.into_iter().find(|language| language.tag() == tag)) {
        desk.language.set(language);
    }
}

/// Which language is being written, and how many texts each one lacks.
fn languages(desk: Desk) -> AnyView {
    let lacking = move |language: Language| {
        let (form, _) = desk.sheet.read();
        let tag = language.tag();
        let titles = form.sections.iter().map(|section| &section.title);
        let labels = form.questions.iter().map(|question| &question.label);
        let options = form
            .questions
            .iter()
            .flat_map(|question| &question.options)
            .map(|option| &option.label);
        titles
            .chain(labels)
            .chain(options)
            .filter(|texts| !texts.contains_key(tag))
            .count()
    };
    let buttons = Language::ALL
        .into_iter()
        .map(|language| {
            let lacks = memo(move || lacking(language));
            let label = Signal::derive(move || {
                let name = intl::own_language_name(language.tag());
                match lacks.get() {
                    0 => name,
                    count => text!("asking.language", language = name, count = count),
                }
            });
            let is_on = MaybeProp::derive(move || Some(desk.language.get() == language));
            view! { <Button label=label look=Look::Secondary pressed=is_on on_press=move |()| desk.language.set(language)/> }
        })
        .collect_any();
    view! {
        <fieldset class="asking-languages">
            <legend>{t!("asking.languages")}</legend>
            <div class="row">{buttons}</div>
            <p class="field-hint">{t!("asking.languages_hint")}</p>
        </fieldset>
    }
    .into_any()
}

/// Words in the language that is being written; what applicants rely on is shown and stays.
pub(super) fn words(
    desk: Desk,
    words: Words,
    label: Signal<String>,
    hint: MaybeProp<String>,
    long: bool,
    optional: bool,
) -> AnyView {
    live(move || {
        let language = desk.language.get();
        let field = words.of(language);
        let tag = language.tag();
        let kept = words
            .base
            .with_value(|base| base.get(tag).cloned())
            .filter(|_| desk.held && !optional);
        let named = Signal::derive(move || {
            text!(
                "asking.in_language",
                what = label.get(),
                language = intl::language_name(tag)
            )
        });
        match kept {
            Some(text) => view! {
                <div class="field">
                    <p class="asking-kept-name">{named}</p>
                    <p lang=tag>{text}</p>
                </div>
            }
            .into_any(),
            None if long => {
                view! { <TextArea field=field label=named hint=hint rows=2 lang=tag.to_owned() optional=optional/> }
                    .into_any()
            }
            None => view! { <TextField field=field label=named hint=hint lang=tag.to_owned() optional=optional/> }
                .into_any(),
        }
    })
}

fn section(desk: Desk, row: SectionRow) -> AnyView {
    let sheet = desk.sheet;
    let name = Signal::derive(move || row.title.told());
    let add = move |()| {
        let question = sheet.question(None);
        row.questions.update(|rows| rows.push(question));
        browser::focus_soon(question.label.of(desk.language.get_untracked()).id);
    };
    let remove = move |()| {
        sheet
            .sections
            .update(|sections| sections.retain(|known| known.key != row.key))
    };
    let may_remove = move || {
        (!desk.held || !row.known)
            && row.questions.with(Vec::is_empty)
            && sheet.sections.with(|sections| sections.len() > 1)
    };
    view! {
        <li class="sheet stack stack-l asking-section">
            <div class="stack">
                {words(desk, row.title, t!("asking.section"), MaybeProp::default(), false, false)}
                {words(desk, row.about, t!("asking.section_about"), MaybeProp::default(), true, true)}
            </div>
            {live(move || row.questions.with(Vec::is_empty).then(|| view! { <p class="soft">{t!("asking.section_empty")}</p> }))}
            <ol class="asking-questions">{each(move || row.questions.get(), |question| question.key, move |question| question_card(desk, question))}</ol>
            <div class="row">
                <Button label=t!("asking.add_question") about=name look=Look::Secondary icon=Icon::Plus on_press=add/>
                {live(move || may_remove().then(|| view! { <Button label=t!("asking.remove_section") about=name look=Look::Quiet icon=Icon::Close on_press=remove/> }))}
            </div>
        </li>
    }
    .into_any()
}
