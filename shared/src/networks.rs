//! Networks that accompany cities: regional multi-actor networks, associations, communities with a secretariat.

use serde::{Deserialize, Serialize};

use crate::ids::NetworkId;

/// What kind of network it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NetworkKind {
    /// A regional multi-actor network (in France: RRMA).
    RegionalMultiActor,
    /// A national association of authorities.
    NationalAssociation,
    /// A European network.
    European,
    /// A community with a secretariat.
    Community,
}

impl NetworkKind {
    /// Every kind, in the order in which lists show them.
    pub const ALL: &'static [Self] = &[
        Self::RegionalMultiActor,
        Self::NationalAssociation,
        Self::European,
        Self::Community,
    ];

    /// The code on the wire and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RegionalMultiActor => "regional_multi_actor",
            Self::NationalAssociation => "national_association",
            Self::European => "european",
            Self::Community => "community",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A network, as anybody may read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NetworkView {
    /// The network's id.
    pub id: NetworkId,
    /// Grows by one with each change.
    pub version: i64,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "RESACOOP"))]
    pub name: String,
    /// What kind of network it is.
    pub kind: NetworkKind,
    /// Country of its seat, ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(example = "FR"))]
    pub country: String,
    /// The ISO 3166-2 subdivisions that it covers; empty for all of the country or beyond.
    pub subdivisions: Vec<String>,
    /// Its web site.
    pub website: Option<String>,
}

crate::page!(
    /// A page of networks.
    NetworkPage of NetworkView
);
