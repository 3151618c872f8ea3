//! The tables of accounts, sessions and keys.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::db::entity::signing_key;
use crate::db::{Db, Tx};
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
