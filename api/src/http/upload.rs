//! Documents that come in: raw bytes of any media type, piece by piece. What they are is told by their content.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use futures_util::StreamExt as _;
use shared::problem::ProblemCode;

use crate::error::Error;
use crate::files::Pieces;

/// Longest wait for the next piece: a stalled body would wait for ever.
const PIECE_DEADLINE: Duration = Duration::from_secs(30);

/// The body of a request, as it arrives.
pub struct Upload {
    payload: web::Payload,
    told_size: Option<u64>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("told_size", &self.told_size)
            .finish_non_exhaustive()
    }
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let told_size = request
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let payload = web::Payload::from_request(request, payload).into_inner();
        ready(
            payload
                .map(|payload| Self { payload, told_size })
                .map_err(|error| broken(error.to_string())),
        )
    }
}

impl Pieces for Upload {
    fn told_size(&self) -> Option<u64> {
        self.told_size
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        match tokio::time::timeout(PIECE_DEADLINE, self.payload.next()).await {
            Err(_) => Err(broken("the body did not arrive in time".to_owned())),
            Ok(None) => Ok(None),
            Ok(Some(Ok(piece))) => Ok(Some(piece)),
            Ok(Some(Err(error))) => Err(broken(error.to_string())),
        }
    }
}

fn broken(detail: String) -> Error {
    Error::Unreadable {
        code: ProblemCode::Malformed,
        detail,
        errors: Vec::new(),
    }
}
