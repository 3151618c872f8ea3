//! Who may do what with the grant of an accepted application.

use shared::grants::GrantAction;
use shared::ids::{CityId, ProgrammeId};
use shared::partnerships::PartyRole;

use super::{Actor, Decision, allow_if};

/// What a grant is judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingFacts {
    /// The programme that pays.
    pub programme: ProgrammeId,
    /// The cities of the file.
    pub parties: Vec<(CityId, PartyRole)>,
}

impl FundingFacts {
    /// Whether the actor works for the city that leads.
    #[must_use]
    pub fn is_led_by(&self, actor: &Actor) -> bool {
        let mut parties = self.parties.iter();
        parties.any(|&(city, role)| role == PartyRole::Lead && actor.is_staff_of(city))
    }

    /// Whether the actor may see it: all its cities, its funder, administrators.
    pub(super) fn is_seen_by(&self, actor: &Actor) -> bool {
        actor.is_admin()
            || actor.is_officer_of(self.programme)
            || self.parties.iter().any(|&(city, _)| actor.is_staff_of(city))
    }
}

/// Whether `actor` may do `action` with the grant.
pub(super) fn decide(actor: &Actor, action: GrantAction, grant: &FundingFacts) -> Decision {
    if !grant.is_seen_by(actor) {
        return Decision::Hide;
    }
    let (lead, funder) = (grant.is_led_by(actor), actor.is_officer_of(grant.programme));
    let (may, otherwise) = match action {
        GrantAction::Sign => (
            lead || funder,
            "only the city that leads and the funder sign the contract",
        ),
        action if action.is_of_funder() => (funder, "only the programme's officers decide and pay"),
        _ => (lead, "only the staff of the city that leads reports and asks for money"),
    };
    allow_if(actor.can_write() && may, otherwise)
}
