//! The table of counted attempts.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Attempts, FORGOTTEN_AFTER, Kind};
use crate::db::Tx;
use crate::db::entity::sign_in_attempt::{ActiveModel, Column, Entity, Model};
use crate::error::Error;

/// What has been counted under some keys, in their order.
///
/// # Errors
/// Those of the database.
pub async fn read(conn: &impl ConnectionTrait, keys: &[(Kind, String)]) -> Result<Vec<Attempts>, Error> {
    let rows = attempt_rows(keys).all(conn).await?;
    Ok(in_order(keys, &rows))
}

fn attempt_rows(keys: &[(Kind, String)]) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::Key.is_in(keys.iter().map(|(_, key)| key)))
        .order_by_asc(Column::Key)
}

fn in_order(keys: &[(Kind, String)], rows: &[Model]) -> Vec<Attempts> {
    let of = |key: &str| {
        rows.iter()
            .find(|row| row.key == key)
            .map_or_else(Attempts::default, |row| Attempts {
                failures: row.failures,
                last_at: row.last_at,
                locked_until: row.locked_until,
            })
    };
    keys.iter().map(|(_, key)| of(key)).collect()
}

/// What has been counted under some keys, which nobody else counts until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn for_update(tx: &Tx<'_>, keys: &[(Kind, String)]) -> Result<Vec<Attempts>, Error> {
    let rows = keys.iter().map(|(_, key)| ActiveModel {
        key: Set(key.clone()),
        failures: Set(0),
        last_at: Set(tx.now()),
        locked_until: Set(None),
    });
    // A row has to be there to be locked.
    Entity::insert_many(rows)
        .on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    let mut query = attempt_rows(keys);
    if tx.has_row_locks() {
        query = query.lock_exclusive();
    }
    Ok(in_order(keys, &query.all(tx.conn()).await?))
}

/// Writes what has now been counted under a key.
///
/// # Errors
/// Those of the database.
pub async fn save(tx: &Tx<'_>, key: &str, attempts: Attempts) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::value(attempts.failures))
        .col_expr(Column::LastAt, Expr::value(attempts.last_at))
        .col_expr(Column::LockedUntil, Expr::value(attempts.locked_until))
        .filter(Column::Key.eq(key))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Forgets what was counted under a key.
///
/// # Errors
/// Those of the database.
pub async fn forget(tx: &Tx<'_>, key: &str) -> Result<(), Error> {
    Entity::delete_by_id(key.to_owned()).exec(tx.conn()).await?;
    Ok(())
}

/// Deletes attempts that no longer count; says how many.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &Tx<'_>) -> Result<u64, Error> {
    let deleted = Entity::delete_many()
        .filter(Column::LastAt.lt(tx.now() - FORGOTTEN_AFTER))
        .exec(tx.conn())
        .await?;
    Ok(deleted.rows_affected)
}
