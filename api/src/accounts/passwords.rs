//! Passwords: Argon2id, as many at a time as there are cores, so that signing in cannot starve everything else.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::Error;

/// Longest wait for a turn: who waits longer is told that the service is busy.
const WAIT_MAX: Duration = Duration::from_secs(10);

static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));

/// A turn to hash one password.
#[derive(Debug)]
pub struct Turn {
    _permit: SemaphorePermit<'static>,
}

/// Waits for a turn.
///
/// # Errors
/// `Busy` where too many others wait.
pub async fn turn() -> Result<Turn, Error> {
    match tokio::time::timeout(WAIT_MAX, TURNS.acquire()).await {
        Ok(Ok(permit)) => Ok(Turn { _permit: permit }),
        _ => Err(Error::Busy),
    }
}

/// The hash of a password with a new salt, as a PHC string.
///
/// # Errors
/// Internal, where there is no randomness.
pub async fn hash(turn: Turn, password: String) -> Result<String, Error> {
    in_background(turn, move || hash_now(&password)).await?
}

/// Whether a password is the one of `hash`; without a hash it is not, after the same work.
///
/// # Errors
/// Internal, where the hash cannot be read.
pub async fn verify(turn: Turn, password: String, hash: Option<String>) -> Result<bool, Error> {
    in_background(turn, move || {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => decoy()?.to_owned(),
        };
        // A hash that is none (of an account without a password) costs the work of the decoy, too.
        let fits = match PasswordHash::new(&hash) {
            Ok(hash) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
            Err(_) => {
                hash_now(&password)?;
                false
            }
        };
        Ok(known && fits)
    })
    .await?
}

async fn in_background<T: Send + 'static>(turn: Turn, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(move || {
        let result = work();
        drop(turn);
        result
    })
    .await
    .map_err(Error::internal)
}

fn hash_now(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| Error::internal(anyhow::anyhow!("hashing a password: {error}")))
}

/// The hash of a password that nobody has.
fn decoy() -> Result<&'static str, Error> {
    static DECOY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password").ok());
    DECOY
        .as_deref()
        .ok_or_else(|| Error::internal(anyhow::anyhow!("no decoy hash")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash(turn().await.unwrap(), "correct horse battery".to_owned())
            .await
            .unwrap();
        assert!(hash.starts_with("$argon2id$"));
        for (password, hash, fits) in [
            ("correct horse battery", Some(hash.clone()), true),
            ("correct horse batterx", Some(hash.clone()), false),
            ("nobody has this password", None, false),
            ("anything", Some("!".to_owned()), false),
        ] {
            let turn = turn().await.unwrap();
            assert_eq!(
                verify(turn, password.to_owned(), hash).await.unwrap(),
                fits,
                "{password}"
            );
        }
    }
}
