//! The files that were accepted and have no contract yet, and the form that makes one.

use super::contracts::ContractsForm;
use crate::form::{Field, Form};
use crate::ui::prelude::*;
use crate::{app, client, i18n, t, text};
use leptos::prelude::*;
use shared::applications::{ApplicationPage, ApplicationSummary};
use shared::grants::{FundingDraft, FundingView, YEARS_MAX};
use shared::ids::ApplicationId;
use shared::problem::{FieldCode, FieldError};
use shared::programmes::{CallAction, CallPage};
use std::collections::BTreeSet;
use wasm_bindgen_futures::spawn_local;

/// The most files that are made contracts of at once: a page of the list.
const TOGETHER: &str = "100";

/// The files that wait for their contract; nothing where there is none. Those of one call can be given theirs together.
#[component]
pub fn Accepted(
    /// What follows contracts that were made together.
    on_made: Callback<()>,
) -> impl IntoView {
    let call = Field::alone("contract-call", "");
    let calls = load(|| client::get::<CallPage>("/calls?state=results_published&limit=100"));
    let files = grow(move |cursor: Option<String>| {
        let of = call.text.get();
        let limit = if of.is_empty() { "10" } else { TOGETHER };
        let mut query = vec![("awaiting_contract", "true".to_owned()), ("limit", limit.to_owned())];
        if !of.is_empty() {
            query.push(("call_id", of));
        }
        query.push(match cursor {
            Some(cursor) => ("cursor", cursor),
            None => ("count", "true".to_owned()),
        });
        let path = app::address("/applications", &query);
        slice::<ApplicationPage>(path)
    });
    let chosen = State::new(None::<ApplicationSummary>);
    let open = State::new(false);
    let ticked = State::new(BTreeSet::<ApplicationId>::new());
    let together = State::new(false);
    let of_one_call = memo(move || call.text.with(|call| !call.is_empty()));
    // Another call, other files.
    effect(move || {
        call.text.track();
        ticked.set(BTreeSet::new());
    });
    let options = Signal::derive(move || {
        let Some(page) = calls.ready() else {
            return Vec::new();
        };
        let own = page
            .items
            .into_iter()
            .filter(|call| call.allowed.contains(&CallAction::ListApplications));
        own.map(|call| (call.id.to_string(), i18n::own_text(&call.title)))
            .collect()
    });
    let row = move |file: ApplicationSummary| {
        let kept = file.clone();
        let about = Signal::stored(file.title.clone());
        let title = file.title.clone();
        let words = file.call_title.clone();
        let id = file.id;
        let tick = move || {
            of_one_call.get().then(|| {
                let title = title.clone();
                view! {
                    <input
                        type="checkbox"
                        aria-label=t!("committee.tick", title = title.clone())
                        prop:checked=by(move || ticked.with(|ticked| ticked.contains(&id)))
                        on:change=on(move |event| {
                            let is_on = crate::browser::event_checked(&event);
                            ticked
                                .update(|ticked| {
                                    if is_on { ticked.insert(id) } else { ticked.remove(&id) };
                                });
                        })
                    />
                }
            })
        };
        view! {
            <li>
                <span>
                    {live(tick)}
                    <a href=format!("/applications/{id}")>{file.title.clone()}</a>
                    <span class="small soft triage-call">{live(move || i18n::own_text(&words))}</span>
                </span>
                <Button
                    label=t!("grants.contract")
                    about=about
                    look=Look::Secondary
                    on_press=move |()| {
                        chosen.set(Some(kept.clone()));
                        open.set(true);
                    }
                />
            </li>
        }
        .into_any()
    };
    let picked = move || {
        let mut picked = files.items.get().unwrap_or_default();
        ticked.with(|ticked| picked.retain(|file| ticked.contains(&file.id)));
        picked
    };
    let tick_all = move |()| {
        let all = files
            .items
            .with_untracked(|files| files.iter().flatten().map(|file| file.id).collect());
        ticked.set(all);
    };
    let done = Callback::new(move |()| {
        ticked.try_set(BTreeSet::new());
        files.reload();
        on_made.run(());
    });
    let tools = move || {
        of_one_call.get().then(|| {
            let any = move || ticked.with(|ticked| !ticked.is_empty());
            view! {
                <div class="row row-apart">
                    <p role="status">{live(move || text!("committee.ticked", count = ticked.with(BTreeSet::len)))}</p>
                    <div class="row">
                        <Button label=t!("grants.tick_all") look=Look::Quiet on_press=tick_all/>
                        {live(move || any().then(|| view! { <Button label=t!("grants.contract_together") on_press=move |()| together.set(true)/> }))}
                    </div>
                </div>
            }
        })
    };
    // What is shown stays while more comes: only whether there is any makes it anew.
    let is_empty = memo(move || files.items.with(|items| items.as_ref().map(Vec::is_empty)));
    let list = move || {
        if let Some(failure) = files.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| files.reload()/> }.into_any();
        }
        match is_empty.get() {
            None => view! { <Skeleton lines=3/> }.into_any(),
            Some(true) if !of_one_call.get() => ().into_any(),
            Some(is_empty) => view! {
                <section class="sheet stack" aria-labelledby="grants-accepted">
                    <h2 id="grants-accepted" class="minor">
                        {move || files.total.get().map(|total| text!("grants.accepted", count = total))}
                    </h2>
                    <Select field=call label=t!("grants.call") hint=t!("grants.call_hint") options=options none=t!("grants.any_call")/>
                    {(!is_empty).then(|| live(tools))}
                    <ul class="grant-accepted">{each(move || files.items.get().unwrap_or_default(), |file| (file.id, file.version), row)}</ul>
                    <More
                        there=Signal::derive(move || files.next.with(Option::is_some))
                        busy=files.busy
                        on_more=move |()| files.more()
                    />
                </section>
            }
            .into_any(),
        }
    };
    view! {
        {live(list)}
        <Dialog id="contract-dialog" title=t!("grants.contract") open=open>
            {live(move || chosen.get().map(|file| view! { <ContractForm file=file open=open/> }))}
        </Dialog>
        <Dialog id="contracts-dialog" title=t!("grants.contract_together") open=together>
            {live(move || {
                let files = untrack(picked);
                view! { <ContractsForm files=files open=together done=done/> }
            })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn ContractForm(file: ApplicationSummary, open: State<bool>) -> impl IntoView {
    let id = file.id;
    let form = Form::new(format!("contract:{id}"));
    let reference = form.field("contract-reference", "/reference", "");
    let day = form.field("contract-day", "/contracted_on", "");
    let years = form.field("contract-years", "/years", "1");
    let due = form.field("contract-due", "/final_report_due_on", "");
    let choices = Signal::derive(|| {
        (1..=YEARS_MAX)
            .map(|years| (years.to_string(), text!("grants.years_count", count = years)))
            .collect::<Vec<_>>()
    });
    let go = app::navigator();
    let send = move || {
        form.clear();
        let contracted_on = shared::time::parse_day(&day.trimmed());
        let due_on = shared::time::parse_day(&due.trimmed());
        let mut faults = Vec::new();
        if reference.trimmed().is_empty() {
            faults.push(FieldError::new("/reference", FieldCode::Required));
        }
        if contracted_on.is_none() {
            faults.push(FieldError::new("/contracted_on", FieldCode::Required));
        }
        if due_on.is_none() && !due.trimmed().is_empty() {
            faults.push(FieldError::new("/final_report_due_on", FieldCode::Format));
        }
        let (Some(contracted_on), true) = (contracted_on, faults.is_empty()) else {
            return form.fail(crate::activities::faulty(faults));
        };
        let draft = FundingDraft {
            application_id: id,
            reference: reference.trimmed(),
            contracted_on,
            years: years.trimmed().parse().unwrap_or(1),
            final_report_due_on: due_on,
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer: client::Answer<FundingView> = client::post("/grants".to_owned(), &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(grant) => {
                    open.try_set(false);
                    toast::say(text!("grants.contracted"));
                    go.run(format!("/grants/{}", grant.summary.id));
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=submit(form.busy, send)
        >
            <p>{file.title.clone()}</p>
            <ErrorSummary form=form/>
            <TextField field=reference label=t!("grants.reference")/>
            <TextField field=day label=t!("grants.contracted_on") kind=Kind::Date/>
            <Select field=years label=t!("grants.years") hint=t!("grants.years_hint") options=choices/>
            <TextField field=due label=t!("grants.final_due") hint=t!("grants.final_due_hint") kind=Kind::Date optional=true/>
            <div class="row">
                <Button label=t!("grants.contract") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}
