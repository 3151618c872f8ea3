//! How a match moves: pure, without clock or database.

use chrono::{DateTime, TimeDelta, Utc};
use shared::ids::{CityId, MatchId, PartnershipId};
use shared::matches::{EXPIRY_DAYS, MatchAction, MatchState, Side};
use shared::problem::ProblemCode;

use super::standings::is_final;
use crate::error::Error;
use crate::policy::Actor;

/// A match: what has passed between two cities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Which one.
    pub id: MatchId,
    /// Grows by one with each change.
    pub version: i64,
    /// The city that told interest first, this time.
    pub initiator: CityId,
    /// The other one.
    pub responder: CityId,
    /// Where it stands.
    pub state: MatchState,
    /// The first side's message.
    pub message: String,
    /// The other side's, when it accepted.
    pub reply: Option<String>,
    /// What was said when declining; not for the other side.
    pub decline_note: Option<String>,
    /// When the pair first had a match.
    pub created_at: DateTime<Utc>,
    /// When the interest was told.
    pub told_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When an unanswered interest ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last declined.
    pub declined_at: Option<DateTime<Utc>>,
    /// The partnership that came of it.
    pub partnership_id: Option<PartnershipId>,
}

impl Pair {
    /// A new match.
    #[must_use]
    pub fn begin(id: MatchId, from: CityId, to: CityId, message: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 1,
            initiator: from,
            responder: to,
            state: MatchState::Interested,
            message,
            reply: None,
            decline_note: None,
            created_at: now,
            told_at: now,
            updated_at: now,
            expires_at: now + TimeDelta::days(EXPIRY_DAYS),
            declined_at: None,
            partnership_id: None,
        }
    }

    /// The match as it stands at a time: an interest whose time is over has expired, whether or not the sweep has been
    /// there. Version and time are those that the sweep writes, so that a reader sees one change, not two.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>) -> Self {
        if self.state == MatchState::Interested && now >= self.expires_at {
            self.state = MatchState::Expired;
            self.version += 1;
            self.updated_at = self.expires_at;
        }
        self
    }

    /// Tells interest in a pair that has a match already: answers an open interest, or begins again where nothing came of
    /// the former one.
    ///
    /// # Errors
    /// `AlreadyExists` where the same city has told its interest or both are in contact, `PairNotPossible` where one
    /// declined not long ago.
    pub fn tell_interest(&mut self, from: CityId, message: String, now: DateTime<Utc>) -> Result<(), Error> {
        match self.state {
            MatchState::Interested if from == self.responder => {
                self.state = MatchState::ContactOpened;
                self.reply = Some(message);
                self.change(now);
                Ok(())
            }
            MatchState::Interested | MatchState::ContactOpened => Err(Error::conflict(ProblemCode::AlreadyExists)),
            MatchState::Declined if self.declined_at.is_some_and(|at| is_final(at, now)) => {
                Err(Error::conflict(ProblemCode::PairNotPossible))
            }
            MatchState::Declined | MatchState::Withdrawn | MatchState::Expired | MatchState::Agreed => {
                let to = self.other(from);
                let again = Self::begin(self.id, from, to, message, now);
                *self = Self {
                    version: self.version + 1,
                    created_at: self.created_at,
                    ..again
                };
                Ok(())
            }
        }
    }

    /// Moves the match.
    ///
    /// # Errors
    /// `StateConflict` where its state does not allow it.
    pub fn act(
        &mut self,
        action: MatchAction,
        side: Side,
        message: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.state = self
            .state
            .after(action, side)
            .ok_or(Error::conflict(ProblemCode::StateConflict))?;
        match action {
            MatchAction::Accept => self.reply = message,
            MatchAction::Decline => {
                self.decline_note = message;
                if self.state == MatchState::Declined {
                    self.declined_at = Some(now);
                }
            }
            MatchAction::Withdraw | MatchAction::Agree => {}
        }
        self.change(now);
        Ok(())
    }

    const fn change(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn other(&self, city: CityId) -> CityId {
        if city == self.initiator {
            self.responder
        } else {
            self.initiator
        }
    }

    /// The sides that somebody works for.
    pub fn sides_of<'a>(&'a self, actor: &'a Actor) -> impl Iterator<Item = Side> + 'a {
        [(self.initiator, Side::Initiator), (self.responder, Side::Responder)]
            .into_iter()
            .filter(|(city, _)| actor.is_staff_of(*city))
            .map(|(_, side)| side)
    }

    /// The city of a side.
    #[must_use]
    pub const fn city_of(&self, side: Side) -> CityId {
        match side {
            Side::Initiator => self.initiator,
            Side::Responder => self.responder,
        }
    }

    /// What somebody may do with it now.
    #[must_use]
    pub fn allowed(&self, actor: &Actor) -> Vec<MatchAction> {
        if !actor.can_write() {
            return Vec::new();
        }
        MatchAction::ALL
            .iter()
            .copied()
            .filter(|&action| {
                self.sides_of(actor)
                    .any(|side| self.state.after(action, side).is_some())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn pair(now: DateTime<Utc>) -> Pair {
        Pair::begin(
            MatchId(Uuid::from_u128(9)),
            CityId(Uuid::from_u128(1)),
            CityId(Uuid::from_u128(2)),
            "Hello".to_owned(),
            now,
        )
    }

    #[test]
    fn an_interest_expires_on_its_day_and_can_be_told_again_by_either() {
        let now = DateTime::UNIX_EPOCH;
        let told = pair(now);
        assert_eq!(
            told.clone().at(told.expires_at - TimeDelta::milliseconds(1)).state,
            MatchState::Interested
        );
        let mut over = told.clone().at(told.expires_at);
        assert_eq!((over.state, over.version), (MatchState::Expired, 2));
        assert!(
            over.tell_interest(told.responder, "Now we".to_owned(), told.expires_at)
                .is_ok()
        );
        assert_eq!(
            (over.state, over.version, over.initiator),
            (MatchState::Interested, 3, told.responder)
        );
    }

    #[test]
    fn a_decline_is_final_for_its_days_for_both() {
        let now = DateTime::UNIX_EPOCH;
        let mut told = pair(now);
        assert!(told.act(MatchAction::Decline, Side::Responder, None, now).is_ok());
        let soon = now + TimeDelta::days(shared::matches::DECLINE_DAYS) - TimeDelta::seconds(1);
        for city in [told.initiator, told.responder] {
            assert!(told.clone().tell_interest(city, "Please".to_owned(), soon).is_err());
        }
        let later = soon + TimeDelta::seconds(1);
        assert!(told.tell_interest(told.initiator, "Please".to_owned(), later).is_ok());
    }
}
