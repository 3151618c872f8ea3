//! A list that grows: the first items of an answer, then more by its cursor, and from the start when the question changes.

use crate::client::{self, Answer, Failure};
use crate::ui::live::effect;
use crate::ui::state::{Kept, State};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use shared::page::Page;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Part of a list.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// Its items.
    pub items: Vec<T>,
    /// The cursor of the next part.
    pub next: Option<String>,
    /// How many there are in all, where told.
    pub total: Option<u64>,
}

/// Part of a list, as the API gives it at a path.
pub async fn slice<P: Page + DeserializeOwned + 'static>(path: String) -> Answer<Slice<P::Item>> {
    let (items, next, total) = client::get::<P>(path).await?.into_parts();
    Ok(Slice { items, next, total })
}

type Fetched<T> = Pin<Box<dyn Future<Output = Answer<Slice<T>>>>>;
type Fetch<T> = Arc<dyn Fn(Option<String>) -> Fetched<T>>;

/// The list. Cheap to copy; lives as long as the page that made it.
pub struct Growing<T: Send + Sync + 'static> {
    /// What has been fetched so far; nothing before the first answer.
    pub items: State<Option<Vec<T>>>,
    /// The cursor of the next part.
    pub next: State<Option<String>>,
    /// How many there are in all.
    pub total: State<Option<u64>>,
    /// Whether a part is being fetched.
    pub busy: State<bool>,
    /// Why the last fetch failed.
    pub failure: State<Option<Failure>>,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
    turn: Kept<u32>,
    again: State<u32>,
}

impl<T: Send + Sync + 'static> Clone for Growing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Growing<T> {}

/// Fetches a list, and again from its start when what `fetch` reads changes. `fetch` gets the cursor, or nothing for the start.
pub fn grow<T, F, P>(fetch: F) -> Growing<T>
where
    T: Send + Sync + 'static,
    F: Fn(Option<String>) -> P + 'static,
    P: Future<Output = Answer<Slice<T>>> + 'static,
{
    let fetch: Fetch<T> = Arc::new(move |cursor| Box::pin(fetch(cursor)));
    let growing = Growing {
        items: State::new(None),
        next: State::new(None),
        total: State::new(None),
        busy: State::new(true),
        failure: State::new(None),
        fetch: StoredValue::new_local(fetch),
        turn: Kept::new(0),
        again: State::new(0),
    };
    effect(move || {
        growing.again.track();
        growing.ask(None);
    });
    growing
}

impl<T: Send + Sync + 'static> Growing<T> {
    /// Fetches the next part.
    pub fn more(self) {
        if let Some(cursor) = self.next.get_untracked().filter(|_| !self.busy.get_untracked()) {
            self.ask(Some(cursor));
        }
    }

    /// Fetches the list again from its start.
    pub fn reload(self) {
        self.again.try_update(|count| *count = count.wrapping_add(1));
    }

    /// Changes what has been fetched: after an action on one of the items, for instance.
    pub fn update(self, change: impl FnOnce(&mut Vec<T>)) {
        self.items.try_update(|items| items.as_mut().map(change));
    }

    fn ask(self, cursor: Option<String>) {
        let from_start = cursor.is_none();
        let Some(answer) = self.fetch.try_with_value(|fetch| fetch(cursor)) else {
            return;
        };
        let Some(mine) = self.turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        }) else {
            return;
        };
        self.busy.set(true);
        spawn_local(async move {
            let answer = answer.await;
            if self.turn.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(slice) => {
                    self.items.try_update(|items| match items {
                        Some(items) if !from_start => items.extend(slice.items),
                        _ => *items = Some(slice.items),
                    });
                    self.next.try_set(slice.next);
                    if from_start || slice.total.is_some() {
                        self.total.try_set(slice.total);
                    }
                    self.failure.try_set(None);
                }
                Err(failure) => {
                    if from_start {
                        self.items.try_set(None);
                    }
                    self.failure.try_set(Some(failure));
                }
            }
            self.busy.try_set(false);
        });
    }
}
