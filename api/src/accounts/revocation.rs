//! What no longer holds, in every process at once: a session that was ended or a program that was revoked is read from
//! the database when the journal tells of its account, so that access tokens signed before stop working everywhere.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use shared::audit::Resource;
use shared::ids::{AccountId, ApiClientId};

use super::tokens::{ACCESS_LIFE, Tokens};
use super::{clients, store};
use crate::clock::Clock;
use crate::db::{Change, Db, Follower};
use crate::error::Error;

/// Keeps [`Tokens`] told of what was revoked.
#[derive(Debug)]
pub struct Revocations {
    tokens: Arc<Tokens>,
    clock: Clock,
}

impl Revocations {
    /// Reads what was revoked while tokens of it may still be about.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn load(db: &Db, tokens: Arc<Tokens>, clock: Clock) -> Result<Self, Error> {
        let revocations = Self { tokens, clock };
        revocations.take_sessions(db, None).await?;
        revocations.take_clients(db, None).await?;
        Ok(revocations)
    }

    async fn take_sessions(&self, db: &Db, accounts: Option<&[AccountId]>) -> Result<(), Error> {
        let since = self.clock.now() - ACCESS_LIFE;
        for (session, at) in store::revoked_sessions(db, accounts, since).await? {
            self.tokens.revoke(session, at);
        }
        Ok(())
    }

    async fn take_clients(&self, db: &Db, ids: Option<&[ApiClientId]>) -> Result<(), Error> {
        let since = self.clock.now() - ACCESS_LIFE;
        for (client, at) in clients::store::revoked(db, ids, since).await? {
            self.tokens.revoke_client(client, at);
        }
        Ok(())
    }
}

impl Follower for Revocations {
    fn follow<'a>(
        &'a self,
        db: &'a Db,
        changes: &'a [Change],
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
        Box::pin(async move {
            let of = |resource: Resource| {
                changes
                    .iter()
                    .filter(move |change| change.resource == resource)
                    .map(|change| change.id)
            };
            let accounts: Vec<AccountId> = of(Resource::Account).map(AccountId).collect();
            if !accounts.is_empty() {
                self.take_sessions(db, Some(&accounts)).await?;
            }
            let clients: Vec<ApiClientId> = of(Resource::ApiClient).map(ApiClientId).collect();
            if !clients.is_empty() {
                self.take_clients(db, Some(&clients)).await?;
            }
            Ok(())
        })
    }
}
