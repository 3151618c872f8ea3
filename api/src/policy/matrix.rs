//! The role × action matrix, as a snapshot: a change of who may do what is a change of a committed file.

use std::fmt::Write as _;

use shared::accounts::{ClientScope, Grant};
use shared::assessments::AssessmentState;
use shared::ids::{AccountId, ApiClientId, CityId, NetworkId, ProgrammeId, SessionId};
use shared::partnerships::PartyRef;
use shared::reviews::ReviewAction;
use uuid::Uuid;

use super::{Action, Actor, AssessmentFacts, Decision, ReviewFacts, decide};

mod cohorts;
mod files;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// The city that actions are about, the network of its region, and the programme.
const CITY: CityId = CityId(id(1));
const OTHER_CITY: CityId = CityId(id(2));
const THIRD_CITY: CityId = CityId(id(7));
const NETWORK: NetworkId = NetworkId(id(3));
const OTHER_NETWORK: NetworkId = NetworkId(id(4));
const PROGRAMME: ProgrammeId = ProgrammeId(id(5));
const OTHER_PROGRAMME: ProgrammeId = ProgrammeId(id(6));

/// A review of the account of every person here.
const REVIEW: ReviewFacts = ReviewFacts {
    programme: PROGRAMME,
    reviewer: AccountId(id(100)),
    filed: false,
    unsealed: true,
};
/// A review of somebody else.
const OTHER_REVIEW: ReviewFacts = ReviewFacts {
    reviewer: AccountId(id(103)),
    ..REVIEW
};

const FILED_REVIEW: ReviewFacts = ReviewFacts {
    filed: true,
    ..OTHER_REVIEW
};
/// A review in a call that takes applications again.
const SEALED_REVIEW: ReviewFacts = ReviewFacts {
    unsealed: false,
    ..REVIEW
};

/// What the city makes of a partnership with the other one and a third.
static JUDGED_DRAFT: AssessmentFacts<'static> = AssessmentFacts {
    city: CITY,
    state: AssessmentState::Draft,
    filed: &[OTHER_CITY],
};
static JUDGED_ALONE: AssessmentFacts<'static> = AssessmentFacts {
    city: CITY,
    state: AssessmentState::Filed,
    filed: &[CITY],
};
static JUDGED_BY_BOTH: AssessmentFacts<'static> = AssessmentFacts {
    city: CITY,
    state: AssessmentState::Filed,
    filed: &[CITY, OTHER_CITY],
};
static JUDGED_BY_ALL: AssessmentFacts<'static> = AssessmentFacts {
    city: CITY,
    state: AssessmentState::Shared,
    filed: &[CITY, OTHER_CITY, THIRD_CITY],
};

const fn read_assessment(assessment: &'static AssessmentFacts<'static>) -> Action<'static> {
    Action::ReadAssessment { assessment }
}

const fn on_review(action: ReviewAction, review: ReviewFacts) -> Action<'static> {
    Action::ActOnReview { action, review }
}

fn account(grants: &[Grant]) -> Actor {
    Actor::Account {
        id: AccountId(id(100)),
        session_id: SessionId(id(101)),
        grants: grants.to_vec(),
    }
}

fn client(scopes: &[ClientScope]) -> Actor {
    Actor::Client {
        id: ApiClientId(id(102)),
        scopes: scopes.to_vec(),
        grant: Grant::CityStaff { city_id: CITY },
    }
}

fn actors() -> Vec<(&'static str, Actor)> {
    let programme = |programme_id| Grant::ProgrammeOfficer { programme_id };
    let reviewer = |programme_id| Grant::Reviewer { programme_id };
    let network = |network_id| Grant::NetworkCoordinator { network_id };
    vec![
        ("public", Actor::Public),
        ("without grant", account(&[])),
        ("city staff", account(&[Grant::CityStaff { city_id: CITY }])),
        (
            "staff of the other city",
            account(&[Grant::CityStaff { city_id: OTHER_CITY }]),
        ),
        (
            "staff of a third city",
            account(&[Grant::CityStaff { city_id: THIRD_CITY }]),
        ),
        ("coordinator", account(&[network(NETWORK)])),
        ("coordinator elsewhere", account(&[network(OTHER_NETWORK)])),
        ("officer", account(&[programme(PROGRAMME)])),
        ("officer elsewhere", account(&[programme(OTHER_PROGRAMME)])),
        ("reviewer", account(&[reviewer(PROGRAMME)])),
        ("reviewer elsewhere", account(&[reviewer(OTHER_PROGRAMME)])),
        ("admin", account(&[Grant::Admin])),
        ("reading program of the city", client(&[ClientScope::Read])),
        (
            "writing program of the city",
            client(&[ClientScope::Read, ClientScope::Write]),
        ),
        ("system", Actor::System),
    ]
}

