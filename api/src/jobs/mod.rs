//! Long work: asked for in a transaction, carried out once by any one process, watched and cancelled by whoever asked.
//!
//! A job is a row. A process takes one that waits, or one whose process has stopped telling that it lives, and counts up
//! its attempts; whatever it writes later counts only while that number is its own ([`Held`]). So a job that was begun by a
//! process that went away is carried out by the next, and none is carried out twice. What a kind of work does is its
//! feature's; [`worker`] is the one list of kinds.

pub mod routes;
pub mod service;
pub mod store;
pub mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use shared::doubles::DoubleSearchReport;
use shared::ids::{JobId, ProgrammeId};
use shared::jobs::{JobKind, JobState};
use shared::problem::ProblemCode;
use uuid::Uuid;

/// A job, as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Which one.
    pub id: JobId,
    /// Grows by one with each change of its state.
    pub version: i64,
    /// What kind of work.
    pub kind: JobKind,
    /// What it is about.
    pub subject_id: Uuid,
    /// The programme whose officers may see it.
    pub programme_id: Option<ProgrammeId>,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub done: i64,
    /// How far it goes.
    pub goal: i64,
    /// How often it was begun.
    pub attempts: i64,
    /// Until when its process has it.
    pub held_until: Option<DateTime<Utc>>,
    /// Whether it is to end.
    pub cancel_asked: bool,
    /// What a search for doubles found.
    pub report: Option<DoubleSearchReport>,
    /// Why it failed.
    pub problem: Option<ProblemCode>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was begun, the last time.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Job {
    /// Work that waits for a process.
    #[must_use]
    pub fn new(kind: JobKind, subject_id: Uuid, programme_id: Option<ProgrammeId>, now: DateTime<Utc>) -> Self {
        Self {
            id: JobId(Uuid::now_v7()),
            version: 1,
            kind,
            subject_id,
            programme_id,
            state: JobState::Queued,
            done: 0,
            goal: 0,
            attempts: 0,
            held_until: None,
            cancel_asked: false,
            report: None,
            problem: None,
            created_at: now,
            started_at: None,
            finished_at: None,
        }
    }

    /// Whether a process may take it now: it waits, or whoever had it has gone.
    #[must_use]
    pub fn is_free(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            JobState::Queued => true,
            JobState::Running => self.held_until.is_none_or(|until| until < now),
            JobState::Done | JobState::Failed | JobState::Cancelled => false,
        }
    }

    /// Work that is about nothing but itself, and is the platform's.
    #[must_use]
    pub fn alone(kind: JobKind, now: DateTime<Utc>) -> Self {
        let mut job = Self::new(kind, Uuid::nil(), None, now);
        job.subject_id = job.id.0;
        job
    }

    /// Ends it.
    pub fn end(&mut self, state: JobState, problem: Option<ProblemCode>, now: DateTime<Utc>) {
        self.version += 1;
        self.state = state;
        self.problem = problem;
        self.held_until = None;
        self.finished_at = Some(now);
        if state == JobState::Done {
            self.done = self.goal;
        }
    }
}

/// A job that this process carries out.
#[derive(Debug)]
pub struct Held {
    /// The job as it was taken; its `attempts` is the number under which it may be written.
    pub job: Job,
    /// Its progress, and whether it is to stop.
    pub progress: Arc<Progress>,
}

/// What work tells while it is carried out, and is told.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    goal: AtomicU64,
    is_stopped: AtomicBool,
}

impl Progress {
    /// Tells how far the work is; false where it is to stop.
    pub fn tell(&self, done: u64, goal: u64) -> bool {
        self.done.store(done, Ordering::Relaxed);
        self.goal.store(goal, Ordering::Relaxed);
        !self.is_stopped()
    }

    /// How far it is, and how far it goes.
    #[must_use]
    pub fn told(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.goal.load(Ordering::Relaxed))
    }

    /// Lets the work stop at its next look.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it is to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}
