//! The step in which a file answers what its call asks: title, themes, then section by section. A question that depends on
//! another one comes when that is answered so; where an answer comes from that nobody has looked at yet is told below it.

use super::{by_section, limit_words, question};
use crate::applications::desk::Desk;
use crate::form::Field;
use crate::ui::prelude::*;
use crate::{i18n, t, text, tf};
use leptos::prelude::*;
use shared::applications::{ApplicationPatch, TITLE_MAX};
use shared::forms::{FormSection, Question, shown};
use std::collections::BTreeMap;
use wasm_bindgen_futures::spawn_local;

/// The step of the project.
#[component]
pub fn ProjectStep(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    let options = Signal::derive(i18n::themes);
    let (sections, questions) = desk
        .view
        .with_untracked(|view| (view.form_sections.clone(), view.questions.clone()));
    let fields = desk.answers.get_value();
    let all = Kept::new(questions.clone());
    // What is asked with the answers of this moment.
    let asked = memo(move || {
        let answers = desk.read().answers;
        all.with_value(|all| {
            let asked = shown(all, &answers).into_iter();
            asked.map(|question| question.key.clone()).collect::<Vec<String>>()
        })
    });
    let parts = by_section(&sections, questions.iter().collect());
    let map = (sections.len() > 1).then(|| progress(desk, asked, &parts));
    let parts = parts
        .into_iter()
        .map(|(section, questions)| {
            let questions = questions
                .into_iter()
                .filter_map(|question| {
                    let (_, field) = fields.iter().find(|(key, _)| *key == question.key)?;
                    Some(asked_question(desk, asked, question.clone(), *field))
                })
                .collect_any();
            match section {
                None => view! { <div class="stack stack-l">{questions}</div> }.into_any(),
                Some(section) => part(section.clone(), questions),
            }
        })
        .collect_any();
    view! {
        <div class="stack stack-l">
            {map}
            <TextField field=desk.title label=t!("file.title") hint=t!("file.title_hint", count = TITLE_MAX)/>
            <CheckboxGroup
                field=desk.theme
                label=t!("file.themes")
                hint=t!("file.themes_hint")
                options=options
                chosen=desk.themes
                columns=true
            />
            {parts}
        </div>
    }
    .into_any()
}

fn place(section: &FormSection) -> String {
    format!("part-{}", section.key)
}

fn part(section: FormSection, questions: AnyView) -> AnyView {
    let id = place(&section);
    let heading = id.clone();
    let FormSection { title, about, .. } = section;
    view! {
        <section class="stack stack-l ask-part" aria-labelledby=id>
            <div class="stack ask-part-head">
                <h3 id=heading tabindex="-1">{live(move || i18n::own_text(&title))}</h3>
                {live(move || Some(i18n::own_text(&about)).filter(|about| !about.is_empty()).map(|about| view! { <p class="soft measure">{about}</p> }))}
            </div>
            {questions}
        </section>
    }
    .into_any()
}

/// How far each section is, with the way to it.
fn progress(desk: Desk, asked: Derived<Vec<String>>, parts: &[(Option<&FormSection>, Vec<&Question>)]) -> AnyView {
    let items = parts
        .iter()
        .filter_map(|(section, questions)| {
            let section = (*section)?;
            let title = section.title.clone();
            let target = place(section);
            let href = format!("#{target}");
            let keys: Vec<(String, bool)> = questions
                .iter()
                .map(|question| (question.key.clone(), question.required))
                .collect();
            let count = memo(move || {
                let answers = desk.read().answers;
                let (mut given, mut all, mut lacks) = (0_usize, 0_usize, false);
                asked.with(|asked| {
                    for (key, required) in keys.iter().filter(|(key, _)| asked.contains(key)) {
                        all += 1;
                        let is_given = answers.contains_key(key);
                        given += usize::from(is_given);
                        lacks |= *required && !is_given;
                    }
                });
                (given, all, lacks)
            });
            let go = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                crate::browser::focus(&target);
            };
            Some(view! {
                <li class:ask-done=by(move || !count.with(|count| count.2))>
                    <a href=href on:click=on(go)>
                        {live(move || if count.with(|count| count.2) { icon(Icon::Minus) } else { icon(Icon::Check) })}
                        <span>{live(move || i18n::own_text(&title))}</span>
                    </a>
                    <span class="small soft">{live(move || count.with(|(given, all, _)| text!("ask.given", given = *given, all = *all)))}</span>
                </li>
            })
        })
        .collect_any();
    view! { <nav class="ask-map" aria-label=t!("ask.map")><ul>{items}</ul></nav> }.into_any()
}

fn asked_question(desk: Desk, asked: Derived<Vec<String>>, question: Question, field: Field) -> AnyView {
    let key = question.key.clone();
    let is_asked = {
        let key = key.clone();
        memo(move || asked.with(|asked| asked.contains(&key)))
    };
    let depends = question.shown_when.is_some();
    let question = Kept::new(question);
    let currency = desk.rules.with_value(|rules| rules.currency.clone());
    live(move || {
        if !is_asked.get() {
            return ().into_any();
        }
        let control = question::control(question.get_value(), field, currency.clone(), limit_words);
        let source = prefilled(desk, key.clone(), field);
        view! { <div class="ask-one" class:ask-depends=depends>{control} {source}</div> }.into_any()
    })
}

/// Where an answer comes from that nobody has looked at yet, and a way to say that it holds.
fn prefilled(desk: Desk, key: String, field: Field) -> AnyView {
    let source = {
        let key = key.clone();
        memo(move || desk.view.with(|view| view.prefilled.get(&key).copied()))
    };
    let busy = State::new(false);
    let confirm = move |()| {
        let answer = field.text.get_untracked();
        let patch = ApplicationPatch {
            answers: Some(BTreeMap::from([(key.clone(), Some(answer))])),
            ..ApplicationPatch::default()
        };
        busy.set(true);
        spawn_local(async move {
            let answer = desk.confirm(&patch).await;
            busy.try_set(false);
            match answer {
                Ok(()) => toast::say(text!("ask.confirmed")),
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
        });
    };
    live(move || {
        source.get().map(|source| {
            let confirm = confirm.clone();
            view! {
                <p class="ask-source small">
                    {icon(Icon::Info)}
                    <span>{tf!("ask.from.", source.code())}</span>
                    <Button label=t!("ask.confirm") look=Look::Quiet busy=busy on_press=confirm/>
                </p>
            }
        })
    })
}
