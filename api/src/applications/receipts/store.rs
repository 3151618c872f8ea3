//! The table of receipt keys.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::receipt_key;
use crate::error::Error;

/// The keys, oldest first.
///
/// # Errors
/// Those of the database.
pub(super) async fn keys(conn: &impl ConnectionTrait) -> Result<Vec<(Uuid, Vec<u8>)>, Error> {
    let keys = receipt_key::Entity::find()
        .order_by_asc(receipt_key::Column::Id)
        .all(conn)
        .await?;
    Ok(keys.into_iter().map(|key| (key.id, key.seed)).collect())
}

/// Adds a key.
///
/// # Errors
/// Those of the database.
pub(super) async fn insert(tx: &Tx<'_>, seed: Vec<u8>) -> Result<(), Error> {
    let key = receipt_key::ActiveModel {
        id: Set(Uuid::now_v7()),
        seed: Set(seed),
        created_at: Set(tx.now()),
    };
    key.insert(tx.conn()).await?;
    Ok(())
}
