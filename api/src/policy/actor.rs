//! Who acts, and for whom.

use shared::accounts::{ClientScope, Grant};
use shared::ids::{AccountId, ApiClientId, CityId, NetworkId, ProgrammeId, SessionId};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Anybody.
    Public,
    /// A person who is signed in.
    Account {
        /// Whose account.
        id: AccountId,
        /// The browser's session.
        session_id: SessionId,
        /// What the person may act for.
        grants: Vec<Grant>,
    },
    /// A program.
    Client {
        /// Which one.
        id: ApiClientId,
        /// What it may do.
        scopes: Vec<ClientScope>,
        /// For whom it acts.
        grant: Grant,
    },
    /// The platform itself.
    System,
}

impl Actor {
    /// The grants that may be used to read.
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        match self {
            Self::Account { grants, .. } => grants,
            Self::Client { grant, .. } => std::slice::from_ref(grant),
            Self::Public | Self::System => &[],
        }
    }

    /// Whether it may change anything at all.
    #[must_use]
    pub fn can_write(&self) -> bool {
        match self {
            Self::Public => false,
            Self::Account { .. } | Self::System => true,
            Self::Client { scopes, .. } => scopes.contains(&ClientScope::Write),
        }
    }

    /// Whether it runs the platform.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        matches!(self, Self::System) || self.grants().contains(&Grant::Admin)
    }

    /// Whether it works for this city.
    #[must_use]
    pub fn is_staff_of(&self, city: CityId) -> bool {
        self.grants().contains(&Grant::CityStaff { city_id: city })
    }

    /// The cities that it works for.
    pub fn cities(&self) -> impl Iterator<Item = CityId> + '_ {
        self.grants().iter().filter_map(|grant| match grant {
            Grant::CityStaff { city_id } => Some(*city_id),
            _ => None,
        })
    }

    /// The programmes whose drafts it sees; none for all.
    #[must_use]
    pub fn drafts_of(&self) -> Option<Vec<ProgrammeId>> {
        if self.is_admin() {
            return None;
        }
        let programmes = self.grants().iter().filter_map(|grant| match grant {
            Grant::ProgrammeOfficer { programme_id } => Some(*programme_id),
            _ => None,
        });
        Some(programmes.collect())
    }

    /// Whether it coordinates this network.
    #[must_use]
    pub fn coordinates(&self, network: NetworkId) -> bool {
        self.grants()
            .contains(&Grant::NetworkCoordinator { network_id: network })
    }

    /// Whether it runs this programme.
    #[must_use]
    pub fn is_officer_of(&self, programme: ProgrammeId) -> bool {
        self.grants().contains(&Grant::ProgrammeOfficer {
            programme_id: programme,
        })
    }

    /// Whether it reviews for this programme.
    #[must_use]
    pub fn reviews_for(&self, programme: ProgrammeId) -> bool {
        self.grants().contains(&Grant::Reviewer {
            programme_id: programme,
        })
    }

    /// Whether nobody is signed in.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self, Self::Public)
    }
}
