//! Reading networks.

use shared::ids::NetworkId;
use shared::networks::{NetworkKind, NetworkView};

use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Which networks are wanted; an empty list lets all through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Countries of their seat.
    pub countries: Vec<String>,
    /// Kinds of network.
    pub kinds: Vec<NetworkKind>,
    /// A subdivision that it covers.
    pub subdivision: Option<String>,
}

/// The networks that the filter lets through, by name.
///
/// # Errors
/// None: anybody may read them.
pub fn list(platform: &Platform, caller: &Caller, filter: &Filter) -> Result<Vec<NetworkView>, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    Ok(platform
        .directory
        .cities()
        .networks()
        .iter()
        .filter(|network| {
            (filter.countries.is_empty() || filter.countries.contains(&network.country))
                && (filter.kinds.is_empty() || filter.kinds.contains(&network.kind))
                && filter
                    .subdivision
                    .as_ref()
                    .is_none_or(|subdivision| network.subdivisions.contains(subdivision))
        })
        .cloned()
        .collect())
}

/// A network.
///
/// # Errors
/// `NotFound`.
pub fn read(platform: &Platform, caller: &Caller, id: NetworkId) -> Result<NetworkView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let cities = platform.directory.cities();
    let network = cities.networks().iter().find(|network| network.id == id);
    network.cloned().ok_or(Error::NotFound)
}
