//! Access tokens: short-lived JWTs that carry who acts and for what, so that a request needs no look-up. The keys are in
//! the database, so that every API process verifies what another one signed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use shared::accounts::{ClientScope, Grant};
use shared::ids::{AccountId, ApiClientId, SessionId};
use shared::problem::ProblemCode;
use uuid::Uuid;

use super::secrets;
use crate::error::Error;
use crate::kept::Kept;
use crate::policy::Actor;

/// How long an access token lives.
pub const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(10);
const ISSUER: &str = "passerelle";
const AUDIENCE: &str = "passerelle-api";
/// The header's `typ` (RFC 9068): no other kind of token passes for an access token.
const TYPE: &str = "at+jwt";

/// Tokens of one generation whose signatures are not checked again: some 1 kB each.
const SIGNED_KEPT: usize = 4_000;

/// The keys that tokens are signed and verified with, and the sessions and programs whose tokens no longer hold.
#[derive(Debug)]
pub struct Tokens {
    keys: Vec<(Uuid, Vec<u8>)>,
    /// What tokens say whose signatures were found right.
    signed: Kept<String, Arc<Claims>>,
    revoked: RwLock<HashMap<Uuid, DateTime<Utc>>>,
}

/// What a token says.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Who acts.
    pub actor: Actor,
    /// What the CSRF header has to say; empty for programs.
    pub csrf: String,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    sub: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    csrf: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<ClientScope>,
    grants: Vec<Grant>,
}

impl Tokens {
    /// Tokens signed with the last of `keys` and verified with any.
    #[must_use]
    pub fn new(keys: Vec<(Uuid, Vec<u8>)>) -> Self {
        Self {
            keys,
            signed: Kept::new(SIGNED_KEPT),
            revoked: RwLock::default(),
        }
    }

    /// What the CSRF header of a session has to say. It stays the same for all access tokens of the session, so that
    /// pages in several tabs do not take it from each other.
    ///
    /// # Errors
    /// Internal, where there is no key.
    pub fn csrf(&self, session: SessionId) -> Result<String, Error> {
        let (_, secret) = self.key()?;
        let message = format!("csrf {session}");
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(secret), Algorithm::HS256)
            .map_err(Error::internal)
    }

    /// Proves, in a mail to an account, that who has the mail may stop such mails. It holds as long as its key does: a mail
    /// may be read late.
    ///
    /// # Errors
    /// Internal, where there is no key.
    pub fn to_stop_mails(&self, account: AccountId) -> Result<String, Error> {
        let (_, secret) = self.key()?;
        Ok(format!("{account}.{}", stop_mails(account, secret)?))
    }

    /// The account whose mails a proof stops.
    ///
    /// # Errors
    /// `NotFound` for what is none, internal where it cannot be checked.
    pub fn whose_mails_stop(&self, proof: &str) -> Result<AccountId, Error> {
        let (account, told) = proof.split_once('.').ok_or(Error::NotFound)?;
        let account = account.parse().map_err(|_| Error::NotFound)?;
        for (_, secret) in &self.keys {
            if secrets::is_same(stop_mails(account, secret)?.as_bytes(), told.as_bytes()) {
                return Ok(account);
            }
        }
        Err(Error::NotFound)
    }

    /// A token for a person's session.
    ///
    /// # Errors
    /// Internal, where there is no key.
    pub fn for_account(
        &self,
        account: AccountId,
        session: SessionId,
        grants: Vec<Grant>,
        csrf: &str,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        self.sign(Claims {
            sid: Some(session),
            csrf: csrf.to_owned(),
            ..claims(account.0, grants, now)
        })
    }

    /// A token for a program.
    ///
    /// # Errors
    /// Internal, where there is no key.
    pub fn for_client(
        &self,
        client: ApiClientId,
        scopes: Vec<ClientScope>,
        grant: Grant,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        self.sign(Claims {
            scopes,
            ..claims(client.0, vec![grant], now)
        })
    }

    fn key(&self) -> Result<&(Uuid, Vec<u8>), Error> {
        self.keys
            .last()
            .ok_or_else(|| Error::internal(anyhow::anyhow!("no signing key")))
    }

    fn sign(&self, claims: Claims) -> Result<String, Error> {
        let (id, secret) = self.key()?;
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(id.to_string()),
            ..Header::new(Algorithm::HS256)
        };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret)).map_err(Error::internal)
    }

    /// Reads a token that holds at `now`.
    ///
    /// # Errors
    /// `Unauthenticated`: `session_expired` where only the time is over, `unauthenticated` for all else.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Verified, Error> {
        let expired = || Error::Unauthenticated(ProblemCode::SessionExpired);
        let claims = match self.signed.get(token) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(self.signed_claims(token)?);
                self.signed.put(token.to_owned(), Arc::clone(&claims));
                claims
            }
        };
        let seconds = now.timestamp();
        if claims.nbf > seconds + 5 || claims.exp - claims.iat > ACCESS_LIFE.num_seconds() {
            return Err(invalid());
        }
        if claims.exp <= seconds {
            return Err(expired());
        }
        let expires_at = DateTime::from_timestamp(claims.exp, 0).ok_or_else(invalid)?;
        let actor = match claims.sid {
            Some(session_id) if self.is_revoked(session_id.0) => return Err(expired()),
            Some(session_id) => Actor::Account {
                id: AccountId(claims.sub),
                session_id,
                grants: claims.grants.clone(),
            },
            None if self.is_revoked(claims.sub) => return Err(invalid()),
            None => Actor::Client {
                id: ApiClientId(claims.sub),
                scopes: claims.scopes.clone(),
                grant: claims.grants.first().cloned().ok_or_else(invalid)?,
            },
        };
        Ok(Verified {
            actor,
            csrf: claims.csrf.clone(),
            expires_at,
        })
    }

    /// What a token says that one of our keys has signed.
    fn signed_claims(&self, token: &str) -> Result<Claims, Error> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        if header.typ.as_deref() != Some(TYPE) {
            return Err(invalid());
        }
        let secret = self
            .keys
            .iter()
            .find(|(id, _)| header.kid.as_deref() == Some(id.to_string().as_str()))
            .map(|(_, secret)| secret)
            .ok_or_else(invalid)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The times are checked below, by our own clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(secret), &validation)
            .map(|token| token.claims)
            .map_err(|_| invalid())
    }

    /// Refuses the tokens of a session from now on.
    pub fn revoke(&self, session: SessionId, at: DateTime<Utc>) {
        self.refuse(session.0, at);
    }

    /// Refuses the tokens of a program from now on.
    pub fn revoke_client(&self, client: ApiClientId, at: DateTime<Utc>) {
        self.refuse(client.0, at);
    }

    /// Refuses what names this session or program; forgets those whose tokens have all ended.
    fn refuse(&self, id: Uuid, at: DateTime<Utc>) {
        let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
        revoked.retain(|_, since| *since + ACCESS_LIFE > at);
        revoked.insert(id, at);
    }

    fn is_revoked(&self, id: Uuid) -> bool {
        self.revoked
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&id)
    }
}

