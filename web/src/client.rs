//! Talks to the API, and is the only place that does.
//!
//! One function per verb, typed by what is sent and what is answered:
//!
//! | function | for | sends |
//! |---|---|---|
//! | [`get`] | reads | `Accept-Language` |
//! | [`post`] | makes something, or moves state where the resource has no version in the reader's hands | + CSRF token, `Idempotency-Key` |
//! | [`act`] | a state action on a version: submit, accept, decline | + `If-Match` |
//! | [`patch`], [`put`] | changes a version | CSRF token, `If-Match` |
//! | [`delete`] | deletes a version | CSRF token, `If-Match` |
//! | [`upload`] | sends a document, telling its progress | CSRF token, `Idempotency-Key` |
//!
//! A body of `&()` is no body at all. Paths are below `/api/v1`: `get::<CityPage>("/cities?limit=5")`. Whatever goes wrong, no network included, is a [`Failure`] with a code for which the
//! interface has a sentence. A 401 on a signed-in session is answered once by a silent refresh and the request repeated, with the same idempotency key.

mod upload;

pub use upload::upload;

use crate::{browser, i18n, json, session};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::accounts::SessionView;
use shared::problem::{FieldError, Problem, ProblemCode};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit};

/// Where the API lives, on our own origin.
pub const BASE: &str = "/api/v1";

/// The code of a request that got no answer.
pub const OFFLINE: &str = "offline";
/// The code of an answer that is not in the API's language.
pub const UNREADABLE: &str = "unreadable";

/// What went wrong with a request: the API's problem, or the network's.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The stable code; the sentence is the text `problem.<code>`.
    pub code: String,
    /// The HTTP status; 0 where there was no answer.
    pub status: u16,
    /// The server's own sentence.
    pub title: Box<str>,
    /// What is particular to this case.
    pub detail: Option<String>,
    /// The request, for support.
    pub request_id: Option<Box<str>>,
    /// The fields that are wrong.
    pub errors: Vec<FieldError>,
}

impl Failure {
    fn own(code: &str, status: u16) -> Failure {
        Failure {
            code: code.to_owned(),
            status,
            title: Box::default(),
            detail: None,
            request_id: None,
            errors: Vec::new(),
        }
    }

    /// A field that is known to be wrong before anything is sent: it has no form on the wire.
    pub fn of_field(error: FieldError) -> Failure {
        Failure {
            errors: vec![error],
            ..Failure::own(ProblemCode::Invalid.code(), 422)
        }
    }

    /// What was written does not have a form that can be sent yet.
    pub fn unsaved() -> Failure {
        Failure::own(ProblemCode::Incomplete.code(), 0)
    }

    /// More than is taken, known before anything is sent.
    pub fn too_large() -> Failure {
        Failure::own(ProblemCode::TooLarge.code(), 413)
    }

    /// Nothing of ours answers.
    pub fn unreached() -> Failure {
        Failure::own(OFFLINE, 0)
    }

    /// Whether it is this problem.
    pub fn is(&self, code: ProblemCode) -> bool {
        self.code == code.code()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure {
            code: problem.code.code().to_owned(),
            status: problem.status,
            title: problem.title.into(),
            detail: problem.detail,
            request_id: problem.request_id.map(Into::into),
            errors: problem.errors,
        }
    }
}

/// What a request answers.
pub type Answer<T> = Result<T, Failure>;

/// A request before it is sent. Nothing in it depends on a type, so that the code that sends it exists once.
struct Call {
    method: &'static str,
    path: String,
    body: Option<String>,
    version: Option<i64>,
    key: Option<String>,
}

impl Call {
    fn new(method: &'static str, path: &str) -> Call {
        Call {
            method,
            path: path.to_owned(),
            body: None,
            version: None,
            key: None,
        }
    }

    fn body<B: Serialize>(mut self, body: &B) -> Call {
        // Our own types always have a JSON form; should one not, the server says what it misses.
        self.body = serde_json::to_string(body).ok().filter(|text| text != "null");
        self
    }

    fn version(mut self, version: i64) -> Call {
        self.version = Some(version);
        self
    }

    fn once(mut self) -> Call {
        self.key = Some(browser::random_id());
        self
    }
}

/// Reads.
pub async fn get<T: DeserializeOwned>(path: impl AsRef<str>) -> Answer<T> {
    read(send(Call::new("GET", path.as_ref())).await?)
}

/// Makes something, or acts on what has no version in the reader's hands.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: impl AsRef<str>, body: &B) -> Answer<T> {
    read(send(Call::new("POST", path.as_ref()).body(body).once()).await?)
}

