//! What history says of every city for those that asked lately: measured once for as long as neither the places and
//! partnerships nor the columns are others, so that other weights, filters and pages find it ready.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use shared::history::signs::Walks;

use super::cities::Snapshot;
use super::columns::{Columns, Taught};
use crate::matches::history::memory::Known;

/// Bytes that are kept, about.
const KEPT: usize = 256 << 20;

/// What history says to one city.
#[derive(Debug)]
pub struct Learned {
    /// The value of each city.
    pub taught: Taught,
    /// What it rests on.
    pub walks: Arc<Walks>,
}

/// What was measured lately, the latest last.
#[derive(Debug, Default)]
pub(super) struct Memo {
    entries: Mutex<Vec<Entry>>,
    /// Held by who measures: many at once would leave no core to the others.
    turn: Mutex<()>,
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
        learned.map_or(0, |learned| learned.taught.bytes() + learned.walks.bytes())
    }
}

impl Memo {
    /// What history says to the city in a slot; whoever asks for the same meanwhile waits for it.
    pub(super) fn learned(&self, slot: u32, known: &Arc<Known>, snapshot: &Snapshot) -> Option<Arc<Learned>> {
        let entry = self.entry(slot, known, &snapshot.columns);
        let measured = entry.learned.get_or_init(|| {
            let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let history = known.asked(slot as usize, None)?;
            let taught = snapshot
                .columns
                .teach(known.len(), |slot| history.value(slot as usize), &snapshot.loose);
            Some(Arc::new(Learned {
                taught,
                walks: history.walks(),
            }))
        });
        measured.clone()
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
