//! The files that were accepted and have no contract yet, and the form that makes one.

use crate::form::Form;
use crate::ui::prelude::*;
use crate::{app, client, i18n, t, text};
use leptos::prelude::*;
use shared::applications::{ApplicationPage, ApplicationSummary};
use shared::grants::{FundingDraft, FundingView, YEARS_MAX};
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// The files that wait for their contract; nothing where there is none.
#[component]
pub fn Accepted() -> impl IntoView {
    let files = grow(move |cursor: Option<String>| {
        let mut query = vec![
            ("state", "accepted".to_owned()),
            ("without_grant", "true".to_owned()),
            ("limit", "10".to_owned()),
        ];
        query.push(match cursor {
            Some(cursor) => ("cursor", cursor),
            None => ("count", "true".to_owned()),
        });
        let path = app::address("/applications", &query);
        slice::<ApplicationPage>(path)
    });
    let chosen = State::new(None::<ApplicationSummary>);
    let open = State::new(false);
    let row = move |file: ApplicationSummary| {
        let kept = file.clone();
        let about = Signal::stored(file.title.clone());
        let call = file.call_title.clone();
        view! {
            <li>
                <span>
                    <a href=format!("/applications/{}", file.id)>{file.title.clone()}</a>
                    <span class="small soft triage-call">{live(move || i18n::own_text(&call))}</span>
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
    // What is shown stays while more comes: only whether there is any makes it anew.
    let is_empty = memo(move || files.items.with(|items| items.as_ref().map(Vec::is_empty)));
    let list = move || {
        if let Some(failure) = files.failure.get() {
            return view! { <ProblemView failure=failure retry=move |()| files.reload()/> }.into_any();
        }
        match is_empty.get() {
            None => view! { <Skeleton lines=3/> }.into_any(),
            Some(true) => ().into_any(),
            Some(false) => view! {
                <section class="sheet stack" aria-labelledby="grants-accepted">
                    <h2 id="grants-accepted" class="minor">
                        {move || files.total.get().map(|total| text!("grants.accepted", count = total))}
                    </h2>
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
