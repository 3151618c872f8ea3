//! Signing in and out: a session is a family of refresh tokens, each of which is good once. One that comes back after it
//! was replaced was stolen or copied: the whole family ends.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::accounts::{Credentials, Grant, SessionView};
use shared::audit::Resource;
use shared::ids::SessionId;
use shared::problem::ProblemCode;
use uuid::Uuid;

use super::store::{self, Account, Session};
use super::throttle::{self, Attempts, Kind};
use super::tokens::{ACCESS_LIFE, Verified};
use super::{passwords, secrets, service};
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};

/// A session ends when it has not been refreshed for so long …
const IDLE_MAX: TimeDelta = TimeDelta::days(7);
/// … and after so long in any case.
const SESSION_MAX: TimeDelta = TimeDelta::days(30);
/// For so long the token before is still heard: two tabs may refresh at the same moment.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// A session with the tokens for its cookies.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What the page is told.
    pub view: SessionView,
    /// The access token.
    pub access: String,
    /// The new refresh token; none where the browser has got it already.
    pub refresh: Option<String>,
}

/// Signs in. Whether the address is unknown, the account closed or the password wrong is not told, and takes the same
/// work.
///
/// # Errors
/// `credentials_invalid`, `RateLimited` after too many failures, `Busy` and those of the database.
pub async fn sign_in(
    platform: &Platform,
    caller: &Caller,
    address: IpAddr,
    credentials: Credentials,
) -> Result<SignedIn, Error> {
    let email = service::normal_email(&credentials.email);
    let counted = [
        (Kind::Account, throttle::account_key(&email)),
        (Kind::Address, throttle::address_key(address)),
    ];
    // Who has to wait anyway does not get a turn to hash.
    refuse_waiting(&throttle::store::read(platform.db.read(), &counted).await?, caller.now)?;
    let turn = passwords::turn().await?;
    platform
        .db
        .write(caller, async |tx| {
            // Counted before the password is looked at: attempts at the same moment do not slip through together.
            let attempts = throttle::store::for_update(tx, &counted).await?;
            refuse_waiting(&attempts, tx.now())?;
            for ((kind, key), attempts) in counted.iter().zip(attempts) {
                throttle::store::save(tx, key, attempts.with_attempt(*kind, tx.now())).await?;
            }
            Ok(())
        })
        .await?;
    let found = store::account_by_email(platform.db.read(), &email).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let fits = passwords::verify(turn, credentials.password, hash).await?;
    let Some(account) = found.filter(|account| fits && account.active) else {
        return Err(Error::Unauthenticated(ProblemCode::CredentialsInvalid));
    };
    begin(platform, caller, account, &counted).await
}

fn refuse_waiting(attempts: &[Attempts], now: DateTime<Utc>) -> Result<(), Error> {
    match attempts.iter().filter_map(|attempts| attempts.wait(now)).max() {
        Some(seconds) => Err(Error::RateLimited(seconds)),
        None => Ok(()),
    }
}

async fn begin(
    platform: &Platform,
    caller: &Caller,
    account: Account,
    counted: &[(Kind, String)],
) -> Result<SignedIn, Error> {
    let id = SessionId(Uuid::now_v7());
    let refresh = secrets::refresh_token(id)?;
    let expires_at = caller.now + IDLE_MAX;
    let grants = store::grants(platform.db.read(), account.id).await?;
    let as_account = Caller {
        actor: Actor::Account {
            id: account.id,
            session_id: id,
            grants: grants.iter().map(|named| named.grant).collect(),
        },
        ..caller.clone()
    };
    platform
        .db
        .write(&as_account, async |tx| {
            let attempts = throttle::store::for_update(tx, counted).await?;
            for ((kind, key), attempts) in counted.iter().zip(attempts) {
                throttle::store::save(tx, key, attempts.after_success(*kind)).await?;
            }
            store::insert_session(tx, id, account.id, secrets::hash(&refresh), expires_at).await?;
            tx.record("sign_in", Resource::Account, account.id, account.version, json!({}))
                .await
        })
        .await?;
    signed_in(platform, caller.now, account, grants, (id, expires_at), Some(refresh))
}

fn signed_in(
    platform: &Platform,
    now: DateTime<Utc>,
    account: Account,
    grants: Vec<store::NamedGrant>,
    (session, session_expires_at): (SessionId, DateTime<Utc>),
    refresh: Option<String>,
) -> Result<SignedIn, Error> {
    let csrf_token = platform.tokens.csrf(session)?;
    let held: Vec<Grant> = grants.iter().map(|named| named.grant).collect();
    let access = platform
        .tokens
        .for_account(account.id, session, held, &csrf_token, now)?;
    Ok(SignedIn {
        view: SessionView {
            account: service::view_of(platform, account, grants),
            csrf_token,
            access_expires_at: cut_to_seconds(now) + ACCESS_LIFE,
            session_expires_at,
        },
        access,
        refresh,
    })
}

