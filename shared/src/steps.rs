//! A city's way in five steps: it finds a partner, builds a project, gets funding, joins a network, and gives back to others.
//!
//! Each step is judged from figures alone, by [`steps`], so that a reader can tell from the answer why it stands where it does.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cities::codes;

codes!(
    /// A step of the way.
    Step {
        /// Find a partner.
        FindPartner = "find_partner",
        /// Build a project with it.
        BuildProject = "build_project",
        /// Get it funded.
        GetFunding = "get_funding",
        /// Join a network.
        JoinNetwork = "join_network",
        /// Let others profit from what was learned.
        Contribute = "contribute",
    }
);

codes!(
    /// Where a step stands.
    StepState {
        /// Nothing yet.
        NotBegun = "not_begun",
        /// Something has begun.
        UnderWay = "under_way",
        /// It has been taken.
        Done = "done",
    }
);

codes!(
    /// What a city best does next in a step.
    NextMove {
        /// Say what it needs and what it offers: the ranking rests on it.
        StateNeeds = "state_needs",
        /// Look through the ranked partners.
        LookForPartners = "look_for_partners",
        /// Answer who has told interest.
        AnswerInterests = "answer_interests",
        /// Go on with who is in contact.
        GoOnWithContacts = "go_on_with_contacts",
        /// Bring a partnership that is being prepared to its signature.
        AdvancePartnership = "advance_partnership",
        /// Plan what the partners do together.
        PlanActivity = "plan_activity",
        /// Correct a file, as its funder asks.
        CorrectApplication = "correct_application",
        /// Finish a file that is being written.
        FinishApplication = "finish_application",
        /// Look at the calls that are open.
        LookAtCalls = "look_at_calls",
        /// Join a network that accompanies cities.
        JoinNetwork = "join_network",
        /// Write down what was achieved.
        RecordResult = "record_result",
        /// Say what it can offer others.
        StateOffers = "state_offers",
    }
);

/// What the steps are judged by; each counted when it is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepFigures {
    /// Themes that the city needs help in.
    pub needs: u64,
    /// Themes that it offers help in.
    pub offers: u64,
    /// Interests of others that wait for its answer.
    pub interests_waiting: u64,
    /// Its own interests that wait for an answer.
    pub interests_told: u64,
    /// Cities with which it is in contact.
    pub contacts: u64,
    /// Partnerships that are not signed yet.
    pub partnerships_preparing: u64,
    /// Partnerships that are signed and not over.
    pub partnerships_running: u64,
    /// Activities of its partnerships that are to come.
    pub activities_planned: u64,
    /// Activities of its partnerships that were held.
    pub activities_held: u64,
    /// Applications that it writes.
    pub files_in_writing: u64,
    /// Applications that their funders ask to correct, until a day that is still to come.
    pub files_to_correct: u64,
    /// Applications that wait for a decision.
    pub files_handed_in: u64,
    /// Applications that were accepted.
    pub files_accepted: u64,
    /// Calls that are open now, to anybody.
    pub calls_open: u64,
    /// Networks that accompany it.
    pub networks: u64,
    /// Results of its partnerships.
    pub results: u64,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepView {
    /// Which one.
    pub step: Step,
    /// Where it stands.
    pub state: StepState,
    /// What best comes next; none where there is nothing to do but wait.
    pub next: Option<NextMove>,
}

/// The way of a city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CitySteps {
    /// The five steps, in their order.
    pub steps: Vec<StepView>,
    /// What they are judged by.
    pub figures: StepFigures,
    /// When the figures were counted.
    #[serde(with = "crate::time")]
    pub computed_at: DateTime<Utc>,
}

/// The five steps for these figures, in their order.
#[must_use]
pub fn steps(figures: &StepFigures) -> Vec<StepView> {
    let judge = |step: &Step| {
        let (done, begun, next) = match step {
            Step::FindPartner => find_partner(figures),
            Step::BuildProject => build_project(figures),
            Step::GetFunding => get_funding(figures),
            Step::JoinNetwork => {
                let has = figures.networks > 0;
                (has, false, (!has).then_some(NextMove::JoinNetwork))
            }
            Step::Contribute => contribute(figures),
        };
        let state = match (done, begun) {
            (true, _) => StepState::Done,
            (false, true) => StepState::UnderWay,
            (false, false) => StepState::NotBegun,
        };
        StepView {
            step: *step,
            state,
            next,
        }
    };
    Step::ALL.iter().map(judge).collect()
}

/// Whether a step is done, whether it has begun, and what comes next.
type Judged = (bool, bool, Option<NextMove>);

