//! The outermost layer: request id, trace context, log line, limits, common headers, and problems in the caller's
//! language.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, ResponseError, web};
use shared::language::Language;
use uuid::Uuid;

use super::problem::{MEDIA_TYPE, Told};
use super::{Door, actor, limits};
use crate::error::Error;

/// The version of the API that is told with every answer.
pub const API_VERSION: &str = "1.0.0";
/// The web app's policy: own scripts and styles only, WebAssembly allowed, no inline anything.
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The API documentation's own: its reader writes styles into the page and draws from blobs.
const CSP_DOCS: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                        worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The request's id, for the journal and for support.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

/// The language of an `Accept-Language` header: the best of fr, en, uk by its weights, else French.
#[must_use]
pub fn language_of(headers: &HeaderMap) -> Language {
    let Some(header) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return Language::default();
    };
    let mut best = (0_u32, Language::default());
    for item in header.split(',') {
        let mut parts = item.split(';');
        let Some(language) = parts.next().and_then(|tag| Language::from_tag(tag.trim())) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok())
            .map_or(1_000, |weight| (weight.clamp(0.0, 1.0) * 1_000.0) as u32);
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

/// The layer itself.
///
/// # Errors
/// None of its own: what fails inside becomes a problem.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let request_id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(request_id));
    let language = language_of(request.headers());
    let traceparent = request.headers().get("traceparent").cloned();
    let method = request.method().clone();

    let limit = request.app_data::<web::Data<Door>>().map(|door| {
        let address = door.limits.address_of(request.peer_addr(), request.headers());
        door.limits.take(address)
    });
    let mut response = match limit {
        Some(limits::Taken { wait_s: Some(wait), .. }) => refused(request, &Error::RateLimited(wait)),
        _ => match actor::require_known(request.request()) {
            Ok(()) => next.call(request).await?.map_into_boxed_body(),
            Err(error) => refused(request, &error),
        },
    };

    let told = response.response_mut().extensions_mut().remove::<Told>();
    if let Some(told) = told {
        let problem = told.body(language, response.request().path(), &request_id.to_string());
        let body = serde_json::to_string(&problem).unwrap_or_default();
        response = response.map_body(|_, _| BoxBody::new(body));
    } else if response.response().error().is_some()
        && !response.status().is_redirection()
        && content_type(&response) != Some(MEDIA_TYPE)
    {
        // What the framework refuses on its own is a problem too; the way to another address is none.
        let error = Error::Unreadable {
            code: shared::problem::ProblemCode::Malformed,
            detail: response.response().error().map(ToString::to_string).unwrap_or_default(),
            errors: Vec::new(),
        };
        let (request, _) = response.into_parts();
        let mut answer = error.error_response();
        let told = answer.extensions_mut().remove::<Told>();
        if let Some(told) = told {
            let problem = told.body(language, request.path(), &request_id.to_string());
            answer = answer.set_body(BoxBody::new(serde_json::to_string(&problem).unwrap_or_default()));
        }
        response = ServiceResponse::new(request, answer);
    }

    let status = response.status();
    let path = Area::of(response.request().path());
    common_headers(response.headers_mut(), path, language, request_id);
    if let Some(traceparent) = traceparent {
        response
            .headers_mut()
            .insert(HeaderName::from_static("traceparent"), traceparent);
    }
    if let Some(taken) = limit {
        taken.tell(response.headers_mut());
    }
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let path = response.request().path();
    tracing::debug!(%method, path, status = status.as_u16(), elapsed_us, %request_id, "request");
    Ok(response)
}

fn refused(request: ServiceRequest, error: &Error) -> ServiceResponse<BoxBody> {
    let response = error.error_response();
    request.into_response(response)
}

fn content_type<B>(response: &ServiceResponse<B>) -> Option<&str> {
    response.headers().get(CONTENT_TYPE)?.to_str().ok()
}

/// Which part of the server answers: their common headers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Api,
    Docs,
    WebApp,
}

impl Area {
    fn of(path: &str) -> Self {
        if path.starts_with("/api/") || path.starts_with("/oauth/") {
            Self::Api
        } else if path.starts_with("/docs") {
            Self::Docs
        } else {
            Self::WebApp
        }
    }
}

const API_VERSION_HEADER: HeaderName = HeaderName::from_static("api-version");
const OPENER_POLICY_HEADER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

fn common_headers(headers: &mut HeaderMap, area: Area, language: Language, request_id: Uuid) {
    // One growth of the map instead of several.
    headers.reserve(12);
    headers.insert(API_VERSION_HEADER, HeaderValue::from_static(API_VERSION));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(OPENER_POLICY_HEADER, HeaderValue::from_static("same-origin"));
    let policy = if area == Area::Docs { CSP_DOCS } else { CSP };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    let mut digits = Uuid::encode_buffer();
    if let Ok(value) = HeaderValue::from_str(request_id.hyphenated().encode_lower(&mut digits)) {
        headers.insert(REQUEST_ID_HEADER, value);
    }
    if area == Area::Api {
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.append(VARY, HeaderValue::from_static("Accept-Language, Cookie, Authorization"));
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("de, en;q=0.4, uk-UA;q=0.9"));
        assert_eq!(language_of(&headers), Language::Uk);
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("de"));
        assert_eq!(language_of(&headers), Language::Fr);
    }
}
