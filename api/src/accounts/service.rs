//! Signing in and out, sessions and programs.

use crate::accounts::store;
use crate::accounts::tokens::Tokens;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Error;

/// Loads the signing keys; makes the first one where there is none.
///
/// # Errors
/// Those of the database.
pub async fn load_tokens(db: &Db, clock: &Clock) -> Result<Tokens, Error> {
    if store::signing_keys(db).await?.is_empty() {
        let mut secret = vec![0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::internal(anyhow::anyhow!("no randomness: {error}")))?;
        let caller = Caller::system(clock.now());
        db.write(&caller, async |tx| {
            store::insert_signing_key(tx, secret, caller.now).await
        })
        .await?;
    }
    // Read again: another process may have made its own at the same time, and both have to be known.
    Ok(Tokens::new(store::signing_keys(db).await?))
}
