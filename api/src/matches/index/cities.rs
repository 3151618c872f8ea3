//! All cities as they are now: most in columns that stand still, what changed since beside them, one by one.
//!
//! A ranking takes a snapshot (three references) and works without any lock. A change takes a city out of the columns and
//! keeps it loose; once many are, new columns are made of all, beside the answers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use shared::ids::CityId;
use shared::scoring::{Outline, Weights};

use super::columns::{Asked, Best, Columns, Gone, Member, Query, Teaching};

/// So many loose cities are never too many.
const FEW: usize = 2_000;
/// Of so many cities one may be loose.
const SHARE: usize = 32;

/// All cities.
#[derive(Debug, Default)]
pub(super) struct Cities {
    snapshot: Snapshot,
    /// Where each loose city is among them.
    loose_at: HashMap<CityId, usize>,
    /// The city of each slot: slots are given once, in the order in which cities come.
    slots: Vec<CityId>,
    /// Cities that are there no more, though columns may still have them.
    removed: HashSet<CityId>,
    /// Slots of such cities.
    empty: usize,
}

/// All cities at one time.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Those that did not change since the columns were made, and others that are gone.
    pub columns: Arc<Columns>,
    gone: Arc<Gone>,
    /// Those that did.
    pub loose: Arc<Vec<Arc<Member>>>,
}

impl Snapshot {
    /// The best partners for a city, by what is asked and, where somebody knows, what is learned of each.
    #[must_use]
    pub fn best(&self, us: &Outline, weights: &Weights, teaching: Option<Teaching<'_>>, asked: Asked<'_>) -> Best {
        let query = Query::of(&self.columns, us, weights, teaching);
        self.columns.best(&query, asked, &self.gone, &self.loose)
    }
}

impl Cities {
    /// All cities, in the order of their slots.
    pub(super) fn of(members: Vec<Member>) -> Self {
        let slots = members.iter().map(|member| member.id).collect();
        let (columns, unusual) = Columns::of(members.into_iter());
        let mut cities = Self::of_columns(columns);
        cities.slots = slots;
        for member in unusual {
            cities.keep_loose(Arc::new(member));
        }
        cities
    }