/// Every action, with the facts that make a difference. A new one is added here; [`is_in_matrix`] asks for it.
fn actions() -> Vec<(&'static str, Action<'static>)> {
    let (city, network) = (CITY, Some(NETWORK));
    let mut all = vec![
        ("read public", Action::ReadPublic),
        ("use own account", Action::UseOwnAccount),
        (
            "let in a program of the city",
            Action::ManageApiClient {
                grant: Grant::CityStaff { city_id: CITY },
            },
        ),
        (
            "let in a program of administrators",
            Action::ManageApiClient { grant: Grant::Admin },
        ),
        (
            "see a program of the city",
            Action::SeeApiClient {
                grant: Grant::CityStaff { city_id: CITY },
            },
        ),
        ("read audit", Action::ReadAudit),
        ("create city", Action::CreateCity),
        ("update city", Action::UpdateCity { city, network }),
        (
            "update city without network",
            Action::UpdateCity { city, network: None },
        ),
        ("manage contacts", Action::ManageContacts { city }),
        ("enter an election of a country", Action::RecordElection { city: None }),
        (
            "enter an election of the city",
            Action::RecordElection { city: Some(city) },
        ),
        ("read contacts", Action::ReadContacts { city, in_contact: &[] }),
        (
            "read contacts, in contact",
            Action::ReadContacts {
                city,
                in_contact: &[OTHER_CITY],
            },
        ),
        ("review doubles", Action::ReviewDoubles),
        ("look for doubles", Action::SearchDoubles),
        ("settle double", Action::SettleDouble { networks: &[NETWORK] }),
        ("settle double without network", Action::SettleDouble { networks: &[] }),
        ("find partners", Action::FindPartners { city, network }),
        ("read what the city keeps to itself", Action::ReadPrivate { city }),
        ("change what the city keeps to itself", Action::ManagePrivate { city }),
        ("tell interest", Action::TellInterest { city }),
        (
            "read match",
            Action::ReadMatch {
                cities: [CITY, OTHER_CITY],
            },
        ),
        ("act on match", Action::ActOnMatch { cities: &[OTHER_CITY] }),
        ("enter what became of organisations", Action::ManageOrganisations),
        ("add an associated actor", Action::AddActor),
        ("manage rounds", Action::ManageRounds { programme: PROGRAMME }),
        (
            "read round that is being prepared",
            Action::ReadRound {
                programme: PROGRAMME,
                hidden: true,
            },
        ),
        (
            "read round",
            Action::ReadRound {
                programme: PROGRAMME,
                hidden: false,
            },
        ),
        (
            "read certificate of round",
            Action::ReadRoundCertificate { programme: PROGRAMME },
        ),
        (
            "read members of round",
            Action::ReadRoundMembers {
                programme: PROGRAMME,
                own: &[],
            },
        ),
        (
            "read members of round that the city is in",
            Action::ReadRoundMembers {
                programme: PROGRAMME,
                own: &[CITY],
            },
        ),
        ("wish in round", Action::WishInRound { city }),
        (
            "read pair of round, not shown",
            Action::ReadRoundPair {
                programme: PROGRAMME,
                cities: [CITY, OTHER_CITY],
                shown: false,
            },
        ),
        (
            "read pair of round",
            Action::ReadRoundPair {
                programme: PROGRAMME,
                cities: [CITY, OTHER_CITY],
                shown: true,
            },
        ),
        (
            "answer for pair of round",
            Action::AnswerRoundPair { cities: &[OTHER_CITY] },
        ),
        (
            "manage job of programme",
            Action::ManageJob {
                programme: Some(PROGRAMME),
                searches: false,
            },
        ),
        (
            "manage job of platform",
            Action::ManageJob {
                programme: None,
                searches: false,
            },
        ),
        (
            "manage search for doubles",
            Action::ManageJob {
                programme: None,
                searches: true,
            },
        ),
        (
            "create partnership that the city leads",
            Action::CreatePartnership {
                cities: &[CITY, OTHER_CITY],
                lead: PartyRef::City { city_id: CITY },
            },
        ),
        (
            "update partnership that the network leads",
            Action::UpdatePartnership {
                cities: &[CITY, OTHER_CITY],
                lead: PartyRef::Network { network_id: NETWORK },
            },
        ),
        (
            "lead partnership of the city",
            Action::LeadPartnership {
                lead: PartyRef::City { city_id: CITY },
            },
        ),
        (
            "lead partnership of the network",
            Action::LeadPartnership {
                lead: PartyRef::Network { network_id: NETWORK },
            },
        ),
        (
            "hold meeting of the city",
            Action::HoldMeeting {
                host: PartyRef::City { city_id: CITY },
            },
        ),
        (
            "hold meeting of the network",
            Action::HoldMeeting {
                host: PartyRef::Network { network_id: NETWORK },
            },
        ),
        (
            "read recommendation, draft",
            Action::ReadRecommendation {
                host: PartyRef::City { city_id: CITY },
                hidden: true,
            },
        ),
        (
            "read recommendation",
            Action::ReadRecommendation {
                host: PartyRef::City { city_id: CITY },
                hidden: false,
            },
        ),
        (
            "read story, draft",
            Action::ReadStory {
                cities: &[CITY, OTHER_CITY],
                lead: PartyRef::Network { network_id: NETWORK },
                hidden: true,
            },
        ),
        (
            "read story",
            Action::ReadStory {
                cities: &[CITY, OTHER_CITY],
                lead: PartyRef::Network { network_id: NETWORK },
                hidden: false,
            },
        ),
        ("begin assessment for the city", Action::BeginAssessment { city }),
        ("read assessment, draft", read_assessment(&JUDGED_DRAFT)),
        (
            "read assessment, filed by the city alone",
            read_assessment(&JUDGED_ALONE),
        ),
        (
            "read assessment, filed by both cities",
            read_assessment(&JUDGED_BY_BOTH),
        ),
        ("read assessment, filed by all", read_assessment(&JUDGED_BY_ALL)),
        (
            "write assessment, draft",
            Action::ActOnAssessment {
                assessment: &JUDGED_DRAFT,
            },
        ),
        (
            "write assessment, filed by both cities",
            Action::ActOnAssessment {
                assessment: &JUDGED_BY_BOTH,
            },
        ),
        (
            "book exhibition for the city",
            Action::BookExhibition {
                city: CITY,
                lead: PartyRef::Network { network_id: NETWORK },
            },
        ),
        ("create programme", Action::CreateProgramme),
        ("manage calls", Action::ManageCalls { programme: PROGRAMME }),
        (
            "read call that is being written",
            Action::ReadCall {
                programme: PROGRAMME,
                hidden: true,
            },
        ),
        (
            "read call",
            Action::ReadCall {
                programme: PROGRAMME,
                hidden: false,
            },
        ),
        ("judge applications", Action::JudgeApplications { programme: PROGRAMME }),
        ("read committee's sheet", Action::ReadCommittee { programme: PROGRAMME }),
        (
            "give files to reviewers",
            Action::AssignReviews { programme: PROGRAMME },
        ),
        (
            "read results of call, published",
            Action::ReadCallResults {
                programme: PROGRAMME,
                published: true,
            },
        ),
        (
            "read results of call, unpublished",
            Action::ReadCallResults {
                programme: PROGRAMME,
                published: false,
            },
        ),
        (
            "decide applications",
            Action::DecideApplications { programme: PROGRAMME },
        ),
        ("list own reviews", Action::ListReviews),
        ("read own review", Action::ReadReview { review: REVIEW }),
        ("read own review, sealed", Action::ReadReview { review: SEALED_REVIEW }),
        ("read review of another", Action::ReadReview { review: OTHER_REVIEW }),
        (
            "read filed review of another",
            Action::ReadReview { review: FILED_REVIEW },
        ),
        ("write own review", on_review(ReviewAction::Save, REVIEW)),
        (
            "write filed review of another",
            on_review(ReviewAction::Save, FILED_REVIEW),
        ),
        ("file own review", on_review(ReviewAction::File, REVIEW)),
        (
            "declare conflict in own review",
            on_review(ReviewAction::DeclareConflict, REVIEW),
        ),
        ("take file from reviewer", on_review(ReviewAction::Delete, OTHER_REVIEW)),
    ];
    all.extend(files::actions());
    all.extend(cohorts::actions());
    all
}

