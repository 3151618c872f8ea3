//! Who calls: the session's cookie or a bearer token, the CSRF header, `If-Match` and `Idempotency-Key`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, IF_MATCH};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use shared::problem::ProblemCode;

use super::edge::{RequestId, language_of};
use crate::caller::{Caller, IfMatch};
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::Actor;

/// The cookie of the access token. `__Host-`: bound to this host, whole site, TLS (or loopback) only.
pub const ACCESS_COOKIE: &str = "__Host-access";
/// The cookie of the refresh token.
pub const REFRESH_COOKIE: &str = "__Host-refresh";
/// The header that proves that a request comes from our own page.
pub const CSRF_HEADER: &str = "X-CSRF-Token";
/// Longest idempotency key.
const KEY_MAX: usize = 200;

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request))
    }
}

fn caller(request: &HttpRequest) -> Result<Caller, Error> {
    let platform = request
        .app_data::<web::Data<Platform>>()
        .ok_or_else(|| Error::internal(anyhow::anyhow!("no platform")))?;
    let now = platform.clock.now();
    Ok(Caller {
        actor: actor(request, platform, now)?,
        request_id: request.extensions().get::<RequestId>().map(|id| id.0),
        language: language_of(request.headers()),
        now,
        if_match: if_match(request)?,
        idempotency_key: idempotency_key(request)?,
        target: format!("{} {}", request.method(), request.path()),
    })
}

fn actor(request: &HttpRequest, platform: &Platform, now: chrono::DateTime<chrono::Utc>) -> Result<Actor, Error> {
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let token = header.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let token = token.ok_or(Error::Unauthenticated(ProblemCode::Unauthenticated))?;
        return Ok(platform.tokens.verify(token, now)?.actor);
    }
    let Some(cookie) = request.cookie(ACCESS_COOKIE) else {
        return Ok(Actor::Public);
    };
    // A stale cookie must not keep anybody from public pages or from signing in again: where an actor is needed, the
    // policy asks for one.
    let Ok(verified) = platform.tokens.verify(cookie.value(), now) else {
        return Ok(Actor::Public);
    };
    if !request.method().is_safe() {
        let sent = request
            .headers()
            .get(CSRF_HEADER)
            .map(|value| value.as_bytes())
            .unwrap_or_default();
        let matches: bool = subtle::ConstantTimeEq::ct_eq(sent, verified.csrf.as_bytes()).into();
        if !matches {
            return Err(Error::DeniedWith(ProblemCode::CsrfInvalid));
        }
    }
    Ok(verified.actor)
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<&'a str>, Error> {
    match request.headers().get(name) {
        None => Ok(None),
        Some(value) => value.to_str().map(Some).map_err(|_| header_invalid(name)),
    }
}

fn header_invalid(name: &str) -> Error {
    Error::Unreadable {
        code: ProblemCode::HeaderInvalid,
        detail: format!("{name} cannot be read"),
        errors: Vec::new(),
    }
}

fn if_match(request: &HttpRequest) -> Result<Option<IfMatch>, Error> {
    let Some(text) = header(request, IF_MATCH.as_str())? else {
        return Ok(None);
    };
    if text.trim() == "*" {
        return Ok(Some(IfMatch::Any));
    }
    let versions = text
        .split(',')
        .map(|tag| {
            let tag = tag.trim();
            // A weak tag never matches (RFC 9110, 13.1.1), a foreign one neither.
            tag.strip_prefix('"')
                .and_then(|tag| tag.strip_suffix('"'))
                .and_then(|tag| tag.parse().ok())
        })
        .flatten()
        .collect();
    Ok(Some(IfMatch::Versions(versions)))
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Error> {
    let Some(key) = header(request, "Idempotency-Key")? else {
        return Ok(None);
    };
    let key = key.trim().trim_matches('"');
    if key.is_empty() || key.len() > KEY_MAX {
        return Err(header_invalid("Idempotency-Key"));
    }
    Ok(Some(key.to_owned()))
}
