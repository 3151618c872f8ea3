//! A deadline: told in the call's own time zone, counted down by the server's clock.

use super::model::{Left, left, pace};
use crate::ui::prelude::*;
use crate::{browser, t, text};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::programmes::CallWindow;
use wasm_bindgen_futures::spawn_local;

/// How far the server's clock is before the reader's, in milliseconds.
pub fn clock_offset(server_time: DateTime<Utc>) -> f64 {
    server_time.timestamp_millis() as f64 - browser::now_ms()
}

/// Milliseconds until an instant by the server's clock, renewed as often as its words change.
fn countdown(until: DateTime<Utc>, offset: f64) -> State<Left> {
    let now = move || left(until.timestamp_millis() - (browser::now_ms() + offset) as i64);
    let remaining = State::new(now());
    spawn_local(async move {
        while let Some(known) = remaining.try_get_untracked() {
            browser::rest(pace(known)).await;
            remaining.try_set(now());
        }
    });
    remaining
}

/// What is left of a time, in words; tracked.
pub fn left_words(left: Left) -> String {
    match left {
        Left::Days(days) => text!("deadline.days", count = days),
        Left::Hours(hours, minutes) => text!("deadline.hours", hours = hours, minutes = minutes),
        Left::Minutes(minutes, seconds) => text!("deadline.minutes", minutes = minutes, seconds = seconds),
        Left::Over => text!("deadline.over"),
    }
}

/// The deadline of a window with its countdown: before the opening, the opening.
#[component]
pub fn Deadline(
    /// The call's window.
    window: CallWindow,
    /// The server's time at its answer.
    server_time: DateTime<Utc>,
    /// Whether the call is only announced: then its opening is what counts.
    #[prop(optional)]
    announced: bool,
) -> impl IntoView {
    let offset = clock_offset(server_time);
    let until = if announced && window.opens_at > server_time {
        window.opens_at
    } else {
        window.closes_at
    };
    let opening = until == window.opens_at;
    let remaining = countdown(until, offset);
    let zone = window.zone.clone();
    let abroad = intl::own_zone().is_some_and(|own| own != window.zone);
    let grace = window.grace_s / 60;
    let class = move || match remaining.get() {
        Left::Over => "countdown countdown-over",
        Left::Days(3..) => "countdown",
        _ => "countdown countdown-near",
    };
    view! {
        <div class="deadline">
            <p class="deadline-label">{if opening { t!("deadline.opens") } else { t!("deadline.closes") }}</p>
            <p class="deadline-time">{live(move || intl::date_time_in(until, &zone))}</p>
            {abroad.then(|| view! { <p class="small soft">{live(move || text!("deadline.own_time", time = intl::date_time(until)))}</p> })}
            <p class=class role="timer">
                {icon(Icon::Clock)}
                <span>{live(move || left_words(remaining.get()))}</span>
            </p>
            {(grace > 0 && !opening).then(|| view! { <p class="small soft">{t!("deadline.grace", count = grace)}</p> })}
        </div>
    }
    .into_any()
}