/// No wildcard: the compiler asks whoever adds an action to come here, and then to [`actions`].
const fn is_in_matrix(action: &Action<'_>) -> bool {
    match action {
        Action::ReadPublic
        | Action::UseOwnAccount
        | Action::ManageApiClient { .. }
        | Action::SeeApiClient { .. }
        | Action::ReadAudit
        | Action::CreateCity
        | Action::UpdateCity { .. }
        | Action::ManageContacts { .. }
        | Action::RecordElection { .. }
        | Action::ReadContacts { .. }
        | Action::ReviewDoubles
        | Action::SearchDoubles
        | Action::SettleDouble { .. }
        | Action::FindPartners { .. }
        | Action::ReadPrivate { .. }
        | Action::ManagePrivate { .. }
        | Action::TellInterest { .. }
        | Action::ReadMatch { .. }
        | Action::ActOnMatch { .. }
        | Action::ManageRounds { .. }
        | Action::ReadRound { .. }
        | Action::ReadRoundCertificate { .. }
        | Action::ReadRoundMembers { .. }
        | Action::WishInRound { .. }
        | Action::ReadRoundPair { .. }
        | Action::AnswerRoundPair { .. }
        | Action::ManageCohort { .. }
        | Action::JoinCohort { .. }
        | Action::ReadCohortMember { .. }
        | Action::ActOnLetter { .. }
        | Action::ManageJob { .. }
        | Action::CreatePartnership { .. }
        | Action::UpdatePartnership { .. }
        | Action::LeadPartnership { .. }
        | Action::HoldMeeting { .. }
        | Action::ReadRecommendation { .. }
        | Action::ReadStory { .. }
        | Action::BeginAssessment { .. }
        | Action::ReadAssessment { .. }
        | Action::ActOnAssessment { .. }
        | Action::BookExhibition { .. }
        | Action::CreateProgramme
        | Action::ManageOrganisations
        | Action::AddActor
        | Action::ManageCalls { .. }
        | Action::ReadCall { .. }
        | Action::JudgeApplications { .. }
        | Action::ReadCommittee { .. }
        | Action::ReadCallResults { .. }
        | Action::AssignReviews { .. }
        | Action::DecideApplications { .. }
        | Action::ListReviews
        | Action::ReadReview { .. }
        | Action::ActOnReview { .. }
        | Action::ListApplications
        | Action::CreateApplication { .. }
        | Action::ReadApplication { .. }
        | Action::ReadCorrection { .. }
        | Action::ReadDecision { .. }
        | Action::ActOnApplication { .. }
        | Action::ReadComments { .. }
        | Action::ReadVersions { .. }
        | Action::Comment { .. }
        | Action::ActOnComment { .. }
        | Action::BePresent { .. }
        | Action::ListGrants
        | Action::CreateGrant { .. }
        | Action::ReadGrant { .. }
        | Action::ActOnGrant { .. }
        | Action::SignOffApplication { .. } => true,
    }
}

#[test]
fn who_may_do_what() {
    let mut matrix = String::new();
    for (name, action) in actions() {
        assert!(is_in_matrix(&action));
        let _ = writeln!(matrix, "{name}");
        for (who, actor) in actors() {
            let said = match decide(&actor, &action) {
                Decision::Allow => "allow".to_owned(),
                Decision::Deny(reason) => format!("deny: {reason}"),
                Decision::Hide => "hide".to_owned(),
            };
            let _ = writeln!(matrix, "    {who:<28} {said}");
        }
    }
    insta::assert_snapshot!("who_may_do_what", matrix);
}
