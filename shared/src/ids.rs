//! Typed ids: one newtype over a UUIDv7 per thing, so that a city's id never stands where a partnership's should.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = Uuid, example = "01980a5c-7c00-7000-8000-000000000001"))]
        #[cfg_attr(feature = "db", derive(sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        #[cfg(feature = "db")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

typed_ids! {
    /// A person's account.
    AccountId,
    /// One role that an account has over a scope.
    GrantId,
    /// A signed-in browser (a family of refresh tokens).
    SessionId,
    /// A program that calls the API.
    ApiClientId,
    /// A local or regional authority of any kind.
    CityId,
    /// A contact person of a city.
    ContactId,
    /// An election.
    ElectionId,
    /// A need or an offer of a city.
    StatementId,
    /// A network of cities or of actors.
    NetworkId,
    /// An associated actor: association, hospital, university, firm …
    ActorId,
    /// An organisation: a body that funds, a network, or an associated actor.
    OrganisationId,
    /// A proposal to work together between two cities.
    MatchId,
    /// A ban: a city's word that it is never to be matched with another.
    BanId,
    /// A search that a city watches.
    SavedSearchId,
    /// A partnership between several parties.
    PartnershipId,
    /// What a partnership does.
    ActivityId,
    /// A booking of an exhibition.
    BookingId,
    /// What a partnership achieves.
    ResultId,
    /// A lesson that a partnership proposes.
    LessonId,
    /// A meeting of several partnerships.
    MeetingId,
    /// A lesson on a meeting's list.
    ListedLessonId,
    /// What a meeting recommends.
    RecommendationId,
    /// One side's assessment of a partnership in a year.
    AssessmentId,
    /// The story of a partnership.
    StoryId,
    /// The picture of a story.
    StoryPictureId,
    /// One pair inside a partnership.
    PairingId,
    /// A funder's programme.
    ProgrammeId,
    /// A call for projects.
    CallId,
    /// The calls of a year together.
    CampaignId,
    /// A joint application to a call.
    ApplicationId,
    /// A document of a joint application.
    AttachmentId,
    /// A comment on a joint application.
    CommentId,
    /// What an accepted application is paid.
    FundingId,
    /// A reviewer's review of an application.
    ReviewId,
    /// One line of a budget.
    BudgetLineId,
    /// A dated set of funding rules.
    RuleSetId,
    /// An entry of the audit journal.
    AuditEntryId,
    /// A matching round.
    RoundId,
    /// A pair that a round made.
    RoundPairId,
    /// Two that are likely one.
    DoubleId,
    /// Long work.
    JobId,
    /// A turnkey cohort.
    CohortId,
    /// A city's place in a cohort, with its letter of engagement.
    CohortMemberId,
}
