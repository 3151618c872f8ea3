//! Checking a result in the reader's own browser, by the certificate alone and the same function that the server ran.

use crate::ui::prelude::*;
use crate::{browser, client, t, text};
use leptos::prelude::*;
use shared::ids::RoundId;
use shared::rounds::{RoundCertificate, RoundMode, Verdict};
use wasm_bindgen_futures::spawn_local;

/// What the check found, with how long it took in milliseconds.
type Checked = (Verdict, f64);

/// The button, and what it found.
#[component]
pub fn CertificateCheck(
    /// The round.
    round: RoundId,
    /// How it was matched.
    mode: RoundMode,
) -> impl IntoView {
    let found = State::new(None::<Checked>);
    let busy = State::new(false);
    let check = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match client::get::<RoundCertificate>(format!("/rounds/{round}/certificate")).await {
                Ok(certificate) => {
                    // The button's new state is painted before the work begins.
                    browser::rest(50).await;
                    let began = browser::now_ms();
                    let verdict = certificate.check();
                    found.try_set(Some((verdict, browser::now_ms() - began)));
                }
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
            busy.try_set(false);
        });
    };
    let words = move || {
        found.get().map(|(verdict, took)| {
            let (compared, blocking, milliseconds) = (verdict.compared, verdict.blocking, took.round());
            let is_right = verdict.faults.is_empty() && (mode == RoundMode::Maximum || blocking == 0);
            let tone = if is_right { Tone::Success } else { Tone::Danger };
            let sentence = Signal::derive(move || {
                if !is_right {
                    text!("round_check.wrong", count = blocking)
                } else if mode == RoundMode::Maximum {
                    text!(
                        "round_check.right_maximum",
                        count = compared,
                        blocking = intl::number(blocking as f64),
                        time = milliseconds
                    )
                } else {
                    text!("round_check.right", count = compared, time = milliseconds)
                }
            });
            view! { <Notice tone=tone><p>{sentence}</p></Notice> }
        })
    };
    view! {
        <div class="stack">
            <div class="row">
                <Button label=t!("round_check.button") look=Look::Secondary icon=Icon::Done busy=busy on_press=check/>
                <a class="button button-quiet" href=format!("/api/v1/rounds/{round}/certificate") rel="external" download=format!("certificate-{round}.json")>
                    {icon(Icon::Download)}
                    <span>{t!("round_check.download")}</span>
                </a>
            </div>
            <div role="status">{live(words)}</div>
        </div>
    }
    .into_any()
}
