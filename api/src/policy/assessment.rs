//! Who may do what with one side's assessment of a partnership.

use shared::assessments::AssessmentState;
use shared::ids::CityId;

use super::{Actor, Decision, allow_if};

/// What an assessment is judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssessmentFacts<'a> {
    /// Whose it is.
    pub city: CityId,
    /// Where it stands.
    pub state: AssessmentState,
    /// The sides that have filed theirs of the same year.
    pub filed: &'a [CityId],
}

impl AssessmentFacts<'_> {
    /// Whether the actor may see it: its own side always, the sides that have filed theirs once it is filed too, anybody once
    /// all have.
    pub(super) fn is_seen_by(&self, actor: &Actor) -> bool {
        match self.state {
            _ if actor.is_staff_of(self.city) => true,
            AssessmentState::Draft => false,
            AssessmentState::Filed => actor.is_admin() || self.filed.iter().any(|&city| actor.is_staff_of(city)),
            AssessmentState::Shared => true,
        }
    }
}

/// Whether `actor` may write, file or take back the assessment.
pub(super) fn decide(actor: &Actor, assessment: &AssessmentFacts<'_>) -> Decision {
    if !assessment.is_seen_by(actor) {
        return Decision::Hide;
    }
    allow_if(
        actor.can_write() && actor.is_staff_of(assessment.city),
        "only the city's own staff judges for it",
    )
}
