//! What comes in: bodies and query strings, read strictly. Syntax first (400), then the media type (415), then fields
//! with their JSON pointers (422).

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use utoipa::IntoParams;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::bounds;
use crate::error::Error;

/// Largest body, in bytes.
pub const BODY_MAX: usize = 1024 * 1024;
/// Deepest nesting of a JSON body.
const DEPTH_MAX: usize = 64;
/// Longest wait for the whole body: a stalled one would wait for ever.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// A JSON body whose fields hold.
#[derive(Debug, Clone)]
pub struct Valid<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(request, payload, "application/json");
        Box::pin(async move {
            let value: T = read_json(&body.await?)?;
            value
                .validate()
                .map_err(|errors| Error::Invalid(field_errors(&errors)))?;
            Ok(Self(value))
        })
    }
}

/// The whole body of a request, which has to be of this media type.
pub(super) fn body(
    request: &HttpRequest,
    payload: &mut Payload,
    wanted: &'static str,
) -> impl Future<Output = Result<web::Bytes, Error>> + use<> {
    let media_type = media_type(request);
    let length = request
        .headers()
        .get("content-length")
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let bytes = web::Bytes::from_request(request, payload);
    async move {
        if length.is_some_and(|length| length > BODY_MAX) {
            return Err(too_large());
        }
        if media_type.as_deref() != Some(wanted) {
            return Err(Error::Unreadable {
                code: ProblemCode::UnsupportedMediaType,
                detail: format!("send {wanted}"),
                errors: Vec::new(),
            });
        }
        tokio::time::timeout(BODY_DEADLINE, bytes)
            .await
            .map_err(|_| malformed("the body did not arrive in time".to_owned(), Vec::new()))?
            .map_err(|error| {
                if error.as_response_error().status_code() == 413 {
                    too_large()
                } else {
                    malformed(error.to_string(), Vec::new())
                }
            })
    }
}

fn media_type(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

fn too_large() -> Error {
    Error::Unreadable {
        code: ProblemCode::TooLarge,
        detail: format!("at most {BODY_MAX} bytes are read here"),
        errors: Vec::new(),
    }
}

fn malformed(detail: String, errors: Vec<FieldError>) -> Error {
    Error::Unreadable {
        code: ProblemCode::Malformed,
        detail,
        errors,
    }
}

/// Reads JSON strictly: bounded depth, no NUL (PostgreSQL refuses it in text), and a JSON pointer to what is wrong.
///
/// # Errors
/// `Unreadable` for what is no JSON at all, `Invalid` for a field of the wrong type or name.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if let Some(detail) = refused(bytes) {
        return Err(malformed(detail.to_owned(), Vec::new()));
    }
    // A sequence would be read as the fields in their order: nobody is to depend on that.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Error::field(FieldError::new("", FieldCode::Format)));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        if inner.is_syntax() || inner.is_eof() || inner.is_io() {
            return malformed(inner.to_string(), Vec::new());
        }
        let sentence = inner.to_string();
        let (code, field) = field_fault(&sentence);
        let mut pointer = pointer_of(error.path());
        if let (FieldCode::Required, Some(field)) = (code, field) {
            pointer = format!("{pointer}/{}", escape_pointer(field));
        }
        Error::field(FieldError::new(pointer, code))
    })?;
    deserializer
        .end()
        .map_err(|error| malformed(error.to_string(), Vec::new()))?;
    Ok(value)
}

fn refused(bytes: &[u8]) -> Option<&'static str> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (index, &byte) in bytes.iter().enumerate() {
        if escaped {
            escaped = false;
            if byte == b'u' && bytes[index + 1..].starts_with(b"0000") {
                return Some("NUL characters are not stored");
            }
            continue;
        }
        match byte {
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return Some("the body is nested too deeply");
        }
    }
    None
}

