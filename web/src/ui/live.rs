//! Views and values that follow signals, compiled once for all closures instead of once for each.
//!
//! Leptos makes a type of its own out of every closure in a view, and compiles all that it does with closures for each of them: with some four hundred of them that was a fifth
//! of the module. What passes through here is boxed first; the price, one pointer, is paid at run time, where nobody sees it.
//!
//! | in a view | use |
//! |---|---|
//! | a part that changes | `{live(move \|\| …)}` |
//! | an attribute that changes | `hidden=by(move \|\| …)` |
//! | what an event does | `on:click=on(move \|_\| …)` |
//! | what sending a form does | `on:submit=submit(form.busy, send)` |
//! | an item for each | `{items.into_iter().map(\|item\| view! { … }).collect_any()}` |
//! | the same, where items come and go and must keep their elements | `{each(move \|\| items.get(), \|item\| item.id, \|item\| view! { … })}` |
//!
//! [`effect`] does the same for acts, [`super::state`] for values.

use crate::ui::state::State;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A part of a view that is made anew whenever a signal that it reads changes.
pub fn live<V: IntoAny>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    let view: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || view().into_any());
    view.into_any()
}

/// The value of an attribute that changes.
pub fn by<T: 'static>(value: impl FnMut() -> T + Send + 'static) -> Box<dyn FnMut() -> T + Send> {
    Box::new(value)
}

/// What an event does.
pub fn on<E: 'static>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// What a form does when it is sent, unless it is being sent already; the browser does not load another page.
pub fn submit(busy: State<bool>, mut send: impl FnMut() + 'static) -> Box<dyn FnMut(SubmitEvent)> {
    Box::new(move |event| {
        event.prevent_default();
        if !busy.get_untracked() {
            send();
        }
    })
}

/// Several views beside each other.
pub trait CollectAny {
    /// All of them as one view.
    fn collect_any(self) -> AnyView;
}

impl<I: Iterator<Item = V>, V: IntoAny> CollectAny for I {
    fn collect_any(self) -> AnyView {
        let mut views: Vec<AnyView> = Vec::new();
        for view in self {
            views.push(view.into_any());
        }
        views.into_any()
    }
}

/// An item of a list: what tells it from the others, and what makes its view.
#[derive(Clone)]
struct Item {
    key: u64,
    view: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

/// A list whose items keep their elements, with focus and half-written text, when others come, go or change places.
pub fn each<T, K, V>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> K + Send + Sync + 'static,
    view: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    K: Hash,
    V: IntoAny,
{
    let view = Arc::new(view);
    keyed(Box::new(move || {
        let mut made = Vec::new();
        for item in items() {
            let mut hasher = DefaultHasher::new();
            key(&item).hash(&mut hasher);
            let view = Arc::clone(&view);
            made.push(Item {
                key: hasher.finish(),
                view: Arc::new(move || view(item.clone()).into_any()),
            });
        }
        made
    }))
}

fn keyed(items: Box<dyn Fn() -> Vec<Item> + Send + Sync>) -> AnyView {
    view! { <For each=items key=|item| item.key children=|item| (item.view)()/> }.into_any()
}

/// Does something now, and again whenever a signal that it reads changes.
pub fn effect(act: impl FnMut() + 'static) {
    boxed_effect(Box::new(act));
}

fn boxed_effect(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}
