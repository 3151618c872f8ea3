//! The judge: who may do what. Pure and total, without clock or I/O.
//!
//! An [`Action`] carries the facts that it is judged on; [`decide`] is one `match`. Use cases call [`require`]; lists are
//! filtered in their stores by the same scopes.

use shared::accounts::Grant;
use shared::ids::ProgrammeId;
use shared::partnerships::PartyRef;

use crate::error::Error;

mod action;
mod actor;
mod assessment;
mod cohort;
mod file;
mod funding;
#[cfg(test)]
mod matrix;
mod review;

pub use action::Action;
pub use actor::Actor;
pub use assessment::AssessmentFacts;
pub use cohort::CohortFacts;
pub use file::FileFacts;
pub use funding::FundingFacts;
pub use review::ReviewFacts;

/// The judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It may.
    Allow,
    /// It may not, and may know that the thing exists; the sentence says what is missing.
    Deny(&'static str),
    /// It may not even know that the thing exists.
    Hide,
}

/// Judges whether `actor` may do `action`.
#[must_use]
pub fn decide(actor: &Actor, action: &Action<'_>) -> Decision {
    match action {
        Action::ReadPublic => Decision::Allow,
        Action::UseOwnAccount => allow_if(matches!(actor, Actor::Account { .. }), "a person's session is needed"),
        Action::ManageApiClient { grant } => allow_if(
            matches!(actor, Actor::Account { .. }) && (actor.is_admin() || actor.grants().contains(grant)),
            "only who has a grant can let a program act for it",
        ),
        Action::SeeApiClient { grant } => match decide(actor, &Action::ManageApiClient { grant: *grant }) {
            Decision::Allow => Decision::Allow,
            Decision::Deny(_) | Decision::Hide => Decision::Hide,
        },
        Action::ReadAudit => allow_if(actor.is_admin(), "only administrators read the journal"),
        Action::CreateCity => allow_if(
            actor.can_write()
                && (actor.is_admin()
                    || actor
                        .grants()
                        .iter()
                        .any(|grant| matches!(grant, Grant::NetworkCoordinator { .. }))),
            "only network coordinators and administrators add cities",
        ),
        Action::UpdateCity { city, network } => allow_if(
            actor.can_write()
                && (actor.is_admin()
                    || actor.is_staff_of(*city)
                    || network.is_some_and(|network| actor.coordinates(network))),
            "only the city's staff and its network change a profile",
        ),
        Action::ManageContacts { city } => allow_if(
            actor.can_write() && (actor.is_admin() || actor.is_staff_of(*city)),
            "only the city's staff changes its contact persons",
        ),
        Action::RecordElection { city } => allow_if(
            actor.can_write() && (actor.is_admin() || city.is_some_and(|city| actor.is_staff_of(city))),
            "only administrators enter an election of a country, and only a city's staff its own",
        ),
        Action::ReadContacts { city, in_contact } => allow_if(
            actor.is_admin() || actor.is_staff_of(*city) || in_contact.iter().any(|&other| actor.is_staff_of(other)),
            "contact persons are seen once both cities have told their interest",
        ),
        Action::ReviewDoubles => allow_if(
            reviews_doubles(actor),
            "only network coordinators and administrators review doubles",
        ),
        Action::SearchDoubles => allow_if(
            actor.can_write() && reviews_doubles(actor),
            "only network coordinators and administrators review doubles",
        ),
        Action::SettleDouble { networks } => allow_if(
            actor.can_write() && (actor.is_admin() || networks.iter().any(|&network| actor.coordinates(network))),
            "only a network of one of the cities, or an administrator, decides on doubles",
        ),
        Action::FindPartners { city, network } => allow_if(
            actor.is_admin() || actor.is_staff_of(*city) || network.is_some_and(|network| actor.coordinates(network)),
            "only the city's staff and its network look for its partners",
        ),
        Action::ReadPrivate { city } => allow_if(
            actor.is_admin() || actor.is_staff_of(*city),
            "only the city's staff sees what it keeps to itself",
        ),
        Action::ManagePrivate { city } => allow_if(
            actor.can_write() && (actor.is_admin() || actor.is_staff_of(*city)),
            "only the city's staff changes what it keeps to itself",
        ),
        Action::CreateProgramme => allow_if(
            actor.can_write() && actor.is_admin(),
            "only administrators add programmes",
        ),
        Action::ManageOrganisations => allow_if(
            actor.can_write() && actor.is_admin(),
            "only administrators enter what became of organisations",
        ),
        Action::AddActor => allow_if(
            actor.can_write()
                && (actor.is_admin()
                    || actor
                        .grants()
                        .iter()
                        .any(|grant| matches!(grant, Grant::CityStaff { .. } | Grant::NetworkCoordinator { .. }))),
            "only cities' staff, network coordinators and administrators add associated actors",
        ),
        Action::ManageCalls { programme } => allow_if(
            actor.can_write() && (actor.is_admin() || actor.is_officer_of(*programme)),
            "only the programme's officers write its rules and calls",
        ),
        Action::ReadCall { programme, hidden } => {
            if *hidden && !(actor.is_admin() || actor.is_officer_of(*programme)) {
                Decision::Hide
            } else {
                Decision::Allow
            }
        }
        Action::JudgeApplications { programme } => allow_if(
            actor.is_admin() || actor.is_officer_of(*programme) || actor.reviews_for(*programme),
            "only the programme's officers and reviewers see its applications",
        ),
        Action::ReadCommittee { programme } => allow_if(
            actor.is_admin() || actor.is_officer_of(*programme),
            "only the programme's officers see the committee's sheet",
        ),
        Action::ReadCallResults { programme, published } => {
            if *published || actor.is_admin() || actor.is_officer_of(*programme) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::AssignReviews { programme } => allow_if(
            actor.can_write() && (actor.is_admin() || actor.is_officer_of(*programme)),
            "only the programme's officers give files to reviewers",
        ),
        Action::DecideApplications { programme } => allow_if(
            actor.can_write() && actor.is_officer_of(*programme),
            "only the programme's officers judge the file",
        ),
        Action::ListReviews => allow_if(matches!(actor, Actor::Account { .. }), "a person's session is needed"),
        Action::ReadReview { review } => {
            if review.is_seen_by(actor) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ActOnReview { action, review } => review::decide(actor, *action, review),
        Action::ListApplications => allow_if(!actor.is_public(), "sign in to see applications"),
        Action::CreateApplication { city } => allow_if(
            actor.can_write() && actor.is_staff_of(*city),
            "only the city's staff begins an application for it",
        ),
        Action::ReadApplication { file } => {
            if file.is_seen_by(actor) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ReadCorrection { file } => {
            if file.is_in(actor) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ReadDecision { file } => {
            if file.is_decision_told_to(actor) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ActOnApplication { action, file } => file::decide(actor, *action, file),
        Action::ReadComments { file } | Action::ReadVersions { file } => file::comments(actor, file, true),
        Action::Comment { file } => file::comments(actor, file, actor.can_write()),
        Action::ActOnComment { action, author, file } => file::comment(actor, *action, *author, file),
        Action::BePresent { file } => file::comments(actor, file, matches!(actor, Actor::Account { .. })),
        Action::SignOffApplication { city, file } => {
            if !file.is_seen_by(actor) {
                return Decision::Hide;
            }
            allow_if(
                actor.can_write() && actor.is_staff_of(*city),
                "only the city's own staff agrees for it",
            )
        }
        Action::ListGrants => allow_if(!actor.is_public(), "sign in to see grants"),
        Action::CreateGrant { programme } => allow_if(
            actor.can_write() && actor.is_officer_of(*programme),
            "only the programme's officers make contracts",
        ),
        Action::ReadGrant { grant } => {
            if grant.is_seen_by(actor) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ActOnGrant { action, grant } => funding::decide(actor, *action, grant),
        Action::TellInterest { city } => allow_if(
            actor.can_write() && actor.is_staff_of(*city),
            "only the city's staff tells its interest",
        ),
        Action::ReadMatch { cities } => {
            if actor.is_admin() || cities.iter().any(|&city| actor.is_staff_of(city)) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ActOnMatch { cities } => allow_if(
            actor.can_write() && cities.iter().any(|&city| actor.is_staff_of(city)),
            "it is for the other city to do this",
        ),
        Action::ManageRounds { programme } => allow_if(
            actor.can_write() && manages_rounds(actor, *programme),
            "only the programme's officers prepare and match its rounds",
        ),
        Action::ReadRound { programme, hidden } => {
            if *hidden && !manages_rounds(actor, *programme) {
                Decision::Hide
            } else {
                Decision::Allow
            }
        }
        Action::ReadRoundCertificate { programme } => allow_if(
            manages_rounds(actor, *programme),
            "only the programme's officers see what a result was made of",
        ),
        Action::ReadRoundMembers { programme, own } => allow_if(
            manages_rounds(actor, *programme) || own.iter().any(|&city| actor.is_staff_of(city)),
            "only the programme's officers and the staff of cities in the round see who is in it",
        ),
        Action::WishInRound { city } => allow_if(
            actor.can_write() && actor.is_staff_of(*city),
            "only the city's staff wishes for it",
        ),
        Action::ReadRoundPair {
            programme,
            cities,
            shown,
        } => {
            if manages_rounds(actor, *programme) || (*shown && cities.iter().any(|&city| actor.is_staff_of(city))) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::AnswerRoundPair { cities } => allow_if(
            actor.can_write() && cities.iter().any(|&city| actor.is_staff_of(city)),
            "it is for the staff of the other city, or of the two, to answer",
        ),
        Action::ManageCohort { cohort } => cohort::manage(actor, cohort),
        Action::JoinCohort { city, cohort } => cohort::join(actor, *city, cohort),
        Action::ReadCohortMember { city, signed, cohort } => {
            if *signed || cohort.is_inside(actor, *city) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ActOnLetter { action, city, cohort } => cohort::letter(actor, *action, *city, cohort),
        Action::ManageJob { programme, searches } => {
            let is_officer = programme.is_some_and(|programme| actor.is_officer_of(programme));
            if actor.is_admin() || is_officer || (*searches && reviews_doubles(actor)) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::CreatePartnership { cities, lead } => allow_if(
            actor.can_write() && (leads(actor, *lead) || cities.iter().any(|&city| actor.is_staff_of(city))),
            "only the staff of a city that takes part, or the network that leads, makes a partnership",
        ),
        Action::UpdatePartnership { cities, lead } => allow_if(
            actor.can_write() && (leads(actor, *lead) || cities.iter().any(|&city| actor.is_staff_of(city))),
            "only the staff of a city that takes part, or the network that leads, changes a partnership",
        ),
        Action::LeadPartnership { lead } => allow_if(
            actor.can_write() && leads(actor, *lead),
            "only who leads the partnership does this",
        ),
        Action::HoldMeeting { host } => allow_if(
            actor.can_write() && leads(actor, *host),
            "only who holds the meeting keeps its list",
        ),
        Action::ReadRecommendation { host, hidden } => {
            if *hidden && !leads(actor, *host) {
                Decision::Hide
            } else {
                Decision::Allow
            }
        }
        Action::ReadStory { cities, lead, hidden } => {
            if *hidden && !(leads(actor, *lead) || cities.iter().any(|&city| actor.is_staff_of(city))) {
                Decision::Hide
            } else {
                Decision::Allow
            }
        }
        Action::BeginAssessment { city } => allow_if(
            actor.can_write() && actor.is_staff_of(*city),
            "only the city's own staff judges for it",
        ),
        Action::ReadAssessment { assessment } => {
            if assessment.is_seen_by(actor) {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::ActOnAssessment { assessment } => assessment::decide(actor, assessment),
        Action::BookExhibition { city, lead } => allow_if(
            actor.can_write() && (leads(actor, *lead) || actor.is_staff_of(*city)),
            "only the city's staff, or who leads the partnership, books an exhibition for it",
        ),
    }
}

fn reviews_doubles(actor: &Actor) -> bool {
    let coordinates = |grant: &Grant| matches!(grant, Grant::NetworkCoordinator { .. });
    actor.is_admin() || actor.grants().iter().any(coordinates)
}

fn manages_rounds(actor: &Actor, programme: ProgrammeId) -> bool {
    actor.is_admin() || actor.is_officer_of(programme)
}

fn leads(actor: &Actor, lead: PartyRef) -> bool {
    actor.is_admin()
        || match lead {
            PartyRef::City { city_id } => actor.is_staff_of(city_id),
            PartyRef::Network { network_id } => actor.coordinates(network_id),
            PartyRef::Actor { .. } => false,
        }
}

const fn allow_if(condition: bool, otherwise: &'static str) -> Decision {
    if condition {
        Decision::Allow
    } else {
        Decision::Deny(otherwise)
    }
}

/// Requires that `actor` may do `action`.
///
/// # Errors
/// `Unauthenticated` where nobody is signed in, `Denied` with the sentence, `NotFound` for what is hidden.
pub fn require(actor: &Actor, action: &Action<'_>) -> Result<(), Error> {
    match decide(actor, action) {
        Decision::Allow => Ok(()),
        Decision::Hide => Err(Error::NotFound),
        Decision::Deny(_) if actor.is_public() => {
            Err(Error::Unauthenticated(shared::problem::ProblemCode::Unauthenticated))
        }
        Decision::Deny(reason) => Err(Error::Denied(reason)),
    }
}

/// Whether `actor` may do `action`: for the `allowed` of views.
#[must_use]
pub fn allows(actor: &Actor, action: &Action<'_>) -> bool {
    decide(actor, action) == Decision::Allow
}
