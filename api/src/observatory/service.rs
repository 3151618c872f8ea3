//! Computing figures, from what is kept in memory and one count.

use std::collections::HashSet;

use shared::ids::CityId;
use shared::observatory::Figures;
use shared::partnerships::PartyRole;

use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::calls::store::{self as calls, CallScope};

/// The figures of the home page.
///
/// # Errors
/// Those of the database.
pub async fn figures(platform: &Platform, caller: &Caller) -> Result<Figures, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let mut partnerships = 0;
    let mut partnered: HashSet<CityId> = HashSet::new();
    for bond in platform.atlas.bonds() {
        partnerships += 1;
        let parties = bond.cities.iter().filter(|(_, role)| *role != PartyRole::Associated);
        partnered.extend(parties.map(|(city, _)| *city));
    }
    let open_calls = calls::count_calls(&platform.db, &CallScope::open_to_all(), caller.now).await?;
    let cities = platform.directory.cities();
    let countries: HashSet<&str> = partnered
        .iter()
        .filter_map(|&city| cities.get(city))
        .map(|city| city.country.as_str())
        .collect();
    Ok(Figures {
        cities: cities.len() as u64,
        partner_countries: countries.len() as u64,
        partnerships,
        partnered_cities: partnered.len() as u64,
        open_calls,
        computed_at: caller.now,
    })
}
