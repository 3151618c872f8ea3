//! Domain errors as RFC 9457 problems.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use shared::language::Language;
use shared::problem::{FieldError, Problem, ProblemCode};

use crate::error::Error;

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What an error says, waiting in the response for the [`super::edge`], which knows the language and the path.
#[derive(Debug, Clone)]
pub(super) struct Told {
    code: ProblemCode,
    detail: Option<String>,
    errors: Vec<FieldError>,
}

impl Told {
    /// The body in `language` for the request to `path`.
    pub(super) fn body(self, language: Language, path: &str, request_id: &str) -> Problem {
        Problem {
            kind: format!("/problems/{}", self.code.code()),
            title: self.code.title(language).to_owned(),
            status: self.code.status(),
            detail: self.detail,
            instance: Some(path.to_owned()),
            code: self.code,
            request_id: Some(request_id.to_owned()),
            errors: self.errors,
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Internal(source) = self {
            tracing::error!(error = ?source, "internal error");
        }
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, MEDIA_TYPE));
        if let Some((name, value)) = header_of(self) {
            response.insert_header((name, value));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(told(self));
        response
    }
}

fn told(error: &Error) -> Told {
    let (detail, errors) = match error {
        Error::Denied(reason) => (Some((*reason).to_owned()), Vec::new()),
        Error::Conflict { errors, .. } | Error::Invalid(errors) => (None, errors.clone()),
        Error::Unreadable { detail, errors, .. } => (Some(detail.clone()), errors.clone()),
        Error::Stale(current) => (Some(format!("the current version is {current}")), Vec::new()),
        Error::MethodNotAllowed(allow) => (Some(format!("allowed here: {allow}")), Vec::new()),
        _ => (None, Vec::new()),
    };
    Told {
        code: error.code(),
        detail,
        errors,
    }
}

fn header_of(error: &Error) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = match error {
        Error::Unauthenticated(_) => (WWW_AUTHENTICATE, "Bearer realm=\"passerelle\"".to_owned()),
        Error::Stale(current) => (ETAG, super::answer::etag(*current)),
        Error::RateLimited(seconds) => (RETRY_AFTER, seconds.to_string()),
        Error::Busy => (RETRY_AFTER, "1".to_owned()),
        Error::MethodNotAllowed(allow) => (ALLOW, allow.clone()),
        _ => return None,
    };
    Some((name, HeaderValue::from_str(&value).ok()?))
}
