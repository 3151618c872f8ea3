//! A correction: what the funder asks the cities to mend and until when, and the form in which an officer asks for it.

use super::desk::Desk;
use crate::client::Failure;
use crate::form::Form;
use crate::ui::prelude::*;
use crate::{browser, t, text};
use leptos::prelude::*;
use shared::applications::{ApplicationState, CorrectionDraft, REASON_MAX};
use shared::problem::{FieldCode, FieldError};
use wasm_bindgen_futures::spawn_local;

/// The correction that was asked for last; nothing where there is none.
#[component]
pub fn CorrectionSheet(
    /// The file.
    desk: Desk,
) -> impl IntoView {
    view! {
        {live(move || {
            let (correction, state, zone) = desk
                .view
                .with(|view| (view.correction.clone(), view.summary.state, view.window.zone.clone()));
            let correction = correction?;
            let open = state == ApplicationState::CorrectionRequested;
            let (until, handed_in) = (correction.until, correction.handed_in_at);
            let title = match handed_in {
                Some(_) => t!("correction.handed_in"),
                None if open => t!("correction.open"),
                None => t!("correction.missed"),
            };
            let when = move || match handed_in {
                Some(at) => text!("correction.handed_in_at", time = intl::date_time(at)),
                None if open => text!("correction.until", time = intl::date_time_in(until, &zone), zone = zone.clone()),
                None => text!("correction.missed_at", time = intl::date_time_in(until, &zone)),
            };
            let next = open.then(|| {
                let writes = desk.may(shared::applications::ApplicationAction::Update);
                if writes { t!("correction.what_next") } else { t!("correction.meanwhile") }
            });
            Some(
                view! {
                    <section class="sheet stack" aria-labelledby="correction-title">
                        <h2 id="correction-title" tabindex="-1">{title}</h2>
                        <div class="reopening">
                            <div class="reopening-why">
                                {correction.reason.split('\n').map(|line| view! { <p>{line.to_owned()}</p> }).collect_any()}
                            </div>
                        </div>
                        <p class="reopening-at">{live(when)}</p>
                        {next.map(|words| view! { <p class="small soft">{words}</p> })}
                    </section>
                },
            )
        })}
    }
    .into_any()
}

/// Asks for a correction; on success the dialog closes.
#[component]
pub fn CorrectionForm(
    /// The file.
    desk: Desk,
    /// Whether the dialog is open.
    open: State<bool>,
) -> impl IntoView {
    let (id, zone) = desk
        .view
        .with_untracked(|view| (view.summary.id, view.window.zone.clone()));
    let form = Form::new(format!("correction:{id}"));
    let reason = form.field("correction-reason", "/reason", "");
    let day = form.field("correction-day", "/until_on", "");
    form.autosave();
    let send = move || {
        form.clear();
        let Some(until_on) = shared::time::parse_day(&day.trimmed()) else {
            // A day that is none has no form on the wire.
            form.fail(Failure::of_field(FieldError::new("/until_on", FieldCode::Required)));
            return;
        };
        let draft = CorrectionDraft {
            reason: reason.trimmed(),
            until_on,
        };
        form.busy.set(true);
        spawn_local(async move {
            let answer = desk.act("request-correction", &draft).await;
            form.busy.try_set(false);
            match answer {
                Ok(()) => {
                    form.forget_draft();
                    open.try_set(false);
                    toast::say(text!("correction.asked"));
                    browser::focus_soon("correction-title");
                }
                Err(failure) => form.fail(failure),
            }
        });
    };
    view! {
        <form class="stack" novalidate on:submit=submit(form.busy, send)>
            <ErrorSummary form=form/>
            <p>{t!("correction.words")}</p>
            <TextArea field=reason label=t!("correction.reason") hint=t!("correction.reason_hint") limit=REASON_MAX as usize/>
            <TextField field=day label=t!("correction.day") hint=Signal::derive(move || text!("correction.day_hint", zone = zone.clone())) kind=Kind::Date/>
            <div class="row">
                <Button label=t!("correction.confirm") submit=true busy=form.busy/>
                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
            </div>
        </form>
    }
    .into_any()
}
