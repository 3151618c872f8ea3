//! Values that views follow, and values that are only kept: Leptos's own, compiled once for all types instead of once for each.
//!
//! Leptos compiles some forty functions for every type that stands in a signal; with sixty types of ours that was a tenth of the module. Here the value is boxed, and its
//! type is known again when somebody looks. What may be asked of them is what may be asked of Leptos's: `get`, `with`, `set`, `update`, and the same with `try_` for
//! whoever may come after the page is gone.
//!
//! | | use |
//! |---|---|
//! | a value that views follow | [`State`] |
//! | a value that follows others | [`memo`], which makes a [`Derived`] |
//! | a value that nobody follows | [`Kept`] |

use leptos::prelude::*;
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value that follows signals and tells others only when it is another than before. Cheap to copy.
pub struct Derived<T> {
    memo: Memo<Compared>,
    of: PhantomData<fn() -> T>,
}

/// A value with what tells whether two of its kind are equal.
#[derive(Clone)]
struct Compared {
    value: Arc<dyn Any + Send + Sync>,
    is_same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for Compared {
    fn eq(&self, other: &Self) -> bool {
        (self.is_same)(&*self.value, &*other.value)
    }
}

fn is_same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    match (one.downcast_ref::<T>(), other.downcast_ref::<T>()) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// As [`Derived`] says.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Derived<T> {
    Derived {
        memo: boxed_memo(Box::new(move || Compared {
            value: Arc::new(value()),
            is_same: is_same::<T>,
        })),
        of: PhantomData,
    }
}

fn boxed_memo(value: Box<dyn Fn() -> Compared + Send + Sync>) -> Memo<Compared> {
    Memo::new(move |_| value())
}

impl<T: 'static> Derived<T> {
    /// Looks at it; tracked.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        seen(
            self.memo
                .try_get()
                .and_then(|known| known.value.downcast_ref().map(look)),
        )
    }

    /// Looks at it; not tracked.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        let known = self.memo.try_get_untracked();
        seen(known.and_then(|known| known.value.downcast_ref().map(look)))
    }

    /// A copy of it; tracked.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// A copy of it; not tracked.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// A copy of it, not tracked, where it is still there.
    pub fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        let known = self.memo.try_get_untracked()?;
        known.value.downcast_ref().cloned()
    }

    /// Follows it without looking.
    pub fn track(self) {
        self.memo.track();
    }
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

/// Both kinds go where components take a signal, and into views as text.
macro_rules! as_signal {
    ($kind:ident) => {
        impl<T: Clone + Send + Sync + 'static> From<$kind<T>> for Signal<T> {
            fn from(value: $kind<T>) -> Self {
                Signal::derive(move || value.get())
            }
        }

        impl<T: Clone + Send + Sync + 'static> From<$kind<T>> for MaybeProp<T> {
            fn from(value: $kind<T>) -> Self {
                Signal::<T>::from(value).into()
            }
        }

        impl IntoRender for $kind<String> {
            type Output = Signal<String>;

            fn into_render(self) -> Self::Output {
                self.into()
            }
        }
    };
}
as_signal!(Derived);
as_signal!(State);

/// What a signal gave. One that is gone gives nothing: whoever may come late asks by a `try_` method.
fn seen<R>(found: Option<R>) -> R {
    match found {
        Some(found) => found,
        None => panic!("a value was asked for after its page was gone"),
    }
}

type Thing = Box<dyn Any + Send + Sync>;

/// A value that views follow: Leptos's `RwSignal`, compiled once for all types. Cheap to copy; lives as long as the page that made it.
pub struct State<T> {
    signal: RwSignal<Thing>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for State<T> {}

impl<T: Send + Sync + 'static> State<T> {
    /// A new one.
    pub fn new(value: T) -> Self {
        Self {
            signal: made(Box::new(value)),
            of: PhantomData,
        }
    }

