//! What is done with a file that is handed in: an officer begins to judge it, asks for a correction and decides with a reason, an administrator takes a
//! decision back; and what became of decisions that were taken back.

use super::amount;
use super::correction::{CorrectionForm, CorrectionSheet};
use super::desk::Desk;
use crate::client::Failure;
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{browser, i18n, t, text, textf};
use leptos::prelude::*;
use shared::applications::{
    ApplicationAction, ApplicationState, DecisionDraft, Outcome, REASON_MAX, ReopeningDraft, ReopeningView,
};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use wasm_bindgen_futures::spawn_local;

/// The panels of those who judge, below the decisions that were taken back.
#[component]
pub fn Verdict(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    view! {
        <CorrectionSheet desk=desk/>
        <Reopenings desk=desk/>
        <OfficerPanel desk=desk/>
        <ReopenPanel desk=desk/>
    }
    .into_any()
}

/// Decisions that were taken back, latest first, each with its reason and with what it had been.
#[component]
fn Reopenings(desk: Desk) -> impl IntoView {
    let currency = desk.view.with_untracked(|view| view.summary.currency.clone());
    view! {
        {live(move || {
            let (reopenings, waits) = desk.view.with(|view| (view.reopenings.clone(), view.decision.is_none()));
            let currency = currency.clone();
            (!reopenings.is_empty())
                .then(|| {
                    view! {
                        <section class="sheet stack" aria-labelledby="reopenings-title">
                            <h2 id="reopenings-title" tabindex="-1">{if waits { t!("reopen.title") } else { t!("reopen.title_past") }}</h2>
                            {waits.then(|| view! { <p>{t!("reopen.waits")}</p> })}
                            <ol class="reopenings" role="list">
                                {reopenings.into_iter().map(|one| reopened(one, currency.clone())).collect_any()}
                            </ol>
                        </section>
                    }
                })
        })}
    }
    .into_any()
}

fn reopened(one: ReopeningView, currency: String) -> AnyView {
    let ReopeningView {
        reopened_at,
        reason,
        after_publication,
        outcome,
        granted_minor,
        decision_reason,
        decided_at,
        ..
    } = one;
    let was = Signal::derive(move || {
        let day = intl::date(decided_at.date_naive());
        match granted_minor {
            Some(amount) => text!(
                "reopen.was_granted",
                day = day,
                amount = intl::money_short(amount, &currency)
            ),
            None => text!(
                "reopen.was",
                day = day,
                outcome = textf!("application_state.", outcome.code())
            ),
        }
    });
    let lines = |text: String| {
        text.split('\n')
            .map(|line| view! { <p>{line.to_owned()}</p> })
            .collect_any()
    };
    view! {
        <li class="stack reopening">
            <p class="reopening-at">{live(move || text!("reopen.at", time = intl::date_time(reopened_at)))}</p>
            <div class="reopening-why">{lines(reason)}</div>
            {after_publication.then(|| view! { <p class="small">{t!("reopen.after_publication")}</p> })}
            <details>
                <summary>{was}</summary>
                <div class="soft">{lines(decision_reason)}</div>
            </details>
        </li>
    }
    .into_any()
}

