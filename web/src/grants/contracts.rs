//! The form that makes the contracts of several files of a call together: all of them, or none.

use crate::activities::faulty;
use crate::client::{self, Failure};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{t, text, textf};
use leptos::prelude::*;
use shared::applications::ApplicationSummary;
use shared::grants::{ContractItem, ContractsDraft, ContractsReport, YEARS_MAX, reference_after};
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// The form; on success the dialog closes and `done` is told.
#[component]
pub fn ContractsForm(
    /// The files, of one call.
    files: Vec<ApplicationSummary>,
    /// Whether the dialog is open.
    open: State<bool>,
    /// What follows.
    done: Callback<()>,
) -> impl IntoView {
    let count = files.len();
    let call = files.first().map(|file| file.call_id.to_string()).unwrap_or_default();
    let files = Kept::new(files);
    let form = Form::new(format!("contracts:{call}"));
    let reference = form.field("contracts-reference", "/items/0/reference", "");
    let day = form.field("contracts-day", "/contracted_on", "");
    let years = form.field("contracts-years", "/years", "1");
    let due = form.field("contracts-due", "/final_report_due_on", "");
    let faults = State::new(Vec::<String>::new());
    let choices = Signal::derive(|| {
        (1..=YEARS_MAX)
            .map(|years| (years.to_string(), text!("grants.years_count", count = years)))
            .collect::<Vec<_>>()
    });
    let send = move || {
        form.clear();
        faults.set(Vec::new());
        let first = reference.trimmed();
        let contracted_on = shared::time::parse_day(&day.trimmed());
        let due_on = shared::time::parse_day(&due.trimmed());
        let mut wrong = Vec::new();
        if first.is_empty() {
            wrong.push(FieldError::new("/items/0/reference", FieldCode::Required));
        }
        if contracted_on.is_none() {
            wrong.push(FieldError::new("/contracted_on", FieldCode::Required));
        }
        if due_on.is_none() && !due.trimmed().is_empty() {
            wrong.push(FieldError::new("/final_report_due_on", FieldCode::Format));
        }
        let (Some(contracted_on), true) = (contracted_on, wrong.is_empty()) else {
            return form.fail(faulty(wrong));
        };
        let items = files.with_value(|files| {
            let item = |(file, number): (&ApplicationSummary, u32)| ContractItem {
                application_id: file.id,
                version: file.version,
                reference: reference_after(&first, number),
            };
            files.iter().zip(0..).map(item).collect()
        });
        let draft = ContractsDraft {
            items,
            contracted_on,
            years: years.trimmed().parse().unwrap_or(1),
            final_report_due_on: due_on,
        };
        let path = format!("/calls/{call}/contract");
        form.busy.set(true);
        spawn_local(async move {
            let answer: client::Answer<ContractsReport> = client::post(path, &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(report) => {
                    open.try_set(false);
                    toast::say(text!("grants.contracted_many", count = report.items.len()));
                    done.run(());
                }
                Err(mut failure) => {
                    let told = files.with_value(|files| about_files(&mut failure, files));
                    faults.try_set(told);
                    form.fail(failure);
                }
            }
        });
    };
    let range = move || {
        let first = reference.text.with(|text| text.trim().to_owned());
        let last = u32::try_from(count).unwrap_or(u32::MAX).saturating_sub(1);
        (!first.is_empty() && last > 0)
            .then(|| text!("grants.references", last = reference_after(&first, last), first = first))
    };
    let words = move || text!("grants.contract_many", count = count);
    view! {
        <form class="stack" novalidate on:submit=submit(form.busy, send)>
            <p>{live(words)}</p>
            <ErrorSummary form=form/>
            {live(move || {
                let faults = faults.get();
                (!faults.is_empty())
                    .then(|| view! { <ul class="small">{faults.into_iter().map(|fault| view! { <li>{fault}</li> }).collect_any()}</ul> })
            })}
            <TextField field=reference label=t!("grants.reference_first") hint=t!("grants.reference_first_hint")/>
            <p class="small soft" role="status">{live(range)}</p>
            <TextField field=day label=t!("grants.contracted_on") kind=Kind::Date/>
            <Select field=years label=t!("grants.years") hint=t!("grants.years_hint") options=choices/>
            <TextField field=due label=t!("grants.final_due") hint=t!("grants.final_due_hint") kind=Kind::Date optional=true/>
            <div class="row">
                <Button label=t!("grants.contract_together") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}

/// Takes what stands against single files out of a failure, each in words under the title of its file.
fn about_files(failure: &mut Failure, files: &[ApplicationSummary]) -> Vec<String> {
    let errors = std::mem::take(&mut failure.errors);
    let mut told = Vec::new();
    for error in errors {
        let mut parts = error.pointer.split('/').skip(1);
        let place = (parts.next() == Some("items")).then(|| parts.next()?.parse::<usize>().ok());
        let field = parts.next().unwrap_or_default().to_owned();
        match place.flatten().and_then(|index| files.get(index)) {
            Some(file) if field != "reference" => {
                let words = match (error.code, error.params.get("state")) {
                    (FieldCode::Duplicate, _) => text!("grants.has_contract"),
                    (_, Some(state)) => text!("grants.not_accepted", state = textf!("application_state.", state)),
                    _ if field == "version" => text!("grants.file_changed"),
                    _ => crate::form::error_sentence(&error),
                };
                told.push(format!("{} – {words}", file.title));
            }
            _ => failure.errors.push(error),
        }
    }
    told
}
