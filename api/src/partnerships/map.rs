//! Partnerships as points and arcs.
//!
//! The whole map is drawn once for each state of the data and kept as JSON; a part of it is drawn for each request.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{MapArc, MapPoint, PartnershipKind, PartnershipMap, PartnershipState, PartyRef, PartyRole};

use super::atlas::Bond;
use super::history;
use super::store::Partnership;
use crate::directory::Cities;
use crate::error::Error;
use crate::platform::Platform;

/// Which part of the map is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapFilter {
    /// Only these kinds; empty for all.
    pub kinds: Vec<PartnershipKind>,
    /// Only these states; empty for all but ended and terminated ones.
    pub states: Vec<PartnershipState>,
    /// Only partnerships of this city.
    pub city_id: Option<CityId>,
    /// Only partnerships with an authority of one of these countries; empty for all.
    pub countries: Vec<String>,
}

/// The whole map as JSON, with a number that tells it from others.
#[derive(Debug, Clone)]
pub struct Drawing {
    generation: u64,
    /// The JSON of a [`PartnershipMap`].
    pub json: Arc<[u8]>,
    /// A hash of it.
    pub hash: i64,
}

/// The whole map, drawn again only where something changed.
///
/// # Errors
/// Internal, where it cannot be written as JSON.
pub fn whole(platform: &Platform) -> Result<Drawing, Error> {
    let generation = platform.atlas.generation();
    if let Some(known) = platform
        .atlas
        .drawing()
        .filter(|drawing| drawing.generation == generation)
    {
        return Ok(known);
    }
    let json = serde_json::to_vec(&part(platform, &MapFilter::default()))?;
    // A version is positive: one bit of the hash is left out.
    let hash = (xxhash_rust::xxh3::xxh3_64(&json) >> 1) as i64;
    let drawing = Drawing {
        generation,
        json: json.into(),
        hash,
    };
    platform.atlas.keep_drawing(drawing.clone());
    Ok(drawing)
}

/// A part of the map.
#[must_use]
pub fn part(platform: &Platform, filter: &MapFilter) -> PartnershipMap {
    let bonds = platform.atlas.bonds();
    draw(&bonds, &platform.directory.cities(), filter)
}

/// A part of the map as it stood at a past moment. Authorities stand where they stand today.
///
/// # Errors
/// Those of the database.
pub async fn past(platform: &Platform, filter: &MapFilter, at: DateTime<Utc>) -> Result<PartnershipMap, Error> {
    let changed = history::store::changed_since(platform.db.read(), at).await?;
    let ids: HashSet<PartnershipId> = changed.iter().map(|of| of.id).collect();
    let mut bonds = platform.atlas.bonds();
    bonds.retain(|bond| bond.created_at <= at && !ids.contains(&bond.id));
    let there = changed.iter().filter(|of| history::was_there(of, at));
    bonds.extend(there.map(|of| Arc::new(bond_of(of))));
    bonds.sort_unstable_by_key(|bond| bond.id);
    Ok(draw(&bonds, &platform.directory.cities(), filter))
}

fn bond_of(of: &Partnership) -> Bond {
    let cities = of.parties.iter().filter_map(|party| match party.party {
        PartyRef::City { city_id } => Some((city_id, party.role)),
        PartyRef::Network { .. } | PartyRef::Actor { .. } => None,
    });
    Bond {
        id: of.id,
        version: of.version,
        created_at: of.created_at,
        deleted: false,
        kind: of.kind,
        state: of.state,
        cities: cities.collect(),
        pairings: of.pairings.iter().map(|pair| (pair.a, pair.b)).collect(),
    }
}

fn draw(bonds: &[Arc<Bond>], cities: &Cities, filter: &MapFilter) -> PartnershipMap {
    let mut map = PartnershipMap {
        points: Vec::new(),
        arcs: Vec::new(),
    };
    let mut index_of: HashMap<CityId, u32> = HashMap::new();
    for bond in bonds.iter().filter(|bond| takes(bond, cities, filter)) {
        for (a, b) in arcs(bond, cities) {
            let ends = [a, b].map(|city| point(&mut map, &mut index_of, cities, city));
            if let [Some(a), Some(b)] = ends {
                map.arcs.push(MapArc {
                    a,
                    b,
                    partnership_id: bond.id,
                });
            }
        }
    }
    // Who stands nowhere has left no arc, but may have left the other end without one.
    drop_lonely(&mut map);
    map
}

fn takes(bond: &Bond, cities: &Cities, filter: &MapFilter) -> bool {
    let over = bond.state.is_over();
    (filter.kinds.is_empty() || filter.kinds.contains(&bond.kind))
        && if filter.states.is_empty() {
            !over
        } else {
            filter.states.contains(&bond.state)
        }
        && filter
            .city_id
            .is_none_or(|wanted| bond.cities.iter().any(|(city, _)| *city == wanted))
        && (filter.countries.is_empty()
            || bond.cities.iter().any(|(city, _)| {
                cities
                    .get(*city)
                    .is_some_and(|city| filter.countries.contains(&city.country))
            }))
}

/// Pairs where there are some; else the lead with each other authority; where no authority leads, those of one country
/// with those of others.
fn arcs(bond: &Bond, cities: &Cities) -> Vec<(CityId, CityId)> {
    if !bond.pairings.is_empty() {
        return bond.pairings.clone();
    }
    let partners: Vec<CityId> = bond
        .cities
        .iter()
        .filter(|(_, role)| *role == PartyRole::Partner)
        .map(|(city, _)| *city)
        .collect();
    if let Some((lead, _)) = bond.cities.iter().find(|(_, role)| *role == PartyRole::Lead) {
        return partners.into_iter().map(|partner| (*lead, partner)).collect();
    }
    let country = |city: &CityId| cities.get(*city).map(|city| city.country.as_str());
    let mut found = Vec::new();
    for (index, a) in partners.iter().enumerate() {
        for b in partners.iter().skip(index + 1) {
            if country(a) != country(b) {
                found.push((*a, *b));
            }
        }
    }
    found
}

fn point(map: &mut PartnershipMap, index_of: &mut HashMap<CityId, u32>, cities: &Cities, id: CityId) -> Option<u32> {
    if let Some(index) = index_of.get(&id) {
        return Some(*index);
    }
    let city = cities.get(id)?;
    let index = u32::try_from(map.points.len()).ok()?;
    map.points.push(MapPoint {
        city_id: id,
        name: city.name.clone(),
        country: city.country.clone(),
        location: city.location?,
    });
    index_of.insert(id, index);
    Some(index)
}

fn drop_lonely(map: &mut PartnershipMap) {
    let used: HashSet<u32> = map.arcs.iter().flat_map(|arc| [arc.a, arc.b]).collect();
    if used.len() == map.points.len() {
        return;
    }
    let mut renumbered = HashMap::with_capacity(used.len());
    let mut kept = Vec::with_capacity(used.len());
    for (old, point) in (0_u32..).zip(std::mem::take(&mut map.points)) {
        if used.contains(&old) {
            renumbered.insert(old, u32::try_from(kept.len()).unwrap_or(u32::MAX));
            kept.push(point);
        }
    }
    map.points = kept;
    for arc in &mut map.arcs {
        arc.a = renumbered.get(&arc.a).copied().unwrap_or(arc.a);
        arc.b = renumbered.get(&arc.b).copied().unwrap_or(arc.b);
    }
}
