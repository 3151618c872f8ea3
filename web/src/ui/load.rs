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
use crate::ui::live::effect;
use crate::ui::state::{Kept, State};
use leptos::prelude::*;
use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
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

/// A value of any type, so that signals, effects and views are compiled once for all fetched things and not once for each.
type Thing = Arc<dyn Any + Send + Sync>;

/// A thing being fetched. Cheap to copy; lives as long as the page that made it.
pub struct Loading<T> {
    state: State<Load<Thing>>,
    again: State<u32>,
    busy: State<bool>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loading<T> {}

fn own<T: Clone + Send + Sync + 'static>(thing: &Thing) -> Option<T> {
    thing.downcast_ref::<T>().cloned()
}

impl<T: Clone + Send + Sync + 'static> Loading<T> {
    /// The thing, where it is there; tracked.
    pub fn ready(self) -> Option<T> {
        thing(self.state.get()).and_then(|thing| own(&thing))
    }

    /// As [`Self::ready`], not tracked, for event handlers.
    pub fn ready_now(self) -> Option<T> {
        thing(self.state.get_untracked()).and_then(|thing| own(&thing))
    }

    /// Its state; tracked.
    pub fn get(self) -> Load<T> {
        match self.state.get() {
            Load::Ready(thing) => own(&thing).map_or(Load::Waiting, Load::Ready),
            Load::Failed(failure) => Load::Failed(failure),
            Load::Waiting => Load::Waiting,
        }
    }

    /// Whether a fetch is under way; tracked.
    pub fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Fetches it again.
    pub fn reload(self) {
        bump(self.again);
    }

    /// Puts a newer one in its place: what a PATCH or an action answered, for instance.
    pub fn set(self, value: T) {
        put(self.state, Arc::new(value));
    }
}

fn thing(state: Load<Thing>) -> Option<Thing> {
    match state {
        Load::Ready(thing) => Some(thing),
        _ => None,
    }
}

fn bump(signal: State<u32>) {
    signal.try_update(|count| *count = count.wrapping_add(1));
}

fn put(state: State<Load<Thing>>, thing: Thing) {
    state.try_set(Load::Ready(thing));
}

type Fetching = Pin<Box<dyn Future<Output = Result<Thing, Failure>>>>;

/// Fetches a thing, and again when what `fetch` reads changes.
pub fn load<T, F, P>(fetch: F) -> Loading<T>
where
    T: Send + Sync + 'static,
    F: Fn() -> P + 'static,
    P: Future<Output = Result<T, Failure>> + 'static,
{
    let (state, again, busy) = begin(Box::new(move || {
        let answer = fetch();
        Box::pin(async move { answer.await.map(|value| Arc::new(value) as Thing) })
    }));
    Loading {
        state,
        again,
        busy,
        of: PhantomData,
    }
}

fn begin(fetch: Box<dyn Fn() -> Fetching>) -> (State<Load<Thing>>, State<u32>, State<bool>) {
    let (state, again, busy) = (State::new(Load::Waiting), State::new(0u32), State::new(true));
    let turn = Kept::new(0u32);
    effect(move || {
        again.track();
        let answer = fetch();
        let Some(mine) = turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        }) else {
            return;
        };
        busy.try_set(true);
        spawn_local(async move {
            let answer = answer.await;
            if turn.try_get_value() == Some(mine) {
                state.try_set(match answer {
                    Ok(thing) => Load::Ready(thing),
                    Err(failure) => Load::Failed(failure),
                });
                busy.try_set(false);
            }
        });
    });
    (state, again, busy)
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
    show(
        of.state,
        of.again,
        lines,
        Box::new(move |thing| own(thing).map(|value| view.run(value))),
    )
}

/// What shows a thing, where it is of the type that the screen asked for.
type Showing = Box<dyn Fn(&Thing) -> Option<AnyView> + Send + Sync>;

fn show(state: State<Load<Thing>>, again: State<u32>, lines: u8, view: Showing) -> AnyView {
    (move || match state.get() {
        Load::Failed(failure) => view! { <ProblemView failure=failure retry=move |()| bump(again)/> }.into_any(),
        Load::Ready(thing) => view(&thing).unwrap_or_else(|| ().into_any()),
        Load::Waiting => view! { <Skeleton lines=lines/> }.into_any(),
    })
    .into_any()
}
