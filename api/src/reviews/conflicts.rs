//! Who may not judge a file: whoever works for one of its cities, or coordinates the network of one.

use shared::accounts::Grant;
use shared::ids::CityId;
use shared::reviews::ConflictReason;

use crate::directory::Directory;

/// Why somebody with these grants may not judge a file of these cities; none where they may.
#[must_use]
pub fn conflict_of(
    directory: &Directory,
    grants: &[Grant],
    cities: impl IntoIterator<Item = CityId>,
) -> Option<ConflictReason> {
    let known = directory.cities();
    cities.into_iter().find_map(|city| {
        let network = known.network_of(city);
        grants.iter().find_map(|grant| match grant {
            Grant::CityStaff { city_id } if *city_id == city => Some(ConflictReason::OwnCity),
            Grant::NetworkCoordinator { network_id } if Some(*network_id) == network => {
                Some(ConflictReason::OwnNetwork)
            }
            _ => None,
        })
    })
}
