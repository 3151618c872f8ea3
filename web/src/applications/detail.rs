//! A joint application: steps while it is written, one page once it is handed in.

use super::budget::BudgetStep;
use super::check::{Answers, CheckStep, DecisionSheet, ReceiptView};
use super::decision::Verdict;
use super::desk::{Desk, Saving};
use super::documents::DocumentsStep;
use super::model::{Change, Part, STEPS, status, step_of};
use super::parties::PartiesStep;
use super::sign_off::SignOffStep;
use super::{focus_place, state_badge};
use crate::client::Failure;
use crate::forms::ask::ProjectStep;
use crate::merge::Outcome;
use crate::programmes::deadline::Deadline;
use crate::ui::later::later;
use crate::ui::prelude::*;
use crate::{app, browser, client, i18n, session, split, t, text, tf};
use leptos::prelude::*;
use shared::applications::{ApplicationAction, ApplicationView, BudgetView, Section};
use shared::programmes::CallView;
use wasm_bindgen_futures::spawn_local;

/// A joint application.
#[component]
pub fn ApplicationPage() -> impl IntoView {
    let known = memo(session::is_known);
    view! { {live(move || if known.get() { view! { <Opened/> }.into_any() } else { view! { <Skeleton lines=10/> }.into_any() })} }
        .into_any()
}

