//! What can be asked of the judge.

use shared::accounts::Grant;
use shared::applications::{ApplicationAction, CommentAction};
use shared::cohorts::LetterAction;
use shared::grants::GrantAction;
use shared::ids::{AccountId, CityId, NetworkId, ProgrammeId};
use shared::partnerships::PartyRef;
use shared::reviews::ReviewAction;

use super::{AssessmentFacts, CohortFacts, FileFacts, FundingFacts, ReviewFacts};

/// What is to be done, with the facts that it is judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action<'a> {
    /// Read the directory, networks, partnerships, programmes, published calls and figures.
    ReadPublic,
    /// Read or change one's own account, or end one's own session.
    UseOwnAccount,
    /// Let a program in that acts for this grant.
    ManageApiClient {
        /// For whom the program acts.
        grant: Grant,
    },
    /// See or revoke a program that acts for this grant.
    SeeApiClient {
        /// For whom the program acts.
        grant: Grant,
    },
    /// Read the audit journal.
    ReadAudit,
    /// Add a city to the directory.
    CreateCity,
    /// Change a city's profile.
    UpdateCity {
        /// The city.
        city: CityId,
        /// The network of its region.
        network: Option<NetworkId>,
    },
    /// Change the contact persons of a city.
    ManageContacts {
        /// The city.
        city: CityId,
    },
    /// Enter an election, or take it out of the list.
    RecordElection {
        /// The city whose election it is; none for one of a whole country.
        city: Option<CityId>,
    },
    /// Read the contact persons of a city.
    ReadContacts {
        /// The city.
        city: CityId,
        /// The cities that are in contact with it through a match or a partnership.
        in_contact: &'a [CityId],
    },
    /// See likely doubles.
    ReviewDoubles,
    /// Look for doubles, or propose two.
    SearchDoubles,
    /// Merge or reject a likely double, or take that back.
    SettleDouble {
        /// The networks of the cities that it is about.
        networks: &'a [NetworkId],
    },
    /// See ranked partners of a city.
    FindPartners {
        /// The city.
        city: CityId,
        /// The network of its region.
        network: Option<NetworkId>,
    },
    /// See what a city keeps to itself: whom it bans, how it weighs, what it watches.
    ReadPrivate {
        /// The city.
        city: CityId,
    },
    /// Change what a city keeps to itself.
    ManagePrivate {
        /// The city.
        city: CityId,
    },
    /// Add a programme.
    CreateProgramme,
    /// Add an organisation, and enter what became of it.
    ManageOrganisations,
    /// Add an associated actor to the register.
    AddActor,
    /// Write rules and calls of a programme, and move its calls.
    ManageCalls {
        /// The programme.
        programme: ProgrammeId,
    },
    /// See a call.
    ReadCall {
        /// Its programme.
        programme: ProgrammeId,
        /// Whether it is still being written.
        hidden: bool,
    },
    /// See, as their funder, the applications that were handed in.
    JudgeApplications {
        /// The programme.
        programme: ProgrammeId,
    },
    /// See the committee's sheet of a call, and its reviewers.
    ReadCommittee {
        /// The call's programme.
        programme: ProgrammeId,
    },
    /// Read what a call decided.
    ReadCallResults {
        /// The programme.
        programme: ProgrammeId,
        /// Whether everybody may know.
        published: bool,
    },
    /// Give the files of a call to reviewers.
    AssignReviews {
        /// The call's programme.
        programme: ProgrammeId,
    },
    /// Decide on files of a call.
    DecideApplications {
        /// The call's programme.
        programme: ProgrammeId,
    },
    /// See a list of the reviews that are one's own.
    ListReviews,
    /// Read a review.
    ReadReview {
        /// The review.
        review: ReviewFacts,
    },
    /// Do something with a review.
    ActOnReview {
        /// What.
        action: ReviewAction,
        /// The review.
        review: ReviewFacts,
    },
    /// See a list of the applications that one may read.
    ListApplications,
    /// Begin an application that this city leads.
    CreateApplication {
        /// The city.
        city: CityId,
    },
    /// Read an application.
    ReadApplication {
        /// The file.
        file: &'a FileFacts,
    },
    /// Read a correction of an application before it is handed in.
    ReadCorrection {
        /// The file.
        file: &'a FileFacts,
    },
    /// Read what was decided on an application.
    ReadDecision {
        /// The file.
        file: &'a FileFacts,
    },
    /// Do something with an application.
    ActOnApplication {
        /// What.
        action: ApplicationAction,
        /// The file.
        file: &'a FileFacts,
    },
    /// Read what the cities of an application say to each other.
    ReadComments {
        /// The file.
        file: &'a FileFacts,
    },
    /// Read what an application said before.
    ReadVersions {
        /// The file.
        file: &'a FileFacts,
    },
    /// Say something to the other cities of an application.
    Comment {
        /// The file.
        file: &'a FileFacts,
    },
    /// Do something with a comment.
    ActOnComment {
        /// What.
        action: CommentAction,
        /// Who wrote it.
        author: Option<AccountId>,
        /// The file.
        file: &'a FileFacts,
    },
    /// Be seen by the other cities of an application as one who has it open.
    BePresent {
        /// The file.
        file: &'a FileFacts,
    },
    /// Agree to an application for this city.
    SignOffApplication {
        /// The city.
        city: CityId,
        /// The file.
        file: &'a FileFacts,
    },
    /// See a list of the grants that one may read.
    ListGrants,
    /// Make a grant of an accepted application.
    CreateGrant {
        /// The programme that pays.
        programme: ProgrammeId,
    },
    /// Read a grant.
    ReadGrant {
        /// The grant.
        grant: &'a FundingFacts,
    },
    /// Move a grant on.
    ActOnGrant {
        /// What.
        action: GrantAction,
        /// The grant.
        grant: &'a FundingFacts,
    },
    /// Tell interest in another city's name.
    TellInterest {
        /// In whose name.
        city: CityId,
    },
    /// Read what has passed between two cities.
    ReadMatch {
        /// The two.
        cities: [CityId; 2],
    },
    /// Move a match.
    ActOnMatch {
        /// Who may do this now: one of the two cities, or both.
        cities: &'a [CityId],
    },
    /// Prepare the matching rounds of a programme, match them, and see their results and work.
    ManageRounds {
        /// The programme.
        programme: ProgrammeId,
    },
    /// See a matching round.
    ReadRound {
        /// Its programme.
        programme: ProgrammeId,
        /// Whether it is still being prepared.
        hidden: bool,
    },
    /// See what the result of a round was made of.
    ReadRoundCertificate {
        /// Its programme.
        programme: ProgrammeId,
    },
    /// See who is in a round.
    ReadRoundMembers {
        /// Its programme.
        programme: ProgrammeId,
        /// The caller's cities that are in it.
        own: &'a [CityId],
    },
    /// See a city's wishes in a round, and wish for it.
    WishInRound {
        /// The city.
        city: CityId,
    },
    /// See a pair of a round.
    ReadRoundPair {
        /// The round's programme.
        programme: ProgrammeId,
        /// The two cities.
        cities: [CityId; 2],
        /// Whether they see it yet.
        shown: bool,
    },
    /// Answer for a pair of a round.
    AnswerRoundPair {
        /// Who may do this now: one of the two cities, or both.
        cities: &'a [CityId],
    },
    /// Make a cohort, change, close or delete it, and send its letters.
    ManageCohort {
        /// Who leads it.
        cohort: &'a CohortFacts,
    },
    /// Join a cohort with a city, change its place there, or leave.
    JoinCohort {
        /// The city.
        city: CityId,
        /// Who leads the cohort.
        cohort: &'a CohortFacts,
    },
    /// See that a city is in a cohort.
    ReadCohortMember {
        /// The city.
        city: CityId,
        /// Whether it has signed its letter.
        signed: bool,
        /// Who leads the cohort.
        cohort: &'a CohortFacts,
    },
    /// Move a letter of engagement.
    ActOnLetter {
        /// What.
        action: LetterAction,
        /// Whose letter.
        city: CityId,
        /// Who leads the cohort.
        cohort: &'a CohortFacts,
    },
    /// See and cancel long work.
    ManageJob {
        /// The programme for which it is done.
        programme: Option<ProgrammeId>,
        /// Whether it looks for doubles.
        searches: bool,
    },
    /// Make a partnership.
    CreatePartnership {
        /// The authorities that take part, without those that are associated.
        cities: &'a [CityId],
        /// Who leads.
        lead: PartyRef,
    },
    /// Change what a partnership says.
    UpdatePartnership {
        /// The authorities that take part, without those that are associated.
        cities: &'a [CityId],
        /// Who leads.
        lead: PartyRef,
    },
    /// Move a partnership to another state, delete or restore it.
    LeadPartnership {
        /// Who leads.
        lead: PartyRef,
    },
    /// Hold a meeting of partnerships, and keep its list of lessons.
    HoldMeeting {
        /// The city or the network that holds it.
        host: PartyRef,
    },
    /// Read what a meeting recommends.
    ReadRecommendation {
        /// The city or the network that holds the meeting.
        host: PartyRef,
        /// Whether it is still being written.
        hidden: bool,
    },
    /// Read the story of a partnership.
    ReadStory {
        /// The authorities that take part, without those that are associated.
        cities: &'a [CityId],
        /// Who leads.
        lead: PartyRef,
        /// Whether it is not published.
        hidden: bool,
    },
    /// Begin to judge a partnership in a city's name.
    BeginAssessment {
        /// The city.
        city: CityId,
    },
    /// Read what a side makes of a partnership.
    ReadAssessment {
        /// What it makes of it.
        assessment: &'a AssessmentFacts<'a>,
    },
    /// Write, file or take back what a side makes of a partnership.
    ActOnAssessment {
        /// What it makes of it.
        assessment: &'a AssessmentFacts<'a>,
    },
    /// Book an exhibition of a partnership for a city, or cancel its booking.
    BookExhibition {
        /// The city that shows it.
        city: CityId,
        /// Who leads the partnership.
        lead: PartyRef,
    },
}
