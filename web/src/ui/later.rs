//! Views whose code comes later: a skeleton until it is there.
//!
//! What [`split!`](crate::split) marks is put into a module of its own by the build, and fetched when it is first called (see [`crate::pages`]).

use super::feedback::{ProblemView, Skeleton};
use super::live::live;
use super::state::Kept;
use crate::browser;
use crate::client::Failure;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen_futures::spawn_local;

/// The code could not be fetched.
pub struct Missing;

#[cfg(split)]
impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Missing
    }
}

/// Where a view shall stand. Who has left the page by the time the code arrives is shown nothing: the signals of the page are gone
/// by then, and must not be asked.
#[derive(Clone, Copy)]
pub struct Place(Kept<()>);

impl Place {
    /// The place at which the view is asked for.
    #[expect(clippy::new_without_default, reason = "it is where it is made, not a value")]
    pub fn new() -> Place {
        Place(Kept::new(()))
    }

    /// Whether the page is another by now.
    pub fn is_gone(self) -> bool {
        self.0.try_get_value().is_none()
    }
}

/// A view on its way.
pub type Arrival = Pin<Box<dyn Future<Output = Result<AnyView, Missing>>>>;

/// A function that makes a view out of a part's code: `split!(map, fn draw(label: Signal<String>) -> AnyView { … })` makes one that gives an [`Arrival`].
///
/// Where the app is not taken apart (`trunk serve`, the native tests), the code is there already.
#[macro_export]
macro_rules! split {
    ($part:ident, fn $name:ident($($arg:ident: $type:ty),*) -> AnyView $body:block) => {
        #[cfg(split)]
        fn $name($($arg: $type),*) -> $crate::ui::later::Arrival {
            #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
            fn $name(place: $crate::ui::later::Place, $($arg: $type),*) -> Result<AnyView, $crate::ui::later::Missing> {
                if place.is_gone() {
                    return Ok(().into_any());
                }
                Ok($body)
            }
            Box::pin($name($crate::ui::later::Place::new(), $($arg),*))
        }

        #[cfg(not(split))]
        fn $name($($arg: $type),*) -> $crate::ui::later::Arrival {
            Box::pin(async move { Ok($body) })
        }
    };
}

/// Shows a view when its code has arrived, and so many lines of a skeleton until then.
pub fn later(lines: u8, open: impl FnOnce() -> Arrival) -> AnyView {
    arriving(lines, open())
}

fn arriving(lines: u8, view: Arrival) -> AnyView {
    let arrived: RwSignal<Option<Result<AnyView, Missing>>, LocalStorage> = RwSignal::new_local(None);
    // What the view makes belongs to this place on the page, however late it is made.
    spawn_local(ScopedFuture::new_untracked(async move {
        let view = view.await;
        arrived.try_set(Some(view));
    }));
    live(move || {
        arrived.track();
        match arrived.try_update_untracked(Option::take).flatten() {
            None => view! { <Skeleton lines=lines/> }.into_any(),
            Some(Ok(view)) => view,
            // The server may have a newer app by now, whose parts have other names: only loading the page anew helps.
            Some(Err(Missing)) => {
                view! { <ProblemView failure=Failure::unreached() retry=move |()| browser::reload()/> }.into_any()
            }
        }
    })
}
