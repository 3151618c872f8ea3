//! Where an application stands, and what brings it from one state to the next.

use serde::{Deserialize, Serialize};

use crate::cities::codes;

codes!(
    /// Where an application stands.
    ApplicationState {
        /// Being written by its parties.
        Draft = "draft",
        /// Still being written, with nothing missing but agreements: every question is answered and every rule kept.
        Ready = "ready",
        /// Handed in.
        Submitted = "submitted",
        /// Being judged.
        InReview = "in_review",
        /// Being corrected by its parties, until a deadline that its funder has set.
        CorrectionRequested = "correction_requested",
        /// Among the best, for its funder's last choice.
        Shortlisted = "shortlisted",
        /// Accepted.
        Accepted = "accepted",
        /// On the waiting list: to be accepted once there is money for it, or rejected.
        Waitlisted = "waitlisted",
        /// Rejected.
        Rejected = "rejected",
        /// Taken back by its parties.
        Withdrawn = "withdrawn",
    }
);

codes!(
    /// What can be done with an application.
    ApplicationAction {
        /// Write in it.
        Update = "update",
        /// Say who takes part.
        ManageParties = "manage_parties",
        /// Agree, for one's own city, to what it says now.
        SignOff = "sign_off",
        /// Hand it in.
        Submit = "submit",
        /// Take it back.
        Withdraw = "withdraw",
        /// Begin to judge it, or take it off the shortlist.
        StartReview = "start_review",
        /// Ask its parties to correct it, until a deadline.
        RequestCorrection = "request_correction",
        /// Put it among the best, for the last choice.
        Shortlist = "shortlist",
        /// Accept it, put it on the waiting list, or reject it.
        Decide = "decide",
        /// Take a decision back, so that it is made again.
        Reopen = "reopen",
        /// Delete the draft (it can be restored for 30 days).
        Delete = "delete",
    }
);

impl ApplicationState {
    /// Whether the parties may still write in it.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        self.is_written() || matches!(self, Self::CorrectionRequested)
    }

    /// Whether its parties write it and have not handed it in.
    #[must_use]
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Draft | Self::Ready)
    }

    /// The state of a file that is still written, by whether anything but agreements is missing.
    #[must_use]
    pub const fn written(is_complete: bool) -> Self {
        if is_complete { Self::Ready } else { Self::Draft }
    }

    /// Whether its parties still wait for what becomes of it.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        !matches!(self, Self::Accepted | Self::Rejected | Self::Withdrawn)
    }

    /// Whether the funder may see it.
    #[must_use]
    pub const fn is_handed_in(self) -> bool {
        !self.is_written() && !matches!(self, Self::Withdrawn)
    }

    /// Whether its reviewers and its committee have still to judge it.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview | Self::Shortlisted)
    }

    /// Whether its funder has decided on it, be it for the time being.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Accepted | Self::Waitlisted | Self::Rejected)
    }

    /// Whether it tells what its funder thinks of it, which stays in the funder's house until the results are public.
    #[must_use]
    pub const fn is_judgement(self) -> bool {
        self.is_decided() || matches!(self, Self::Shortlisted)
    }

    /// The state as it is told to those who do not know of a judgement yet.
    #[must_use]
    pub const fn before_decision(self) -> Self {
        if self.is_judgement() { Self::InReview } else { self }
    }

    /// The state after `action`; none where the state does not allow it. A decision's outcome is chosen by
    /// [`ApplicationState::decided`].
    #[must_use]
    pub const fn after(self, action: ApplicationAction) -> Option<Self> {
        match (self, action) {
            (
                Self::Draft | Self::Ready,
                ApplicationAction::Update
                | ApplicationAction::ManageParties
                | ApplicationAction::SignOff
                | ApplicationAction::Delete,
            ) => Some(self),
            (Self::Draft | Self::Ready, ApplicationAction::Submit) => Some(Self::Submitted),
            (Self::CorrectionRequested, ApplicationAction::Update | ApplicationAction::SignOff) => {
                Some(Self::CorrectionRequested)
            }
            (Self::CorrectionRequested, ApplicationAction::Submit) => Some(Self::InReview),
            (
                Self::Draft
                | Self::Ready
                | Self::Submitted
                | Self::InReview
                | Self::CorrectionRequested
                | Self::Shortlisted
                | Self::Waitlisted,
                ApplicationAction::Withdraw,
            ) => Some(Self::Withdrawn),
            (Self::Submitted | Self::InReview, ApplicationAction::RequestCorrection) => Some(Self::CorrectionRequested),
            (Self::Submitted | Self::Shortlisted, ApplicationAction::StartReview) => Some(Self::InReview),
            (Self::Submitted | Self::InReview, ApplicationAction::Shortlist) => Some(Self::Shortlisted),
            (Self::Accepted | Self::Waitlisted | Self::Rejected, ApplicationAction::Reopen) => Some(Self::InReview),
            _ => None,
        }
    }

    /// The state after a decision; none where the state does not allow one. Who is on the waiting list is decided on once more.
    #[must_use]
    pub const fn decided(self, outcome: Outcome) -> Option<Self> {
        match (self, outcome) {
            (Self::Submitted | Self::InReview | Self::Shortlisted | Self::Waitlisted, Outcome::Accepted) => {
                Some(Self::Accepted)
            }
            (Self::Submitted | Self::InReview | Self::Shortlisted | Self::Waitlisted, Outcome::Rejected) => {
                Some(Self::Rejected)
            }
            (Self::Submitted | Self::InReview | Self::Shortlisted, Outcome::Waitlisted) => Some(Self::Waitlisted),
            _ => None,
        }
    }
}