fn invalid() -> Error {
    Error::Unauthenticated(ProblemCode::Unauthenticated)
}

fn stop_mails(account: AccountId, secret: &[u8]) -> Result<String, Error> {
    let message = format!("stop mails {account}");
    jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(secret), Algorithm::HS256)
        .map_err(Error::internal)
}

fn claims(sub: Uuid, grants: Vec<Grant>, now: DateTime<Utc>) -> Claims {
    let iat = now.timestamp();
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        iat,
        nbf: iat,
        exp: iat + ACCESS_LIFE.num_seconds(),
        sub,
        sid: None,
        csrf: String::new(),
        scopes: Vec::new(),
        grants,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        Tokens::new(vec![(Uuid::from_u128(1), vec![7; 32])])
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    #[test]
    fn a_token_holds_for_ten_minutes_and_not_longer() {
        let (tokens, session) = (tokens(), SessionId(Uuid::from_u128(9)));
        let token = tokens
            .for_account(AccountId(Uuid::from_u128(2)), session, vec![Grant::Admin], "c", at(0))
            .unwrap();
        let verified = tokens.verify(&token, at(599)).unwrap();
        assert!(verified.actor.is_admin());
        assert_eq!(verified.csrf, "c");
        let late = tokens.verify(&token, at(600)).unwrap_err();
        assert_eq!(late.code(), ProblemCode::SessionExpired);
        tokens.revoke(session, at(10));
        assert!(tokens.verify(&token, at(11)).is_err());
    }

    #[test]
    fn a_changed_or_foreign_token_is_refused() {
        let token = tokens()
            .for_client(
                ApiClientId(Uuid::from_u128(2)),
                vec![ClientScope::Read],
                Grant::Admin,
                at(0),
            )
            .unwrap();
        let mut changed = token.clone();
        changed.replace_range(30..31, if &token[30..31] == "A" { "B" } else { "A" });
        assert!(tokens().verify(&changed, at(1)).is_err());
        let other = Tokens::new(vec![(Uuid::from_u128(1), vec![8; 32])]);
        assert!(other.verify(&token, at(1)).is_err());
        assert!(tokens().verify("none", at(1)).is_err());
    }
}
