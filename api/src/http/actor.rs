//! Who calls: the session's cookie or a bearer token, the CSRF header, `If-Match` and `Idempotency-Key`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, IF_MATCH};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{DateTime, Utc};
use shared::problem::ProblemCode;

use super::answer::VARIANT_MARK;
use super::edge::{RequestId, language_of};
use super::operations::{self, Asked, Proof};
use crate::accounts::tokens::Verified;
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
pub(super) const KEY_MAX: usize = 200;

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request))
    }
}

/// A caller before it has told who it is: for signing in and for tokens, where an old proof must be no hindrance.
#[derive(Debug, Clone)]
pub struct Visitor(pub Caller);

impl FromRequest for Visitor {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(platform(request).and_then(|platform| {
            let now = platform.clock.now();
            Ok(Self(caller_as(request, Actor::Public, now)?))
        }))
    }
}

/// A [`Visitor`] who does not come from a page of somebody else: signing in and refreshing change cookies before there is
/// a CSRF token that could prove it. Browsers tell by `Sec-Fetch-Site`, older ones by `Origin`; what sends neither is no
/// browser, and has no cookies that a foreign page could use.
#[derive(Debug, Clone)]
pub struct OwnPage(pub Caller);

impl FromRequest for OwnPage {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if is_foreign(request.headers()) {
            return ready(Err(Error::DeniedWith(ProblemCode::CsrfInvalid)));
        }
        let visitor = Visitor::from_request(request, payload).into_inner();
        ready(visitor.map(|visitor| Self(visitor.0)))
    }
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text("host").unwrap_or_default();
            origin.split_once("://").is_none_or(|(_, authority)| authority != host)
        }
        (None, None) => false,
    }
}

/// What the access token of this request says; known once the [`Caller`] has been read.
#[must_use]
pub fn verified(request: &HttpRequest) -> Option<Verified> {
    request.extensions().get::<Verified>().cloned()
}

/// Refuses, before anything else of the request is read, a method that the path does not know, and who has not told who it
/// is where the operation is for accounts and programs only: a stranger learns neither what a body must look like nor what
/// there is.
pub(super) fn require_known(request: &HttpRequest) -> Result<(), Error> {
    let proof = match operations::asked(request.method().as_str(), request.match_info().as_str()) {
        Asked::Nothing => return Ok(()),
        Asked::OtherMethods(allowed) => return Err(Error::MethodNotAllowed(allowed)),
        Asked::Operation(proof) => proof,
    };
    let refreshes = || request.cookie(REFRESH_COOKIE).is_some();
    let accesses = || -> Result<bool, Error> {
        let platform = platform(request)?;
        Ok(!actor(request, platform, platform.clock.now())?.is_public())
    };
    let known = match proof {
        Proof::None => true,
        Proof::Access => accesses()?,
        Proof::AccessOrRefresh => accesses()? || refreshes(),
        Proof::Refresh => refreshes(),
    };
    if known {
        Ok(())
    } else {
        Err(Error::Unauthenticated(ProblemCode::Unauthenticated))
    }
}

fn platform(request: &HttpRequest) -> Result<&Platform, Error> {
    request
        .app_data::<web::Data<Platform>>()
        .map(|platform| platform.as_ref())
        .ok_or_else(|| Error::internal(anyhow::anyhow!("no platform")))
}

fn caller(request: &HttpRequest) -> Result<Caller, Error> {
    let platform = platform(request)?;
    let now = platform.clock.now();
    caller_as(request, actor(request, platform, now)?, now)
}

fn caller_as(request: &HttpRequest, actor: Actor, now: DateTime<Utc>) -> Result<Caller, Error> {
    Ok(Caller {
        actor,
        request_id: request.extensions().get::<RequestId>().map(|id| id.0),
        language: language_of(request.headers()),
        now,
        if_match: if_match(request)?,
        idempotency_key: idempotency_key(request)?,
        target: format!("{} {}", request.method(), request.path()),
    })
}

fn actor(request: &HttpRequest, platform: &Platform, now: DateTime<Utc>) -> Result<Actor, Error> {
    if let Some(verified) = verified(request) {
        return Ok(verified.actor);
    }
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let token = header.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let token = token.ok_or(Error::Unauthenticated(ProblemCode::Unauthenticated))?;
        let verified = platform.tokens.verify(token, now)?;
        let actor = verified.actor.clone();
        request.extensions_mut().insert(verified);
        return Ok(actor);
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
    let actor = verified.actor.clone();
    request.extensions_mut().insert(verified);
    Ok(actor)
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
    let mut versions = Vec::new();
    for tag in text.split(',').map(str::trim) {
        let (weak, tag) = match tag.strip_prefix("W/") {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let inner = inner
            .filter(|inner| inner.bytes().all(is_tag_byte))
            .ok_or_else(|| header_invalid("If-Match"))?;
        // A weak tag never matches (RFC 9110, 13.1.1), a foreign one neither.
        let (version, _) = inner.split_once(VARIANT_MARK).unwrap_or((inner, ""));
        versions.extend(version.parse::<i64>().ok().filter(|_| !weak));
    }
    Ok(Some(IfMatch::Versions(versions)))
}

/// What stands between the quotes of a tag, and in a key: visible, and no quote.
const fn is_tag_byte(byte: u8) -> bool {
    byte == b'!' || (b'#' <= byte && byte <= b'~')
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Error> {
    let Some(key) = header(request, "Idempotency-Key")? else {
        return Ok(None);
    };
    // As a structured field (RFC 9651) it is quoted.
    let key = key
        .strip_prefix('"')
        .and_then(|key| key.strip_suffix('"'))
        .unwrap_or(key);
    if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(is_tag_byte) {
        return Err(header_invalid("Idempotency-Key"));
    }
    Ok(Some(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_page_of_somebody_else_is_foreign() {
        let foreign = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            is_foreign(&headers)
        };
        let host = ("host", "passerelle.example");
        assert!(!foreign(&[host]));
        assert!(!foreign(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(foreign(&[host, ("sec-fetch-site", "same-site")]));
        assert!(foreign(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!foreign(&[host, ("origin", "https://passerelle.example")]));
        assert!(foreign(&[host, ("origin", "https://evil.example")]));
        assert!(foreign(&[host, ("origin", "null")]));
    }
}
