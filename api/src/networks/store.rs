//! The table of networks.

use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};
use shared::ids::NetworkId;
use shared::networks::{NetworkKind, NetworkView};
use shared::problem::ProblemCode;

use crate::db::entity::network;
use crate::db::{Db, Tx, constraint_of};
use crate::error::Error;

/// A network to be added.
#[derive(Debug, Clone)]
pub struct NewNetwork {
    /// Its id.
    pub id: NetworkId,
    /// Its name, unlike every other network's.
    pub name: String,
    /// What kind of network it is.
    pub kind: NetworkKind,
    /// Country of its seat.
    pub country: String,
    /// The subdivisions that it covers.
    pub subdivisions: Vec<String>,
    /// Its web site.
    pub website: Option<String>,
}

/// Adds a network; the caller records it in the journal.
///
/// # Errors
/// `AlreadyExists` where there is one of that name, and those of the database.
pub async fn insert(tx: &Tx<'_>, network: &NewNetwork) -> Result<(), Error> {
    let row = network::ActiveModel {
        id: Set(network.id),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        name: Set(network.name.clone()),
        kind: Set(network.kind.code().to_owned()),
        country: Set(network.country.clone()),
        subdivisions: Set(serde_json::to_value(&network.subdivisions)?),
        website: Set(network.website.clone()),
    };
    let added = network::Entity::insert(row).exec_without_returning(tx.conn());
    added.await.map_err(|error| match constraint_of(&error) {
        Some(constraint) if constraint.contains("name") => Error::conflict(ProblemCode::AlreadyExists),
        _ => error.into(),
    })?;
    Ok(())
}

/// All networks by name: there are some dozens.
///
/// # Errors
/// Those of the database.
pub async fn all(db: &Db) -> Result<Vec<NetworkView>, Error> {
    let rows = network::Entity::find()
        .order_by_asc(network::Column::Name)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(view_of).collect())
}

fn view_of(row: network::Model) -> NetworkView {
    NetworkView {
        id: row.id,
        version: row.version,
        name: row.name,
        kind: NetworkKind::from_code(&row.kind).unwrap_or(NetworkKind::Community),
        country: row.country,
        subdivisions: serde_json::from_value(row.subdivisions).unwrap_or_default(),
        website: row.website,
    }
}
