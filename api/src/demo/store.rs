//! What the demonstration writes that no use case writes: networks and their members.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use shared::ids::NetworkId;
use shared::networks::NetworkKind;

use crate::db::Tx;
use crate::db::entity::{city, network};
use crate::error::Error;

/// Adds a network of France.
///
/// # Errors
/// Those of the database.
pub async fn insert_network(
    tx: &Tx<'_>,
    id: NetworkId,
    name: &str,
    kind: NetworkKind,
    subdivisions: &[&str],
    website: &str,
) -> Result<(), Error> {
    let row = network::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        name: Set(name.to_owned()),
        kind: Set(kind.code().to_owned()),
        country: Set("FR".to_owned()),
        subdivisions: Set(json!(subdivisions)),
        website: Set(Some(website.to_owned())),
    };
    network::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Makes the authorities of some subdivisions members of a network; says how many.
///
/// # Errors
/// Those of the database.
pub async fn join_cities(tx: &Tx<'_>, network: NetworkId, subdivisions: &[&str]) -> Result<u64, Error> {
    let joined = city::Entity::update_many()
        .col_expr(city::Column::NetworkId, Expr::value(network))
        .filter(city::Column::Country.eq("FR"))
        .filter(city::Column::Subdivision.is_in(subdivisions.iter().copied()))
        .filter(city::Column::NetworkId.is_null())
        .exec(tx.conn())
        .await?;
    Ok(joined.rows_affected)
}
