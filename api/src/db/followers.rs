//! Telling what this process keeps in memory of committed changes: several commits at once where they come faster than
//! the followers read, and each commit before its caller is answered.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{Change, Db};
use crate::error::Error;

/// Told of every committed change before the caller is: keeps what this process has in memory right.
pub trait Follower: Send + Sync {
    /// Takes in `changes`, reading what it needs from `db`. Called at least once for each change, in any process.
    fn follow<'a>(
        &'a self,
        db: &'a Db,
        changes: &'a [Change],
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;
}

/// The followers of a process, and what they have been told.
#[derive(Default)]
pub(super) struct Followers {
    list: OnceLock<Vec<Arc<dyn Follower>>>,
    /// Held by who tells; whoever waits for it finds its changes told, or tells them with those of others.
    turn: tokio::sync::Mutex<()>,
    waiting: Mutex<Vec<Change>>,
    /// Changes that the followers have taken in and the tail of the journal has not passed yet.
    told: Mutex<HashSet<i64>>,
    /// Where that tail is.
    until: AtomicI64,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Followers {
    pub(super) fn set(&self, followers: Vec<Arc<dyn Follower>>) {
        let _ = self.list.set(followers);
    }

    /// Tells the followers; says whether all of them have taken the changes in. A caller that goes away in the middle
    /// leaves its changes untold: the tail of the journal finds them.
    pub(super) async fn tell(&self, db: &Db, changes: &[Change]) -> bool {
        let Some(followers) = self.list.get().filter(|_| !changes.is_empty()) else {
            return true;
        };
        locked(&self.waiting).extend_from_slice(changes);
        let _turn = self.turn.lock().await;
        if self.has_told(changes) {
            return true;
        }
        let mut batch = std::mem::take(&mut *locked(&self.waiting));
        // Who had the turn before may have taken these along and gone away.
        batch.extend_from_slice(changes);
        batch.sort_unstable_by_key(|change| change.seq);
        batch.dedup_by_key(|change| change.seq);
        for follower in followers {
            if let Err(error) = follower.follow(db, &batch).await {
                // The commits stand; the tail of the journal tells them again.
                tracing::error!(%error, "a follower could not take in changes");
                return false;
            }
        }
        locked(&self.told).extend(batch.iter().map(|change| change.seq));
        true
    }

    /// Up to which place of the journal the followers have taken in everything.
    pub(super) fn until(&self) -> i64 {
        self.until.load(Ordering::SeqCst)
    }

    fn has_told(&self, changes: &[Change]) -> bool {
        let told = locked(&self.told);
        changes.iter().all(|change| told.contains(&change.seq))
    }

    /// Those of `changes` that the followers have not taken in yet.
    pub(super) fn untold(&self, changes: &[Change]) -> Vec<Change> {
        let told = locked(&self.told);
        changes
            .iter()
            .filter(|change| !told.contains(&change.seq))
            .copied()
            .collect()
    }

    /// Forgets what was told up to a place that the tail of the journal has passed.
    pub(super) fn forget_until(&self, seq: i64) {
        locked(&self.told).retain(|told| *told > seq);
        self.until.store(seq, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests;
