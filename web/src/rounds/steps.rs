//! What an officer does with a round next, each step confirmed by its consequence in words; and the work that is being done.

use super::model;
use crate::ui::prelude::*;
use crate::{browser, client, t, text, textf, tf};
use leptos::prelude::*;
use shared::jobs::{JobState, JobView};
use shared::problem::ProblemCode;
use shared::rounds::{RoundAction, RoundView};
use wasm_bindgen_futures::spawn_local;

/// Milliseconds between two looks at work.
const LOOK_EVERY: u32 = 700;

/// The steps in the order in which they are taken.
const STEPS: [RoundAction; 6] = [
    RoundAction::Open,
    RoundAction::Simulate,
    RoundAction::Run,
    RoundAction::Publish,
    RoundAction::Close,
    RoundAction::Cancel,
];

/// The steps that may be taken now.
#[component]
pub fn Moves(
    /// The round, to be fetched again.
    round: Loading<RoundView>,
    /// The round as it is shown.
    view: Kept<RoundView>,
) -> impl IntoView {
    let asked = State::new(None::<RoundAction>);
    let open = State::new(false);
    let busy = State::new(false);
    let steps: Vec<RoundAction> = view.with_value(|view| {
        let steps = STEPS.iter().copied();
        steps.filter(|step| view.allowed.contains(step)).collect()
    });
    let next = steps.iter().copied().rfind(|step| {
        matches!(step, RoundAction::Run | RoundAction::Publish)
            || (*step == RoundAction::Open && view.with_value(|view| view.members[0] > 0))
    });
    let take = move |action: RoundAction| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (id, version) = view.with_value(|view| (view.id, view.version));
        spawn_local(async move {
            let path = format!("/rounds/{id}/{}", action.code());
            let is_work = matches!(action, RoundAction::Simulate | RoundAction::Run);
            let answer = if is_work {
                client::act::<_, JobView>(path, version, &()).await.map(drop)
            } else {
                client::act::<_, RoundView>(path, version, &()).await.map(drop)
            };
            match answer {
                Ok(()) => toast::say(textf!("round_done.", action.code())),
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
            open.try_set(false);
            busy.try_set(false);
            round.reload();
        });
    };
    let buttons = steps
        .iter()
        .map(|&action| {
            let look = if Some(action) == next {
                Look::Primary
            } else {
                Look::Secondary
            };
            let ask = move |()| {
                asked.set(Some(action));
                open.set(true);
            };
            // A trial changes nothing: it is not asked about.
            let press = move |()| {
                if action == RoundAction::Simulate {
                    take(action)
                } else {
                    ask(())
                }
            };
            view! { <Button label=tf!("round_action.", action.code()) look=look on_press=press/> }
        })
        .collect_any();
    view! {
        {(!steps.is_empty())
            .then(|| {
                view! {
                    <section class="stack" aria-labelledby="round-steps">
                        <h2 id="round-steps">{t!("rounds.next")}</h2>
                        <div class="row">{buttons}</div>
                    </section>
                }
            })}
        <Dialog id="round-step" title=Signal::derive(move || asked.get().map(|step| textf!("round_action.", step.code())).unwrap_or_default()) open=open>
            {live(move || {
                asked
                    .get()
                    .map(|step| {
                        view! {
                            <p>{tf!("round_words.", step.code())}</p>
                            <div class="row">
                                <Button label=tf!("round_action.", step.code()) busy=busy on_press=move |()| take(step)/>
                                <Button label=t!("action.cancel") look=Look::Secondary on_press=move |()| open.set(false)/>
                            </div>
                        }
                    })
            })}
        </Dialog>
    }
    .into_any()
}

/// The work that is being done for a round, with the way to end it; and how the last one ended, where it was not well.
#[component]
pub fn JobProgress(
    /// The round, to be fetched again when the work ends.
    round: Loading<RoundView>,
    /// The round as it is shown.
    view: Kept<RoundView>,
) -> impl IntoView {
    let job = State::new(None::<JobView>);
    let cancelling = State::new(false);
    let (known, was_open) = view.with_value(|view| (view.job_id, view.job_state.is_some_and(JobState::is_open)));
    if let Some(id) = known {
        spawn_local(async move {
            loop {
                match client::get::<JobView>(format!("/jobs/{id}")).await {
                    Ok(now) => {
                        let is_open = now.state.is_open();
                        if !job.try_set(Some(now)) {
                            return;
                        }
                        if !is_open {
                            if was_open {
                                round.reload();
                            }
                            return;
                        }
                    }
                    // The next look tells, unless it is not ours to see.
                    Err(failure) if failure.status != 0 && failure.status < 500 => return,
                    Err(_) => {}
                }
                browser::rest(LOOK_EVERY).await;
            }
        });
    }
    let cancel = move |()| {
        let Some(now) = job.get_untracked() else { return };
        if cancelling.get_untracked() {
            return;
        }
        cancelling.set(true);
        spawn_local(async move {
            let path = format!("/jobs/{}/cancel", now.id);
            let mut answer = client::act::<_, JobView>(path.clone(), now.version, &()).await;
            // It was begun meanwhile: the wish is the same.
            if matches!(&answer, Err(failure) if failure.is(ProblemCode::Stale))
                && let Ok(now) = client::get::<JobView>(format!("/jobs/{}", now.id)).await
            {
                answer = client::act::<_, JobView>(path, now.version, &()).await;
            }
            match answer {
                Ok(_) => toast::say(text!("round_job.cancelled")),
                Err(failure) => toast::say(failure_sentence(&failure)),
            }
            cancelling.try_set(false);
        });
    };
    let body = move || {
        let now = job.get()?;
        let view = match now.state {
            JobState::Queued | JobState::Running => {
                let share = model::share(now.done, now.of);
                let can_cancel = now.can_cancel;
                view! {
                    <div class="card stack">
                        <Progress label=tf!("round_job.", now.state.code()) share=share/>
                        {can_cancel.then(|| view! { <div class="row"><Button label=t!("round_job.cancel") look=Look::Secondary icon=Icon::Close busy=cancelling on_press=cancel/></div> })}
                    </div>
                }
                .into_any()
            }
            JobState::Failed => view! { <Notice tone=Tone::Danger><p>{t!("round_job.failed")}</p></Notice> }.into_any(),
            JobState::Cancelled => view! { <Notice><p>{t!("round_job.was_cancelled")}</p></Notice> }.into_any(),
            JobState::Done => return None,
        };
        Some(view)
    };
    view! { <div role="status">{live(body)}</div> }.into_any()
}
