//! One decision with its reason on all files that are ticked: on all of them, or on none.

use super::committee::Desk;
use crate::client::{self, Failure};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{t, text, textf};
use leptos::prelude::*;
use shared::applications::{Outcome, REASON_MAX};
use shared::problem::{FieldCode, FieldError};
use shared::reviews::{BulkDecision, BulkDecisionDraft, DecisionReport};
use wasm_bindgen_futures::spawn_local;

/// The form; on success the dialog closes.
#[component]
pub fn DecideForm(
    /// The committee's desk.
    desk: Desk,
    /// Whether the dialog is open.
    open: State<bool>,
) -> impl IntoView {
    let form = Form::new("committee");
    let outcome = form.field("committee-outcome", "/outcome", "");
    let reason = form.field("committee-reason", "/reason", "");
    let faults = State::new(Vec::<String>::new());
    let outcomes = Signal::derive(|| {
        Outcome::ALL
            .iter()
            .map(|outcome| (outcome.code().to_owned(), textf!("outcome.", outcome.code())))
            .collect::<Vec<_>>()
    });
    let send = move || {
        form.clear();
        faults.set(Vec::new());
        let Some(chosen) = Outcome::from_code(&outcome.trimmed()) else {
            form.fail(Failure::of_field(FieldError::new("/outcome", FieldCode::Required)));
            return;
        };
        if reason.trimmed().is_empty() {
            form.fail(Failure::of_field(FieldError::new("/reason", FieldCode::Required)));
            return;
        }
        let rows = untrack(move || desk.chosen());
        let draft = BulkDecisionDraft {
            items: rows
                .iter()
                .map(|row| BulkDecision {
                    application_id: row.application_id,
                    version: row.version,
                    outcome: chosen,
                    reason: reason.trimmed(),
                    granted_minor: None,
                })
                .collect(),
        };
        form.busy.set(true);
        let path = format!("/calls/{}/decide", desk.call.get_untracked());
        spawn_local(async move {
            let answer: Result<DecisionReport, Failure> = client::post(path, &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(report) => {
                    open.try_set(false);
                    toast::say(text!("committee.decided", count = report.items.len()));
                    desk.done();
                }
                Err(mut failure) => {
                    // Each fault by the title of its file.
                    let told = std::mem::take(&mut failure.errors).into_iter().map(|error| {
                        let mut parts = error.pointer.split('/').skip(2);
                        let row = parts.next().and_then(|index| rows.get(index.parse::<usize>().ok()?));
                        let title = row.map(|row| row.title.clone()).unwrap_or_default();
                        format!("{title} – {}", crate::form::error_sentence(&error))
                    });
                    faults.try_set(told.collect());
                    form.fail(failure);
                }
            }
        });
    };
    let asked = Signal::derive(move || {
        let rows = desk.chosen();
        let sum: i64 = rows.iter().map(|row| row.grant_asked_minor).sum();
        let currency = desk
            .sheet
            .with(|sheet| sheet.as_ref().map(|sheet| sheet.currency.clone()));
        text!(
            "committee.decide_words",
            count = rows.len(),
            amount = intl::money_short(sum, &currency.unwrap_or_default())
        )
    });
    view! {
        <form
            class="stack"
            novalidate
            on:submit=submit(form.busy, send)
        >
            <p>{asked}</p>
            <ErrorSummary form=form/>
            {live(move || {
                let faults = faults.get();
                (!faults.is_empty())
                    .then(|| view! { <ul class="small">{faults.into_iter().map(|fault| view! { <li>{fault}</li> }).collect_any()}</ul> })
            })}
            <RadioGroup field=outcome label=t!("officer.outcome") options=outcomes inline=true/>
            <TextArea field=reason label=t!("officer.reason") hint=t!("officer.reason_hint") limit=REASON_MAX as usize/>
            <div class="row">
                <Button label=t!("officer.confirm") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}
