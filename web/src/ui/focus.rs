//! The focus is never lost to who works with keys. A control can vanish by its own act (a message is sent, and its button becomes a link; a row is removed): the browser
//! then puts the focus nowhere, and the next Tab begins at the top of the page.
//!
//! [`keep`] watches for a moment after each Enter or Space. Where the focus went nowhere, it goes to what stands nearest to where it was; where a page or a dialog
//! puts the focus itself, that stays.

use crate::{address, browser};
use leptos::ev;
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// How often it is looked, and how long one waits before each look, in milliseconds: answers of the server come later than the press.
const LOOKS: u32 = 16;
const PAUSE: u32 = 150;
/// What can have the focus, among what stands inside something.
const FOCUSABLE: &str = "a[href],button,input,select,textarea,summary,[tabindex]";

/// An element with what it stands in, the innermost first.
type Whereabouts = Vec<Element>;

thread_local! {
    /// Where the last press was outside of a dialog: there one comes back to when a dialog is closed.
    static OUTSIDE: RefCell<Whereabouts> = const { RefCell::new(Vec::new()) };
    static TURN: RefCell<u32> = const { RefCell::new(0) };
}

/// Watches from now on; once, in the app's frame.
pub fn keep() {
    // While the event is on its way down: the focus is still where the key was pressed.
    window_event_listener(ev::keydown, |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            watch();
        }
    });
}

fn watch() {
    let Some(here) = focused() else { return };
    let mut places = chain(here);
    match places.iter().position(|element| element.tag_name() == "DIALOG") {
        // A dialog may close by it: what is around the dialog's element is not where one came from.
        Some(at) => {
            places.truncate(at + 1);
            places.extend(OUTSIDE.with_borrow(Clone::clone));
        }
        None => OUTSIDE.set(places.clone()),
    }
    let mine = TURN.with_borrow_mut(|turn| {
        *turn = turn.wrapping_add(1);
        *turn
    });
    let path = address::path_now();
    spawn_local(async move {
        for _ in 0..LOOKS {
            browser::rest(PAUSE).await;
            if TURN.with_borrow(|turn| *turn) != mine || address::path_now() != path {
                return;
            }
            if focused().is_none() {
                give_back(&places);
            }
        }
    });
}

/// What has the focus; nothing where the whole page has it.
fn focused() -> Option<Element> {
    let element = browser::document()?.active_element()?;
    (element.tag_name() != "BODY").then_some(element)
}

fn chain(element: Element) -> Whereabouts {
    std::iter::successors(Some(element), |element| element.parent_element()).collect()
}

/// Puts the focus on the nearest that is left: the element itself, or else what comes first in the innermost thing around it; the page's heading where
/// that would be the whole page.
fn give_back(places: &[Element]) {
    for place in places {
        if matches!(place.tag_name().as_str(), "MAIN" | "BODY" | "HTML") {
            break;
        }
        if !place.is_connected() {
            continue;
        }
        let inside = place.query_selector(FOCUSABLE).ok().flatten();
        for candidate in [Some(place.clone()), inside].into_iter().flatten() {
            if let Some(candidate) = candidate.dyn_ref::<HtmlElement>() {
                candidate.focus().ok();
            }
            if focused().is_some() {
                return;
            }
        }
    }
    browser::focus("page-title");
}
