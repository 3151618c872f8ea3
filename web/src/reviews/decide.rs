//! One decision with its reason on all files that are ticked: on all of them, or on none.

use super::committee::Desk;
use crate::applications::amount;
use crate::client::{self, Failure};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{browser, i18n, t, text, textf};
use leptos::prelude::*;
use shared::applications::{Outcome, REASON_MAX};
use shared::ids::ApplicationId;
use shared::problem::{FieldCode, FieldError};
use shared::reviews::{BulkDecision, BulkDecisionDraft, CommitteeRow, DecisionReport};
use std::collections::BTreeMap;
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
    // What a file is granted where that is not what it asks for, as typed.
    let amounts = State::new(BTreeMap::<ApplicationId, String>::new());
    let currency = move || {
        let known = desk
            .sheet
            .with(|sheet| sheet.as_ref().map(|sheet| sheet.currency.clone()));
        known.unwrap_or_default()
    };
    let accepts = move || outcome.text.with(|text| text == Outcome::Accepted.code());
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
        let digits = shared::money::exponent(&untrack(currency));
        let mut granted = Vec::with_capacity(rows.len());
        for row in &rows {
            let typed = amounts.with_untracked(|amounts| amounts.get(&row.application_id).cloned());
            let amount = typed
                .filter(|_| chosen == Outcome::Accepted)
                .map(|text| amount::parse(&text, digits));
            if amount == Some(None) {
                faults.update(|faults| faults.push(format!("{} – {}", row.title, text!("budget.unreadable"))));
            }
            granted.push(amount.flatten());
        }
        if faults.with_untracked(|faults| !faults.is_empty()) {
            return;
        }
        let draft = BulkDecisionDraft {
            items: rows
                .iter()
                .zip(granted)
                .map(|(row, granted_minor)| BulkDecision {
                    application_id: row.application_id,
                    version: row.version,
                    outcome: chosen,
                    reason: reason.trimmed(),
                    granted_minor,
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
        text!(
            "committee.decide_words",
            count = rows.len(),
            amount = intl::money_short(sum, &currency())
        )
    });
    // What all of them are granted together, beside what the envelope still holds.
    let together = move || {
        let digits = shared::money::exponent(&currency());
        let sum = desk.chosen().iter().fold(0_i64, |sum, row| {
            let typed = amounts.with(|amounts| amounts.get(&row.application_id).cloned());
            let amount = typed
                .and_then(|text| amount::parse(&text, digits))
                .unwrap_or(row.grant_asked_minor);
            sum.saturating_add(amount)
        });
        let left = desk.sheet.with(|sheet| {
            let sheet = sheet.as_ref()?;
            Some(sheet.envelope_minor? - sheet.committed_minor)
        });
        let granted = intl::money_short(sum, &currency());
        match left {
            Some(left) if sum > left => view! {
                <p class="rule-warning" role="status">{text!("committee.too_much", amount = granted, left = intl::money_short(left, &currency()))}</p>
            }
            .into_any(),
            Some(left) => view! {
                <p role="status">{text!("committee.granted_of", amount = granted, left = intl::money_short(left, &currency()))}</p>
            }
            .into_any(),
            None => view! { <p role="status">{text!("committee.granted", amount = granted)}</p> }.into_any(),
        }
    };
    let each_amount = move |row: CommitteeRow| {
        let id = row.application_id;
        let digits = shared::money::exponent(&untrack(currency));
        let asked = amount::write(row.grant_asked_minor, digits, i18n::language_now());
        let shown = amounts
            .with_untracked(|amounts| amounts.get(&id).cloned())
            .unwrap_or(asked);
        view! {
            <li class="bulk-amount">
                <label for=format!("granted-{id}")>{row.title}</label>
                <input
                    class="input input-amount"
                    id=format!("granted-{id}")
                    inputmode="decimal"
                    autocomplete="off"
                    value=shown
                    on:input=on(move |event| {
                        let text = browser::event_text(&event);
                        amounts
                            .update(|amounts| {
                                amounts.insert(id, text);
                            });
                    })
                />
            </li>
        }
        .into_any()
    };
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
            {live(move || {
                accepts()
                    .then(|| {
                        view! {
                            <details class="bulk-amounts">
                                <summary>{t!("committee.amounts", currency = currency())}</summary>
                                <ul>{each(move || desk.chosen(), |row| row.application_id, each_amount)}</ul>
                            </details>
                            {live(together)}
                        }
                    })
            })}
            <TextArea field=reason label=t!("officer.reason") hint=t!("officer.reason_hint") limit=REASON_MAX as usize/>
            <div class="row">
                <Button label=t!("officer.confirm") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}