codes!(
    /// How a decision ends.
    Outcome {
        /// Accepted.
        Accepted = "accepted",
        /// Put on the waiting list.
        Waitlisted = "waitlisted",
        /// Rejected.
        Rejected = "rejected",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_drawn_transitions_exist() {
        use ApplicationAction as Action;
        use ApplicationState as State;
        let drawn = |state: State| -> Vec<(Action, State)> {
            Action::ALL
                .iter()
                .filter_map(|&action| Some((action, state.after(action)?)))
                .collect()
        };
        for written in [State::Draft, State::Ready] {
            assert_eq!(
                drawn(written),
                [
                    (Action::Update, written),
                    (Action::ManageParties, written),
                    (Action::SignOff, written),
                    (Action::Submit, State::Submitted),
                    (Action::Withdraw, State::Withdrawn),
                    (Action::Delete, written),
                ]
            );
        }
        assert_eq!(
            drawn(State::Submitted),
            [
                (Action::Withdraw, State::Withdrawn),
                (Action::StartReview, State::InReview),
                (Action::RequestCorrection, State::CorrectionRequested),
                (Action::Shortlist, State::Shortlisted),
            ]
        );
        assert_eq!(
            drawn(State::InReview),
            [
                (Action::Withdraw, State::Withdrawn),
                (Action::RequestCorrection, State::CorrectionRequested),
                (Action::Shortlist, State::Shortlisted),
            ]
        );
        assert_eq!(
            drawn(State::Shortlisted),
            [
                (Action::Withdraw, State::Withdrawn),
                (Action::StartReview, State::InReview),
            ]
        );
        assert_eq!(
            drawn(State::CorrectionRequested),
            [
                (Action::Update, State::CorrectionRequested),
                (Action::SignOff, State::CorrectionRequested),
                (Action::Submit, State::InReview),
                (Action::Withdraw, State::Withdrawn),
            ]
        );
        assert_eq!(State::CorrectionRequested.decided(Outcome::Accepted), None);
        for decided in [State::Accepted, State::Rejected] {
            assert_eq!(drawn(decided), [(Action::Reopen, State::InReview)]);
            for outcome in Outcome::ALL {
                assert_eq!(decided.decided(*outcome), None);
            }
        }
        assert_eq!(
            drawn(State::Waitlisted),
            [(Action::Withdraw, State::Withdrawn), (Action::Reopen, State::InReview)]
        );
        let decided = |state: State| -> Vec<Option<State>> {
            Outcome::ALL.iter().map(|outcome| state.decided(*outcome)).collect()
        };
        let (accepted, rejected) = (Some(State::Accepted), Some(State::Rejected));
        for judged in [State::Submitted, State::InReview, State::Shortlisted] {
            assert_eq!(decided(judged), [accepted, Some(State::Waitlisted), rejected]);
        }
        assert_eq!(decided(State::Waitlisted), [accepted, None, rejected]);
        assert_eq!(drawn(State::Withdrawn), []);
        assert_eq!(State::Withdrawn.decided(Outcome::Accepted), None);
        assert_eq!(decided(State::Draft), [None; 3]);
        assert_eq!(decided(State::Ready), [None; 3]);
    }
}