const fn find_partner(figures: &StepFigures) -> Judged {
    let done = figures.partnerships_preparing + figures.partnerships_running > 0;
    let begun = figures.interests_waiting + figures.interests_told + figures.contacts > 0;
    let next = if figures.interests_waiting > 0 {
        // Somebody waits: that comes first, partners or not.
        Some(NextMove::AnswerInterests)
    } else if done {
        None
    } else if figures.contacts > 0 {
        Some(NextMove::GoOnWithContacts)
    } else if figures.needs + figures.offers == 0 {
        Some(NextMove::StateNeeds)
    } else if figures.interests_told > 0 {
        None
    } else {
        Some(NextMove::LookForPartners)
    };
    (done, begun, next)
}

const fn build_project(figures: &StepFigures) -> Judged {
    let activities = figures.activities_planned + figures.activities_held;
    let done = figures.partnerships_running > 0 && activities > 0;
    let begun = figures.partnerships_preparing + figures.partnerships_running > 0;
    let next = if done || !begun {
        None
    } else if figures.partnerships_running == 0 {
        Some(NextMove::AdvancePartnership)
    } else {
        Some(NextMove::PlanActivity)
    };
    (done, begun, next)
}

const fn get_funding(figures: &StepFigures) -> Judged {
    let done = figures.files_accepted > 0;
    let begun = figures.files_in_writing + figures.files_handed_in > 0;
    let next = if figures.files_to_correct > 0 {
        // It ends on a day: that comes first, whatever was accepted before.
        Some(NextMove::CorrectApplication)
    } else if figures.files_in_writing > 0 {
        Some(NextMove::FinishApplication)
    } else if !done && !begun && figures.calls_open > 0 {
        Some(NextMove::LookAtCalls)
    } else {
        None
    };
    (done, begun, next)
}

const fn contribute(figures: &StepFigures) -> Judged {
    let done = figures.results > 0;
    let begun = figures.activities_held + figures.offers > 0;
    let next = if done {
        None
    } else if figures.activities_held > 0 {
        Some(NextMove::RecordResult)
    } else if figures.offers == 0 {
        Some(NextMove::StateOffers)
    } else {
        None
    };
    (done, begun, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(figures: &StepFigures) -> Vec<(StepState, Option<NextMove>)> {
        let all = steps(figures);
        assert!(all.iter().map(|step| &step.step).eq(Step::ALL));
        all.iter().map(|step| (step.state, step.next)).collect()
    }

    #[test]
    fn who_is_new_begins_with_its_needs() {
        use NextMove::{JoinNetwork, LookAtCalls, StateNeeds, StateOffers};
        let new = StepFigures {
            calls_open: 3,
            ..StepFigures::default()
        };
        let next = [
            Some(StateNeeds),
            None,
            Some(LookAtCalls),
            Some(JoinNetwork),
            Some(StateOffers),
        ];
        assert_eq!(states(&new), next.map(|next| (StepState::NotBegun, next)));
    }

    #[test]
    fn what_a_funder_asks_to_correct_comes_first() {
        let asked = StepFigures {
            files_to_correct: 1,
            files_handed_in: 1,
            files_in_writing: 1,
            files_accepted: 1,
            ..StepFigures::default()
        };
        assert_eq!(states(&asked)[2], (StepState::Done, Some(NextMove::CorrectApplication)));
    }

    #[test]
    fn who_waits_for_an_answer_need_not_do_anything() {
        let told = StepFigures {
            needs: 1,
            interests_told: 2,
            ..StepFigures::default()
        };
        assert_eq!(states(&told)[0], (StepState::UnderWay, None));
        let asked = StepFigures {
            interests_waiting: 1,
            partnerships_running: 1,
            ..told
        };
        assert_eq!(states(&asked)[0], (StepState::Done, Some(NextMove::AnswerInterests)));
    }

    #[test]
    fn a_project_is_a_signed_partnership_that_does_something() {
        let prepared = StepFigures {
            partnerships_preparing: 1,
            activities_planned: 1,
            ..StepFigures::default()
        };
        let state = |figures: &StepFigures| states(figures)[1];
        assert_eq!(
            state(&prepared),
            (StepState::UnderWay, Some(NextMove::AdvancePartnership))
        );
        let signed = StepFigures {
            partnerships_running: 1,
            activities_planned: 0,
            ..prepared
        };
        assert_eq!(state(&signed), (StepState::UnderWay, Some(NextMove::PlanActivity)));
        let at_work = StepFigures {
            activities_held: 1,
            ..signed
        };
        assert_eq!(state(&at_work), (StepState::Done, None));
        assert_eq!(states(&at_work)[4], (StepState::UnderWay, Some(NextMove::RecordResult)));
    }

    #[test]
    fn a_file_that_is_being_written_is_finished_first() {
        let both = StepFigures {
            files_in_writing: 1,
            files_accepted: 1,
            calls_open: 2,
            ..StepFigures::default()
        };
        assert_eq!(states(&both)[2], (StepState::Done, Some(NextMove::FinishApplication)));
        let waits = StepFigures {
            files_handed_in: 1,
            files_in_writing: 0,
            files_accepted: 0,
            ..both
        };
        assert_eq!(states(&waits)[2], (StepState::UnderWay, None));
    }
}
