//! The pairs that a round made: its officers inspect them, its cities answer.

pub mod formats;
pub mod routes;
pub mod service;
pub mod store;

use chrono::{DateTime, Utc};
use shared::ids::{CityId, PartnershipId, RoundId, RoundPairId};
use shared::problem::ProblemCode;
use shared::rounds::{RoundPairAction, RoundPairState, RoundSide};

use super::Round;
use crate::error::Error;
use crate::policy::Actor;

/// A pair of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundPair {
    /// Which one.
    pub id: RoundPairId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its round.
    pub round_id: RoundId,
    /// Where it stands.
    pub state: RoundPairState,
    /// The city of the first side.
    pub first: CityId,
    /// The city of the second side.
    pub second: CityId,
    /// What the first city gets from the second.
    pub gain_to_first: u32,
    /// What the second city gets from the first.
    pub gain_to_second: u32,
    /// What it is worth in all, wishes included.
    pub total: u32,
    /// The place among the first city's wishes, from 1.
    pub wish_of_first: Option<u32>,
    /// The place among the second city's wishes, from 1.
    pub wish_of_second: Option<u32>,
    /// The side that has accepted while the other has not answered.
    pub accepted_by: Option<RoundSide>,
    /// The partnership that came of it.
    pub partnership_id: Option<PartnershipId>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

const SIDES: [RoundSide; 2] = [RoundSide::First, RoundSide::Second];

impl RoundPair {
    /// The city of a side.
    #[must_use]
    pub const fn city_of(&self, side: RoundSide) -> CityId {
        match side {
            RoundSide::First => self.first,
            RoundSide::Second => self.second,
        }
    }

    /// The state after an answer of a side, where it may give it.
    fn after(&self, action: RoundPairAction, side: RoundSide) -> Option<RoundPairState> {
        let here = self.accepted_by == Some(side);
        self.state.after(action, here, self.accepted_by.is_some() && !here)
    }

    /// As it stands now: what was not answered by both in time has lapsed, also before that is written.
    #[must_use]
    pub fn at(mut self, round: &Round, now: DateTime<Utc>) -> Self {
        if self.state.waits() && round.answers_are_over(now) {
            self.state = RoundPairState::Lapsed;
            self.accepted_by = None;
        }
        self
    }

    /// The sides that may give an answer now.
    pub fn sides_for(&self, action: RoundPairAction) -> impl Iterator<Item = RoundSide> + '_ {
        SIDES
            .into_iter()
            .filter(move |&side| self.after(action, side).is_some())
    }

    /// Answers for a side.
    ///
    /// # Errors
    /// `StateConflict` where its state does not allow it.
    pub fn answer(&mut self, action: RoundPairAction, side: RoundSide, now: DateTime<Utc>) -> Result<(), Error> {
        self.state = self
            .after(action, side)
            .ok_or(Error::conflict(ProblemCode::StateConflict))?;
        self.accepted_by = match self.state {
            RoundPairState::Accepted => Some(side),
            _ => None,
        };
        self.version += 1;
        self.updated_at = now;
        Ok(())
    }

    /// What somebody may do with it now.
    #[must_use]
    pub fn allowed(&self, actor: &Actor) -> Vec<RoundPairAction> {
        if !actor.can_write() {
            return Vec::new();
        }
        let may = |action: RoundPairAction| {
            let mut sides = self.sides_for(action);
            sides.any(|side| actor.is_staff_of(self.city_of(side)))
        };
        RoundPairAction::ALL
            .iter()
            .copied()
            .filter(|&action| may(action))
            .collect()
    }
}
