//! All partnerships kept ready in memory, as far as maps and rankings need them: who is bound to whom.
//!
//! It holds no truth of its own: it is read from the database and told of changes. The match index asks it who is a
//! partner already, the map asks it for arcs.

pub mod store;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{PartnershipKind, PartnershipState, PartyRole};

use super::map::Drawing;
use crate::db::Db;
use crate::error::Error;

/// A partnership, as far as it binds authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bond {
    /// Which one.
    pub id: PartnershipId,
    /// Its version; a later one replaces it.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whether somebody deleted it.
    pub deleted: bool,
    /// What kind of bond it is.
    pub kind: PartnershipKind,
    /// Where it stands.
    pub state: PartnershipState,
    /// The authorities that are party to it, the lead first.
    pub cities: Vec<(CityId, PartyRole)>,
    /// Pairs inside it.
    pub pairings: Vec<(CityId, CityId)>,
}

impl Bond {
    /// Whether its authorities are partners of each other now. A network of many binds only its pairs.
    fn binds(&self) -> bool {
        !self.deleted && !self.state.is_over()
    }

    fn partners_of(&self, city: CityId) -> impl Iterator<Item = CityId> + '_ {
        let all = self.kind != PartnershipKind::Network;
        let of_all = self
            .cities
            .iter()
            .filter(move |(_, role)| all && *role != PartyRole::Associated)
            .map(|(id, _)| *id);
        let of_pairs = self.pairings.iter().filter_map(
            move |&(a, b)| {
                if a == city { Some(b) } else { (b == city).then_some(a) }
            },
        );
        let takes_part = self.binds()
            && self
                .cities
                .iter()
                .any(|&(id, role)| id == city && role != PartyRole::Associated);
        of_all.chain(of_pairs).filter(move |&other| takes_part && other != city)
    }
}

/// All partnerships.
#[derive(Debug, Default)]
pub struct Atlas {
    bonds: RwLock<Bonds>,
    generation: AtomicU64,
    drawing: RwLock<Option<Drawing>>,
}

#[derive(Debug, Default)]
struct Bonds {
    by_id: HashMap<PartnershipId, Arc<Bond>>,
    by_city: HashMap<CityId, Vec<PartnershipId>>,
}

impl Bonds {
    /// Takes in a bond and notes whose partners may have changed.
    fn put(&mut self, bond: Bond, touched: &mut HashSet<CityId>) {
        if let Some(known) = self.by_id.get(&bond.id) {
            if known.version > bond.version {
                return;
            }
            for (city, _) in &known.cities {
                touched.insert(*city);
                if let Some(ids) = self.by_city.get_mut(city) {
                    ids.retain(|id| *id != bond.id);
                }
            }
        }
        for (city, _) in &bond.cities {
            touched.insert(*city);
            self.by_city.entry(*city).or_default().push(bond.id);
        }
        self.by_id.insert(bond.id, Arc::new(bond));
    }
}

