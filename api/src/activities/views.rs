//! Activities as they are read: with the names of whom they concern, and what the caller may do.

use shared::activities::{ActivityAction, ActivityKind, ActivityState, ActivityView, ConcernedParty};
use shared::ids::CityId;
use shared::partnerships::{PartyRef, PartyRole};

use super::store::Activity;
use crate::caller::Caller;
use crate::error::Error;
use crate::partnerships::store::Party;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Who leads a partnership with these parties.
///
/// # Errors
/// Internal, where nobody does: the database never has that.
pub fn lead(parties: &[Party]) -> Result<PartyRef, Error> {
    parties
        .iter()
        .find(|party| party.role == PartyRole::Lead)
        .map(|party| party.party)
        .ok_or_else(|| Error::internal(anyhow::anyhow!("a partnership has no lead")))
}

/// The authorities that take part, without those that are associated.
#[must_use]
pub fn authorities(parties: &[Party]) -> Vec<CityId> {
    parties
        .iter()
        .filter(|party| party.role != PartyRole::Associated)
        .filter_map(|party| match party.party {
            PartyRef::City { city_id } => Some(city_id),
            _ => None,
        })
        .collect()
}

/// Requires that the caller may change what a partnership with these parties does.
///
/// # Errors
/// `Unauthenticated`, `Denied`.
pub fn require_change(caller: &Caller, parties: &[Party]) -> Result<(), Error> {
    let action = Action::UpdatePartnership {
        cities: &authorities(parties),
        lead: lead(parties)?,
    };
    policy::require(&caller.actor, &action)
}

/// An activity of a partnership with these parties.
#[must_use]
pub fn view(platform: &Platform, caller: &Caller, of: &Activity, parties: &[Party]) -> ActivityView {
    let cities = platform.directory.cities();
    let concerned = of.concerned.iter().filter_map(|party| {
        let name = match party {
            PartyRef::City { city_id } => cities.get(*city_id)?.name.clone(),
            _ => parties.iter().find(|known| known.party == *party)?.name.clone()?,
        };
        Some(ConcernedParty { party: *party, name })
    });
    ActivityView {
        id: of.id,
        version: of.version,
        partnership_id: of.partnership_id,
        partnership_name: of.partnership_name.clone(),
        kind: of.kind,
        state: of.state,
        state_reason: of.state_reason.clone(),
        title: of.title.clone(),
        starts_on: of.days.0,
        ends_on: of.days.1,
        place: of.place.clone(),
        concerned: concerned.collect(),
        people: of.people,
        cost: of.cost.clone(),
        notes: of.notes.clone(),
        next_states: of.state.next().to_vec(),
        allowed: allowed(caller, of, parties),
        updated_at: of.updated_at,
    }
}

fn allowed(caller: &Caller, of: &Activity, parties: &[Party]) -> Vec<ActivityAction> {
    let mut allowed = Vec::new();
    let Ok(lead) = lead(parties) else {
        return allowed;
    };
    let cities = authorities(parties);
    if policy::allows(&caller.actor, &Action::UpdatePartnership { cities: &cities, lead }) {
        if of.state != ActivityState::Cancelled {
            allowed.push(ActivityAction::Update);
        }
        allowed.push(ActivityAction::Advance);
    }
    let books = |city: &CityId| policy::allows(&caller.actor, &Action::BookExhibition { city: *city, lead });
    if is_bookable(of) && cities.iter().any(books) {
        allowed.push(ActivityAction::Book);
    }
    allowed
}

/// Whether places can book it.
#[must_use]
pub fn is_bookable(of: &Activity) -> bool {
    of.kind == ActivityKind::Exhibition && of.state != ActivityState::Cancelled
}
