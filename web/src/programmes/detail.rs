//! A call for projects: what it is, who can apply, by which rules, what is asked, until when.

use super::deadline::Deadline;
use super::rules::{RulesView, WhoCanApply};
use super::start::StartApplication;
use super::state_badge;
use crate::forms;
use crate::ui::prelude::*;
use crate::{app, client, i18n, pages, session, t, text};
use leptos::prelude::*;
use shared::programmes::{CallAction, CallState, CallView, Question};

/// A call for projects.
#[component]
pub fn CallPage() -> impl IntoView {
    let id = app::param("id");
    let call = load(move || {
        // What one may do depends on who one is.
        session::is_signed_in();
        client::get::<CallView>(format!("/calls/{}", id.get()))
    });
    view! { <Loaded of=call lines=10 view=|call: CallView| view! { <Sheet call=call/> }.into_any()/> }.into_any()
}

#[component]
fn Sheet(call: CallView) -> impl IntoView {
    let title = {
        let call = call.clone();
        Signal::derive(move || i18n::own_text(&call.title))
    };
    let programme = {
        let call = call.clone();
        move || i18n::own_text(&call.programme_name)
    };
    let about = call.about.clone();
    let announced = matches!(call.state, CallState::Announced | CallState::Draft);
    let badge = state_badge(&call);
    let committee = call
        .allowed
        .contains(&CallAction::ReadCommittee)
        .then(|| format!("/calls/{}/committee", call.id));
    let writes = call.allowed.contains(&CallAction::Update)
        && matches!(call.state, CallState::Draft | CallState::Announced | CallState::Open);
    let form = format!("/calls/{}/form", call.id);
    let results =
        (committee.is_some() || call.state.has_public_results()).then(|| format!("/calls/{}/results", call.id));
    let envelope = call.envelope_minor.map(|amount| (amount, call.rules.currency.clone()));
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("/calls", t!("nav.calls"))]>
            {badge}
            {writes.then(|| view! { <LinkButton href=form label=t!("asking.open") look=Look::Secondary icon=Icon::Edit/> })}
            {results.map(|href| view! { <LinkButton href=href label=t!("call_results.title") look=Look::Secondary/> })}
            {committee.map(|href| view! { <LinkButton href=href label=t!("committee.title") look=Look::Secondary/> })}
        </PageHeader>
        <div class="split call-split">
            <aside class="call-aside">
                <div class="sheet stack">
                    <Deadline window=call.window.clone() server_time=call.server_time announced=announced/>
                    {envelope
                        .map(|(amount, currency)| {
                            view! { <p>{live(move || text!("calls.envelope", amount = intl::money_short(amount, &currency)))}</p> }
                        })}
                    <StartApplication call=call.clone()/>
                </div>
            </aside>
            <div class="stack stack-l call-words">
                <section class="stack" aria-labelledby="call-about">
                    <h2 id="call-about">{t!("call.about")}</h2>
                    <p class="soft">{programme}</p>
                    {live(move || {
                        i18n::own_text(&about)
                            .split("\n\n")
                            .map(|paragraph| view! { <p class="measure">{paragraph.to_owned()}</p> })
                            .collect_any()
                    })}
                </section>
                {pages::funders(call.programme_id)}
                {pages::cohorts_of(call.programme_id)}
                <section class="stack" aria-labelledby="call-who">
                    <h2 id="call-who">{t!("call.who")}</h2>
                    <WhoCanApply rules=call.rules.clone()/>
                </section>
                <section class="stack" aria-labelledby="call-rules">
                    <h2 id="call-rules">{t!("call.rules")}</h2>
                    <RulesView rules=call.rules.clone()/>
                    <p><a href=format!("/programmes/{}/rules?of={}", call.programme_id, call.rules.id)>{t!("rules.versions")}</a></p>
                    <p><a href=format!("/calls/{}/criteria", call.id)>{t!("criteria.title")}</a></p>
                </section>
                {(!call.questions.is_empty()).then(|| questions(&call))}
            </div>
        </div>
    }
    .into_any()
}

fn questions(call: &CallView) -> AnyView {
    let one = |question: &Question| {
        let (label, hint, required) = (question.label.clone(), question.hint.clone(), question.required);
        let (question, currency) = (question.clone(), call.rules.currency.clone());
        view! {
            <li class="stack">
                <p class="question-label">
                    {live(move || i18n::own_text(&label))} {(!required).then(|| view! { <span class="field-optional">{t!("form.optional")}</span> })}
                </p>
                {live(move || Some(i18n::own_text(&hint)).filter(|hint| !hint.is_empty()).map(|hint| view! { <p class="small soft">{hint}</p> }))}
                {live(move || forms::limit_words(&question, &currency).map(|limit| view! { <p class="small soft">{limit}</p> }))}
            </li>
        }
    };
    // What is always asked; what depends on an answer is in the whole form.
    let always: Vec<&Question> = call
        .questions
        .iter()
        .filter(|question| question.shown_when.is_none())
        .collect();
    let parts = forms::by_section(&call.sections, always)
        .into_iter()
        .map(|(section, questions)| {
            let title = section.map(|section| {
                let title = section.title.clone();
                view! { <h3>{live(move || i18n::own_text(&title))}</h3> }
            });
            view! { {title} <ol class="questions">{questions.into_iter().map(one).collect_any()}</ol> }
        })
        .collect_any();
    let form = format!("/calls/{}/form", call.id);
    view! {
        <section class="stack" aria-labelledby="call-questions">
            <h2 id="call-questions">{t!("call.questions")}</h2>
            <p class="soft">{t!("call.questions_words")}</p>
            {parts}
            <p><a href=form>{t!("call.all_questions")}</a></p>
        </section>
    }
    .into_any()
}
