//! Gathering what needs attention.

use shared::ids::CityId;
use shared::radar::{RadarItem, RadarList, RadarPartnership, RadarReason};

use super::grants;
use super::look::look;
use super::store;
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// What needs attention in a city.
///
/// # Errors
/// `NotFound`, `Denied` for all but the city's staff and its network.
pub async fn read(platform: &Platform, caller: &Caller, city: CityId) -> Result<RadarList, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    let network = platform.directory.cities().network_of(city);
    policy::require(&caller.actor, &Action::FindPartners { city, network })?;
    let today = caller.now.date_naive();
    let mut items = Vec::new();
    for (partnership, facts) in store::partnerships(&platform.db, city).await? {
        let found = look(&facts, today).into_iter();
        items.extend(found.map(|(reason, day)| RadarItem {
            states: reason.states(facts.state).to_vec(),
            partnership: Some(partnership.clone()),
            ..blank(reason, day)
        }));
    }
    let over = store::mandates_over(&platform.db, city, today).await?;
    if let Some(first) = over.iter().min() {
        items.push(RadarItem {
            count: u32::try_from(over.len()).ok(),
            ..blank(RadarReason::MandateOver, *first)
        });
    }
    items.extend(
        grants::look(platform, caller, city)
            .await?
            .into_iter()
            .map(|(reason, day, grant)| RadarItem {
                grant: Some(grant),
                ..blank(reason, day)
            }),
    );
    let name = |item: &RadarItem| {
        let of = item
            .partnership
            .as_ref()
            .map(|of: &RadarPartnership| (of.name.clone(), of.id));
        (of, item.grant.as_ref().map(|of| (of.title.clone(), of.id)))
    };
    items.sort_by_key(|item| (item.reason, item.day, name(item)));
    Ok(RadarList { items })
}

fn blank(reason: RadarReason, day: chrono::NaiveDate) -> RadarItem {
    RadarItem {
        reason,
        day,
        partnership: None,
        grant: None,
        count: None,
        actions: reason.actions().to_vec(),
        states: Vec::new(),
    }
}
