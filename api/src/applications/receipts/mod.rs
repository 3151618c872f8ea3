//! Receipts that anybody can check without us: what was handed in is hashed, and hash and time are signed by a key that we
//! publish (Ed25519). Keys are in the database, so that every API process signs with the same; the latest one signs, and
//! all are published for as long as they are there.

pub mod routes;
mod store;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use shared::applications::{Receipt, ReceiptKey, ReceiptKeySet};
use uuid::Uuid;

use super::content::canonical;
use super::store::ApplicationRecord;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Error;

/// The keys that receipts are signed with, oldest first.
#[derive(Debug)]
pub struct ReceiptKeys {
    keys: Vec<(Uuid, Ed25519KeyPair)>,
}

impl ReceiptKeys {
    /// Those of the database; the first one is made where there is none.
    ///
    /// # Errors
    /// Those of the database, and where there is no randomness.
    pub async fn load(db: &Db, clock: &Clock) -> Result<Self, Error> {
        if store::keys(db.read()).await?.is_empty() {
            let mut seed = vec![0; 32];
            getrandom::fill(&mut seed).map_err(|error| Error::internal(anyhow::anyhow!("no randomness: {error}")))?;
            let caller = Caller::system(clock.now());
            db.write(&caller, async |tx| store::insert(tx, seed).await).await?;
        }
        // Read again: another process may have made its own at the same time, and both have to be known.
        let keys = store::keys(db.read()).await?.into_iter().map(|(id, seed)| {
            let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
                .map_err(|error| Error::internal(anyhow::anyhow!("a receipt key cannot be used: {error}")))?;
            Ok((id, pair))
        });
        Ok(Self {
            keys: keys.collect::<Result<_, Error>>()?,
        })
    }

    /// The public halves, as they are published.
    #[must_use]
    pub fn published(&self) -> ReceiptKeySet {
        let keys = self.keys.iter().map(|(id, pair)| ReceiptKey {
            kid: id.to_string(),
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            alg: "EdDSA".to_owned(),
            purpose: "sig".to_owned(),
            x: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
        });
        ReceiptKeySet { keys: keys.collect() }
    }

    /// The receipt of a file that was handed in; none for another one.
    ///
    /// # Errors
    /// Internal, where there is no key.
    pub fn receipt(&self, record: &ApplicationRecord) -> Result<Option<Receipt>, Error> {
        let (Some(submitted_at), Some(sha256), Some(content)) =
            (record.received_at(), &record.receipt_sha256, &record.receipt_content)
        else {
            return Ok(None);
        };
        let statement = canonical(&json!({
            "application_id": record.id,
            "sha256": sha256,
            "submitted_at": shared::time::text(&submitted_at),
        }));
        let (id, pair) = self
            .keys
            .last()
            .ok_or_else(|| Error::internal(anyhow::anyhow!("no receipt key")))?;
        let signature = pair
            .try_sign(statement.as_bytes())
            .map_err(|error| Error::internal(anyhow::anyhow!("a receipt cannot be signed: {error}")))?;
        Ok(Some(Receipt {
            application_id: record.id,
            submitted_at,
            sha256: sha256.clone(),
            content: content.clone(),
            statement,
            signature: URL_SAFE_NO_PAD.encode(signature.as_ref()),
            key_id: id.to_string(),
        }))
    }
}
