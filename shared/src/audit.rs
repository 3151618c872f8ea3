//! The journal: who did what, and the public order of changes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AccountId, ApiClientId};

/// What was done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// An account or one of its sessions.
    Account,
    /// A program that calls the API.
    ApiClient,
    /// An authority of the directory.
    City,
    /// An election.
    Election,
    /// A network.
    Network,
    /// A body that funds, or an associated actor.
    Organisation,
    /// A proposal to work together.
    Match,
    /// A city's word that it is never to be matched with another.
    Ban,
    /// How a city weighs partners.
    Weights,
    /// A search that a city watches.
    SavedSearch,
    /// A partnership.
    Partnership,
    /// What a partnership does.
    Activity,
    /// A booking of an exhibition.
    Booking,
    /// What a partnership achieves.
    Result,
    /// A lesson that a partnership proposes.
    Lesson,
    /// A meeting of partnerships, with its list of lessons.
    Meeting,
    /// What a meeting recommends.
    Recommendation,
    /// One side's assessment of a partnership.
    Assessment,
    /// The sustainability plan of a partnership, under the partnership's id.
    SustainabilityPlan,
    /// The story of a partnership, under the partnership's id.
    Story,
    /// A programme.
    Programme,
    /// A call for projects.
    Call,
    /// A joint application.
    Application,
    /// What the cities of an application say to each other.
    Comment,
    /// A reviewer's review of an application.
    Review,
    /// What an accepted application is paid.
    Grant,
    /// The calls of a year together.
    Campaign,
    /// A turnkey cohort.
    Cohort,
    /// A city's place in a cohort, with its letter of engagement.
    CohortMember,
    /// A matching round.
    Round,
    /// A pair that a round made.
    RoundPair,
    /// Two that are likely one.
    Double,
    /// Long work.
    Job,
}

impl Resource {
    /// Every resource.
    pub const ALL: [Self; 33] = [
        Self::Account,
        Self::ApiClient,
        Self::City,
        Self::Election,
        Self::Network,
        Self::Organisation,
        Self::Match,
        Self::Ban,
        Self::Weights,
        Self::SavedSearch,
        Self::Partnership,
        Self::Activity,
        Self::Booking,
        Self::Result,
        Self::Lesson,
        Self::Meeting,
        Self::Recommendation,
        Self::Assessment,
        Self::SustainabilityPlan,
        Self::Story,
        Self::Programme,
        Self::Call,
        Self::Application,
        Self::Comment,
        Self::Review,
        Self::Grant,
        Self::Campaign,
        Self::Cohort,
        Self::CohortMember,
        Self::Round,
        Self::RoundPair,
        Self::Double,
        Self::Job,
    ];

    /// The code on the wire and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ApiClient => "api_client",
            Self::City => "city",
            Self::Election => "election",
            Self::Network => "network",
            Self::Organisation => "organisation",
            Self::Match => "match",
            Self::Ban => "ban",
            Self::Weights => "weights",
            Self::SavedSearch => "saved_search",
            Self::Partnership => "partnership",
            Self::Activity => "activity",
            Self::Booking => "booking",
            Self::Result => "result",
            Self::Lesson => "lesson",
            Self::Meeting => "meeting",
            Self::Recommendation => "recommendation",
            Self::Assessment => "assessment",
            Self::SustainabilityPlan => "sustainability_plan",
            Self::Story => "story",
            Self::Programme => "programme",
            Self::Call => "call",
            Self::Application => "application",
            Self::Comment => "comment",
            Self::Review => "review",
            Self::Grant => "grant",
            Self::Campaign => "campaign",
            Self::Cohort => "cohort",
            Self::CohortMember => "cohort_member",
            Self::Round => "round",
            Self::RoundPair => "round_pair",
            Self::Double => "double",
            Self::Job => "job",
        }
    }

    /// The resource of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.code() == code)
    }

    /// Whether anybody may see that it changed.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(
            self,
            Self::City
                | Self::Election
                | Self::Network
                | Self::Organisation
                | Self::Partnership
                | Self::Activity
                | Self::Booking
                | Self::Result
                | Self::Lesson
                | Self::Meeting
                | Self::SustainabilityPlan
                | Self::Programme
                | Self::Call
                | Self::Cohort
        )
    }
}

/// What anybody may see the changes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PublicResource {
    /// An authority of the directory.
    City,
    /// An election.
    Election,
    /// A network.
    Network,
    /// A body that funds, or an associated actor.
    Organisation,
    /// A partnership.
    Partnership,
    /// What a partnership does.
    Activity,
    /// A booking of an exhibition.
    Booking,
    /// What a partnership achieves.
    Result,
    /// A lesson that a partnership proposes.
    Lesson,
    /// A meeting of partnerships, with its list of lessons.
    Meeting,
    /// The sustainability plan of a partnership, under the partnership's id.
    SustainabilityPlan,
    /// A programme.
    Programme,
    /// A call for projects.
    Call,
    /// A turnkey cohort.
    Cohort,
}

impl From<PublicResource> for Resource {
    fn from(public: PublicResource) -> Self {
        match public {
            PublicResource::City => Self::City,
            PublicResource::Election => Self::Election,
            PublicResource::Network => Self::Network,
            PublicResource::Organisation => Self::Organisation,
            PublicResource::Partnership => Self::Partnership,
            PublicResource::Activity => Self::Activity,
            PublicResource::Booking => Self::Booking,
            PublicResource::Result => Self::Result,
            PublicResource::Lesson => Self::Lesson,
            PublicResource::Meeting => Self::Meeting,
            PublicResource::SustainabilityPlan => Self::SustainabilityPlan,
            PublicResource::Programme => Self::Programme,
            PublicResource::Call => Self::Call,
            PublicResource::Cohort => Self::Cohort,
        }
    }
}

/// One entry of the audit journal, for administrators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntryView {
    /// Place in the order of all changes.
    pub seq: i64,
    /// When it happened.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
    /// The account that did it; null for the public, a program or the system.
    pub account_id: Option<AccountId>,
    /// The program that did it; null for people, the public or the system.
    pub api_client_id: Option<ApiClientId>,
    /// What was done, for example `submit`.
    pub verb: String,
    /// To what kind of thing.
    pub resource: Resource,
    /// To which one.
    pub resource_id: Uuid,
    /// The version that it then had.
    pub version: i64,
    /// Facts of the change; never secrets.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub details: serde_json::Value,
    /// The request that did it.
    pub request_id: Option<Uuid>,
}

crate::page!(
    /// A page of the audit journal, latest first.
    AuditPage of AuditEntryView
);

/// One change, for whoever keeps a copy of public data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeView {
    /// Place in the order of all changes; grows, with gaps.
    pub seq: i64,
    /// When it happened.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
    /// What kind of thing changed.
    pub resource: Resource,
    /// Which one.
    pub id: Uuid,
    /// The version that it then had.
    pub version: i64,
    /// What was done, for example `update`.
    pub verb: String,
}

crate::page!(
    /// Changes in their order, oldest first; the last page's `next` is null: ask again later with `since`, the last
    /// `seq` seen.
    ChangePage of ChangeView
);
