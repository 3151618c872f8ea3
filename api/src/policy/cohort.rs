//! Who may do what with a turnkey cohort, its cities and their letters.

use shared::cohorts::LetterAction;
use shared::ids::{CityId, NetworkId, ProgrammeId};

use super::{Actor, Decision, allow_if};

/// What a cohort is judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortFacts {
    /// Its programme.
    pub programme: ProgrammeId,
    /// The networks that lead it.
    pub networks: Vec<NetworkId>,
}

impl CohortFacts {
    /// Whether the actor leads it: for one of its networks, for the programme, or for the platform.
    #[must_use]
    pub fn is_led_by(&self, actor: &Actor) -> bool {
        actor.is_admin()
            || actor.is_officer_of(self.programme)
            || self.networks.iter().any(|&network| actor.coordinates(network))
    }

    /// Whether the actor sees all of a city's place in it: its staff, and who leads the cohort.
    #[must_use]
    pub fn is_inside(&self, actor: &Actor, city: CityId) -> bool {
        actor.is_staff_of(city) || self.is_led_by(actor)
    }
}

/// Whether `actor` may manage the cohort.
pub(super) fn manage(actor: &Actor, cohort: &CohortFacts) -> Decision {
    allow_if(
        actor.can_write() && cohort.is_led_by(actor),
        "only a network that leads the cohort and the programme's officers do this",
    )
}

/// Whether `actor` may speak for a city's place in the cohort.
pub(super) fn join(actor: &Actor, city: CityId, cohort: &CohortFacts) -> Decision {
    allow_if(
        actor.can_write() && cohort.is_inside(actor, city),
        "only the city's staff, and who leads the cohort, say whether and how it takes part",
    )
}

/// Whether `actor` may do `action` with a city's letter.
pub(super) fn letter(actor: &Actor, action: LetterAction, city: CityId, cohort: &CohortFacts) -> Decision {
    if !cohort.is_inside(actor, city) {
        return Decision::Hide;
    }
    match action {
        LetterAction::Sign | LetterAction::Refuse => allow_if(
            actor.can_write() && actor.is_staff_of(city),
            "only the city's own staff signs or refuses its letter",
        ),
        LetterAction::Send | LetterAction::File | LetterAction::Withdraw => manage(actor, cohort),
    }
}
