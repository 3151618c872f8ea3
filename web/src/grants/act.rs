//! What is to be done next for a grant, with the buttons of those who may.

use crate::applications::amount;
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{client, t, text, textf, tf};
use leptos::prelude::*;
use serde::Serialize;
use shared::grants::{
    FundingView, GrantAction, GrantReportDraft, GrantReturn, GrantStep, InstalmentChoice, InstalmentRequest,
    REPORT_MAX, RETURN_REASON_MAX,
};
use shared::ids::FundingId;
use shared::money;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use wasm_bindgen_futures::spawn_local;

/// The last part of an action's path.
const fn path_of(action: GrantAction) -> &'static str {
    match action {
        GrantAction::Sign => "sign",
        GrantAction::Request => "request",
        GrantAction::Approve => "approve",
        GrantAction::Return => "return",
        GrantAction::Pay => "pay",
        GrantAction::HandInReport => "hand-in-report",
        GrantAction::AcceptReport => "accept-report",
        GrantAction::ReturnReport => "return-report",
        GrantAction::Close => "close",
    }
}

/// A grant that is being moved on.
#[derive(Clone, Copy)]
struct Desk {
    id: FundingId,
    version: i64,
    loading: Loading<FundingView>,
    busy: State<bool>,
}

impl Desk {
    fn send<B: Serialize + 'static>(self, action: GrantAction, body: B, form: Option<(Form, State<bool>)>) {
        self.busy.set(true);
        spawn_local(async move {
            let path = format!("/grants/{}/{}", self.id, path_of(action));
            let answer = client::act::<_, FundingView>(path, self.version, &body).await;
            self.busy.try_set(false);
            match (answer, form) {
                (Ok(changed), form) => {
                    if let Some((_, open)) = form {
                        open.try_set(false);
                    }
                    toast::say(textf!("grant_done.", action.code()));
                    self.loading.set(changed);
                }
                (Err(failure), Some((form, _))) if !failure.is(ProblemCode::Stale) => form.fail(failure),
                (Err(failure), _) => {
                    toast::say(failure_sentence(&failure));
                    self.loading.reload();
                }
            }
        });
    }
}

/// The panel: the next step in words, until when, and the buttons.
pub fn next(view: &FundingView, loading: Loading<FundingView>) -> AnyView {
    let summary = &view.summary;
    let desk = Desk {
        id: summary.id,
        version: summary.version,
        loading,
        busy: State::new(false),
    };
    let number = view.life.current().map_or(0, |instalment| instalment.number);
    let amount = view.life.current().map_or(0, |instalment| instalment.amount_minor);
    let with_report = view
        .life
        .current()
        .is_some_and(|instalment| instalment.report.is_some());
    let currency = summary.currency.clone();
    let (reporting, returning) = (State::new(None::<GrantAction>), State::new(None::<GrantAction>));
    let (report_open, return_open) = (State::new(false), State::new(false));
    let buttons = view
        .allowed
        .iter()
        .map(|&action| {
            let press = move |()| match action {
                GrantAction::Sign | GrantAction::AcceptReport | GrantAction::Close => desk.send(action, (), None),
                GrantAction::Approve | GrantAction::Pay => desk.send(action, InstalmentChoice { number }, None),
                GrantAction::Request if !with_report => {
                    desk.send(action, InstalmentRequest { number, report: None }, None);
                }
                GrantAction::Request | GrantAction::HandInReport => {
                    reporting.set(Some(action));
                    report_open.set(true);
                }
                GrantAction::Return | GrantAction::ReturnReport => {
                    returning.set(Some(action));
                    return_open.set(true);
                }
            };
            let is_return = matches!(action, GrantAction::Return | GrantAction::ReturnReport);
            // The final report may come at any time; it stands first only where nothing else does.
            let is_early = action == GrantAction::HandInReport && view.allowed.len() > 1;
            let look = if is_return || is_early {
                Look::Secondary
            } else {
                Look::Primary
            };
            view! { <Button label=tf!("grant_action.", action.code()) look=look busy=desk.busy on_press=press/> }
        })
        .collect_any();
    let step = summary.next_step;
    let is_about_money = matches!(step, GrantStep::Request | GrantStep::Answer | GrantStep::Pay);
    let (due, overdue) = (summary.report_due_on, summary.overdue);
    let exponent = money::exponent(&currency);
    view! {
        <section class=if overdue { "sheet stack grant-next grant-late" } else { "sheet stack grant-next" } aria-labelledby="grant-next">
            <h2 id="grant-next" class="minor">{t!("grants.next")}</h2>
            <p class="grant-step-words">{tf!("grant_step.", step.code())}</p>
            {is_about_money
                .then(|| live(move || view! { <p class="soft">{text!("grants.instalment_of", number = number, amount = intl::money(amount, &currency))}</p> }.into_any()))}
            {due
                .map(|day| {
                    view! {
                        <p>
                            {live(move || text!("grants.report_until", day = intl::date(day)))}
                            {overdue.then(|| view! { " " <Badge label=t!("grants.overdue") tone=BadgeTone::Danger/> })}
                        </p>
                    }
                })}
            <div class="row">{buttons}</div>
        </section>
        <Dialog id="grant-report-dialog" title=t!("grants.report") open=report_open>
            {live(move || reporting.get().map(|action| report_form(desk, action, number, exponent, report_open)))}
        </Dialog>
        <Dialog id="grant-return-dialog" title=t!("grants.send_back") open=return_open>
            {live(move || returning.get().map(|action| return_form(desk, action, return_open)))}
        </Dialog>
    }
    .into_any()
}

