//! Letting programs in, and giving them tokens (RFC 6749, client credentials).

use serde_json::json;
use shared::accounts::{
    ApiClientDraft, ApiClientPage, ApiClientView, ClientScope, Grant, TokenError, TokenRequest, TokenView,
};
use shared::audit::Resource;
use shared::ids::ApiClientId;
use shared::problem::{FieldCode, FieldError};
use uuid::Uuid;

use super::store::{self, Client};
use crate::accounts::tokens::ACCESS_LIFE;
use crate::accounts::{secrets, service, store as accounts};
use crate::caller::Caller;
use crate::db::{Answer, Db, Tx};
use crate::error::Error;
use crate::http::page;
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};

/// The programs that act for a grant of the caller; for administrators all.
///
/// # Errors
/// `Unauthenticated`, `Denied` for programs, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    cursor: Option<&str>,
    limit: u32,
) -> Result<ApiClientPage, Error> {
    policy::require(&caller.actor, &Action::UseOwnAccount)?;
    let after: Option<ApiClientId> = cursor.map(page::position).transpose()?;
    let grants = (!caller.actor.is_admin()).then(|| caller.actor.grants());
    let mut items = store::list(&platform.db, grants, after, limit + 1).await?;
    let last = page::cut(&mut items, limit as usize, |client| client.id);
    Ok(ApiClientPage {
        items,
        next: last.map(|id| page::cursor(&id)).transpose()?,
        total: None,
    })
}

/// Lets a program in. Its secret is in the first answer only: it is kept nowhere, so a repeated request cannot tell it.
///
/// # Errors
/// `Denied` for a grant that the caller has not, `Invalid`, and those of the database.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    draft: ApiClientDraft,
) -> Result<Answer<ApiClientView>, Error> {
    policy::require(&caller.actor, &Action::ManageApiClient { grant: draft.grant })?;
    let name = service::normal_name(&draft.name).map_err(Error::field)?;
    let scopes = distinct(&draft.scopes)?;
    let secret = secrets::random()?;
    let account_id = match caller.actor {
        Actor::Account { id, .. } => Some(id),
        _ => None,
    };
    let mut answer = platform
        .db
        .write_once(caller, &draft, async |tx| {
            if !accounts::scope_exists(tx.conn(), draft.grant).await? {
                return Err(Error::field(FieldError::new("/grant", FieldCode::Reference)));
            }
            let client = Client {
                view: first_version(tx, name, scopes, draft.grant),
                account_id,
                secret_hash: secrets::hash(&secret),
            };
            insert(tx, client).await
        })
        .await?;
    if !answer.replayed {
        answer.value.secret = Some(secret);
    }
    Ok(answer)
}

/// Lets a program in for who runs the server, before anybody could sign in; gives its id and its secret, which is kept nowhere.
///
/// # Errors
/// Those of the database.
pub async fn let_in(
    db: &Db,
    caller: &Caller,
    name: String,
    scopes: &[ClientScope],
    grant: Grant,
) -> Result<(ApiClientId, String), Error> {
    let secret = secrets::random()?;
    let made = db.write(caller, async |tx| {
        let client = Client {
            view: first_version(tx, name, scopes.to_vec(), grant),
            account_id: None,
            secret_hash: secrets::hash(&secret),
        };
        insert(tx, client).await
    });
    Ok((made.await?.id, secret))
}

fn first_version(tx: &Tx<'_>, name: String, scopes: Vec<ClientScope>, grant: Grant) -> ApiClientView {
    ApiClientView {
        id: ApiClientId(Uuid::now_v7()),
        version: 1,
        name,
        scopes,
        grant,
        created_at: tx.now(),
        secret: None,
    }
}

async fn insert(tx: &Tx<'_>, client: Client) -> Result<ApiClientView, Error> {
    store::insert(tx, &client).await?;
    let view = client.view;
    let details = json!({ "name": view.name, "scopes": view.scopes, "grant": view.grant });
    tx.record("create", Resource::ApiClient, view.id.0, view.version, details)
        .await?;
    Ok(view)
}

fn distinct(scopes: &[ClientScope]) -> Result<Vec<ClientScope>, Error> {
    let mut distinct = scopes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() == scopes.len() {
        Ok(distinct)
    } else {
        Err(Error::field(FieldError::new("/scopes", FieldCode::Duplicate)))
    }
}

/// A program that acts for a grant of the caller.
///
/// # Errors
/// `NotFound` also for those of others, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: ApiClientId) -> Result<ApiClientView, Error> {
    policy::require(&caller.actor, &Action::UseOwnAccount)?;
    let client = store::read(platform.db.read(), id).await?.ok_or(Error::NotFound)?.view;
    policy::require(&caller.actor, &Action::SeeApiClient { grant: client.grant })?;
    Ok(client)
}

