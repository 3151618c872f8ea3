//! Fetched things: waiting, there, or failed, and nothing else.
//!
//! [`load`] runs a fetch now and again whenever a signal that it reads changes; an answer that comes after a newer question, or after the page
//! is gone, is dropped. [`Loaded`] shows a skeleton, the failure with a way to try again, or the view of the value; while a newer
//! answer is fetched the old one stays in view. Start all fetches of a page at its top: they then run at the same time.
//!
//! ```ignore
//! let city = load(move || client::get::<CityView>(format!("/cities/{}", id.get())));
//! view! { <Loaded of=city view=move |city| view! { <p>{city.name}</p> }.into_any()/> }
//! ```

use super::feedback::{ProblemView, Skeleton};
use crate::client::Failure;
use leptos::prelude::*;
use std::future::Future;
use wasm_bindgen_futures::spawn_local;

/// Where a fetched thing stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Load<T> {
    /// Not there yet.
    Waiting,
    /// There.
    Ready(T),
    /// It cannot be had.
    Failed(Failure),
}

/// A thing being fetched. Cheap to copy; lives as long as the page that made it.
pub struct Loading<T: Send + Sync + 'static> {
    state: RwSignal<Load<T>>,
    again: RwSignal<u32>,
    busy: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loading<T> {}

impl<T: Clone + Send + Sync + 'static> Loading<T> {
    /// The thing, where it is there; tracked.
    pub fn ready(self) -> Option<T> {
        self.state.with(|state| match state {
            Load::Ready(value) => Some(value.clone()),
            _ => None,
        })
    }

    /// As [`Self::ready`], not tracked, for event handlers.
    pub fn ready_now(self) -> Option<T> {
        self.state.with_untracked(|state| match state {
            Load::Ready(value) => Some(value.clone()),
            _ => None,
        })
    }

    /// Its state; tracked.
    pub fn get(self) -> Load<T> {
        self.state.get()
    }

    /// Whether a fetch is under way; tracked.
    pub fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Fetches it again.
    pub fn reload(self) {
        self.again.try_update(|count| *count = count.wrapping_add(1));
    }

    /// Puts a newer one in its place: what a PATCH or an action answered, for instance.
    pub fn set(self, value: T) {
        self.state.try_set(Load::Ready(value));
    }
}

/// Fetches a thing, and again when what `fetch` reads changes.
pub fn load<T, F, P>(fetch: F) -> Loading<T>
where
    T: Send + Sync + 'static,
    F: Fn() -> P + 'static,
    P: Future<Output = Result<T, Failure>> + 'static,
{
    let loading = Loading {
        state: RwSignal::new(Load::Waiting),
        again: RwSignal::new(0),
        busy: RwSignal::new(true),
    };
    let turn = StoredValue::new(0u32);
    Effect::new(move |_| {
        loading.again.track();
        let answer = fetch();
        let Some(mine) = turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        }) else {
            return;
        };
        loading.busy.try_set(true);
        spawn_local(async move {
            let answer = answer.await;
            if turn.try_get_value() == Some(mine) {
                loading.state.try_set(match answer {
                    Ok(value) => Load::Ready(value),
                    Err(failure) => Load::Failed(failure),
                });
                loading.busy.try_set(false);
            }
        });
    });
    loading
}

/// Shows a fetched thing in whichever state it is.
#[component]
pub fn Loaded<T>(
    /// The thing.
    of: Loading<T>,
    /// Its view once it is there.
    #[prop(into)]
    view: Callback<T, AnyView>,
    /// Lines of the skeleton.
    #[prop(default = 6)]
    lines: u8,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    move || match of.state.get() {
        Load::Waiting => view! { <Skeleton lines=lines/> }.into_any(),
        Load::Failed(failure) => view! { <ProblemView failure=failure retry=move |()| of.reload()/> }.into_any(),
        Load::Ready(value) => view.run(value),
    }
}
