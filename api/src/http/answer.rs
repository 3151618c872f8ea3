//! What goes out: JSON with a strong `ETag` of the version, conditional reads, caching.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, LINK, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::format::{self, Format, Formatted};
use crate::db::Answer;
use crate::error::Error;

/// How long anybody may keep a public read.
const PUBLIC_CACHE: &str = "public, max-age=60";
/// What of a public read may be kept, but not shown without asking again.
pub const ASKED_AGAIN: &str = "public, no-cache";
const PRIVATE_CACHE: &str = "private, no-store";
const JSON: &str = "application/json";

/// A thing with a version, which its `ETag` tells.
pub trait Versioned {
    /// The version.
    fn version(&self) -> i64;

    /// What stands in the `ETag` behind the version, where the thing tells something that changes without it.
    fn variant(&self) -> Option<String> {
        None
    }

    /// The strong `ETag`: another one for each representation. Of it, `If-Match` asks for the version only: that is all
    /// that a change could undo.
    fn etag(&self) -> String {
        match self.variant() {
            None => etag(self.version()),
            Some(variant) => format!("\"{}{VARIANT_MARK}{variant}\"", self.version()),
        }
    }
}

/// A variant made of all that a thing says, for what tells more than its version counts.
#[must_use]
pub fn variant_of(thing: &impl Serialize) -> Option<String> {
    let json = serde_json::to_vec(thing).ok()?;
    Some(format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&json)))
}

/// Stands between the version and the variant in an `ETag`.
pub(super) const VARIANT_MARK: char = '-';

/// The strong `ETag` of a version.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// Whether the caller has what this `ETag` stands for.
#[must_use]
pub fn is_known(request: &HttpRequest, etag: &str) -> bool {
    request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .map(str::trim)
                .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
        })
}

/// Lets nobody show what they keep of a public read without asking whether it still stands: for what may be taken back at
/// any moment.
#[must_use]
pub fn asked_again(mut response: HttpResponse) -> HttpResponse {
    let headers = response.headers_mut();
    if headers.get(CACHE_CONTROL).is_some_and(|cache| cache == PUBLIC_CACHE) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(ASKED_AGAIN));
    }
    response
}

/// Answers a read; `public` where everybody gets the same.
///
/// # Errors
/// Internal, where the value cannot be written as JSON.
pub fn read<T: Serialize + Versioned>(request: &HttpRequest, value: &T, public: bool) -> Result<HttpResponse, Error> {
    let etag = value.etag();
    if is_known(request, &etag) {
        return Ok(not_modified(&etag, public));
    }
    Ok(ready_json(serde_json::to_vec(value)?, &etag, public))
}

/// Answers a read with JSON that is ready, or 304 where the caller has it.
#[must_use]
pub fn read_ready(request: &HttpRequest, json: actix_web::web::Bytes, etag: &str, public: bool) -> HttpResponse {
    if is_known(request, etag) {
        not_modified(etag, public)
    } else {
        ready_json(json, etag, public)
    }
}

fn not_modified(etag: &str, public: bool) -> HttpResponse {
    HttpResponse::NotModified()
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, if public { PUBLIC_CACHE } else { PRIVATE_CACHE }))
        .finish()
}

fn ready_json(json: impl actix_web::body::MessageBody + 'static, etag: &str, public: bool) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, JSON))
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, if public { PUBLIC_CACHE } else { PRIVATE_CACHE }))
        .body(json)
}

/// Answers a list or another thing without a version: its `ETag` is made of what it says.
///
/// # Errors
/// Internal, where the value cannot be written as JSON.
pub fn list<T: Serialize>(
    request: &HttpRequest,
    value: &T,
    next: Option<&str>,
    public: bool,
) -> Result<HttpResponse, Error> {
    Ok(written(request, serde_json::to_vec(value)?, next, public))
}

/// Answers a list with JSON that is ready, or 304 where the caller has it.
#[must_use]
pub fn list_ready(request: &HttpRequest, json: actix_web::web::Bytes, public: bool) -> HttpResponse {
    let etag = content_etag(&json);
    read_ready(request, json, &etag, public)
}