/// Revokes a program: its tokens stop at once.
///
/// # Errors
/// `NotFound` also for those of others, `Stale`, and those of the database.
pub async fn revoke(platform: &Platform, caller: &Caller, id: ApiClientId) -> Result<(), Error> {
    policy::require(&caller.actor, &Action::UseOwnAccount)?;
    platform
        .db
        .write(caller, async |tx| {
            let client = store::for_update(tx, id).await?.view;
            policy::require(&caller.actor, &Action::SeeApiClient { grant: client.grant })?;
            caller.expect_version(client.version)?;
            store::revoke(tx, id, client.version + 1).await?;
            tx.record("revoke", Resource::ApiClient, id, client.version + 1, json!({}))
                .await
        })
        .await
}

/// Why a program gets no token.
#[derive(Debug)]
pub enum Refusal {
    /// What RFC 6749 has a code for.
    Told(TokenError),
    /// All else.
    Other(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// What a program proves itself with.
#[derive(Clone)]
pub struct Proof {
    /// The id that it tells.
    pub id: String,
    /// The secret that it tells.
    pub secret: String,
}

/// A secret never reaches a log.
impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A token for a program. `basic` is what it told by HTTP Basic; without it, it may tell it in the body, but not in both.
///
/// # Errors
/// Those of RFC 6749, section 5.2, and those of the database.
pub async fn token(
    platform: &Platform,
    caller: &Caller,
    basic: Option<Proof>,
    request: TokenRequest,
) -> Result<TokenView, Refusal> {
    let in_body = request.client_id.zip(request.client_secret);
    let proof = match (basic, in_body) {
        (Some(_), Some(_)) => return Err(Refusal::Told(TokenError::InvalidRequest)),
        (Some(proof), None) => proof,
        (None, Some((id, secret))) => Proof { id, secret },
        (None, None) => return Err(Refusal::Told(TokenError::InvalidClient)),
    };
    let client = identify(platform, &proof).await?;
    if request.grant_type.is_empty() {
        return Err(Refusal::Told(TokenError::InvalidRequest));
    }
    if request.grant_type != "client_credentials" {
        return Err(Refusal::Told(TokenError::UnsupportedGrantType));
    }
    let scopes = scopes_of(request.scope.as_deref(), &client.view.scopes)?;
    let access_token = platform
        .tokens
        .for_client(client.view.id, scopes.clone(), client.view.grant, caller.now)?;
    let scope: Vec<&str> = scopes.into_iter().map(ClientScope::code).collect();
    Ok(TokenView {
        access_token,
        token_type: "Bearer".to_owned(),
        expires_in: ACCESS_LIFE.num_seconds(),
        scope: scope.join(" "),
    })
}

async fn identify(platform: &Platform, proof: &Proof) -> Result<Client, Refusal> {
    let unknown = || Refusal::Told(TokenError::InvalidClient);
    let id = Uuid::try_parse(&proof.id).map_err(|_| unknown())?;
    let db = platform.db.read();
    let client = store::read(db, ApiClientId(id)).await?.ok_or_else(unknown)?;
    if !secrets::is_same(&client.secret_hash, &secrets::hash(&proof.secret)) {
        return Err(unknown());
    }
    // A program can do no more than who let it in: when that person loses the grant, so does the program.
    if let Some(account_id) = client.account_id {
        let account = accounts::account(db, account_id).await?;
        let grants = accounts::grants(db, account_id).await?;
        let holds = |wanted: Grant| grants.iter().any(|named| named.grant == wanted);
        let stands = account.is_some_and(|account| account.active) && (holds(client.view.grant) || holds(Grant::Admin));
        if !stands {
            return Err(unknown());
        }
    }
    Ok(client)
}

fn scopes_of(asked: Option<&str>, allowed: &[ClientScope]) -> Result<Vec<ClientScope>, Refusal> {
    let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else {
        return Ok(allowed.to_vec());
    };
    let mut scopes = asked
        .split_ascii_whitespace()
        .map(|code| allowed.iter().copied().find(|scope| scope.code() == code))
        .collect::<Option<Vec<_>>>()
        .ok_or(Refusal::Told(TokenError::InvalidScope))?;
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_gets_the_scopes_that_it_asks_for_and_has() {
        let both = [ClientScope::Read, ClientScope::Write];
        assert_eq!(scopes_of(None, &both).unwrap(), both);
        assert_eq!(scopes_of(Some(""), &both).unwrap(), both);
        assert_eq!(scopes_of(Some("write read write"), &both).unwrap(), both);
        assert_eq!(scopes_of(Some("read"), &both).unwrap(), [ClientScope::Read]);
        assert!(scopes_of(Some("write"), &both[..1]).is_err());
        assert!(scopes_of(Some("admin"), &both).is_err());
    }
}
