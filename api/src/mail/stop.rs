//! No more mails: a mail program asks for it with one click, in the name of whoever has the mail (RFC 8058).

use serde_json::json;
use shared::accounts::Digest;
use shared::audit::Resource;

use crate::accounts::store as accounts;
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;

/// Stops the digest of the account for which a proof was made; once more does no harm.
///
/// # Errors
/// `NotFound` for what is no proof, or an account that is gone; those of the database.
pub async fn stop(platform: &Platform, proof: &str) -> Result<(), Error> {
    let id = platform.tokens.whose_mails_stop(proof)?;
    // Nobody is signed in: the proof is the permission.
    platform
        .db
        .write(&Caller::system(platform.clock.now()), async |tx| {
            let mut account = accounts::account_for_update(tx, id).await?;
            if account.digest == Digest::Off.code() {
                return Ok(());
            }
            account.digest = Digest::Off.code().to_owned();
            account.version += 1;
            accounts::update_account(tx, &account).await?;
            let details = json!({ "fields": ["digest"], "by": "mail" });
            tx.record("update", Resource::Account, id, account.version, details)
                .await
        })
        .await
}
