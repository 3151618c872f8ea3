//! Group commit: on SQLite, writers that come together share one transaction.
//!
//! SQLite has one writer at a time, and a commit waits for the disk. So the first writer begins a transaction, and whoever
//! has waited meanwhile works in the same one, each in turn and behind a savepoint: a work that fails, or whose caller goes
//! away in the middle, undoes itself alone. Behind the writers waits the closer. It lets pass who still comes, then
//! commits, tells the followers of all changes at once, and only then is anybody answered: an answer is as durable as
//! with a transaction of its own. A writer whom nobody follows has one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use tokio::sync::{Mutex, MutexGuard, oneshot};

use super::idempotency::Known;
use super::write::{Left, Shared, Tx};
use super::{Db, from_db};
use crate::caller::Caller;
use crate::error::Error;

/// Most works in one transaction, those that failed too: who wrote first waits for the last, and whoever is refused may
/// come back at once.
const TOGETHER: usize = 128;
/// How long a writer waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

const FIRST_SAVEPOINT: &str = "SAVEPOINT writer";
const NEXT_SAVEPOINT: &str = "RELEASE writer; SAVEPOINT writer";
const UNDO: &str = "ROLLBACK TO writer";

/// The writers of a database.
#[derive(Default)]
pub(super) struct Group {
    /// Given in the order of asking.
    turn: Mutex<Open>,
    waiting: AtomicUsize,
}

/// The transaction that is open, and whose work it holds.
#[derive(Default)]
struct Open {
    conn: Option<DatabaseTransaction>,
    /// How many works it has seen, whatever came of them.
    works: usize,
    /// Who wait for the commit.
    members: Vec<oneshot::Sender<Result<(), DbErr>>>,
    /// What their works have left to be written before it, for all at once.
    left: Left,
    known: Known,
    has_savepoint: bool,
    /// Statements of finished works stand behind the savepoint, or behind the beginning.
    needs_savepoint: bool,
    /// Somebody works, or went away while working: what follows the savepoint is to be undone before anybody else writes.
    is_unsettled: bool,
    has_closer: bool,
}

/// Counts who waits, also where the wait is given up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Group {
    /// Runs `work` in the shared transaction; answers once that is committed and the followers know.
    pub(super) async fn write<T>(
        self: &Arc<Self>,
        db: &Db,
        caller: &Caller,
        work: impl AsyncFnOnce(&Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut turn = self.take_turn().await?;
        let open = &mut *turn;
        open.prepare(db).await?;
        if !open.has_closer {
            open.has_closer = true;
            tokio::spawn(close(Arc::clone(self), db.clone()));
        }
        let Some(conn) = &open.conn else {
            return Err(Error::Busy);
        };
        let shared = Shared {
            earlier: &open.left.kept,
            known: &open.known,
        };
        let tx = Tx::new(conn, caller, Some(shared));
        let value = match work(&tx).await {
            Ok(value) => value,
            Err(error) => {
                if tx.has_asked() {
                    open.undo(db).await;
                }
                open.is_unsettled = false;
                return Err(error);
            }
        };
        open.needs_savepoint |= tx.has_asked();
        let (answer, committed) = oneshot::channel();
        let left = tx.done();
        open.left.add(left);
        open.members.push(answer);
        open.is_unsettled = false;
        drop(turn);
        match committed.await {
            Ok(committed) => committed.map(|()| value).map_err(from_db),
            // The transaction was lost with all that it held.
            Err(_) => Err(Error::Busy),
        }
    }

    async fn take_turn(&self) -> Result<MutexGuard<'_, Open>, Error> {
        let _waiting = Waiting::new(&self.waiting);
        tokio::time::timeout(PATIENCE, self.turn.lock())
            .await
            .map_err(|_| Error::Busy)
    }
}

impl Open {
    /// Makes the transaction ready for one more work.
    async fn prepare(&mut self, db: &Db) -> Result<(), Error> {
        if self.is_unsettled {
            self.undo(db).await;
        }
        let Some(conn) = &self.conn else {
            self.begin(db).await?;
            self.works = 1;
            self.is_unsettled = true;
            return Ok(());
        };
        self.works += 1;
        if self.needs_savepoint {
            let savepoint = if self.has_savepoint {
                NEXT_SAVEPOINT
            } else {
                FIRST_SAVEPOINT
            };
            if let Err(error) = conn.execute_unprepared(savepoint).await {
                self.give_up().await;
                return Err(from_db(error));
            }
            self.has_savepoint = true;
            self.needs_savepoint = false;
        }
        self.is_unsettled = true;
        Ok(())
    }

    async fn begin(&mut self, db: &Db) -> Result<(), Error> {
        self.conn = Some(db.begin().await?);
        self.has_savepoint = false;
        self.needs_savepoint = false;
        Ok(())
    }

    /// Undoes what follows the savepoint. Where there is none, no finished work has made a statement: the transaction is
    /// begun again. Everything is given up where the database has undone more than that.
    async fn undo(&mut self, db: &Db) {
        let is_undone = match self.conn.take() {
            Some(conn) if self.has_savepoint => {
                let outcome = conn.execute_unprepared(UNDO).await;
                self.conn = Some(conn);
                outcome.is_ok()
            }
            Some(conn) => {
                // A rollback that fails ends the connection, which rolls back too.
                let _ = conn.rollback().await;
                self.begin(db).await.is_ok()
            }
            None => false,
        };
        if !is_undone {
            self.give_up().await;
        }
        self.is_unsettled = false;
    }

    /// Undoes everything; who waits for the commit learns that it does not come.
    async fn give_up(&mut self) {
        self.members.clear();
        self.left = Left::default();
        if let Some(conn) = self.conn.take() {
            // A rollback that fails ends the connection, which rolls back too.
            let _ = conn.rollback().await;
        }
    }
}

/// Commits once nobody waits for a turn any more, or enough have had theirs. A task of its own: it does not end with a
/// caller who goes away.
async fn close(group: Arc<Group>, db: Db) {
    let mut turn = loop {
        // Lets come who is ready to come.
        tokio::task::yield_now().await;
        let turn = group.turn.lock().await;
        let is_last = group.waiting.load(Ordering::SeqCst) == 0;
        if is_last || turn.conn.is_none() || turn.works >= TOGETHER {
            break turn;
        }
    };
    turn.has_closer = false;
    if turn.is_unsettled {
        turn.undo(&db).await;
    }
    let Some(conn) = turn.conn.take() else {
        return;
    };
    let members = std::mem::take(&mut turn.members);
    let committed = std::mem::take(&mut turn.left).commit(conn).await;
    if matches!(committed, Err(DbErr::RecordNotInserted)) {
        turn.known.forget();
        // Nobody gets an answer: to whom comes none, the transaction is lost.
        return;
    }
    // The next writers work while the followers read.
    drop(turn);
    let outcome = match committed {
        Ok(changes) => {
            db.followers.tell(&db, &changes).await;
            Ok(())
        }
        Err(error) => Err(error),
    };
    for member in members {
        // Who went away needs no answer.
        let _ = member.send(outcome.clone());
    }
}

#[cfg(test)]
mod tests;