/// Acts on a version.
pub async fn act<B: Serialize, T: DeserializeOwned>(path: impl AsRef<str>, version: i64, body: &B) -> Answer<T> {
    read(send(Call::new("POST", path.as_ref()).body(body).version(version).once()).await?)
}

/// Changes parts of a version.
pub async fn patch<B: Serialize, T: DeserializeOwned>(path: impl AsRef<str>, version: i64, body: &B) -> Answer<T> {
    read(send(Call::new("PATCH", path.as_ref()).body(body).version(version)).await?)
}

/// Replaces a version.
pub async fn put<B: Serialize, T: DeserializeOwned>(path: impl AsRef<str>, version: i64, body: &B) -> Answer<T> {
    read(send(Call::new("PUT", path.as_ref()).body(body).version(version)).await?)
}

/// Replaces what has no version.
pub async fn replace<B: Serialize, T: DeserializeOwned>(path: impl AsRef<str>, body: &B) -> Answer<T> {
    read(send(Call::new("PUT", path.as_ref()).body(body)).await?)
}

/// Deletes a version; what comes back is nothing.
pub async fn delete(path: impl AsRef<str>, version: i64) -> Answer<()> {
    send(Call::new("DELETE", path.as_ref()).version(version))
        .await
        .map(drop)
}

/// Ends something that has no version: the session.
pub async fn end(path: impl AsRef<str>) -> Answer<()> {
    send(Call::new("DELETE", path.as_ref())).await.map(drop)
}

/// Warms the browser's cache with a public read that is likely next. Somebody who is signed in reads past it.
pub fn prefetch(path: &str) {
    if !session::is_signed_out() {
        return;
    }
    let call = Call::new("GET", path);
    wasm_bindgen_futures::spawn_local(async move {
        // A failed guess costs nothing: the real request will tell.
        once(&call).await.ok();
    });
}

/// A new access token for the session; not repeated, whatever is answered.
pub(crate) async fn refresh() -> Answer<SessionView> {
    read(once(&Call::new("POST", "/session/refresh")).await?)
}

fn read<T: DeserializeOwned>(answer: JsValue) -> Answer<T> {
    json::read(answer).ok_or_else(|| Failure::own(UNREADABLE, 200))
}

async fn send(call: Call) -> Answer<JsValue> {
    let first = once(&call).await;
    match &first {
        Err(failure) if failure.status == 401 && session::may_refresh() && !call.path.starts_with("/session") => {
            if session::refresh().await {
                once(&call).await
            } else {
                first
            }
        }
        _ => first,
    }
}

async fn once(call: &Call) -> Answer<JsValue> {
    let options = RequestInit::new();
    options.set_method(call.method);
    // What a visitor read may be kept by the browser, and does not tell what one may do: whoever is, or may be, signed in reads past it. (That answers
    // vary by cookie is not enough: browsers do not keep them apart by it.)
    if !session::is_signed_out() {
        options.set_cache(web_sys::RequestCache::NoStore);
    }
    if let Some(body) = &call.body {
        options.set_body(&JsValue::from_str(body));
    }
    let request =
        Request::new_with_str_and_init(&format!("{BASE}{}", call.path), &options).map_err(|_| Failure::unreached())?;
    let header = |name: &str, value: &str| {
        // Refused only for characters that none of these values has.
        request.headers().set(name, value).ok();
    };
    header("Accept", "application/json, application/problem+json");
    header("Accept-Language", i18n::language_now().tag());
    if call.method != "GET"
        && let Some(token) = session::csrf_token()
    {
        header("X-CSRF-Token", &token);
    }
    if let Some(version) = call.version {
        header("If-Match", &format!("\"{version}\""));
    }
    if let Some(key) = &call.key {
        header("Idempotency-Key", key);
    }
    if call.body.is_some() {
        header("Content-Type", "application/json");
    }
    let window = browser::window().ok_or_else(Failure::unreached)?;
    let response = JsFuture::from(window.fetch_with_request(&request))
        .await
        .map_err(|_| Failure::unreached())?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| Failure::own(UNREADABLE, 0))?;
    let status = response.status();
    // An answer without content (204) is null, which reads as unit.
    let answer = match response.json() {
        Ok(answer) => JsFuture::from(answer).await.unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    };
    if response.ok() {
        return Ok(answer);
    }
    match json::read::<Problem>(answer) {
        Some(problem) => Err(problem.into()),
        None => Err(Failure::own(if status >= 502 { OFFLINE } else { UNREADABLE }, status)),
    }
}
