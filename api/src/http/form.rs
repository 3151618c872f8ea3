//! A form-encoded body, as OAuth 2 sends it: unknown fields are ignored (RFC 6749, section 3.2), the same field twice is
//! refused.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use shared::problem::ProblemCode;

use super::valid;
use crate::error::Error;

/// The body of a form.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = valid::body(request, payload, "application/x-www-form-urlencoded");
        Box::pin(async move {
            let bytes = body.await?;
            if bytes.contains(&0) || bytes.windows(3).any(|three| three == b"%00") {
                return Err(malformed("NUL characters are not read here"));
            }
            serde_urlencoded::from_bytes(&bytes)
                .map(Self)
                .map_err(|error| malformed(&error.to_string()))
        })
    }
}

fn malformed(detail: &str) -> Error {
    Error::Unreadable {
        code: ProblemCode::Malformed,
        detail: detail.to_owned(),
        errors: Vec::new(),
    }
}
