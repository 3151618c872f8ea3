//! What history said of cities to those that asked lately: measured once for as long as neither the places and partnerships
//! nor the columns are others, so that other weights, filters and pages find it ready.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use shared::history::ceiling::Ceiling;
use shared::history::signs::Walks;

use super::cities::Snapshot;
use super::columns::{Columns, Taught};
use super::ground::{Ground, Lessons};
use crate::matches::history::memory::{History, Known};

/// Bytes that are kept, about.
const KEPT: usize = 256 << 20;

/// What history says to one city.
#[derive(Debug)]
pub struct Learned {
    /// What it said so far.
    pub taught: Taught,
    /// What it rests on.
    pub walks: Arc<Walks>,
    /// What no value exceeds.
    ceiling: Ceiling,
    ground: Arc<Ground>,
}

impl Learned {
    /// History as a ranking asks it.
    #[must_use]
    pub fn lessons<'a>(&'a self, history: &'a History<'a>) -> Lessons<'a> {
        Lessons {
            history,
            ceiling: &self.ceiling,
            ground: &self.ground,
        }
    }

    fn bytes(&self) -> usize {
        self.taught.bytes() + self.walks.bytes() + self.ceiling.bytes()
    }
}

/// What was measured lately, the latest last.
#[derive(Debug, Default)]
pub(super) struct Memo {
    entries: Mutex<Vec<Entry>>,
    /// Where cities stand now.
    ground: Mutex<Option<Standing>>,
    /// Held by who follows walks: many at once would leave no core to the others.
    turn: Mutex<()>,
}

/// Where cities stand, and by what.
#[derive(Debug)]
struct Standing {
    known: Arc<Known>,
    columns: Arc<Columns>,
    ground: Arc<Ground>,
}

#[derive(Debug, Clone)]
struct Entry {
    slot: u32,
    known: Arc<Known>,
    columns: Arc<Columns>,
    learned: Arc<OnceLock<Option<Arc<Learned>>>>,
}

impl Entry {
    fn bytes(&self) -> usize {
        let learned = self.learned.get().and_then(Option::as_ref);
        learned.map_or(0, |learned| learned.bytes())
    }
}

impl Memo {
    /// What history says to the city in a slot; whoever asks for the same meanwhile waits for it.
    pub(super) fn learned(&self, slot: u32, known: &Arc<Known>, snapshot: &Snapshot) -> Option<Arc<Learned>> {
        let entry = self.entry(slot, known, &snapshot.columns);
        let learned = entry.learned.get_or_init(|| {
            let ground = self.ground(known, &snapshot.columns);
            let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let history = known.asked(slot as usize, None)?;
            drop(turn);
            Some(Arc::new(Learned {
                taught: Taught::nothing(&snapshot.columns),
                ceiling: history.ceiling(),
                walks: history.walks(),
                ground,
            }))
        });
        learned.clone()
    }

    /// Where cities stand: looked at anew where places or columns are others.
    pub(super) fn ground(&self, known: &Arc<Known>, columns: &Arc<Columns>) -> Arc<Ground> {
        let mut latest = self.ground.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(standing) = &*latest
            && Arc::ptr_eq(&standing.known, known)
            && Arc::ptr_eq(&standing.columns, columns)
        {
            return Arc::clone(&standing.ground);
        }
        let ground = Arc::new(Ground::of(columns, known));
        *latest = Some(Standing {
            known: Arc::clone(known),
            columns: Arc::clone(columns),
            ground: Arc::clone(&ground),
        });
        ground
    }

    fn entry(&self, slot: u32, known: &Arc<Known>, columns: &Arc<Columns>) -> Entry {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| Arc::ptr_eq(&entry.known, known) && Arc::ptr_eq(&entry.columns, columns));
        let entry = match entries.iter().position(|entry| entry.slot == slot) {
            Some(at) => entries.remove(at),
            None => Entry {
                slot,
                known: Arc::clone(known),
                columns: Arc::clone(columns),
                learned: Arc::default(),
            },
        };
        let mut bytes: usize = entries.iter().map(Entry::bytes).sum();
        while bytes > KEPT && !entries.is_empty() {
            bytes -= entries.remove(0).bytes();
        }
        entries.push(entry.clone());
        entry
    }
}
