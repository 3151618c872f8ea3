//! The envelope of a call, above the committee's sheet: what is granted, affordable and left, and the form that states it.

use super::committee::Desk;
use crate::applications::amount;
use crate::client::{self, Failure};
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{i18n, t, text};
use leptos::prelude::*;
use shared::problem::{FieldCode, FieldError};
use shared::programmes::{CallAction, CallPatch, CallView};
use shared::reviews::CommitteePage as Sheet;
use wasm_bindgen_futures::spawn_local;

/// The envelope as a bar once the files may be seen, and the way to change it for who may change the call.
#[component]
pub fn Envelope(
    /// The committee's desk.
    desk: Desk,
    /// The call.
    call: CallView,
) -> impl IntoView {
    let open = State::new(false);
    let may_change = call.allowed.contains(&CallAction::Update);
    let is_stated = memo(move || {
        desk.sheet
            .with(|sheet| sheet.as_ref().is_some_and(|sheet| sheet.envelope_minor.is_some()))
    });
    let label = Signal::derive(move || {
        if is_stated.get() {
            text!("committee.envelope_change")
        } else {
            text!("committee.envelope_state")
        }
    });
    view! {
        {live(move || desk.sheet.get().map(bar))}
        {may_change
            .then(|| {
                view! {
                    <div class="row no-print"><Button label=label look=Look::Secondary icon=Icon::Edit on_press=move |()| open.set(true)/></div>
                    <Dialog id="envelope-dialog" title=label open=open>
                        {fresh(desk, open)}
                    </Dialog>
                }
            })}
    }
    .into_any()
}

/// What is granted, what the ranking affords, what is left, and what would be beyond; of sealed files nothing is told.
fn bar(sheet: Sheet) -> AnyView {
    let Some(whole) = sheet.envelope_minor else {
        return view! { <p class="soft">{t!("committee.no_envelope")}</p> }.into_any();
    };
    let currency = sheet.currency.clone();
    let label = t!("committee.envelope", amount = intl::money_short(whole, &currency));
    if sheet.sealed {
        return view! { <p>{label}</p> }.into_any();
    }
    let (committed, affordable, asked) = (sheet.committed_minor, sheet.affordable_minor, sheet.asked_minor);
    let currency = sheet.currency;
    let parts = Signal::derive(move || {
        let part = |label, amount, series| part(label, amount, &currency, series);
        let mut parts = vec![
            part(text!("committee.committed"), committed, "a"),
            part(text!("committee.affordable"), affordable, "b"),
            part(text!("committee.left"), (whole - committed - affordable).max(0), "rest"),
        ];
        if asked > affordable {
            parts.push(part(text!("committee.beyond"), asked - affordable, "c"));
        }
        parts
    });
    let drawn = committed + affordable + (whole - committed - affordable).max(0) + (asked - affordable).max(0);
    let ceiling = whole as f64 / (drawn.max(1)) as f64;
    view! { <StackedBar label=label parts=parts ceiling=Signal::derive(move || ceiling)/> }.into_any()
}

fn part(label: String, amount: i64, currency: &str, series: &'static str) -> Part {
    Part {
        label,
        value: amount as f64,
        words: intl::money_short(amount, currency),
        series,
    }
}

/// The form, made of the call as it is when the dialog opens: what another officer changed meanwhile is not written over unseen.
fn fresh(desk: Desk, open: State<bool>) -> AnyView {
    let call = load(move || client::get::<CallView>(format!("/calls/{}", desk.call.get())));
    view! { <Loaded of=call lines=3 view=move |call: CallView| view! { <EnvelopeForm desk=desk call=call open=open/> }.into_any()/> }
        .into_any()
}

/// What is granted of the call, as the sheet tells it.
fn committed(desk: Desk) -> i64 {
    desk.sheet
        .with(|sheet| sheet.as_ref().map_or(0, |sheet| sheet.committed_minor))
}

