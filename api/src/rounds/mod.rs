//! Matching rounds: a programme matches a whole cohort of cities at once.
//!
//! What a round is, how it is matched and what its certificate proves is told in `shared::rounds`. Here are its life
//! ([`service`]), its [`members`] with their wishes, the [`work`] of matching, which is a job, and the [`pairs`] that its
//! cities answer.

pub mod members;
pub mod pairs;
pub mod routes;
pub mod service;
pub mod store;
pub mod work;

use chrono::{DateTime, Utc};
use shared::ids::{JobId, ProgrammeId, RoundId};
use shared::jobs::JobState;
use shared::language::Texts;
use shared::rounds::{RoundOutcome, RoundRules, RoundState};

/// A round with what its readers need of others: the programme's name and how its job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Which one.
    pub id: RoundId,
    /// Grows by one with each change.
    pub version: i64,
    /// Whose round it is.
    pub programme_id: ProgrammeId,
    /// The programme's name.
    pub programme_name: Texts,
    /// Its name.
    pub name: Texts,
    /// What it is about.
    pub about: Texts,
    /// Where it stands.
    pub state: RoundState,
    /// How it is matched.
    pub rules: RoundRules,
    /// Until when its cities may wish.
    pub wishes_until: Option<DateTime<Utc>>,
    /// Until when its cities may answer.
    pub answers_until: Option<DateTime<Utc>>,
    /// Members of each side.
    pub members: [u32; 2],
    /// What the last computation found.
    pub outcome: Option<RoundOutcome>,
    /// The last computation.
    pub job: Option<(JobId, JobState)>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Round {
    /// Whether its cities may wish now.
    #[must_use]
    pub fn takes_wishes(&self, now: DateTime<Utc>) -> bool {
        self.state == RoundState::Open && self.wishes_until.is_none_or(|until| now < until)
    }

    /// Whether the time for answers is over.
    #[must_use]
    pub fn answers_are_over(&self, now: DateTime<Utc>) -> bool {
        self.answers_until.is_some_and(|until| until <= now)
    }

    /// Whether it may be matched now.
    #[must_use]
    pub fn may_run(&self, now: DateTime<Utc>) -> bool {
        self.state
            .may_run(!self.takes_wishes(now) || self.wishes_until.is_none())
    }

    /// Whether it is being matched: nothing of it is changed meanwhile.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.job.is_some_and(|(_, state)| state.is_open())
    }
}
