//! Who may do what with a joint application.

use shared::applications::{ApplicationAction, CommentAction};
use shared::ids::{AccountId, CityId, ProgrammeId};
use shared::partnerships::PartyRole;

use super::{Actor, Decision, allow_if};

/// What an application is judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// The programme of its call.
    pub programme: ProgrammeId,
    /// Whether its funder may see it.
    pub handed_in: bool,
    /// Whether its call keeps from reviewers whose files they judge.
    pub blind: bool,
    /// Whether the results of its call are public.
    pub published: bool,
    /// Its cities.
    pub parties: Vec<(CityId, PartyRole)>,
}

impl FileFacts {
    /// Whether the actor works for one of its cities.
    pub(super) fn is_in(&self, actor: &Actor) -> bool {
        self.parties.iter().any(|&(city, _)| actor.is_staff_of(city))
    }

    /// Whether the actor works for the city that leads it.
    fn is_led_by(&self, actor: &Actor) -> bool {
        self.parties
            .iter()
            .any(|&(city, role)| role == PartyRole::Lead && actor.is_staff_of(city))
    }

    /// Whether the actor works for a city that answers for the file: associated ones only read it.
    fn is_written_by(&self, actor: &Actor) -> bool {
        self.parties
            .iter()
            .any(|&(city, role)| role != PartyRole::Associated && actor.is_staff_of(city))
    }

    /// Whether the actor may see it: its cities always, its funder and administrators once it is handed in, reviewers of a
    /// blind call never as it is. A draft is nobody else's, not even an administrator's.
    pub(super) fn is_seen_by(&self, actor: &Actor) -> bool {
        self.is_in(actor)
            || (self.handed_in
                && (actor.is_admin()
                    || actor.is_officer_of(self.programme)
                    || (!self.blind && actor.reviews_for(self.programme))))
    }
}

impl FileFacts {
    /// Whether the actor may know what was decided on it: its funder at any time, its cities once the results of its call are
    /// public, and until then also where somebody of theirs reviews for the programme.
    pub(super) fn is_decision_told_to(&self, actor: &Actor) -> bool {
        let judges = actor.is_admin()
            || actor.is_officer_of(self.programme)
            || (actor.reviews_for(self.programme) && !self.is_in(actor));
        self.is_seen_by(actor) && (self.published || judges)
    }
}

/// Whether `actor` may do `action` with the file.
pub(super) fn decide(actor: &Actor, action: ApplicationAction, file: &FileFacts) -> Decision {
    if !file.is_seen_by(actor) {
        return Decision::Hide;
    }
    let (may, otherwise) = match action {
        ApplicationAction::Update | ApplicationAction::SignOff => (
            file.is_written_by(actor),
            "only the staff of its lead and partners writes in the file",
        ),
        ApplicationAction::ManageParties
        | ApplicationAction::Submit
        | ApplicationAction::Withdraw
        | ApplicationAction::Delete => (
            file.is_led_by(actor),
            "only the staff of the city that leads the file does this",
        ),
        ApplicationAction::StartReview
        | ApplicationAction::RequestCorrection
        | ApplicationAction::Shortlist
        | ApplicationAction::Decide => (
            file.handed_in && actor.is_officer_of(file.programme),
            "only the programme's officers judge the file",
        ),
        ApplicationAction::Reopen => (
            file.handed_in && actor.is_admin(),
            "only administrators take a decision back",
        ),
    };
    allow_if(actor.can_write() && may, otherwise)
}

/// Whether `actor` takes part in what the cities of the file have among themselves, which nobody else knows of.
pub(super) fn comments(actor: &Actor, file: &FileFacts, may: bool) -> Decision {
    if !file.is_in(actor) {
        return Decision::Hide;
    }
    allow_if(may, "only people who may write do this")
}

/// Whether `actor` may do `action` with a comment by `author`.
pub(super) fn comment(actor: &Actor, action: CommentAction, author: Option<AccountId>, file: &FileFacts) -> Decision {
    let is_own = matches!(actor, Actor::Account { id, .. } if author == Some(*id));
    let may = match action {
        CommentAction::Update | CommentAction::Delete => is_own,
        CommentAction::Settle | CommentAction::Reopen | CommentAction::Reply => true,
    };
    if may {
        comments(actor, file, actor.can_write())
    } else if file.is_in(actor) {
        Decision::Deny("only who wrote a comment changes it")
    } else {
        Decision::Hide
    }
}
