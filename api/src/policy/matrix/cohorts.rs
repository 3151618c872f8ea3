//! What can be done with turnkey cohorts, their cities and their letters.

use std::sync::LazyLock;

use shared::cohorts::LetterAction;

use super::super::{Action, CohortFacts};
use super::{CITY, NETWORK, PROGRAMME};

/// A cohort that the network leads, with the city in it.
static COHORT: LazyLock<CohortFacts> = LazyLock::new(|| CohortFacts {
    programme: PROGRAMME,
    networks: vec![NETWORK],
});

/// The actions, as [`super::actions`] has them.
pub(super) fn actions() -> Vec<(&'static str, Action<'static>)> {
    let letter = |action| Action::ActOnLetter {
        action,
        city: CITY,
        cohort: &COHORT,
    };
    let member = |signed| Action::ReadCohortMember {
        city: CITY,
        signed,
        cohort: &COHORT,
    };
    vec![
        ("manage cohort of the network", Action::ManageCohort { cohort: &COHORT }),
        (
            "join cohort of the network",
            Action::JoinCohort {
                city: CITY,
                cohort: &COHORT,
            },
        ),
        ("see that the city is in a cohort, unsigned", member(false)),
        ("see that the city is in a cohort, signed", member(true)),
        ("send letter of engagement", letter(LetterAction::Send)),
        ("sign letter of engagement", letter(LetterAction::Sign)),
        ("refuse letter of engagement", letter(LetterAction::Refuse)),
        ("file letter of engagement", letter(LetterAction::File)),
        ("withdraw letter of engagement", letter(LetterAction::Withdraw)),
    ]
}
