//! The tables of accounts, grants, sessions and keys.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use shared::accounts::Grant;
use shared::ids::{AccountId, GrantId, SessionId};
use shared::language::Language;
use shared::problem::ProblemCode;
use uuid::Uuid;

use crate::db::entity::{account, grant, session, signing_key};
use crate::db::{Db, Tx, constraint_of};
use crate::error::Error;

/// The signing keys, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn signing_keys(db: &Db) -> Result<Vec<(Uuid, Vec<u8>)>, Error> {
    let keys = signing_key::Entity::find()
        .order_by_asc(signing_key::Column::Id)
        .all(db.read())
        .await?;
    Ok(keys.into_iter().map(|key| (key.id, key.secret)).collect())
}

/// Adds a signing key.
///
/// # Errors
/// Those of the database.
pub async fn insert_signing_key(tx: &Tx<'_>, secret: Vec<u8>, now: DateTime<Utc>) -> Result<(), Error> {
    let key = signing_key::ActiveModel {
        id: Set(Uuid::now_v7()),
        secret: Set(secret),
        created_at: Set(now),
    };
    key.insert(tx.conn()).await?;
    Ok(())
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// E-mail address, in lower case.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Argon2id hash of the password, as a PHC string.
    pub password_hash: String,
    /// The person's language.
    pub language: Language,
}

/// Adds an account, active, without grants.
///
/// # Errors
/// `AlreadyExists` where the address has one, and those of the database.
pub async fn insert_account(tx: &Tx<'_>, new: NewAccount) -> Result<(), Error> {
    let row = account::ActiveModel {
        id: Set(new.id),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        email: Set(new.email),
        name: Set(new.name),
        password_hash: Set(new.password_hash),
        language: Set(new.language.tag().to_owned()),
        active: Set(true),
    };
    account::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await
        .map_err(|error| match constraint_of(&error) {
            Some(constraint) if constraint.contains("email") => Error::conflict(ProblemCode::AlreadyExists),
            _ => error.into(),
        })?;
    Ok(())
}

/// Adds a grant to an account.
///
/// # Errors
/// Those of the database.
pub async fn insert_grant(tx: &Tx<'_>, account: AccountId, grant: Grant) -> Result<GrantId, Error> {
    let id = GrantId(Uuid::now_v7());
    let row = grant::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        role: Set(grant.role().code().to_owned()),
        scope_id: Set(grant.scope_id()),
        created_at: Set(tx.now()),
    };
    grant::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// Adds a session that begins now.
///
/// # Errors
/// Those of the database.
pub async fn insert_session(
    tx: &Tx<'_>,
    id: SessionId,
    account: AccountId,
    refresh_hash: Vec<u8>,
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    let row = session::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        refresh_hash: Set(refresh_hash),
        previous_hash: Set(None),
        created_at: Set(tx.now()),
        refreshed_at: Set(tx.now()),
        expires_at: Set(expires_at),
        revoked_at: Set(None),
    };
    session::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}