fn report_form(desk: Desk, action: GrantAction, number: u32, exponent: u32, open: State<bool>) -> AnyView {
    let form = Form::new(format!("grant-report:{}:{}", desk.id, action.code()));
    let prefix = if action == GrantAction::Request { "/report" } else { "" };
    let pointer = |name: &str| crate::form::lasting(format!("{prefix}/{name}"));
    let (at_text, at_spent) = (pointer("text"), pointer("spent_minor"));
    let told = form.field("grant-report-text", at_text, "");
    let spent = form.field("grant-report-spent", at_spent, "");
    form.autosave();
    let send = move || {
        form.clear();
        let amount = amount::parse(&spent.trimmed(), exponent).filter(|_| !spent.trimmed().is_empty());
        let mut faults = Vec::new();
        if told.trimmed().is_empty() {
            faults.push(FieldError::new(at_text, FieldCode::Required));
        }
        if amount.is_none() {
            faults.push(FieldError::new(at_spent, FieldCode::Required));
        }
        let (Some(spent_minor), true) = (amount, faults.is_empty()) else {
            return form.fail(crate::activities::faulty(faults));
        };
        let report = GrantReportDraft {
            text: told.trimmed(),
            spent_minor,
        };
        let then = Some((form, open));
        if action == GrantAction::Request {
            let report = Some(report);
            desk.send(action, InstalmentRequest { number, report }, then);
        } else {
            desk.send(action, report, then);
        }
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=submit(desk.busy, send)
        >
            <ErrorSummary form=form/>
            <TextArea field=told label=t!("grants.report_text") hint=t!("grants.report_hint") rows=8 limit=REPORT_MAX as usize/>
            <TextField field=spent label=t!("grants.spent") hint=t!("grants.spent_hint") kind=Kind::Amount/>
            <div class="row">
                <Button label=tf!("grant_action.", action.code()) submit=true busy=desk.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}

fn return_form(desk: Desk, action: GrantAction, open: State<bool>) -> AnyView {
    let form = Form::new(format!("grant-return:{}:{}", desk.id, action.code()));
    let reason = form.field("grant-return-reason", "/reason", "");
    let due = form.field("grant-return-due", "/due_on", "");
    let send = move || {
        form.clear();
        let due_on = shared::time::parse_day(&due.trimmed());
        if reason.trimmed().is_empty() {
            return form.fail(client::Failure::of_field(FieldError::new(
                "/reason",
                FieldCode::Required,
            )));
        }
        if due_on.is_none() && !due.trimmed().is_empty() {
            return form.fail(client::Failure::of_field(FieldError::new("/due_on", FieldCode::Format)));
        }
        let back = GrantReturn {
            reason: reason.trimmed(),
            due_on,
        };
        desk.send(action, back, Some((form, open)));
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=submit(desk.busy, send)
        >
            <ErrorSummary form=form/>
            <TextArea field=reason label=t!("officer.reason") hint=t!("grants.reason_hint") rows=4 limit=RETURN_REASON_MAX as usize/>
            <TextField field=due label=t!("grants.new_due") hint=t!("grants.new_due_hint") kind=Kind::Date optional=true/>
            <div class="row">
                <Button label=t!("grants.send_back") submit=true busy=desk.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}