/// What an administrator may do with a decision; nothing for everybody else.
#[component]
fn ReopenPanel(desk: Desk) -> impl IntoView {
    let open = State::new(false);
    let may = memo(move || desk.view.with(|view| view.allowed.contains(&ApplicationAction::Reopen)));
    view! {
        {live(move || {
            may.get()
                .then(|| {
                    view! {
                        <section class="sheet stack no-print" aria-labelledby="reopen-title">
                            <h2 id="reopen-title">{t!("reopen.panel")}</h2>
                            <p>{t!("reopen.panel_words")}</p>
                            <div class="row">
                                <Button label=t!("reopen.open") look=Look::Danger on_press=move |()| open.set(true)/>
                            </div>
                        </section>
                    }
                })
        })}
        <Dialog id="reopen-dialog" title=t!("reopen.open") open=open>
            <ReopenForm desk=desk open=open/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn ReopenForm(desk: Desk, open: State<bool>) -> impl IntoView {
    let id = desk.view.with_untracked(|view| view.summary.id);
    let form = Form::new(format!("reopening:{id}"));
    let reason = form.field("reopen-reason", "/reason", "");
    form.autosave();
    let send = move || {
        form.clear();
        let draft = ReopeningDraft {
            reason: reason.trimmed(),
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = desk.act("reopen", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(()) => {
                    form.forget_draft();
                    open.try_set(false);
                    toast::say(text!("reopen.done"));
                    browser::focus_soon("reopenings-title");
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <form class="stack" novalidate on:submit=submit(form.busy, send)>
            <ErrorSummary form=form/>
            <ul class="reopen-effects">
                <li>{t!("reopen.effect_review")}</li>
                <li>{t!("reopen.effect_money")}</li>
                <li>{t!("reopen.effect_told")}</li>
            </ul>
            <TextArea field=reason label=t!("officer.reason") hint=t!("reopen.reason_hint") limit=REASON_MAX as usize/>
            <div class="row">
                <Button label=t!("reopen.confirm") look=Look::Danger submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}

/// The officer's panel; nothing for everybody else.
#[component]
fn OfficerPanel(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    let open = State::new(false);
    let correcting = State::new(false);
    let busy = State::new(false);
    let failure = State::new(None::<Failure>);
    let may = move |action: ApplicationAction| desk.view.with(|view| view.allowed.contains(&action));
    let is_shortlisted = move || {
        desk.view
            .with(|view| view.summary.state == ApplicationState::Shortlisted)
    };
    let act = move |action: &'static str, said: fn() -> String| {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = desk.act(action, &()).await;
            busy.try_set(false);
            match answer {
                Ok(()) => toast::say(said()),
                Err(problem) => {
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    view! {
        {live(move || {
            let (starts, decides) = (may(ApplicationAction::StartReview), may(ApplicationAction::Decide));
            let corrects = may(ApplicationAction::RequestCorrection);
            let (shortlists, listed) = (may(ApplicationAction::Shortlist), is_shortlisted());
            let (start, said): (_, fn() -> String) = if listed {
                (t!("shortlist.take_off"), || text!("shortlist.taken_off"))
            } else {
                (t!("officer.start"), || text!("officer.started"))
            };
            (starts || decides)
                .then(|| {
                    view! {
                        <section class="sheet stack no-print" aria-labelledby="officer-title">
                            <h2 id="officer-title">{t!("nav.officer")}</h2>
                            {live(move || failure.get().map(|failure| view! { <ProblemView failure=failure/> }))}
                            <div class="row">
                                {starts.then(|| view! { <Button label=start look=Look::Secondary busy=busy on_press=move |()| act("start-review", said)/> })}
                                {shortlists.then(|| view! { <Button label=t!("shortlist.put") look=Look::Secondary busy=busy on_press=move |()| act("shortlist", || text!("shortlist.is_put"))/> })}
                                {corrects.then(|| view! { <Button label=t!("correction.ask") look=Look::Secondary on_press=move |()| correcting.set(true)/> })}
                                {decides.then(|| view! { <Button label=t!("officer.decide") icon=Icon::Edit on_press=move |()| open.set(true)/> })}
                            </div>
                        </section>
                    }
                })
        })}
        <Dialog id="decision-dialog" title=t!("officer.decide") open=open>
            <DecisionForm desk=desk open=open/>
        </Dialog>
        <Dialog id="correction-dialog" title=t!("correction.ask") open=correcting>
            <CorrectionForm desk=desk open=correcting/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn DecisionForm(desk: Desk, open: State<bool>) -> impl IntoView {
    let (id, asked, currency) = desk.view.with_untracked(|view| {
        (
            view.summary.id,
            view.summary.grant_asked_minor,
            view.summary.currency.clone(),
        )
    });
    let exponent = shared::money::exponent(&currency);
    let form = Form::new(format!("decision:{id}"));
    let outcome = form.field("decision-outcome", "/outcome", "");
    let reason = form.field("decision-reason", "/reason", "");
    let granted = form.field(
        "decision-granted",
        "/granted_minor",
        amount::write(asked, exponent, i18n::language_now()),
    );
    form.autosave();
    let outcomes = Signal::derive(|| {
        Outcome::ALL
            .iter()
            .map(|outcome| (outcome.code().to_owned(), textf!("outcome.", outcome.code())))
            .collect::<Vec<_>>()
    });
    let accepts = move || outcome.text.with(|text| text == Outcome::Accepted.code());
    let send = move || {
        form.clear();
        let Some(chosen) = Outcome::from_code(&outcome.trimmed()) else {
            // The one thing that has no form on the wire: no outcome at all.
            form.fail(Failure::of_field(FieldError::new("/outcome", FieldCode::Required)));
            return;
        };
        let granted_minor = match chosen {
            Outcome::Waitlisted | Outcome::Rejected => None,
            Outcome::Accepted => match amount::parse(&granted.trimmed(), exponent) {
                Some(amount) => Some(amount),
                None => {
                    form.fail(Failure::of_field(FieldError::new("/granted_minor", FieldCode::Format)));
                    return;
                }
            },
        };
        let draft = DecisionDraft {
            outcome: chosen,
            reason: reason.trimmed(),
            granted_minor,
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = desk.act("decide", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(()) => {
                    form.forget_draft();
                    open.try_set(false);
                    toast::say(text!("officer.decided"));
                    browser::focus_soon("decision-title");
                }
                Err(failure) => {
                    let stale = failure.is(ProblemCode::Stale);
                    form.fail(failure);
                    if stale {
                        toast::say(text!("officer.changed"));
                    }
                }
            }
        });
    };
    let currency = Kept::new(currency);
    let hint = Signal::derive(move || {
        let amount = currency.with_value(|currency| intl::money_short(asked, currency));
        text!("officer.granted_hint", amount = amount)
    });
    view! {
        <form
            class="stack"
            novalidate
            on:submit=submit(form.busy, send)
        >
            <ErrorSummary form=form/>
            <RadioGroup field=outcome label=t!("officer.outcome") options=outcomes inline=true/>
            {live(move || accepts().then(|| view! { <TextField field=granted label=t!("officer.granted", currency = currency.get_value()) hint=hint kind=Kind::Amount/> }))}
            <TextArea field=reason label=t!("officer.reason") hint=t!("officer.reason_hint") limit=REASON_MAX as usize/>
            <div class="row">
                <Button label=t!("officer.confirm") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}