    /// The cities of columns whose slots are in the order of ids.
    pub(super) fn of_columns(columns: Columns) -> Self {
        Self {
            slots: columns.ids().collect(),
            snapshot: Snapshot {
                columns: Arc::new(columns),
                ..Snapshot::default()
            },
            ..Self::default()
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.empty
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.snapshot.clone()
    }

    fn loose(&self, id: CityId) -> Option<&Arc<Member>> {
        self.snapshot.loose.get(*self.loose_at.get(&id)?)
    }

    /// The city as it is now.
    pub(super) fn member(&self, id: CityId) -> Option<Arc<Member>> {
        if let Some(loose) = self.loose(id) {
            return Some(Arc::clone(loose));
        }
        if self.removed.contains(&id) {
            return None;
        }
        let columns = &self.snapshot.columns;
        columns.member(columns.find(id)?).map(Arc::new)
    }

    pub(super) fn slot(&self, id: CityId) -> Option<u32> {
        if let Some(loose) = self.loose(id) {
            return Some(loose.slot);
        }
        if self.removed.contains(&id) {
            return None;
        }
        let columns = &self.snapshot.columns;
        columns.slot(columns.find(id)?)
    }

    pub(super) fn country(&self, id: CityId) -> Option<u16> {
        if let Some(loose) = self.loose(id) {
            return Some(loose.outline.country());
        }
        if self.removed.contains(&id) {
            return None;
        }
        let columns = &self.snapshot.columns;
        columns.country(columns.find(id)?)
    }

    /// The city of a slot.
    pub(super) fn city_at(&self, slot: u32) -> Option<CityId> {
        self.slots.get(slot as usize).copied()
    }

    /// Takes in a city unless a later version is known, and says which slot it has.
    pub(super) fn put(&mut self, mut fresh: Member) -> u32 {
        let Some(known) = self.member(fresh.id) else {
            fresh.slot = self.slots.len() as u32;
            self.slots.push(fresh.id);
            self.removed.remove(&fresh.id);
            let slot = fresh.slot;
            self.keep_loose(Arc::new(fresh));
            return slot;
        };
        fresh.slot = known.slot;
        if known.version <= fresh.version {
            // Who its partners are is told apart from what it says of itself.
            let partners = known.outline.sets().partner_countries;
            fresh.outline.set_partner_countries(partners.iter().copied());
            self.keep_loose(Arc::new(fresh));
        }
        known.slot
    }

    /// Replaces the countries in which a city has partners.
    pub(super) fn set_partner_countries(&mut self, id: CityId, countries: impl Iterator<Item = u16>) {
        let Some(known) = self.member(id) else { return };
        let mut fresh = Member::clone(&known);
        fresh.outline.set_partner_countries(countries);
        if fresh.outline != known.outline {
            self.keep_loose(Arc::new(fresh));
        }
    }

    /// Takes out a city that is there no more; its slot stays empty.
    pub(super) fn remove(&mut self, id: CityId) {
        if self.member(id).is_none() {
            return;
        }
        if let Some(at) = self.loose_at.remove(&id) {
            let loose = Arc::make_mut(&mut self.snapshot.loose);
            loose.swap_remove(at);
            if let Some(moved) = loose.get(at) {
                self.loose_at.insert(moved.id, at);
            }
        }
        let columns = &self.snapshot.columns;
        if let Some(row) = columns.find(id) {
            Arc::make_mut(&mut self.snapshot.gone).note(columns, row);
        }
        self.removed.insert(id);
        self.empty += 1;
    }

    fn keep_loose(&mut self, member: Arc<Member>) {
        let loose = Arc::make_mut(&mut self.snapshot.loose);
        if let Some(&at) = self.loose_at.get(&member.id)
            && let Some(known) = loose.get_mut(at)
        {
            *known = member;
            return;
        }
        let columns = &self.snapshot.columns;
        if let Some(row) = columns.find(member.id) {
            Arc::make_mut(&mut self.snapshot.gone).note(columns, row);
        }
        self.loose_at.insert(member.id, loose.len());
        loose.push(member);
    }

    /// Whether so many are loose that new columns pay.
    pub(super) fn wants_columns(&self) -> bool {
        self.snapshot.loose.len() > FEW + self.snapshot.columns.len() / SHARE
    }

    /// Puts new columns, made of a snapshot, in the place of the old ones.
    pub(super) fn take_columns(&mut self, made_of: &Snapshot, columns: Columns, unusual: Vec<Member>) {
        let now = std::mem::take(&mut self.snapshot.loose);
        self.loose_at.clear();
        self.snapshot = Snapshot {
            columns: Arc::new(columns),
            ..Snapshot::default()
        };
        // They may have been made before these were taken out.
        for &id in &self.removed {
            let columns = &self.snapshot.columns;
            if let Some(row) = columns.find(id) {
                Arc::make_mut(&mut self.snapshot.gone).note(columns, row);
            }
        }
        for member in unusual {
            if !self.removed.contains(&member.id) {
                self.keep_loose(Arc::new(member));
            }
        }
        // The loose ones keep their order: the first are those of the snapshot, some of them changed since.
        for (at, member) in now.iter().enumerate() {
            let in_columns = made_of.loose.get(at).is_some_and(|known| Arc::ptr_eq(known, member));
            if !in_columns {
                self.keep_loose(Arc::clone(member));
            }
        }
    }
}

impl Snapshot {
    /// New columns of all cities, and those that have no place in columns.
    pub(super) fn columns_anew(&self) -> (Columns, Vec<Member>) {
        let standing = (0..self.columns.len())
            .filter(|&row| !self.gone.has(&self.columns, row))
            .filter_map(|row| self.columns.member(row));
        let loose = self.loose.iter().map(|member| Member::clone(member));
        Columns::of(standing.chain(loose))
    }
}
