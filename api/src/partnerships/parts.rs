//! What a partnership is put together from: parties with their names, pairs, search keys.

use std::collections::BTreeSet;

use serde_json::json;
use shared::audit::Resource;
use shared::cities::CitySummary;
use shared::ids::PartnershipId;
use shared::partnerships::{
    PairingDraft, PairingView, PartnershipKind, PartnershipState, PartyDraft, PartyRef, PartyRole, Provenance,
};

use super::check::{Known, Parties};
use super::history;
use super::store::{self, Partnership, Party};
use super::twinnings::source_key;
use super::views::drafts_of;
use crate::db::Tx;
use crate::directory::Directory;
use crate::directory::fold::fold;
use crate::error::Error;
use crate::organisations;

/// Finds everybody that a draft names: authorities in the directory, the others in the database, with what they were called
/// before.
///
/// # Errors
/// Those of the database.
pub async fn resolve(tx: &Tx<'_>, directory: &Directory, drafts: &[PartyDraft]) -> Result<Parties, Error> {
    let mut known = Parties::new();
    let (mut networks, mut actors) = (Vec::new(), Vec::new());
    for draft in drafts {
        match draft.party {
            PartyRef::City { city_id } => {
                if let Some(city) = directory.summary(city_id) {
                    known.insert(draft.party, known_city(&city));
                }
            }
            PartyRef::Network { network_id } => networks.push(network_id),
            PartyRef::Actor { actor_id } => actors.push(actor_id),
        }
    }
    let former = organisations::former_names(tx, &networks, &actors).await?;
    for (party, name, country, actor_kind) in store::named(tx.conn(), &networks, &actors).await? {
        let mut search_keys = fold(&name);
        for former in former.get(&party).into_iter().flatten() {
            search_keys.push(' ');
            search_keys.push_str(&fold(former));
        }
        known.insert(
            party,
            Known {
                name,
                country,
                actor_kind,
                search_keys,
            },
        );
    }
    Ok(known)
}

/// What is known of an authority.
#[must_use]
pub fn known_city(city: &CitySummary) -> Known {
    let keys: BTreeSet<String> = std::iter::once(&city.name)
        .chain(city.labels.values())
        .map(|name| fold(name))
        .collect();
    Known {
        name: city.name.clone(),
        country: city.country.clone(),
        actor_kind: None,
        search_keys: keys.into_iter().collect::<Vec<_>>().join(" "),
    }
}

/// Parties in the order of lists: the lead, partners, associated actors; inside each as given.
#[must_use]
pub fn parties_of(drafts: &[PartyDraft], known: &Parties) -> Vec<Party> {
    let mut drafts = drafts.to_vec();
    drafts.sort_by_key(|draft| draft.role);
    drafts
        .into_iter()
        .filter_map(|PartyDraft { party, role }| {
            let of = known.get(&party)?;
            Some(Party {
                party,
                role,
                country: of.country.clone(),
                name: (!matches!(party, PartyRef::City { .. })).then(|| of.name.clone()),
                actor_kind: of.actor_kind,
            })
        })
        .collect()
}

/// Pairs that stay, whichever stands first, keep their id and who told of them.
#[must_use]
pub fn pairings_of(drafts: &[PairingDraft], before: &[PairingView], who: &Provenance) -> Vec<PairingView> {
    drafts
        .iter()
        .map(|&PairingDraft { a, b }| {
            let kept = before.iter().find(|pair| [(a, b), (b, a)].contains(&(pair.a, pair.b)));
            kept.cloned().unwrap_or_else(|| PairingView {
                id: store::new_pairing_id(),
                a,
                b,
                sources: vec![who.clone()],
            })
        })
        .collect()
}

/// Who tells of a partnership: the source that is named, else the party for whose staff or secretariat the caller speaks.
#[must_use]
pub fn told_by(tx: &Tx<'_>, source: Option<&str>, drafts: &[PartyDraft], known: &Parties) -> Provenance {
    let actor = &tx.caller().actor;
    let speaks = |draft: &&PartyDraft| match draft.party {
        PartyRef::City { city_id } => actor.is_staff_of(city_id),
        PartyRef::Network { network_id } => actor.coordinates(network_id),
        PartyRef::Actor { .. } => false,
    };
    let own = drafts.iter().find(speaks).and_then(|draft| known.get(&draft.party));
    let who = source.or(own.map(|known| known.name.as_str())).unwrap_or("Passerelle");
    Provenance {
        source: who.to_owned(),
        told_at: tx.now(),
    }
}

/// The key of a twinning of just two authorities, by which it is stored once.
#[must_use]
pub fn twinning_key(of: &Partnership) -> Option<String> {
    let taking_part = of.parties.iter().filter(|party| party.role != PartyRole::Associated);
    let mut cities = taking_part.map(|party| match party.party {
        PartyRef::City { city_id } => Some(city_id),
        _ => None,
    });
    match (of.kind, cities.next(), cities.next(), cities.next()) {
        (PartnershipKind::Twinning, Some(Some(a)), Some(Some(b)), None) => Some(source_key(a, b)),
        _ => None,
    }
}

/// An idea that says nothing yet.
#[must_use]
pub fn blank(tx: &Tx<'_>, id: PartnershipId, kind: PartnershipKind) -> Partnership {
    Partnership {
        id,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        name: String::new(),
        name_key: String::new(),
        kind,
        state: PartnershipState::Idea,
        state_reason: None,
        platform: None,
        about: String::new(),
        themes: Vec::new(),
        territories: Vec::new(),
        started_on: None,
        ends_on: None,
        state_since: Some(tx.now()),
        condition: None,
        signatures: Vec::new(),
        parent_id: None,
        predecessor_id: None,
        source: None,
        source_key: None,
        search_keys: String::new(),
        deleted_at: None,
        parties: Vec::new(),
        pairings: Vec::new(),
    }
}

/// Takes in that a network or an actor has another name now: each of its partnerships says something else, and is found by all
/// its names.
///
/// # Errors
/// Those of the database.
pub async fn take_in_name(tx: &Tx<'_>, directory: &Directory, party: PartyRef) -> Result<(), Error> {
    for id in store::of_party(tx, party).await? {
        let Some(mut of) = store::for_update(tx, id).await? else {
            continue;
        };
        let details = history::facts(&of, json!({ "party": party }))?;
        let known = resolve(tx, directory, &drafts_of(&of)).await?;
        index_names(&mut of, &known);
        of.version += 1;
        of.updated_at = tx.now();
        store::save(tx, &of, false).await?;
        tx.record("rename_party", Resource::Partnership, of.id.0, of.version, details)
            .await?;
    }
    Ok(())
}

/// Folds what the partnership is searched and sorted by.
pub fn index_names(of: &mut Partnership, known: &Parties) {
    of.name_key = fold(&of.name);
    let mut keys = vec![of.name_key.clone()];
    keys.extend(of.platform.as_deref().map(fold));
    keys.extend(
        of.parties
            .iter()
            .filter_map(|party| known.get(&party.party))
            .map(|known| known.search_keys.clone()),
    );
    of.search_keys = keys.join(" ");
}
