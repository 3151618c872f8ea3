//! Who calls, and with which conditions: what the door hands to a use case.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::language::Language;
use uuid::Uuid;

use crate::error::Error;
use crate::policy::Actor;

/// A caller of a use case.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is.
    pub actor: Actor,
    /// The request, for the journal and for support.
    pub request_id: Option<Uuid>,
    /// The language of its answers.
    pub language: Language,
    /// When the request arrived.
    pub now: DateTime<Utc>,
    /// The versions that it wants to change (`If-Match`): none, any, or these.
    pub if_match: Option<IfMatch>,
    /// Its key for repeated requests, with what tells requests apart.
    pub idempotency_key: Option<String>,
    /// Method and path: a key serves one request.
    pub target: String,
}

/// The condition of `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// Whatever is there (`*`).
    Any,
    /// One of these versions; tags that are not ours match nothing.
    Versions(Vec<i64>),
}

impl Caller {
    /// The platform itself, for work that nobody asked for by a request.
    #[must_use]
    pub fn system(now: DateTime<Utc>) -> Self {
        Self {
            actor: Actor::System,
            request_id: None,
            language: Language::default(),
            now,
            if_match: None,
            idempotency_key: None,
            target: String::new(),
        }
    }

    /// Requires that the caller knows the current version.
    ///
    /// # Errors
    /// `PreconditionRequired` without `If-Match`, `Stale` where it names another version.
    pub fn expect_version(&self, current: i64) -> Result<(), Error> {
        match &self.if_match {
            None => Err(Error::PreconditionRequired),
            Some(IfMatch::Any) => Ok(()),
            Some(IfMatch::Versions(versions)) if versions.contains(&current) => Ok(()),
            Some(IfMatch::Versions(_)) => Err(Error::Stale(current)),
        }
    }

    /// What tells this request apart from another one under the same key: its target and its body.
    ///
    /// # Errors
    /// Internal, where the body cannot be written as JSON.
    pub fn fingerprint(&self, body: &impl Serialize) -> Result<Vec<u8>, Error> {
        let mut hash = Sha256::new();
        hash.update(self.target.as_bytes());
        hash.update([0]);
        hash.update(serde_json::to_vec(body)?);
        Ok(hash.finalize().to_vec())
    }
}
