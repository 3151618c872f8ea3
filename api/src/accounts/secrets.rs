//! Random secrets, of which only the SHA-256 is kept: they have too much chance in them to be guessed, so that a slow
//! hash would add nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use shared::ids::SessionId;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::error::Error;

/// 32 random bytes, as text for headers and cookies.
///
/// # Errors
/// Internal, where there is no randomness.
pub fn random() -> Result<String, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(anyhow::anyhow!("no randomness: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a secret.
#[must_use]
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Whether two hashes are the same, in a time that does not tell where they differ.
#[must_use]
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// A new refresh token. It names its session, so that any token of the family is known when it comes back, also one
/// that has been replaced long ago.
///
/// # Errors
/// Internal, where there is no randomness.
pub fn refresh_token(session: SessionId) -> Result<String, Error> {
    Ok(format!("{}.{}", session.0.simple(), random()?))
}

/// The session that a refresh token names.
#[must_use]
pub fn session_of(refresh_token: &str) -> Option<SessionId> {
    let (session, _) = refresh_token.split_once('.')?;
    Uuid::try_parse(session).ok().map(SessionId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_names_its_session() {
        let session = SessionId(Uuid::from_u128(7));
        let token = refresh_token(session).unwrap();
        assert_eq!(session_of(&token), Some(session));
        assert_ne!(token, refresh_token(session).unwrap());
        assert_eq!(session_of("nothing"), None);
        assert_eq!(session_of("nothing.at all"), None);
    }
}
