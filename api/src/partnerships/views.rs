//! Partnerships as readers see them; authorities are named by the directory.

use chrono::{DateTime, NaiveDate, Utc};
use shared::ids::CityId;
use shared::partnerships::{
    PartnershipAction, PartnershipSummary, PartnershipView, PartyDraft, PartyRef, PartyRole, PartyView,
};

use super::check;
use super::store::{Partnership, Party};
use crate::caller::Caller;
use crate::directory::Cities;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A partnership as lists show it.
#[must_use]
pub fn summary(cities: &Cities, of: &Partnership, today: NaiveDate) -> PartnershipSummary {
    let mut countries: Vec<String> = Vec::new();
    let mut party_names = Vec::new();
    let mut city_count = 0;
    for party in of.parties.iter().filter(|party| party.role != PartyRole::Associated) {
        party_names.push(name_of(cities, party));
        if matches!(party.party, PartyRef::City { .. }) {
            city_count += 1;
            if !countries.contains(&party.country) {
                countries.push(party.country.clone());
            }
        }
    }
    PartnershipSummary {
        id: of.id,
        version: of.version,
        name: of.name.clone(),
        kind: of.kind,
        state: of.state,
        platform: of.platform.clone(),
        countries,
        party_names,
        city_count,
        themes: of.themes.clone(),
        started_on: of.started_on,
        ends_on: of.ends_on,
        iati_activity_status: of.state.iati_activity_status(of.ends_on, today),
        updated_at: of.updated_at,
    }
}

fn name_of(cities: &Cities, party: &Party) -> String {
    match party.party {
        // One that is there no more is named by the journal.
        PartyRef::City { city_id } => match cities.get(city_id) {
            Some(city) => city.name.clone(),
            None => party.name.clone().unwrap_or_default(),
        },
        PartyRef::Network { .. } | PartyRef::Actor { .. } => party.name.clone().unwrap_or_default(),
    }
}

/// A partnership with what the caller may do with it.
#[must_use]
pub fn view(platform: &Platform, caller: &Caller, of: &Partnership) -> PartnershipView {
    let cities = platform.directory.cities();
    let parties = of
        .parties
        .iter()
        .map(|party| {
            let city = match party.party {
                PartyRef::City { city_id } => cities.get(city_id),
                _ => None,
            };
            PartyView {
                party: party.party,
                role: party.role,
                name: name_of(&cities, party),
                country: party.country.clone(),
                city_kind: city.map(|city| city.kind),
                actor_kind: party.actor_kind,
                location: city.and_then(|city| city.location),
                formerly: None,
            }
        })
        .collect();
    PartnershipView {
        summary: summary(&cities, of, caller.now.date_naive()),
        about: of.about.clone(),
        parties,
        pairings: of.pairings.clone(),
        territories: of.territories.clone(),
        parent_id: of.parent_id,
        predecessor_id: of.predecessor_id,
        state_reason: of.state_reason.clone(),
        condition: of.condition.clone(),
        state_since: of.state_since,
        signatures: of.signatures.clone(),
        next_states: of.state.next().to_vec(),
        as_of: None,
        source: of.source.clone(),
        allowed: allowed(caller, of),
    }
}

/// A partnership as it once stood: nothing can be done with the past.
#[must_use]
pub fn past_view(platform: &Platform, caller: &Caller, of: &Partnership, at: DateTime<Utc>) -> PartnershipView {
    let mut view = view(platform, caller, of);
    view.summary.iati_activity_status = of.state.iati_activity_status(of.ends_on, at.date_naive());
    view.next_states.clear();
    view.allowed.clear();
    view.as_of = Some(at);
    view
}

fn allowed(caller: &Caller, of: &Partnership) -> Vec<PartnershipAction> {
    let Ok(lead) = lead(of) else {
        return Vec::new();
    };
    let cities = authorities_of(of);
    let mut allowed = Vec::new();
    if policy::allows(&caller.actor, &Action::UpdatePartnership { cities: &cities, lead }) {
        allowed.push(PartnershipAction::Update);
    }
    if policy::allows(&caller.actor, &Action::LeadPartnership { lead }) {
        if !of.state.next().is_empty() {
            allowed.push(PartnershipAction::Advance);
        }
        allowed.push(PartnershipAction::Delete);
    }
    allowed
}

/// Who leads.
///
/// # Errors
/// Internal, where nobody does: the database never has that.
pub fn lead(of: &Partnership) -> Result<PartyRef, Error> {
    of.parties
        .iter()
        .find(|party| party.role == PartyRole::Lead)
        .map(|party| party.party)
        .ok_or_else(|| Error::internal(anyhow::anyhow!("partnership {} has no lead", of.id)))
}

/// The parties as a draft names them.
#[must_use]
pub fn drafts_of(partnership: &Partnership) -> Vec<PartyDraft> {
    partnership
        .parties
        .iter()
        .map(|party| PartyDraft {
            party: party.party,
            role: party.role,
        })
        .collect()
}

/// The authorities that take part, without those that are associated.
#[must_use]
pub fn authorities_of(partnership: &Partnership) -> Vec<CityId> {
    check::authorities(&drafts_of(partnership)).collect()
}