/// A token's times are whole seconds.
fn cut_to_seconds(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

/// The session that an access token belongs to.
///
/// # Errors
/// `Unauthenticated` where nobody is signed in or the session is over, `Denied` for programs.
pub async fn read(platform: &Platform, caller: &Caller, verified: Option<Verified>) -> Result<SessionView, Error> {
    policy::require(&caller.actor, &Action::UseOwnAccount)?;
    let (Actor::Account { id, session_id, .. }, Some(verified)) = (&caller.actor, verified) else {
        return Err(expired());
    };
    let db = platform.db.read();
    let session = store::session(db, *session_id).await?;
    let session = session
        .filter(|session| session.revoked_at.is_none() && session.expires_at > caller.now)
        .ok_or_else(expired)?;
    let account = store::account(db, *id).await?.ok_or_else(expired)?;
    let grants = store::grants(db, *id).await?;
    Ok(SessionView {
        account: service::view_of(platform, account, grants),
        csrf_token: verified.csrf,
        access_expires_at: verified.expires_at,
        session_expires_at: session.expires_at,
    })
}

const fn expired() -> Error {
    Error::Unauthenticated(ProblemCode::SessionExpired)
}

/// What a refresh token that comes in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presented {
    /// The present one.
    Current,
    /// The one before, a moment after it was replaced: the browser has the new one.
    JustReplaced,
    /// One of the family that was replaced before: somebody has a copy.
    Reused,
    /// Of a session that is over.
    Over,
}

fn judge(session: &Session, hash: &[u8], now: DateTime<Utc>) -> Presented {
    let is_previous = session
        .previous_hash
        .as_ref()
        .is_some_and(|previous| secrets::is_same(previous, hash));
    if session.revoked_at.is_some() || session.expires_at <= now {
        Presented::Over
    } else if secrets::is_same(&session.refresh_hash, hash) {
        Presented::Current
    } else if is_previous && now - session.refreshed_at <= GRACE {
        Presented::JustReplaced
    } else {
        Presented::Reused
    }
}

/// A new access token for a refresh token, which is replaced.
///
/// # Errors
/// `session_expired` where the session is over, `unauthenticated` without a token.
pub async fn refresh(platform: &Platform, caller: &Caller, presented: Option<&str>) -> Result<SignedIn, Error> {
    let presented = presented.ok_or(Error::Unauthenticated(ProblemCode::Unauthenticated))?;
    let id = secrets::session_of(presented).ok_or_else(expired)?;
    let hash = secrets::hash(presented);
    let next = secrets::refresh_token(id)?;
    let renewed = platform
        .db
        .write(caller, async |tx| {
            let Some(session) = store::session_for_update(tx, id).await? else {
                return Ok(None);
            };
            let account = store::account(tx.conn(), session.account_id).await?;
            let Some(account) = account.filter(|account| account.active) else {
                return Ok(None);
            };
            let expires_at = (tx.now() + IDLE_MAX).min(session.created_at + SESSION_MAX);
            match judge(&session, &hash, tx.now()) {
                Presented::Over => Ok(None),
                Presented::Reused => {
                    store::revoke_session(tx, id).await?;
                    let details = json!({ "reason": "a refresh token came back after it was replaced" });
                    tx.record("end_session", Resource::Account, account.id, account.version, details)
                        .await?;
                    Ok(None)
                }
                Presented::JustReplaced => Ok(Some((account, session.expires_at, None))),
                Presented::Current => {
                    store::rotate_session(tx, &session, secrets::hash(&next), expires_at).await?;
                    Ok(Some((account, expires_at, Some(next))))
                }
            }
        })
        .await?;
    let (account, expires_at, next) = renewed.ok_or_else(expired)?;
    let grants = store::grants(platform.db.read(), account.id).await?;
    signed_in(platform, caller.now, account, grants, (id, expires_at), next)
}

/// Ends the session: of the access token or, where that is over, of the refresh token.
///
/// # Errors
/// `Unauthenticated` where there is no session, `Denied` for programs.
pub async fn sign_out(platform: &Platform, caller: &Caller, refresh: Option<&str>) -> Result<(), Error> {
    let by_token = caller
        .actor
        .is_public()
        .then_some(refresh)
        .flatten()
        .and_then(|token| Some((secrets::session_of(token)?, secrets::hash(token))));
    if by_token.is_none() {
        policy::require(&caller.actor, &Action::UseOwnAccount)?;
    }
    let id = match (&caller.actor, &by_token) {
        (Actor::Account { session_id, .. }, _) => *session_id,
        (_, Some((id, _))) => *id,
        _ => return Err(expired()),
    };
    platform
        .db
        .write(caller, async |tx| {
            let session = store::session_for_update(tx, id).await?.ok_or_else(expired)?;
            let known = by_token
                .as_ref()
                .is_none_or(|(_, hash)| judge(&session, hash, tx.now()) == Presented::Current);
            if !known {
                return Err(expired());
            }
            if store::revoke_session(tx, id).await? {
                let account = store::account(tx.conn(), session.account_id)
                    .await?
                    .ok_or_else(expired)?;
                tx.record("sign_out", Resource::Account, account.id, account.version, json!({}))
                    .await?;
            }
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use shared::ids::AccountId;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    #[test]
    fn a_replaced_token_is_heard_for_a_moment_and_then_ends_the_family() {
        let session = Session {
            id: SessionId(Uuid::from_u128(1)),
            account_id: AccountId(Uuid::from_u128(2)),
            refresh_hash: vec![2],
            previous_hash: Some(vec![1]),
            created_at: at(0),
            refreshed_at: at(100),
            expires_at: at(1_000),
            revoked_at: None,
        };
        for (hash, now, wanted) in [
            (2, 105, Presented::Current),
            (1, 105, Presented::JustReplaced),
            (1, 111, Presented::Reused),
            (0, 105, Presented::Reused),
            (2, 1_000, Presented::Over),
        ] {
            assert_eq!(judge(&session, &[hash], at(now)), wanted, "{hash} at {now}");
        }
        let ended = Session {
            revoked_at: Some(at(101)),
            ..session
        };
        assert_eq!(judge(&ended, &[2], at(105)), Presented::Over);
    }
}
