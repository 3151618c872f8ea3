//! Who may do what with the review of an application.

use shared::ids::{AccountId, ProgrammeId};
use shared::reviews::ReviewAction;

use super::{Actor, Decision, allow_if};

/// What a review is judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewFacts {
    /// The programme of its call.
    pub programme: ProgrammeId,
    /// Who judges.
    pub reviewer: AccountId,
    /// Whether it is filed.
    pub filed: bool,
    /// Whether the file may be judged: handed in, and its call's deadline over.
    pub unsealed: bool,
}

impl ReviewFacts {
    /// Whether the actor is its reviewer, and still reviews for the programme.
    fn is_of(&self, actor: &Actor) -> bool {
        matches!(actor, Actor::Account { id, .. } if *id == self.reviewer) && actor.reviews_for(self.programme)
    }

    /// Whether the actor may see it: its reviewer always, the programme's officers and administrators once it is filed.
    /// What others have filed a reviewer sees with the own sheet, once that is filed.
    pub(super) fn is_seen_by(&self, actor: &Actor) -> bool {
        self.unsealed
            && (self.is_of(actor) || (self.filed && (actor.is_admin() || actor.is_officer_of(self.programme))))
    }
}

/// Whether `actor` may do `action` with the review.
pub(super) fn decide(actor: &Actor, action: ReviewAction, review: &ReviewFacts) -> Decision {
    let is_officer = review.unsealed && (actor.is_admin() || actor.is_officer_of(review.programme));
    if !review.is_seen_by(actor) && !is_officer {
        return Decision::Hide;
    }
    let (may, otherwise) = match action {
        ReviewAction::Save | ReviewAction::File | ReviewAction::DeclareConflict => {
            (review.is_of(actor), "only its reviewer writes a review")
        }
        ReviewAction::Delete => (is_officer, "only the programme's officers give files to reviewers"),
    };
    allow_if(actor.can_write() && may, otherwise)
}