/// What serde says of a field, as a code, with the field's name where only the sentence has it.
fn field_fault(sentence: &str) -> (FieldCode, Option<&str>) {
    let quoted = || sentence.split('`').nth(1);
    if sentence.starts_with("missing field") {
        (FieldCode::Required, quoted())
    } else if sentence.starts_with("unknown field") {
        (FieldCode::Unknown, quoted())
    } else if sentence.starts_with("unknown variant") {
        (FieldCode::Choice, None)
    } else if sentence.starts_with("duplicate field") {
        (FieldCode::Duplicate, quoted())
    } else {
        (FieldCode::Format, None)
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escape_pointer(key))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// Escapes one step of a JSON pointer (RFC 6901).
#[must_use]
pub fn escape_pointer(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

fn field_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    fn walk(errors: &ValidationErrors, prefix: &str, found: &mut Vec<FieldError>) {
        for (field, kind) in errors.errors() {
            let pointer = format!("{prefix}/{}", escape_pointer(field));
            match kind {
                ValidationErrorsKind::Struct(inner) => walk(inner, &pointer, found),
                ValidationErrorsKind::List(items) => {
                    for (index, inner) in items {
                        walk(inner, &format!("{pointer}/{index}"), found);
                    }
                }
                ValidationErrorsKind::Field(faults) => found.extend(faults.iter().map(|fault| {
                    let code = match fault.code.as_ref() {
                        "length" => FieldCode::Length,
                        "range" => FieldCode::Range,
                        "required" => FieldCode::Required,
                        other => FieldCode::ALL
                            .iter()
                            .copied()
                            .find(|code| code.code() == other)
                            .unwrap_or(FieldCode::Format),
                    };
                    fault
                        .params
                        .iter()
                        .filter(|(name, _)| *name != "value")
                        .fold(FieldError::new(pointer.clone(), code), |error, (name, value)| {
                            error.with(name, value.to_string().trim_matches('"'))
                        })
                })),
            }
        }
    }
    let mut found = Vec::new();
    walk(errors, "", &mut found);
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

/// A query string whose fields are all known and within the bounds that the document tells.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + IntoParams + 'static> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = request.query_string();
        ready(read_query(query).and_then(|value| bounds::check::<T>(query).map(|()| Self(value))))
    }
}

/// Reads a query string strictly.
///
/// # Errors
/// `Unreadable` with the parameter at fault.
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let fault = |detail: String, errors| Error::Unreadable {
        code: ProblemCode::QueryInvalid,
        detail,
        errors,
    };
    if query.contains("%00") || query.contains('\0') {
        return Err(fault("NUL characters are not searched for".to_owned(), Vec::new()));
    }
    let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded(query));
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let sentence = error.inner().to_string();
        let (code, named) = field_fault(&sentence);
        let path = error.path().to_string();
        let name = named.map_or(path, str::to_owned);
        fault(sentence, vec![FieldError::new(format!("?{name}"), code)])
    })
}

pub(super) fn form_urlencoded(query: &str) -> url::form_urlencoded::Parse<'_> {
    url::form_urlencoded::parse(query.as_bytes())
}

/// The steps of a path. One that cannot be read names nothing that exists: 404.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = web::Path::<T>::from_request(request, payload).into_inner();
        ready(path.map(|path| Self(path.into_inner())).map_err(|_| Error::NotFound))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Sample {
        name: String,
        items: Vec<u8>,
    }

    fn pointer(body: &str) -> String {
        match read_json::<Sample>(body.as_bytes()) {
            Err(Error::Invalid(errors)) => format!("{} {}", errors[0].pointer, errors[0].code.code()),
            Err(other) => other.code().code().to_owned(),
            Ok(_) => "ok".to_owned(),
        }
    }

    #[test]
    fn faults_point_to_their_field() {
        assert_eq!(pointer(r#"{"name": "a", "items": [1]}"#), "ok");
        assert_eq!(pointer(r#"{"name": "a", "items": [1, "x"]}"#), "/items/1 format");
        assert_eq!(pointer(r#"{"items": []}"#), "/name required");
        assert_eq!(pointer(r#"{"name": "a", "items": [], "x/y": 1}"#), "/x~1y unknown");
        assert_eq!(pointer(r#" ["a", [1]]"#), " format");
        assert_eq!(pointer(r#"{"name": "#), "malformed");
        assert_eq!(pointer(r#"{"name": "a\u0000", "items": []}"#), "malformed");
        assert_eq!(pointer(&"[".repeat(100)), "malformed");
    }
}
