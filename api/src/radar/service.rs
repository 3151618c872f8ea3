//! Gathering what needs attention.

use std::collections::HashMap;

use chrono::NaiveDate;
use shared::ids::{CityId, PartnershipId};
use shared::mandates::ConfirmReason;
use shared::radar::{RadarItem, RadarList, RadarPartnership, RadarReason};

use super::grants;
use super::letters;
use super::look::{carried_until, look};
use super::store;
use crate::assessments::gaps;
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::sustainability;

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
    let grants = grants::look(platform, caller, city).await?;
    let partnerships = store::partnerships(&platform.db, city).await?;
    let ids: Vec<PartnershipId> = partnerships.iter().map(|(of, _)| of.id).collect();
    let gaps = if ids.is_empty() {
        HashMap::new()
    } else {
        gaps::latest(&platform.db, &ids).await?
    };
    let mut carried: HashMap<PartnershipId, NaiveDate> = partnerships
        .iter()
        .filter_map(|(of, facts)| Some((of.id, carried_until(facts, grants.ends.get(&of.id).copied(), today)?)))
        .collect();
    if !carried.is_empty() {
        let asked: Vec<PartnershipId> = carried.keys().copied().collect();
        for planned in sustainability::store::with_plan(platform.db.read(), &asked).await? {
            carried.remove(&planned);
        }
    }
    for (partnership, facts) in partnerships {
        let apart = gaps.get(&partnership.id).filter(|gaps| !gaps.wide.is_empty());
        if let Some((gaps, at)) = apart.and_then(|gaps| Some((gaps, gaps.filed_at?))) {
            items.push(RadarItem {
                partnership: Some(partnership.clone()),
                count: u32::try_from(gaps.wide.len()).ok(),
                ..blank(RadarReason::AssessmentGap, at.date_naive())
            });
        }
        let unplanned = carried.get(&partnership.id).map(|day| (RadarReason::PlanMissing, *day));
        let found = look(&facts, today).into_iter().chain(unplanned);
        items.extend(found.map(|(reason, day)| RadarItem {
            states: reason.states(facts.state).to_vec(),
            partnership: Some(partnership.clone()),
            ..blank(reason, day)
        }));
    }
    let marks = store::to_confirm(&platform.db, city, today).await?;
    for (why, reason) in [
        (ConfirmReason::MandateEnded, RadarReason::MandateOver),
        (ConfirmReason::ElectionHeld, RadarReason::ElectionHeld),
    ] {
        let days = marks.iter().filter(|mark| mark.reason == why).map(|mark| mark.day);
        if let Some(first) = days.clone().min() {
            items.push(RadarItem {
                count: u32::try_from(days.count()).ok(),
                ..blank(reason, first)
            });
        }
    }
    items.extend(grants.found.into_iter().map(|(reason, day, grant)| RadarItem {
        grant: Some(grant),
        ..blank(reason, day)
    }));
    items.extend(
        letters::look(platform, caller, city)
            .await?
            .into_iter()
            .map(|(day, letter)| RadarItem {
                letter: Some(letter),
                ..blank(RadarReason::LetterUnsigned, day)
            }),
    );
    // What a funder asks of a file is for those who write it.
    if policy::allows(&caller.actor, &Action::ReadPrivate { city }) {
        let asked = store::corrections(&platform.db, city, caller.now).await?;
        items.extend(asked.into_iter().map(|(application, until)| RadarItem {
            application: Some(application),
            ..blank(RadarReason::CorrectionAsked, until)
        }));
    }
    let name = |item: &RadarItem| {
        let of = item
            .partnership
            .as_ref()
            .map(|of: &RadarPartnership| (of.name.clone(), of.id));
        let grant = item.grant.as_ref().map(|of| (of.title.clone(), of.id));
        let file = item.application.as_ref().map(|of| (of.title.clone(), of.id));
        (of, grant, file, item.letter.as_ref().map(|of| of.id))
    };
    items.sort_by_key(|item| (item.reason, item.day, name(item)));
    Ok(RadarList { items })
}

fn blank(reason: RadarReason, day: NaiveDate) -> RadarItem {
    RadarItem {
        reason,
        day,
        partnership: None,
        grant: None,
        letter: None,
        application: None,
        count: None,
        actions: reason.actions().to_vec(),
        states: Vec::new(),
    }
}