/// Answers with a calendar (RFC 5545) that everybody gets alike, or 304 where the caller has it.
#[must_use]
pub fn calendar(request: &HttpRequest, calendar: String) -> HttpResponse {
    let mut response = written(request, calendar.into_bytes(), None, true);
    let headers = response.headers_mut();
    if headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    }
    response
}

/// The strong `ETag` of what has no version: made of what it says.
fn content_etag(body: &[u8]) -> String {
    format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(body))
}

/// Answers a list in the format that the caller likes best of those that it is written in.
///
/// # Errors
/// `NotAcceptable`, where the caller wants none of them; internal, where it cannot be written.
pub fn list_as<T: Formatted>(
    request: &HttpRequest,
    value: &T,
    next: Option<&str>,
    public: bool,
) -> Result<HttpResponse, Error> {
    let format = format::negotiate(request.headers(), T::FORMATS)?;
    let mut response = written(request, value.write(format)?, next, public);
    vary_by_accept(&mut response);
    let headers = response.headers_mut();
    if format != Format::Json && headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    }
    Ok(response)
}

/// Tells caches that another `Accept` gets another answer.
pub fn vary_by_accept(response: &mut HttpResponse) {
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept"));
}

fn written(request: &HttpRequest, body: Vec<u8>, next: Option<&str>, public: bool) -> HttpResponse {
    let etag = content_etag(&body);
    if is_known(request, &etag) {
        return not_modified(&etag, public);
    }
    let mut response = ready_json(body, &etag, public);
    if let Some(link) = next.and_then(|cursor| next_link(request, cursor)) {
        response.headers_mut().insert(LINK, link);
    }
    response
}

fn next_link(request: &HttpRequest, cursor: &str) -> Option<actix_web::http::header::HeaderValue> {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(
            url::form_urlencoded::parse(request.query_string().as_bytes()).filter(|(name, _)| name != "cursor"),
        )
        .append_pair("cursor", cursor)
        .finish();
    format!("<{}?{query}>; rel=\"next\"", request.path()).parse().ok()
}

/// Answers a change: the thing as it now is.
///
/// # Errors
/// Internal, where the value cannot be written as JSON.
pub fn changed<T: Serialize + Versioned>(value: &T) -> Result<HttpResponse, Error> {
    Ok(ready_json(serde_json::to_vec(value)?, &value.etag(), false))
}

/// Answers a change that is made once for each idempotency key.
///
/// # Errors
/// Internal, where the value cannot be written as JSON.
pub fn changed_once<T: Serialize + Versioned>(answer: &Answer<T>) -> Result<HttpResponse, Error> {
    let mut response = changed(&answer.value)?;
    tell_replay(&mut response, answer.replayed);
    Ok(response)
}

/// Answers work on several things that is done once for each idempotency key: it tells what was done, and has no version.
///
/// # Errors
/// Internal, where the value cannot be written as JSON.
pub fn done_once<T: Serialize>(answer: &Answer<T>) -> Result<HttpResponse, Error> {
    let mut response = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, JSON))
        .insert_header((CACHE_CONTROL, PRIVATE_CACHE))
        .body(serde_json::to_vec(&answer.value)?);
    tell_replay(&mut response, answer.replayed);
    Ok(response)
}

/// Answers the making of a thing that can now be read at `location`.
///
/// # Errors
/// Internal, where the value cannot be written as JSON.
pub fn created<T: Serialize + Versioned>(answer: &Answer<T>, location: &str) -> Result<HttpResponse, Error> {
    let mut response = changed_once(answer)?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Answers what is begun now and ends later: 202, and where its progress is read.
///
/// # Errors
/// Internal, where the value cannot be written as JSON.
pub fn accepted<T: Serialize + Versioned>(answer: &Answer<T>, location: &str) -> Result<HttpResponse, Error> {
    let mut response = created(answer, location)?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

fn tell_replay(response: &mut HttpResponse, replayed: bool) {
    if replayed {
        response.headers_mut().insert(
            actix_web::http::header::HeaderName::from_static("idempotency-replayed"),
            actix_web::http::header::HeaderValue::from_static("true"),
        );
    }
}
