//! Long work: what is asked for with 202, carried out by one process, watched and cancelled by whoever asked.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::cities::codes;
use crate::doubles::DoubleSearchReport;
use crate::ids::JobId;
use crate::problem::ProblemCode;

codes!(
    /// What kind of work it is.
    JobKind {
        /// Matching a round on trial.
        SimulateRound = "simulate_round",
        /// Matching a round.
        RunRound = "run_round",
        /// Looking for doubles among all cities and partnerships.
        SearchDoubles = "search_doubles",
    }
);

codes!(
    /// Where work stands.
    JobState {
        /// Waiting for a process.
        Queued = "queued",
        /// Being carried out.
        Running = "running",
        /// Carried out.
        Done = "done",
        /// Could not be carried out.
        Failed = "failed",
        /// Somebody cancelled it.
        Cancelled = "cancelled",
    }
);

impl JobState {
    /// Whether something is still to come.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// Work, as whoever asked for it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobView {
    /// The job's id.
    pub id: JobId,
    /// Grows by one with each change of its state; progress does not count.
    pub version: i64,
    /// What kind of work it is.
    pub kind: JobKind,
    /// What it is about: the round; a search for doubles is about nothing but itself.
    pub subject_id: Uuid,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub done: i64,
    /// How far it goes; 0 while that is not known.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub of: i64,
    /// How often it was begun: again where the process that carried it out has stopped.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub attempts: i64,
    /// What a search for doubles found, once it is done; none for other work.
    pub report: Option<DoubleSearchReport>,
    /// Why it failed.
    pub problem: Option<ProblemCode>,
    /// When it was asked for.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// When it was begun, the last time.
    #[serde(default, with = "crate::time::option")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(default, with = "crate::time::option")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether you may cancel it.
    pub can_cancel: bool,
}
