//! Organisations: bodies that fund, networks and associated actors, with what became of them.
//!
//! Networks and actors keep their tables; bodies have one here. What became of all three stands in one table of changes: each
//! tells the name of until then, the day, the reason and the source. The name of today stands in the organisation's own row.

pub mod routes;
pub mod service;
pub mod store;

use std::collections::HashMap;

use chrono::NaiveDate;
use shared::ids::{ActorId, NetworkId, OrganisationId};
use shared::organisations::{self, FormerName, OrganisationStep};
use shared::partnerships::{PartyRef, PartyView};

use self::store::{Change, Organisation};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::partnerships::store::Partnership;

/// What networks and actors were called before.
///
/// # Errors
/// Those of the database.
pub async fn former_names(
    tx: &Tx<'_>,
    networks: &[NetworkId],
    actors: &[ActorId],
) -> Result<HashMap<PartyRef, Vec<String>>, Error> {
    let parties: HashMap<OrganisationId, PartyRef> = networks
        .iter()
        .map(|&network_id| PartyRef::Network { network_id })
        .chain(actors.iter().map(|&actor_id| PartyRef::Actor { actor_id }))
        .filter_map(|party| Some((organisation_of(party)?, party)))
        .collect();
    let mut found: HashMap<PartyRef, Vec<String>> = HashMap::new();
    if !parties.is_empty() {
        let ids: Vec<OrganisationId> = parties.keys().copied().collect();
        for change in store::changes(tx.conn(), Some(&ids)).await? {
            if let Some(&party) = parties.get(&change.organisation_id) {
                found.entry(party).or_default().push(change.name);
            }
        }
    }
    Ok(found)
}

/// Names the networks and actors of partnerships as they were called on a day. Costs nothing where none takes part, and one
/// statement where none of them was ever renamed.
///
/// # Errors
/// Those of the database.
pub async fn name_as_of(db: &Db, partnerships: &mut [&mut Partnership], day: NaiveDate) -> Result<(), Error> {
    let parties = partnerships.iter().flat_map(|of| &of.parties);
    let mut ids: Vec<OrganisationId> = parties.filter_map(|party| organisation_of(party.party)).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let changes = store::changes(db.read(), Some(&ids)).await?;
    let changed = |id: &OrganisationId| changes.iter().any(|change| change.organisation_id == *id);
    ids.retain(changed);
    if ids.is_empty() {
        return Ok(());
    }
    let today = store::organisations(db.read(), Some(&ids)).await?;
    let names: HashMap<OrganisationId, &str> = today.iter().map(|of| (of.id, name_on(of, &changes, day))).collect();
    for party in partnerships.iter_mut().flat_map(|of| &mut of.parties) {
        let name = organisation_of(party.party).and_then(|id| names.get(&id));
        if let Some(&name) = name {
            party.name = Some(name.to_owned());
        }
    }
    Ok(())
}

/// Tells of the networks and actors among parties what they were called before their names of today. Costs nothing where none
/// takes part, and one statement else.
///
/// # Errors
/// Those of the database.
pub async fn tell_former_names(db: &Db, parties: &mut [PartyView]) -> Result<(), Error> {
    let ids: Vec<OrganisationId> = parties
        .iter()
        .filter_map(|party| organisation_of(party.party))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    // The latest first.
    let changes = store::changes(db.read(), Some(&ids)).await?;
    for party in parties {
        let latest = changes.iter().find(|change| {
            change.step == OrganisationStep::Renamed && organisation_of(party.party) == Some(change.organisation_id)
        });
        party.formerly = latest.map(|change| FormerName {
            name: change.name.clone(),
            until: change.on.pred_opt().unwrap_or(change.on),
        });
    }
    Ok(())
}

/// What an organisation was called on a day.
fn name_on<'a>(of: &'a Organisation, changes: &'a [Change], day: NaiveDate) -> &'a str {
    let own = changes.iter().filter(|change| change.organisation_id == of.id);
    let names = own.map(|change| (change.on, (change.name.as_str(), None)));
    organisations::name_on((&of.name, None), names, day).0
}

/// The organisation that a party is; none for an authority.
const fn organisation_of(party: PartyRef) -> Option<OrganisationId> {
    match party {
        PartyRef::City { .. } => None,
        PartyRef::Network { network_id } => Some(OrganisationId(network_id.0)),
        PartyRef::Actor { actor_id } => Some(OrganisationId(actor_id.0)),
    }
}