    /// Looks at it; tracked. Nothing where it is gone.
    pub fn try_with<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let (mut look, mut found) = (Some(look), None);
        read(self.signal, true, &mut |thing| found = seen_as(thing, &mut look));
        found
    }

    /// As [`Self::try_with`], not tracked.
    pub fn try_with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let (mut look, mut found) = (Some(look), None);
        read(self.signal, false, &mut |thing| found = seen_as(thing, &mut look));
        found
    }

    /// Looks at it; tracked.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        seen(self.try_with(look))
    }

    /// Looks at it; not tracked.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        seen(self.try_with_untracked(look))
    }

    /// Changes it and tells who follows it; nothing where it is gone.
    pub fn try_update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut found) = (Some(change), None);
        write(self.signal, &mut |thing| {
            found = thing
                .downcast_mut()
                .and_then(|value| change.take().map(|change| change(value)));
        });
        found
    }

    /// Changes it and tells who follows it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Puts another in its place and tells who follows it.
    pub fn set(self, value: T) {
        put(self.signal, Box::new(value));
    }

    /// Whether it was still there to be set.
    pub fn try_set(self, value: T) -> bool {
        put(self.signal, Box::new(value))
    }

    /// Follows it without looking.
    pub fn track(self) {
        self.signal.track();
    }

    /// A copy of it; tracked.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// A copy of it; not tracked.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// A copy of it, not tracked, where it is still there.
    pub fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_untracked(T::clone)
    }
}

fn seen_as<T: 'static, R>(thing: &Thing, look: &mut Option<impl FnOnce(&T) -> R>) -> Option<R> {
    thing
        .downcast_ref()
        .and_then(|value| look.take().map(|look| look(value)))
}

fn made(thing: Thing) -> RwSignal<Thing> {
    RwSignal::new(thing)
}

fn read(signal: RwSignal<Thing>, is_tracked: bool, look: &mut dyn FnMut(&Thing)) {
    if is_tracked {
        signal.try_with(|thing| look(thing));
    } else {
        signal.try_with_untracked(|thing| look(thing));
    }
}

fn write(signal: RwSignal<Thing>, change: &mut dyn FnMut(&mut Thing)) {
    signal.try_update(|thing| change(thing));
}

fn put(signal: RwSignal<Thing>, thing: Thing) -> bool {
    signal.try_set(thing).is_none()
}

/// A value that nobody follows: Leptos's `StoredValue`, compiled once for all types. Cheap to copy; lives as long as the page that made it.
pub struct Kept<T> {
    value: StoredValue<Thing>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kept<T> {}

impl<T: Send + Sync + 'static> Kept<T> {
    /// A new one.
    pub fn new(value: T) -> Self {
        Self {
            value: stored(Box::new(value)),
            of: PhantomData,
        }
    }

    /// Looks at it; nothing where it is gone.
    pub fn try_with_value<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let (mut look, mut found) = (Some(look), None);
        look_at(self.value, &mut |thing| found = seen_as(thing, &mut look));
        found
    }

    /// Looks at it.
    pub fn with_value<R>(self, look: impl FnOnce(&T) -> R) -> R {
        seen(self.try_with_value(look))
    }

    /// Changes it; nothing where it is gone.
    pub fn try_update_value<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut found) = (Some(change), None);
        alter(self.value, &mut |thing| {
            found = thing
                .downcast_mut()
                .and_then(|value| change.take().map(|change| change(value)));
        });
        found
    }

    /// Changes it.
    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// Puts another in its place.
    pub fn set_value(self, value: T) {
        self.try_update_value(|known| *known = value);
    }

    /// A copy of it, where it is still there.
    pub fn try_get_value(self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_value(T::clone)
    }

    /// A copy of it.
    pub fn get_value(self) -> T
    where
        T: Clone,
    {
        self.with_value(T::clone)
    }
}

fn stored(thing: Thing) -> StoredValue<Thing> {
    StoredValue::new(thing)
}

fn look_at(value: StoredValue<Thing>, look: &mut dyn FnMut(&Thing)) {
    value.try_with_value(|thing| look(thing));
}

fn alter(value: StoredValue<Thing>, change: &mut dyn FnMut(&mut Thing)) {
    value.try_update_value(|thing| change(thing));
}