impl Atlas {
    /// Loads all partnerships.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn load(db: &Db) -> Result<Self, Error> {
        let atlas = Self::default();
        atlas.take_in(store::bonds(db, None).await?);
        Ok(atlas)
    }

    /// Reads some partnerships again. Gives the authorities whose partners may have changed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refresh(&self, db: &Db, ids: &[PartnershipId]) -> Result<HashSet<CityId>, Error> {
        Ok(self.take_in(store::bonds(db, Some(ids)).await?))
    }

    fn take_in(&self, fresh: Vec<Bond>) -> HashSet<CityId> {
        let mut touched = HashSet::new();
        let mut bonds = self.bonds.write().unwrap_or_else(PoisonError::into_inner);
        for bond in fresh {
            bonds.put(bond, &mut touched);
        }
        self.generation.fetch_add(1, Ordering::SeqCst);
        touched
    }

    /// Notes that authorities changed: what is drawn of them is old.
    pub fn note_cities(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// The map that was drawn last.
    #[must_use]
    pub fn drawing(&self) -> Option<Drawing> {
        self.drawing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a map that is drawn.
    pub fn keep_drawing(&self, drawing: Drawing) {
        *self.drawing.write().unwrap_or_else(PoisonError::into_inner) = Some(drawing);
    }

    /// Grows with each change that was taken in.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// The authorities that are, or once were, party to a partnership.
    #[must_use]
    pub fn cities(&self) -> Vec<CityId> {
        let bonds = self.bonds.read().unwrap_or_else(PoisonError::into_inner);
        bonds.by_city.keys().copied().collect()
    }

    /// The present partners of a city, each once.
    #[must_use]
    pub fn partners_of(&self, city: CityId) -> HashSet<CityId> {
        let bonds = self.bonds.read().unwrap_or_else(PoisonError::into_inner);
        bonds
            .by_city
            .get(&city)
            .into_iter()
            .flatten()
            .filter_map(|id| bonds.by_id.get(id))
            .flat_map(|bond| bond.partners_of(city))
            .collect()
    }

    /// The partnerships of a city that are not deleted, in any role, the oldest first.
    #[must_use]
    pub fn bonds_of(&self, city: CityId) -> Vec<Arc<Bond>> {
        let bonds = self.bonds.read().unwrap_or_else(PoisonError::into_inner);
        let ids = bonds.by_city.get(&city).into_iter().flatten();
        let known = ids.filter_map(|id| bonds.by_id.get(id));
        let mut own: Vec<Arc<Bond>> = known.filter(|bond| !bond.deleted).cloned().collect();
        drop(bonds);
        own.sort_unstable_by_key(|bond| bond.id);
        own.dedup_by_key(|bond| bond.id);
        own
    }

    /// A partnership, deleted or not.
    #[must_use]
    pub fn bond(&self, id: PartnershipId) -> Option<Arc<Bond>> {
        let bonds = self.bonds.read().unwrap_or_else(PoisonError::into_inner);
        bonds.by_id.get(&id).cloned()
    }

    /// All partnerships that are not deleted, the oldest first.
    #[must_use]
    pub fn bonds(&self) -> Vec<Arc<Bond>> {
        let bonds = self.bonds.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<Arc<Bond>> = bonds.by_id.values().filter(|bond| !bond.deleted).cloned().collect();
        drop(bonds);
        all.sort_unstable_by_key(|bond| bond.id);
        all
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn city(n: u128) -> CityId {
        CityId(Uuid::from_u128(n))
    }

    fn bond(version: i64, kind: PartnershipKind, state: PartnershipState) -> Bond {
        Bond {
            id: PartnershipId(Uuid::from_u128(9)),
            version,
            created_at: DateTime::UNIX_EPOCH,
            deleted: false,
            kind,
            state,
            cities: vec![
                (city(1), PartyRole::Lead),
                (city(2), PartyRole::Partner),
                (city(3), PartyRole::Partner),
                (city(4), PartyRole::Associated),
            ],
            pairings: vec![(city(1), city(2))],
        }
    }

    #[test]
    fn partners_are_who_takes_part_and_not_who_is_associated() {
        let atlas = Atlas::default();
        atlas.take_in(vec![bond(1, PartnershipKind::Project, PartnershipState::Active)]);
        assert_eq!(atlas.partners_of(city(1)), HashSet::from([city(2), city(3)]));
        assert_eq!(atlas.partners_of(city(4)), HashSet::new());
        atlas.take_in(vec![bond(2, PartnershipKind::Network, PartnershipState::Active)]);
        assert_eq!(atlas.partners_of(city(1)), HashSet::from([city(2)]));
        assert_eq!(atlas.partners_of(city(3)), HashSet::new());
    }

    #[test]
    fn an_end_unbinds_and_an_older_version_changes_nothing() {
        let atlas = Atlas::default();
        atlas.take_in(vec![bond(3, PartnershipKind::Project, PartnershipState::Ended)]);
        atlas.take_in(vec![bond(2, PartnershipKind::Project, PartnershipState::Active)]);
        assert_eq!(atlas.partners_of(city(1)), HashSet::new());
    }
}
