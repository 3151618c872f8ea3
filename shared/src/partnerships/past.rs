//! What became of a partnership: when its kind, its state or its name changed, and who changed it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{PartnershipKind, PartnershipState};

/// Most changes that are told of one partnership: the latest.
pub const CHANGES_MAX: usize = 100;

/// A kind that took the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindChange {
    /// The kind until then.
    pub from: PartnershipKind,
    /// The kind from then on.
    pub to: PartnershipKind,
}

/// A state that took the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateChange {
    /// The state until then.
    pub from: PartnershipState,
    /// The state from then on.
    pub to: PartnershipState,
}

/// A name that took the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NameChange {
    /// The name until then.
    pub from: String,
    /// The name from then on.
    pub to: String,
}

/// A change of what a partnership is, where it stands, or what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartnershipChange {
    /// When.
    #[serde(with = "crate::time")]
    pub at: DateTime<Utc>,
    /// The version that it then had: `as_of` its moment tells the whole of it.
    pub version: i64,
    /// Another kind.
    pub kind: Option<KindChange>,
    /// Another state.
    pub state: Option<StateChange>,
    /// Another name.
    pub name: Option<NameChange>,
    /// Why it came to its state, where that was told.
    pub reason: Option<String>,
    /// The person who changed it; told only to who may change the partnership, and null where a program or an import did.
    pub by_name: Option<String>,
}

/// What became of a partnership, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartnershipChangeList {
    /// The changes, at most a hundred.
    pub items: Vec<PartnershipChange>,
    /// When it was entered here.
    #[serde(with = "crate::time")]
    pub created_at: DateTime<Utc>,
}
