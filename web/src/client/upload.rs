//! Sends a document as it is, and tells how far it is: `fetch` cannot tell that, so that the older `XMLHttpRequest` does it.

use super::{Answer, BASE, Failure, OFFLINE, UNREADABLE};
use crate::{browser, i18n, json, session};
use js_sys::Promise;
use serde::de::DeserializeOwned;
use shared::problem::Problem;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

/// Posts a document; `tell` hears how far it is, from 0 to 1.
pub async fn upload<T: DeserializeOwned>(path: &str, document: &Blob, tell: impl Fn(f64) + 'static) -> Answer<T> {
    let key = browser::random_id();
    let tell = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.total() > 0.0 {
            tell(event.loaded() / event.total());
        }
    });
    let first = once(path, document, &key, &tell).await?;
    let (status, text) = if first.0 == 401 && session::may_refresh() && session::refresh().await {
        once(path, document, &key, &tell).await?
    } else {
        first
    };
    if (200..300).contains(&status) {
        return json::parse(&text).ok_or_else(|| Failure::own(UNREADABLE, status));
    }
    Err(match json::parse::<Problem>(&text) {
        Some(problem) => problem.into(),
        None if status == 0 || status >= 502 => Failure::own(OFFLINE, status),
        None => Failure::own(UNREADABLE, status),
    })
}

/// The status and the text of the answer; 0 where none came.
async fn once(
    path: &str,
    document: &Blob,
    key: &str,
    tell: &Closure<dyn FnMut(ProgressEvent)>,
) -> Answer<(u16, String)> {
    let failed = |_: JsValue| Failure::unreached();
    let request = XmlHttpRequest::new().map_err(failed)?;
    request
        .open_with_async("POST", &format!("{BASE}{path}"), true)
        .map_err(failed)?;
    let header = |name: &str, value: &str| {
        // Refused only for characters that none of these values has.
        request.set_request_header(name, value).ok();
    };
    header("Accept", "application/json, application/problem+json");
    header("Accept-Language", i18n::language_now().tag());
    header("Content-Type", "application/octet-stream");
    header("Idempotency-Key", key);
    if let Some(token) = session::csrf_token() {
        header("X-CSRF-Token", &token);
    }
    request
        .upload()
        .map_err(failed)?
        .set_onprogress(Some(tell.as_ref().unchecked_ref()));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(Some(document)).map_err(failed)?;
    JsFuture::from(ended).await.map_err(failed)?;
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    Ok((status, text))
}