#[component]
fn Opened() -> impl IntoView {
    let id = app::param("id");
    let file = load(move || client::get::<ApplicationView>(format!("/applications/{}", id.get())));
    let budget = load(move || client::get::<BudgetView>(format!("/applications/{}/budget", id.get())));
    let call_id = memo(move || file.ready().map(|view| view.summary.call_id));
    let call = load(move || {
        let id = call_id.get();
        async move {
            match id {
                Some(id) => client::get::<CallView>(format!("/calls/{id}")).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let failed = move |failure: Failure| {
        let retry = move |()| {
            file.reload();
            budget.reload();
            call.reload();
        };
        view! { <PageHeader title=t!("nav.applications")/> <ProblemView failure=failure retry=retry/> }.into_any()
    };
    view! {
        {live(move || match (file.get(), budget.get(), call.get()) {
            (Load::Failed(failure), _, _) | (_, Load::Failed(failure), _) | (_, _, Load::Failed(failure)) => failed(failure),
            (Load::Ready(view), Load::Ready(budget), Load::Ready(Some(call))) => {
                let desk = Desk::new(view, budget, call.rules);
                view! { <OnTheDesk desk=desk/> }.into_any()
            }
            _ => view! { <Skeleton lines=10/> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn OnTheDesk(desk: Desk) -> impl IntoView {
    let title = Signal::derive(move || desk.view.with(|view| view.summary.title.clone()));
    // What is being corrected is written by those who may; all others read it as it was handed in.
    let writing = memo(move || {
        desk.view
            .with(|view| view.summary.state.is_written() || view.allowed.contains(&ApplicationAction::Update))
    });
    let call = move || {
        desk.view.with(|view| {
            view! {
                <p class="file-call">
                    <a href=format!("/calls/{}", view.summary.call_id)>{i18n::own_text(&view.summary.call_title)}</a>
                </p>
            }
        })
    };
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("/applications", t!("nav.applications"))]>
            {live(move || state_badge(desk.view.with(|view| view.summary.state)))}
        </PageHeader>
        {call}
        {live(move || {
            if writing.get() {
                view! { <Writing desk=desk/> }.into_any()
            } else {
                view! { <HandedIn desk=desk/> }.into_any()
            }
        })}
    }
    .into_any()
}

/// A file that is handed in: decision, receipt, what an officer does, and all that it says.
#[component]
fn HandedIn(desk: Desk) -> impl IntoView {
    // Once the panel is there it stays: what it has just sent still reports there.
    let judges = Memo::new(move |before: Option<&bool>| {
        let judged = [
            ApplicationAction::StartReview,
            ApplicationAction::Decide,
            ApplicationAction::Reopen,
        ];
        before.is_some_and(|shown| *shown)
            || desk.view.with(|view| {
                !view.reopenings.is_empty()
                    || view.correction.is_some()
                    || judged.iter().any(|action| view.allowed.contains(action))
            })
    });
    view! {
        <div class="stack stack-l">
            {live(move || view! { <DecisionSheet view=desk.view.get()/> })}
            {live(move || judges.get().then(|| later(3, move || verdict(desk))))}
            {live(move || view! { <ReceiptView view=desk.view.get()/> })}
            <section class="stack" aria-labelledby="answers-title">
                <h2 id="answers-title">{t!("file.content")}</h2>
                <Answers desk=desk/>
            </section>
            {talk(desk, Signal::stored(None))}
            {later(0, move || earlier(desk))}
            <Ending desk=desk/>
        </div>
    }
    .into_any()
}

/// A file that is being written: its steps beside the one that is open.
#[component]
fn Writing(desk: Desk) -> impl IntoView {
    let wanted = app::query("step");
    let step = memo(move || step_of(&wanted.get()));
    let set = app::query_setter();
    let go_to = Callback::new(move |(step, place): (&'static str, String)| {
        set.run(vec![("step", step.to_owned())]);
        focus_place(place);
    });
    // A new step begins at its heading, for the eye and for the screen reader.
    Effect::new(move |before: Option<&'static str>| {
        let now = step.get();
        if before.is_some_and(|before| before != now) {
            browser::focus_soon("step-title");
        }
        now
    });
    let id = desk.id;
    let steps = Signal::derive(move || {
        let current = step.get();
        desk.view.with(|view| {
            STEPS
                .into_iter()
                .map(|code| Step {
                    href: format!("/applications/{id}?step={code}"),
                    label: tf!("step_name.", code),
                    state: step_state(view, code),
                    current: code == current,
                })
                .collect::<Vec<_>>()
        })
    });
    let (window, server_time) = desk.view.with_untracked(|view| (view.window.clone(), view.server_time));
    let read_only = !desk.may(ApplicationAction::Update);
    let corrected = memo(move || desk.view.with(|view| view.correction.is_some()));
    let signed = memo(move || {
        desk.view.with(|view| {
            view.parties
                .iter()
                .filter(|party| party.signed_off_at.is_some())
                .count()
        })
    });
    let body = move || {
        let code = step.get();
        let content = match code {
            _ if read_only && matches!(code, "project" | "budget") => view! { <Answers desk=desk/> }.into_any(),
            "parties" => view! { <PartiesStep desk=desk/> }.into_any(),
            "documents" => later(6, move || documents(desk)),
            "budget" => later(12, move || budget(desk)),
            "sign_off" => view! { <SignOffStep desk=desk/> }.into_any(),
            "check" => later(8, move || check(desk, go_to)),
            _ => later(10, move || questions(desk)),
        };
        let next = STEPS
            .iter()
            .position(|known| *known == code)
            .and_then(|at| STEPS.get(at + 1));
        view! {
            <h2 id="step-title" tabindex="-1">{tf!("step_name.", code)}</h2>
            {content}
            {next
                .map(|next| {
                    view! {
                        <div class="row no-print">
                            <LinkButton href=format!("/applications/{id}?step={next}") label=Signal::derive(move || text!("file.next", step = crate::textf!("step_name.", next))) icon=Icon::ArrowRight/>
                        </div>
                    }
                })}
        }
        .into_any()
    };
    let place = Signal::derive(move || match step.get() {
        part @ ("parties" | "budget" | "documents") => Some(part.to_owned()),
        _ => None,
    });
    view! {
        <div class="file-split" class:file-wide=by(move || step.get() == "budget")>
            <aside class="file-aside no-print">
                <div class="sheet stack">
                    <Deadline window=window server_time=server_time/>
                    <Stepper label=t!("file.steps") steps=steps/>
                    <SaveNote desk=desk/>
                </div>
            </aside>
            <div class="stack stack-l file-body">
                {live(move || (signed.get() > 0 && step.get() != "sign_off").then(|| view! { <Notice><p>{t!("file.signed_note", count = signed.get())}</p></Notice> }))}
                {live(move || corrected.get().then(|| later(3, move || verdict(desk))))}
                <ChangesNotice desk=desk/>
                <div class="stack">{body}</div>
                {talk(desk, place)}
                {later(0, move || earlier(desk))}
                {live(move || (step.get() == "check").then(|| view! { <Ending desk=desk/> }))}
            </div>
        </div>
    }
    .into_any()
}

// The questions come in as many kinds as the budget has lines.
split!(
    questions,
    fn questions(desk: Desk) -> AnyView {
        view! { <ProjectStep desk=desk/> }.into_any()
    }
);

// Who judges files, and who has one whose decision was reopened, are few.
split!(
    verdict,
    fn verdict(desk: Desk) -> AnyView {
        view! { <Verdict desk=desk/> }.into_any()
    }
);

// What is said about the file comes once the file itself is there.
split!(
    talk,
    fn panel(desk: Desk, place: Signal<Option<String>>) -> AnyView {
        super::talk::panel(desk, place)
    }
);

split!(
    talk,
    fn earlier(desk: Desk) -> AnyView {
        super::earlier::panel(desk)
    }
);

fn talk(desk: Desk, place: Signal<Option<String>>) -> AnyView {
    later(2, move || panel(desk, place))
}

// Sending documents is what most looks at a file do not need.
split!(
    documents,
    fn documents(desk: Desk) -> AnyView {
        view! { <DocumentsStep desk=desk/> }.into_any()
    }
);

// The budget is opened by few of those who are in a file.
split!(
    budget,
    fn budget(desk: Desk) -> AnyView {
        view! { <BudgetStep desk=desk/> }.into_any()
    }
);

// Nor does who writes need the last step before it is reached.
split!(
    check,
    fn check(desk: Desk, go_to: Callback<(&'static str, String)>) -> AnyView {
        view! { <CheckStep desk=desk go_to=go_to/> }.into_any()
    }
);

fn step_state(view: &ApplicationView, code: &str) -> StepState {
    let section = match code {
        "project" => Section::Project,
        "parties" => Section::Parties,
        "budget" => Section::Budget,
        "sign_off" => Section::SignOff,
        "documents" if view.attachments.is_empty() => return StepState::Open,
        "documents" => return StepState::Begun,
        _ => {
            let complete = view.sections.iter().all(|section| section.complete);
            return if complete { StepState::Begun } else { StepState::Open };
        }
    };
    let begun = match section {
        Section::Project => !view.answers.is_empty() || !view.themes.is_empty(),
        Section::Parties => true,
        Section::Budget => view.summary.cost_minor > 0 || view.summary.grant_asked_minor > 0,
        Section::SignOff => view.parties.iter().any(|party| party.signed_off_at.is_some()),
    };
    match status(&view.sections, section) {
        Some(status) if status.complete => StepState::Complete,
        Some(_) if section == Section::Budget && begun => StepState::Wrong,
        _ if begun => StepState::Begun,
        _ => StepState::Open,
    }
}

/// "Saved at 14:02", or what keeps it from being saved; spoken politely.
#[component]
fn SaveNote(desk: Desk) -> impl IntoView {
    let again = move |()| {
        spawn_local(async move {
            desk.save().await;
        });
    };
    let unreadable = memo(move || desk.rows.with(|rows| !rows.read().unreadable.is_empty()));
    view! {
        <div class="save-note" role="status">
            {live(move || {
                if unreadable.get() {
                    return view! { <p class="small">{t!("file.unreadable")}</p> }.into_any();
                }
                match desk.saving.get() {
                    Saving::Calm => view! { <p class="small soft">{t!("file.saves_itself")}</p> }.into_any(),
                    Saving::Waiting | Saving::Busy => view! { <p class="small soft">{t!("file.saving")}</p> }.into_any(),
                    Saving::Saved(at) => {
                        view! { <p class="small">{icon(Icon::Check)} <span>{text!("file.saved_at", time = intl::time_ms(at))}</span></p> }.into_any()
                    }
                    Saving::Failed(failure) => {
                        let words = if failure.status == 422 { text!("file.refused") } else { failure_sentence(&failure) };
                        view! {
                            <p class="small field-error">{icon(Icon::Problem)} <span>{words}</span></p>
                            {(failure.status != 422).then(|| view! { <Button label=t!("action.retry") look=Look::Quiet on_press=again/> })}
                        }
                            .into_any()
                    }
                }
            })}
        </div>
    }
    .into_any()
}

/// What others changed while one was writing.
#[component]
fn ChangesNotice(desk: Desk) -> impl IntoView {
    let words = move |change: &Change| {
        let part = match &change.part {
            Part::Title => text!("file.title"),
            Part::Themes => text!("file.themes"),
            Part::Costs => text!("budget.costs"),
            Part::Contributions => text!("budget.contributions"),
            Part::Grant => text!("budget.grant"),
            Part::Answer(key) => desk.view.with(|view| {
                let question = view.questions.iter().find(|question| question.key == *key);
                question.map_or_else(|| key.clone(), |question| i18n::own_text(&question.label))
            }),
        };
        if change.outcome == Outcome::Clash {
            text!("file.clash", part = part)
        } else {
            text!("file.taken", part = part)
        }
    };
    view! {
        {live(move || {
            let changes = desk.changes.get();
            (!changes.is_empty())
                .then(|| {
                    view! {
                        <Notice>
                            <p class="notice-title" role="status">{t!("file.meanwhile")}</p>
                            <ul>{changes.iter().map(|change| view! { <li>{words(change)}</li> }).collect_any()}</ul>
                            <div class="row"><Button label=t!("action.close") look=Look::Quiet on_press=move |()| desk.changes.set(Vec::new())/></div>
                        </Notice>
                    }
                })
        })}
    }
    .into_any()
}

/// Taking a file back or deleting a draft; each says its consequence first.
#[component]
fn Ending(desk: Desk) -> impl IntoView {
    let go = app::navigator();
    let withdrawing = State::new(false);
    let busy = State::new(false);
    let failure = State::new(None::<Failure>);
    let may = move |action: ApplicationAction| desk.view.with(|view| view.allowed.contains(&action));
    let handed_in = move || desk.view.with(|view| view.summary.state.is_handed_in());
    let withdraw = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = desk.act("withdraw", &()).await;
            busy.try_set(false);
            withdrawing.try_set(false);
            match answer {
                Ok(()) => toast::say(text!("file.withdrawn")),
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    let delete = move |()| {
        let (id, version) = desk.view.with_untracked(|view| (view.summary.id, view.summary.version));
        spawn_local(async move {
            match client::delete(format!("/applications/{id}"), version).await {
                Ok(()) => {
                    let undo = Callback::new(move |()| {
                        spawn_local(async move {
                            // A deletion is one change: the version to restore is the next.
                            let path = format!("/applications/{id}/restore");
                            match client::act::<_, ApplicationView>(path, version + 1, &()).await {
                                Ok(_) => go.run(format!("/applications/{id}")),
                                Err(failure) => toast::say(failure_sentence(&failure)),
                            }
                        });
                    });
                    toast::say_with_undo(text!("file.deleted"), undo);
                    go.run("/applications".to_owned());
                }
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    view! {
        {live(move || failure.get().map(|failure| view! { <ProblemView failure=failure/> }))}
        <div class="row no-print file-ending">
            {live(move || {
                (handed_in() && may(ApplicationAction::Withdraw))
                    .then(|| view! { <Button label=t!("file.withdraw") look=Look::Danger on_press=move |()| withdrawing.set(true)/> })
            })}
            {live(move || {
                may(ApplicationAction::Delete)
                    .then(|| view! { <Button label=t!("file.delete") look=Look::Danger icon=Icon::Delete on_press=delete/> })
            })}
        </div>
        <Dialog id="withdraw-dialog" title=t!("file.withdraw") open=withdrawing>
            <p>{t!("file.withdraw_words")}</p>
            <div class="row">
                <Button label=t!("file.withdraw_confirm") look=Look::Danger busy=busy on_press=withdraw/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| withdrawing.set(false)/>
            </div>
        </Dialog>
    }
    .into_any()
}
