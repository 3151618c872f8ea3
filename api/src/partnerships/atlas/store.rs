//! What the atlas reads: which authorities each partnership binds.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::ids::{CityId, PartnershipId};

use super::Bond;
use crate::db::Db;
use crate::db::entity::{pairing, partnership, partnership_party};
use crate::error::Error;
use crate::partnerships::store::{kind_of, role_of, state_of};

/// Ids in one `IN (…)`, below the bind limits of both databases.
const IDS_AT_ONCE: usize = 1_000;

/// What binds authorities, of all partnerships or some.
///
/// # Errors
/// Those of the database.
pub async fn bonds(db: &Db, ids: Option<&[PartnershipId]>) -> Result<Vec<Bond>, Error> {
    let Some(ids) = ids else {
        return some_bonds(db, None).await;
    };
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        found.extend(some_bonds(db, Some(ids)).await?);
    }
    Ok(found)
}

/// The columns of a bond: id, version, when it was made, kind, state, and when it was deleted.
type Row = (PartnershipId, i64, DateTime<Utc>, String, String, Option<DateTime<Utc>>);

async fn some_bonds(db: &Db, ids: Option<&[PartnershipId]>) -> Result<Vec<Bond>, Error> {
    let mut bonds = partnership::Entity::find().select_only().columns([
        partnership::Column::Id,
        partnership::Column::Version,
        partnership::Column::CreatedAt,
        partnership::Column::Kind,
        partnership::Column::State,
        partnership::Column::DeletedAt,
    ]);
    let mut parties = partnership_party::Entity::find()
        .select_only()
        .columns([
            partnership_party::Column::PartnershipId,
            partnership_party::Column::CityId,
            partnership_party::Column::Role,
        ])
        .filter(partnership_party::Column::CityId.is_not_null())
        .order_by_asc(partnership_party::Column::Position);
    let mut pairings = pairing::Entity::find()
        .select_only()
        .columns([
            pairing::Column::PartnershipId,
            pairing::Column::AId,
            pairing::Column::BId,
        ])
        .order_by_asc(pairing::Column::Position);
    if let Some(ids) = ids {
        let ids = || ids.iter().copied();
        bonds = bonds.filter(partnership::Column::Id.is_in(ids()));
        parties = parties.filter(partnership_party::Column::PartnershipId.is_in(ids()));
        pairings = pairings.filter(pairing::Column::PartnershipId.is_in(ids()));
    }
    let rows: Vec<Row> = bonds.into_tuple().all(db.read()).await?;
    let mut found: HashMap<PartnershipId, Bond> = rows
        .into_iter()
        .map(|(id, version, created_at, kind, state, deleted_at)| {
            let bond = Bond {
                id,
                version,
                created_at,
                deleted: deleted_at.is_some(),
                kind: kind_of(&kind),
                state: state_of(&state),
                cities: Vec::new(),
                pairings: Vec::new(),
            };
            (id, bond)
        })
        .collect();
    let parties: Vec<(PartnershipId, CityId, String)> = parties.into_tuple().all(db.read()).await?;
    for (id, city, role) in parties {
        if let Some(bond) = found.get_mut(&id) {
            bond.cities.push((city, role_of(&role)));
        }
    }
    let pairings: Vec<(PartnershipId, CityId, CityId)> = pairings.into_tuple().all(db.read()).await?;
    for (id, a, b) in pairings {
        if let Some(bond) = found.get_mut(&id) {
            bond.pairings.push((a, b));
        }
    }
    Ok(found.into_values().collect())
}
