//! The search for doubles: asked for, watched and cancelled; who comes later sees the one that goes on.

use crate::ui::prelude::*;
use crate::{browser, client, t, text, tf};
use leptos::prelude::*;
use shared::doubles::DoubleSearchView;
use shared::jobs::{JobState, JobView};
use shared::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;

/// How often its progress is looked at, in milliseconds.
const LOOK_EVERY: u32 = 700;

/// The search as the page knows it.
#[derive(Clone, Copy)]
pub(super) struct Search {
    /// The last one, as long as it goes on, or where it did not end well.
    job: State<Option<JobView>>,
    /// Whether one is asked for, or goes on.
    pub busy: State<bool>,
    cancelling: State<bool>,
    /// Hears that there may be new proposals.
    done: Callback<()>,
}

impl Search {
    /// Looks for one that goes on already.
    pub(super) fn new(done: Callback<()>) -> Search {
        let search = Search {
            job: State::new(None),
            busy: State::new(false),
            cancelling: State::new(false),
            done,
        };
        spawn_local(async move {
            let last = client::get::<DoubleSearchView>("/doubles/search").await.ok();
            if let Some(now) = last.and_then(|of| of.last).filter(|job| job.state.is_open()) {
                search.watch(now).await;
            }
        });
        search
    }

    /// Asks for a search.
    pub(super) fn ask(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            match client::post::<_, JobView>("/doubles/search", &()).await {
                Ok(now) => self.watch(now).await,
                Err(failure) => {
                    toast::say(failure_sentence(&failure));
                    self.busy.try_set(false);
                }
            }
        });
    }

    /// Follows a search to its end, or until the page is left.
    async fn watch(self, mut now: JobView) {
        let path = format!("/jobs/{}", now.id);
        self.busy.try_set(true);
        loop {
            if !self.job.try_set(Some(now.clone())) {
                return;
            }
            if !now.state.is_open() {
                break;
            }
            browser::rest(LOOK_EVERY).await;
            match client::get::<JobView>(&path).await {
                Ok(later) => now = later,
                // The next look tells, unless it is not ours to see.
                Err(failure) if failure.status != 0 && failure.status < 500 => break,
                Err(_) => {}
            }
        }
        self.busy.try_set(false);
        if now.state == JobState::Done {
            let added = now.report.map_or(0, |report| report.added);
            toast::say(text!("doubles.searched", count = added));
            self.done.try_run(());
        }
    }

    fn cancel(self) {
        let Some(now) = self.job.get_untracked() else { return };
        if self.cancelling.get_untracked() {
            return;
        }
        self.cancelling.set(true);
        spawn_local(async move {
            let path = format!("/jobs/{}/cancel", now.id);
            let mut answer = client::act::<_, JobView>(path.clone(), now.version, &()).await;
            // It was begun meanwhile: the wish is the same.
            if matches!(&answer, Err(failure) if failure.is(ProblemCode::Stale))
                && let Ok(now) = client::get::<JobView>(format!("/jobs/{}", now.id)).await
            {
                answer = client::act::<_, JobView>(path, now.version, &()).await;
            }
            if let Err(failure) = answer {
                toast::say(failure_sentence(&failure));
            }
            self.cancelling.try_set(false);
        });
    }

    /// Its progress, or how it ended where that was not well.
    pub(super) fn view(self) -> AnyView {
        let body = move || {
            let now = self.job.get()?;
            let view = match now.state {
                JobState::Queued | JobState::Running => {
                    let share = (now.of > 0).then(|| now.done as f64 / now.of as f64);
                    let can_cancel = now.can_cancel;
                    view! {
                        <div class="card stack">
                            <Progress label=tf!("doubles_job.", now.state.code()) share=share/>
                            {can_cancel.then(|| view! {
                                <div class="row">
                                    <Button label=t!("doubles.cancel_search") look=Look::Secondary icon=Icon::Close busy=self.cancelling on_press=move |()| self.cancel()/>
                                </div>
                            })}
                        </div>
                    }
                    .into_any()
                }
                JobState::Failed => {
                    view! { <Notice tone=Tone::Danger><p>{tf!("doubles_job.", now.state.code())}</p></Notice> }
                        .into_any()
                }
                JobState::Cancelled => {
                    view! { <Notice><p>{tf!("doubles_job.", now.state.code())}</p></Notice> }.into_any()
                }
                JobState::Done => return None,
            };
            Some(view)
        };
        view! { <div role="status">{live(body)}</div> }.into_any()
    }
}