#[component]
fn EnvelopeForm(desk: Desk, call: CallView, open: State<bool>) -> impl IntoView {
    let CallView {
        version,
        envelope_minor: before,
        rules,
        ..
    } = call;
    let currency = Kept::new(rules.currency);
    let digits = currency.with_value(|currency| shared::money::exponent(currency));
    let written = before.map(|amount| match amount::write(amount, digits, i18n::language_now()) {
        nothing if nothing.is_empty() => "0".to_owned(),
        written => written,
    });
    let form = Form::new("envelope");
    let field = form.field("envelope-amount", "/envelope_minor", written.unwrap_or_default());
    // Nothing typed is no envelope; what cannot be read is not sent.
    let read = move |text: &str| match text.trim() {
        "" => Some(None),
        text => amount::parse(text, digits).map(Some),
    };
    let send = move || {
        form.clear();
        let Some(envelope) = read(&field.trimmed()) else {
            form.fail(Failure::of_field(FieldError::new("/envelope_minor", FieldCode::Format)));
            return;
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = change(desk, version, envelope).await;
            form.busy.try_set(false);
            match answer {
                Ok(changed) => {
                    open.try_set(false);
                    desk.rows.reload();
                    let back = Callback::new(move |()| take_back(desk, changed.version, before));
                    toast::say_with_undo(text!("committee.envelope_saved"), back);
                }
                Err(failure) => form.fail(in_money(failure, &currency.get_value())),
            }
        });
    };
    let typed = Signal::derive(move || field.text.with(|text| read(text)).flatten());
    let money = move |amount: i64| currency.with_value(|currency| intl::money_short(amount, currency));
    let parts = Signal::derive(move || {
        let used = committed(desk);
        let left = typed.get().map_or(0, |whole| (whole - used).max(0));
        currency.with_value(|currency| {
            let mut parts = vec![part(text!("committee.committed"), used, currency, "a")];
            parts.push(part(text!("committee.left"), left, currency, "rest"));
            parts
        })
    });
    let verdict = move || {
        let used = committed(desk);
        let whole = typed.get()?;
        let words = if whole < used {
            view! { <p class="rule-warning" role="status">{text!("committee.envelope_small", amount = money(used), difference = money(used - whole))}</p> }
                .into_any()
        } else {
            view! { <p role="status">{text!("committee.envelope_left", amount = money(whole - used))}</p> }.into_any()
        };
        Some(words)
    };
    let label = t!("committee.envelope_amount", currency = currency.get_value());
    view! {
        <form class="stack" novalidate on:submit=submit(form.busy, send)>
            <ErrorSummary form=form/>
            <TextField field=field label=label hint=t!("committee.envelope_hint") kind=Kind::Amount optional=true/>
            {live(move || {
                typed
                    .with(Option::is_some)
                    .then(|| view! { <StackedBar label=t!("committee.affords") parts=parts/> })
            })}
            {live(verdict)}
            <div class="row">
                <Button label=t!("action.save") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}

async fn change(desk: Desk, version: i64, envelope: Option<i64>) -> client::Answer<CallView> {
    let patch = CallPatch {
        envelope_minor: Some(envelope),
        ..CallPatch::default()
    };
    client::patch(format!("/calls/{}", desk.call.get_untracked()), version, &patch).await
}

fn take_back(desk: Desk, version: i64, envelope: Option<i64>) {
    spawn_local(async move {
        match change(desk, version, envelope).await {
            Ok(_) => toast::say(text!("committee.envelope_back")),
            Err(failure) => toast::say(failure_sentence(&failure)),
        }
        desk.rows.reload();
    });
}

/// The bounds that the server tells in minor units, as people read money.
fn in_money(mut failure: Failure, currency: &str) -> Failure {
    for error in &mut failure.errors {
        for bound in error.params.values_mut() {
            if let Ok(amount) = bound.parse() {
                *bound = intl::money_short(amount, currency);
            }
        }
    }
    failure
}
