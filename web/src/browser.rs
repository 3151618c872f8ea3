//! The few things that are asked of the browser itself: preferences, the document, one fetch, one timer.
//!
//! Each answers with nothing instead of failing, because storage can be closed, a header can be missing and a test has no browser at all.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The window, where there is one.
pub fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// The document, where there is one.
pub fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// A preference of this reader on this device (language, theme, shortcuts); never a secret.
pub fn preference(name: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(name).ok()?
}

/// Remembers a preference.
pub fn remember_preference(name: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        // A full or closed storage loses a preference, nothing else.
        storage.set_item(name, value).ok();
    }
}

/// What this tab keeps until it is closed: drafts of forms.
pub fn kept(name: &str) -> Option<String> {
    window()?.session_storage().ok()??.get_item(name).ok()?
}

/// Keeps a text in this tab; says whether that worked, because a reader is told that the draft is saved.
pub fn keep(name: &str, value: &str) -> bool {
    match window().map(|window| window.session_storage()) {
        Some(Ok(Some(storage))) => storage.set_item(name, value).is_ok(),
        _ => false,
    }
}

/// Forgets what this tab kept.
pub fn forget(name: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.session_storage()) {
        storage.remove_item(name).ok();
    }
}

/// The languages that the reader's browser asks for, best first.
pub fn languages() -> Vec<String> {
    window()
        .map(|window| {
            window
                .navigator()
                .languages()
                .iter()
                .filter_map(|tag| tag.as_string())
                .collect()
        })
        .unwrap_or_default()
}

/// The content of `<meta name="…">`.
pub fn meta(name: &str) -> Option<String> {
    document()?
        .query_selector(&format!("meta[name=\"{name}\"]"))
        .ok()??
        .get_attribute("content")
}

/// Sets an attribute of `<html>`.
pub fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        root.set_attribute(name, value).ok();
    }
}

/// Whether the window has room for two columns.
pub fn is_wide() -> bool {
    window()
        .and_then(|window| window.match_media("(min-width: 60rem)").ok().flatten())
        .is_none_or(|query| query.matches())
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        window.location().reload().ok();
    }
}

/// A property of a JavaScript object, where it has one.
pub fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    if !object.is_object() {
        return None;
    }
    js_sys::Reflect::get(object, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined())
}

/// A static JSON file of our own, parsed by the browser.
pub async fn fetch_json(address: &str) -> Option<JsValue> {
    let response = JsFuture::from(window()?.fetch_with_str(address)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.json().ok()?).await.ok()
}

/// Whether somebody looks at the page: it is in front, and not behind another tab.
pub fn is_looked_at() -> bool {
    document().is_some_and(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}

/// A moment's rest.
pub async fn rest(milliseconds: u32) {
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
}

/// Milliseconds since 1970, by the reader's clock.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Puts the focus on an element by its id, without surprise when it is not there.
pub fn focus(id: &str) {
    has_focused(id);
}

/// Puts the focus on an element by its id; says whether it was there.
pub fn has_focused(id: &str) -> bool {
    let found = document().and_then(|document| document.get_element_by_id(id));
    let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    element.focus().is_ok()
}

/// Puts the focus on an element by its id once the view of this turn is drawn.
pub fn focus_soon(id: impl Into<String>) {
    let id: String = id.into();
    wasm_bindgen_futures::spawn_local(async move {
        rest(0).await;
        focus(&id);
    });
}

/// Whether a key belongs to somebody who writes, or to an open dialog: then it is no shortcut.
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
                || element.closest("dialog[open]").ok().flatten().is_some()
        })
}

/// A random identifier, for `Idempotency-Key`.
pub fn random_id() -> String {
    window()
        .and_then(|window| window.crypto().ok())
        .map(|crypto| crypto.random_uuid())
        .unwrap_or_default()
}

/// The text of a form control that an event came from.
pub fn event_text(event: &web_sys::Event) -> String {
    let Some(target) = event.target() else {
        return String::new();
    };
    js_sys::Reflect::get(&target, &JsValue::from_str("value"))
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// Whether the box that an event came from is ticked.
pub fn event_checked(event: &web_sys::Event) -> bool {
    let Some(target) = event.target() else { return false };
    js_sys::Reflect::get(&target, &JsValue::from_str("checked"))
        .ok()
        .and_then(|value| value.as_bool())
        .unwrap_or(false)
}

/// Hands a table to the reader as a CSV file.
///
/// # Errors
/// Where the browser makes no file.
pub fn hand_over(name: &str, sheet: String) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&js_sys::JsString::from(sheet));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("text/csv;charset=utf-8");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link = document().ok_or(JsValue::NULL)?.create_element("a")?;
    link.set_attribute("href", &address)?;
    link.set_attribute("download", name)?;
    link.dyn_into::<web_sys::HtmlElement>()?.click();
    web_sys::Url::revoke_object_url(&address)
}
