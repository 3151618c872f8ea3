//! What a use case can fail with. It knows no HTTP: the door turns it into a problem.

use shared::problem::{FieldError, ProblemCode};

/// Refuses what has faults.
///
/// # Errors
/// `Invalid` with the faults, where there are any.
pub fn refuse(faults: Vec<FieldError>) -> Result<(), Error> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(faults))
    }
}

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is hidden from the caller.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or the sign-in is not valid; the code says which.
    #[error("not authenticated: {}", .0.code())]
    Unauthenticated(ProblemCode),
    /// The caller may not do this; the sentence explains.
    #[error("denied: {0}")]
    Denied(&'static str),
    /// The caller may not do this, with a code of its own.
    #[error("denied: {}", .0.code())]
    DeniedWith(ProblemCode),
    /// The state does not allow it.
    #[error("conflict: {}", .code.code())]
    Conflict {
        /// Which conflict.
        code: ProblemCode,
        /// What is at fault, where places can be named.
        errors: Vec<FieldError>,
    },
    /// Fields are not valid.
    #[error("invalid fields: {0:?}")]
    Invalid(Vec<FieldError>),
    /// The request could not be read; the code says where.
    #[error("unreadable request: {}: {detail}", .code.code())]
    Unreadable {
        /// Which kind of fault; its status is 400, 406, 413, 415 or, for documents, 422.
        code: ProblemCode,
        /// What is wrong, for a developer.
        detail: String,
        /// The query parameters or fields at fault.
        errors: Vec<FieldError>,
    },
    /// `If-Match` names another version than the current one.
    #[error("stale: the current version is {0}")]
    Stale(i64),
    /// `If-Match` is missing.
    #[error("precondition required")]
    PreconditionRequired,
    /// The idempotency key served another request.
    #[error("idempotency key used for another request")]
    IdempotencyMismatch,
    /// Too many requests; try again after so many seconds.
    #[error("rate limited for {0} s")]
    RateLimited(u64),
    /// The resource knows other methods; these.
    #[error("method not allowed")]
    MethodNotAllowed(String),
    /// The service cannot answer now.
    #[error("busy")]
    Busy,
    /// Our own fault.
    #[error("internal: {0}")]
    Internal(anyhow::Error),
}

impl Error {
    /// A conflict without places.
    #[must_use]
    pub const fn conflict(code: ProblemCode) -> Self {
        Self::Conflict {
            code,
            errors: Vec::new(),
        }
    }

    /// One invalid field.
    #[must_use]
    pub fn field(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }

    /// Our own fault, with what happened.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self::Internal(source.into())
    }

    /// The problem's code.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::NotFound => ProblemCode::NotFound,
            Self::Unauthenticated(code) | Self::DeniedWith(code) => *code,
            Self::Denied(_) => ProblemCode::Forbidden,
            Self::Conflict { code, .. } | Self::Unreadable { code, .. } => *code,
            Self::Invalid(_) => ProblemCode::Invalid,
            Self::Stale(_) => ProblemCode::Stale,
            Self::PreconditionRequired => ProblemCode::PreconditionRequired,
            Self::IdempotencyMismatch => ProblemCode::IdempotencyMismatch,
            Self::RateLimited(_) => ProblemCode::RateLimited,
            Self::MethodNotAllowed(_) => ProblemCode::MethodNotAllowed,
            Self::Busy => ProblemCode::Busy,
            Self::Internal(_) => ProblemCode::Internal,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
