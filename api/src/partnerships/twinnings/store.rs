//! Writing twinnings in few statements.

use std::collections::{HashMap, HashSet};

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{CityId, PairingId, PartnershipId};
use shared::language::Texts;
use shared::partnerships::{PartnershipKind, PartnershipState, PartyRole, Provenance};
use uuid::Uuid;

use super::{Twinned, source_key};
use crate::db::Tx;
use crate::db::entity::{city, pairing, partnership, partnership_party};
use crate::directory::fold::fold;
use crate::error::Error;

/// Values in one `IN (…)`, and partnerships in one statement: below the bind limits of both databases.
const AT_ONCE: usize = 1_000;

struct Named {
    name: String,
    country: String,
    search_keys: String,
}

/// Makes a twinning of each pair that is not one yet, in force since an unknown date, and records it in the journal. The
/// cities must exist. A twinning that somebody deleted stays deleted.
///
/// # Errors
/// Those of the database.
pub async fn insert_twinnings(tx: &Tx<'_>, pairs: &[(CityId, CityId)], source: &str) -> Result<Twinned, Error> {
    let mut keyed: HashMap<String, (CityId, CityId)> = HashMap::with_capacity(pairs.len());
    let mut keys = Vec::with_capacity(pairs.len());
    for &(a, b) in pairs.iter().filter(|(a, b)| a != b) {
        let key = source_key(a, b);
        if keyed.insert(key.clone(), (a, b)).is_none() {
            keys.push(key);
        }
    }
    let known = known_keys(tx, &keys).await?;
    keys.retain(|key| !known.contains(key));
    let cities = named(tx, keys.iter().filter_map(|key| keyed.get(key))).await?;
    let mut recorded = Vec::with_capacity(keys.len());
    let sources = serde_json::to_value([Provenance {
        source: source.to_owned(),
        told_at: tx.now(),
    }])?;
    for keys in keys.chunks(AT_ONCE) {
        let mut partnerships = Vec::with_capacity(keys.len());
        let mut parties = Vec::with_capacity(keys.len() * 2);
        let mut pairings = Vec::with_capacity(keys.len());
        for key in keys {
            let (a, b) = keyed[key];
            let (Some(first), Some(second)) = (cities.get(&a), cities.get(&b)) else {
                return Err(Error::internal(anyhow::anyhow!(
                    "a twinned city is not in the directory"
                )));
            };
            let id = PartnershipId(Uuid::now_v7());
            recorded.push((id.0, 1));
            partnerships.push(twinning(tx, id, key, first, second, source));
            parties.push(party(id, 0, PartyRole::Lead, a, &first.country));
            parties.push(party(id, 1, PartyRole::Partner, b, &second.country));
            pairings.push(pairing::ActiveModel {
                id: Set(PairingId(Uuid::now_v7())),
                partnership_id: Set(id),
                position: Set(0),
                a_id: Set(a),
                b_id: Set(b),
                sources: Set(sources.clone()),
            });
        }
        partnership::Entity::insert_many(partnerships)
            .exec_without_returning(tx.conn())
            .await?;
        partnership_party::Entity::insert_many(parties)
            .exec_without_returning(tx.conn())
            .await?;
        pairing::Entity::insert_many(pairings)
            .exec_without_returning(tx.conn())
            .await?;
    }
    tx.record_all("import", Resource::Partnership, &recorded, &json!({ "source": source }))
        .await?;
    let added = recorded.len() as u64;
    Ok(Twinned {
        added,
        known: pairs.len() as u64 - added,
    })
}

async fn known_keys(tx: &Tx<'_>, keys: &[String]) -> Result<HashSet<String>, Error> {
    let mut known = HashSet::new();
    for keys in keys.chunks(AT_ONCE) {
        let rows: Vec<String> = partnership::Entity::find()
            .select_only()
            .column(partnership::Column::SourceKey)
            .filter(partnership::Column::SourceKey.is_in(keys.iter().map(String::as_str)))
            .into_tuple()
            .all(tx.conn())
            .await?;
        known.extend(rows);
    }
    Ok(known)
}

async fn named(tx: &Tx<'_>, pairs: impl Iterator<Item = &(CityId, CityId)>) -> Result<HashMap<CityId, Named>, Error> {
    let ids: HashSet<CityId> = pairs.flat_map(|&(a, b)| [a, b]).collect();
    let ids: Vec<CityId> = ids.into_iter().collect();
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        let rows: Vec<(CityId, String, serde_json::Value, String)> = city::Entity::find()
            .select_only()
            .columns([
                city::Column::Id,
                city::Column::Name,
                city::Column::Labels,
                city::Column::Country,
            ])
            .filter(city::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(tx.conn())
            .await?;
        found.extend(rows.into_iter().map(|(id, name, labels, country)| {
            let labels: Texts = serde_json::from_value(labels).unwrap_or_default();
            let search_keys = search_keys_of(&name, &labels);
            (
                id,
                Named {
                    name,
                    country,
                    search_keys,
                },
            )
        }));
    }
    Ok(found)
}

/// The folded names of a city, each once.
fn search_keys_of(name: &str, labels: &Texts) -> String {
    let mut keys = vec![fold(name)];
    for label in labels.values() {
        let key = fold(label);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.join(" ")
}

fn twinning(
    tx: &Tx<'_>,
    id: PartnershipId,
    key: &str,
    first: &Named,
    second: &Named,
    source: &str,
) -> partnership::ActiveModel {
    let name = format!("{} – {}", first.name, second.name);
    partnership::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        name_key: Set(fold(&name)),
        name: Set(name),
        kind: Set(PartnershipKind::Twinning.code().to_owned()),
        state: Set(PartnershipState::Active.code().to_owned()),
        state_reason: Set(None),
        platform: Set(None),
        about: Set(String::new()),
        themes: Set(json!([])),
        territories: Set(json!([])),
        started_on: Set(None),
        parent_id: Set(None),
        predecessor_id: Set(None),
        source: Set(Some(source.to_owned())),
        source_key: Set(Some(key.to_owned())),
        search_keys: Set(format!("{} {}", first.search_keys, second.search_keys)),
        deleted_at: Set(None),
        ends_on: Set(None),
        state_since: Set(Some(tx.now())),
        condition: Set(None),
        signatures: Set(json!([])),
    }
}

fn party(
    partnership: PartnershipId,
    position: i32,
    role: PartyRole,
    city: CityId,
    country: &str,
) -> partnership_party::ActiveModel {
    partnership_party::ActiveModel {
        id: Set(Uuid::now_v7()),
        partnership_id: Set(partnership),
        position: Set(position),
        role: Set(role.code().to_owned()),
        city_id: Set(Some(city)),
        network_id: Set(None),
        actor_id: Set(None),
        country: Set(country.to_owned()),
    }
}
