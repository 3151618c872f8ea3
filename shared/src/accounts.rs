//! People, programs, and what they may act for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::cities::codes;
use crate::ids::{AccountId, ApiClientId, CityId, GrantId, NetworkId, ProgrammeId};
use crate::language::Language;

/// Shortest password that is accepted, in characters.
pub const PASSWORD_MIN: u64 = 12;
/// Longest password that is accepted, in characters.
pub const PASSWORD_MAX: u64 = 128;
/// Longest name and e-mail address.
pub const NAME_MAX: u64 = 120;

/// What a person does, always for the scope of the grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works for a city.
    CityStaff,
    /// Coordinates a network.
    NetworkCoordinator,
    /// Runs a programme.
    ProgrammeOfficer,
    /// Reviews the applications of a programme.
    Reviewer,
    /// Runs the platform.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::CityStaff,
        Self::NetworkCoordinator,
        Self::ProgrammeOfficer,
        Self::Reviewer,
        Self::Admin,
    ];

    /// The code on the wire and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CityStaff => "city_staff",
            Self::NetworkCoordinator => "network_coordinator",
            Self::ProgrammeOfficer => "programme_officer",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A role with the thing that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Grant {
    /// Works for this city.
    CityStaff {
        /// The city.
        city_id: CityId,
    },
    /// Coordinates this network.
    NetworkCoordinator {
        /// The network.
        network_id: NetworkId,
    },
    /// Runs this programme.
    ProgrammeOfficer {
        /// The programme.
        programme_id: ProgrammeId,
    },
    /// Reviews the applications of this programme.
    Reviewer {
        /// The programme.
        programme_id: ProgrammeId,
    },
    /// Runs the platform.
    Admin,
}

impl Grant {
    /// The role of the grant.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::CityStaff { .. } => Role::CityStaff,
            Self::NetworkCoordinator { .. } => Role::NetworkCoordinator,
            Self::ProgrammeOfficer { .. } => Role::ProgrammeOfficer,
            Self::Reviewer { .. } => Role::Reviewer,
            Self::Admin => Role::Admin,
        }
    }

    /// The id of the city, network or programme that it is for; none for administrators.
    #[must_use]
    pub const fn scope_id(self) -> Option<Uuid> {
        match self {
            Self::CityStaff { city_id } => Some(city_id.0),
            Self::NetworkCoordinator { network_id } => Some(network_id.0),
            Self::ProgrammeOfficer { programme_id } | Self::Reviewer { programme_id } => Some(programme_id.0),
            Self::Admin => None,
        }
    }

    /// The grant of a role over a scope; none where the one does not fit the other.
    #[must_use]
    pub const fn from_parts(role: Role, scope_id: Option<Uuid>) -> Option<Self> {
        match (role, scope_id) {
            (Role::CityStaff, Some(id)) => Some(Self::CityStaff { city_id: CityId(id) }),
            (Role::NetworkCoordinator, Some(id)) => Some(Self::NetworkCoordinator {
                network_id: NetworkId(id),
            }),
            (Role::ProgrammeOfficer, Some(id)) => Some(Self::ProgrammeOfficer {
                programme_id: ProgrammeId(id),
            }),
            (Role::Reviewer, Some(id)) => Some(Self::Reviewer {
                programme_id: ProgrammeId(id),
            }),
            (Role::Admin, None) => Some(Self::Admin),
            _ => None,
        }
    }
}

/// A grant with the name of what it is for, to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantView {
    /// The grant's id.
    pub id: GrantId,
    /// The role and its scope.
    pub grant: Grant,
    /// The name of the city, network or programme; null for administrators.
    pub scope_name: Option<String>,
}

codes!(
    /// How often a person is told by mail of what waits for them.
    Digest {
        /// Never.
        Off = "off",
        /// Every morning on which there is something new.
        Daily = "daily",
        /// Every Monday morning on which there is something new.
        Weekly = "weekly",
    }
);

/// A person's own account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// The account's id.
    pub id: AccountId,
    /// Grows by one with each change.
    pub version: i64,
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(example = "grenoble@demo.passerelle.example"))]
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The language of the interface and of mails.
    pub language: Language,
    /// How often a mail tells of cities that begin to fit and of interests that wait for an answer.
    pub digest: Digest,
    /// What the person may act for.
    pub grants: Vec<GrantView>,
}

/// Changes to one's own account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 120))]
    pub name: Option<String>,
    /// The language of the interface and of mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// How often a mail tells of what is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// Who wants to sign in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// E-mail address.
    #[cfg_attr(feature = "validate", validate(length(min = 3, max = NAME_MAX)))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 3, max_length = 120, example = "grenoble@demo.passerelle.example")
    )]
    pub email: String,
    /// Password.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = PASSWORD_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128, format = Password))]
    pub password: String,
}

/// A password never reaches a log.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// A signed-in browser's session. The tokens themselves are in HttpOnly cookies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// Who is signed in.
    pub account: AccountView,
    /// To be sent back in `X-CSRF-Token` with every request that changes something.
    pub csrf_token: String,
    /// When the access ends, unless it is refreshed.
    #[serde(with = "crate::time")]
    pub access_expires_at: DateTime<Utc>,
    /// When the session ends.
    #[serde(with = "crate::time")]
    pub session_expires_at: DateTime<Utc>,
}

/// What a program may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ClientScope {
    /// Read what its grant may read.
    #[serde(rename = "read")]
    Read,
    /// Change what its grant may change.
    #[serde(rename = "write")]
    Write,
}

impl ClientScope {
    /// The code on the wire and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// A program that calls the API for somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiClientView {
    /// The client id for `/oauth/token`.
    pub id: ApiClientId,
    /// Grows by one with each change.
    pub version: i64,
    /// What the program is.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<ClientScope>,
    /// For whom it acts.
    pub grant: Grant,
    /// When it was made.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
    /// Its secret: told once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A program to be let in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct ApiClientDraft {
    /// What the program is.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = NAME_MAX)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 120))]
    pub name: String,
    /// What it may do.
    #[cfg_attr(feature = "validate", validate(length(min = 1, max = 2)))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 2))]
    pub scopes: Vec<ClientScope>,
    /// For whom it acts: one of the grants that you have yourself.
    pub grant: Grant,
}

crate::page!(
    /// A page of API clients.
    ApiClientPage of ApiClientView
);

/// An OAuth 2 access token for a program (RFC 6749, section 5.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenView {
    /// The bearer token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until it ends.
    pub expires_in: i64,
    /// The scopes, separated by spaces.
    pub scope: String,
}

/// What a program sends to get a token (RFC 6749, section 4.4.2), form-encoded.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenRequest {
    /// Always `client_credentials`.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^client_credentials$", example = "client_credentials")
    )]
    pub grant_type: String,
    /// Some of the program's scopes, separated by spaces; without it, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "read"))]
    pub scope: Option<String>,
    /// The program, unless it is told by HTTP Basic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Its secret, unless it is told by HTTP Basic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub client_secret: Option<String>,
}

/// A secret never reaches a log.
impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenRequest")
            .field("grant_type", &self.grant_type)
            .field("scope", &self.scope)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Why there is no token (RFC 6749, section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenError {
    /// Something is missing or stands twice.
    InvalidRequest,
    /// The program is not recognised.
    InvalidClient,
    /// Only client credentials are taken here.
    UnsupportedGrantType,
    /// A scope that does not exist or that the program has not.
    InvalidScope,
}

/// A problem that also has the error of RFC 6749.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenProblem {
    /// The problem.
    #[serde(flatten)]
    pub problem: crate::problem::Problem,
    /// The error of RFC 6749.
    pub error: TokenError,
}
