//! The table of programs.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use shared::accounts::{ApiClientView, ClientScope, Grant, Role};
use shared::ids::{AccountId, ApiClientId};

use crate::db::entity::api_client::{ActiveModel, Column, Entity, Model};
use crate::db::{Db, Tx};
use crate::error::Error;

/// A program with what is kept of its secret.
#[derive(Debug, Clone)]
pub struct Client {
    /// As it is shown, without the secret.
    pub view: ApiClientView,
    /// Who made it.
    pub account_id: Option<AccountId>,
    /// SHA-256 of the secret.
    pub secret_hash: Vec<u8>,
}

/// Adds a program.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &Tx<'_>, client: &Client) -> Result<(), Error> {
    let view = &client.view;
    let row = ActiveModel {
        id: Set(view.id),
        version: Set(view.version),
        created_at: Set(view.created_at),
        updated_at: Set(view.created_at),
        account_id: Set(client.account_id),
        name: Set(view.name.clone()),
        secret_hash: Set(client.secret_hash.clone()),
        scopes: Set(json!(view.scopes)),
        role: Set(view.grant.role().code().to_owned()),
        scope_id: Set(view.grant.scope_id()),
        revoked_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// A program that has not been revoked.
///
/// # Errors
/// Those of the database.
pub async fn read(conn: &impl ConnectionTrait, id: ApiClientId) -> Result<Option<Client>, Error> {
    let row = present().filter(Column::Id.eq(id)).one(conn).await?;
    Ok(row.and_then(client_of))
}

/// A program to be changed.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn for_update(tx: &Tx<'_>, id: ApiClientId) -> Result<Client, Error> {
    let mut query = present().filter(Column::Id.eq(id));
    if tx.has_row_locks() {
        query = query.lock_exclusive();
    }
    query.one(tx.conn()).await?.and_then(client_of).ok_or(Error::NotFound)
}

fn present() -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::RevokedAt.is_null())
}

/// Programs that act for one of `grants`, or all of them, latest first, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    db: &Db,
    grants: Option<&[Grant]>,
    after: Option<ApiClientId>,
    limit: u32,
) -> Result<Vec<ApiClientView>, Error> {
    let mut query = present().order_by_desc(Column::Id).limit(u64::from(limit));
    if let Some(grants) = grants {
        let own = grants.iter().fold(Condition::any(), |any, grant| {
            let scope = match grant.scope_id() {
                Some(id) => Column::ScopeId.eq(id),
                None => Column::ScopeId.is_null(),
            };
            any.add(Condition::all().add(Column::Role.eq(grant.role().code())).add(scope))
        });
        query = query.filter(own);
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.all(db.read()).await?;
    Ok(rows
        .into_iter()
        .filter_map(client_of)
        .map(|client| client.view)
        .collect())
}

/// Revokes a program.
///
/// # Errors
/// Those of the database.
pub async fn revoke(tx: &Tx<'_>, id: ApiClientId, version: i64) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(tx.now()))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::value(version))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The programs revoked since then: of these, or of all.
///
/// # Errors
/// Those of the database.
pub async fn revoked(
    db: &Db,
    ids: Option<&[ApiClientId]>,
    since: DateTime<Utc>,
) -> Result<Vec<(ApiClientId, DateTime<Utc>)>, Error> {
    let mut query = Entity::find()
        .select_only()
        .columns([Column::Id, Column::RevokedAt])
        .filter(Column::RevokedAt.gte(since));
    if let Some(ids) = ids {
        query = query.filter(Column::Id.is_in(ids.iter().copied()));
    }
    Ok(query.into_tuple().all(db.read()).await?)
}

fn client_of(row: Model) -> Option<Client> {
    let scopes: Vec<ClientScope> = serde_json::from_value(row.scopes).ok()?;
    Some(Client {
        view: ApiClientView {
            id: row.id,
            version: row.version,
            name: row.name,
            scopes,
            grant: Grant::from_parts(Role::from_code(&row.role)?, row.scope_id)?,
            created_at: row.created_at,
            secret: None,
        },
        account_id: row.account_id,
        secret_hash: row.secret_hash,
    })
}
