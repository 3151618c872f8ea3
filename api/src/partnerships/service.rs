//! Making, reading and changing partnerships.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;
use shared::audit::Resource;
use shared::cities::CitySummary;
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{
    PairingDraft, PairingView, PartnershipAction, PartnershipAdvance, PartnershipDraft, PartnershipKind,
    PartnershipPatch, PartnershipState, PartnershipSummary, PartnershipView, PartyDraft, PartyRef, PartyRole,
    PartyView, RESTORE_DAYS,
};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::themes::Theme;
use uuid::Uuid;

use super::check::{self, Known, Parties};
use super::store::{self, Partnership, Party};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::directory::fold::fold;
use crate::directory::{Cities, Directory};
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A partnership, as anybody may read it.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: PartnershipId) -> Result<PartnershipView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let found = store::find(platform.db.read(), id)
        .await?
        .filter(|partnership| partnership.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    Ok(view(platform, caller, &found))
}

/// Makes a partnership: it begins as an idea.
///
/// # Errors
/// `Denied` for who neither takes part nor leads, `Invalid` with all that is wrong.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    draft: &PartnershipDraft,
) -> Result<Answer<PartnershipView>, Error> {
    let cities: Vec<CityId> = check::authorities(&draft.parties).collect();
    // Without a lead the draft is refused below; who may make it is told first.
    if let Some(lead) = lead_of(&draft.parties).or(draft.parties.first().map(|draft| draft.party)) {
        policy::require(&caller.actor, &Action::CreatePartnership { cities: &cities, lead })?;
    }
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let known = resolve(tx, &platform.directory, &draft.parties).await?;
            let mut faults = check::name(&draft.name);
            faults.extend(check::parties(&draft.parties, &known));
            faults.extend(check::pairings(&draft.pairings, &draft.parties));
            faults.extend(check::themes(&draft.themes));
            faults.extend(check::territories(&draft.territories));
            refuse(faults)?;
            let mut made = blank(tx, PartnershipId(Uuid::now_v7()), draft.kind);
            made.name = draft.name.trim().to_owned();
            made.platform = stated(draft.platform.as_deref());
            made.about.clone_from(&draft.about);
            made.themes.clone_from(&draft.themes);
            made.territories.clone_from(&draft.territories);
            made.started_on = draft.started_on;
            made.parties = parties_of(&draft.parties, &known);
            made.pairings = pairings_of(&draft.pairings, &[]);
            index_names(&mut made, &known);
            store::insert(tx, &made).await?;
            tx.record(
                "create",
                Resource::Partnership,
                made.id.0,
                1,
                json!({ "kind": made.kind }),
            )
            .await?;
            Ok(view(platform, caller, &made))
        })
        .await
}

/// Makes the partnership that two cities agreed on: an idea, led by the first, with the two as its pair, about the themes
/// that one needs and the other offers.
///
/// # Errors
/// Those of the database.
pub async fn found(
    tx: &Tx<'_>,
    lead: &CitySummary,
    partner: &CitySummary,
    name: Option<&str>,
) -> Result<PartnershipId, Error> {
    let mut made = blank(
        tx,
        PartnershipId(Uuid::now_v7()),
        PartnershipKind::DecentralisedCooperation,
    );
    made.name = name.map_or_else(
        || format!("{} – {}", lead.name, partner.name),
        |name| name.trim().to_owned(),
    );
    made.themes = Theme::ALL
        .iter()
        .copied()
        .filter(|theme| {
            (lead.needs.contains(theme) && partner.offers.contains(theme))
                || (partner.needs.contains(theme) && lead.offers.contains(theme))
        })
        .collect();
    let drafts = [(lead, PartyRole::Lead), (partner, PartyRole::Partner)].map(|(city, role)| PartyDraft {
        party: PartyRef::City { city_id: city.id },
        role,
    });
    let known: Parties = [lead, partner]
        .into_iter()
        .map(|city| (PartyRef::City { city_id: city.id }, known_city(city)))
        .collect();
    made.parties = parties_of(&drafts, &known);
    made.pairings = vec![PairingView {
        id: store::new_pairing_id(),
        a: lead.id,
        b: partner.id,
    }];
    index_names(&mut made, &known);
    store::insert(tx, &made).await?;
    tx.record(
        "create",
        Resource::Partnership,
        made.id.0,
        1,
        json!({ "kind": made.kind, "from": "match" }),
    )
    .await?;
    Ok(made.id)
}

/// Changes what a partnership says.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `Invalid`.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: PartnershipId,
    patch: &PartnershipPatch,
) -> Result<PartnershipView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let before = present(tx, id).await?;
            policy::require(
                &caller.actor,
                &Action::UpdatePartnership {
                    cities: &authorities_of(&before),
                    lead: lead(&before)?,
                },
            )?;
            caller.expect_version(before.version)?;
            let mut after = before.clone();
            let drafts = patch.parties.clone().unwrap_or_else(|| drafts_of(&before));
            let known = resolve(tx, &platform.directory, &drafts).await?;
            refuse(faults_of(patch, &before, &drafts, &known))?;
            apply(patch, &mut after, &drafts, &known);
            index_names(&mut after, &known);
            let new_lead = lead(&after)?;
            if new_lead != lead(&before)? {
                policy::require(&caller.actor, &Action::LeadPartnership { lead: lead(&before)? })?;
            }
            if after == before {
                return Ok(view(platform, caller, &before));
            }
            after.version += 1;
            after.updated_at = tx.now();
            store::save(
                tx,
                &after,
                after.parties != before.parties || after.pairings != before.pairings,
            )
            .await?;
            let details = json!({ "kind": { "from": before.kind, "to": after.kind } });
            tx.record("update", Resource::Partnership, id.0, after.version, details)
                .await?;
            Ok(view(platform, caller, &after))
        })
        .await
}

fn faults_of(
    patch: &PartnershipPatch,
    before: &Partnership,
    drafts: &[PartyDraft],
    known: &Parties,
) -> Vec<FieldError> {
    let mut faults = patch.name.as_deref().map(check::name).unwrap_or_default();
    if patch.parties.is_some() {
        faults.extend(check::parties(drafts, known));
    }
    if patch.parties.is_some() || patch.pairings.is_some() {
        let pairings = patch.pairings.clone().unwrap_or_else(|| {
            let kept = before.pairings.iter();
            kept.map(|pair| PairingDraft { a: pair.a, b: pair.b }).collect()
        });
        faults.extend(check::pairings(&pairings, drafts));
    }
    faults.extend(patch.themes.as_deref().map(check::themes).unwrap_or_default());
    faults.extend(patch.territories.as_deref().map(check::territories).unwrap_or_default());
    faults
}

fn apply(patch: &PartnershipPatch, to: &mut Partnership, drafts: &[PartyDraft], known: &Parties) {
    if let Some(name) = &patch.name {
        name.trim().clone_into(&mut to.name);
    }
    if let Some(kind) = patch.kind {
        to.kind = kind;
    }
    if let Some(platform) = &patch.platform {
        to.platform = stated(platform.as_deref());
    }
    if let Some(about) = &patch.about {
        to.about.clone_from(about);
    }
    if patch.parties.is_some() {
        to.parties = parties_of(drafts, known);
    }
    if let Some(pairings) = &patch.pairings {
        to.pairings = pairings_of(pairings, &to.pairings);
    }
    if let Some(themes) = &patch.themes {
        to.themes.clone_from(themes);
    }
    if let Some(territories) = &patch.territories {
        to.territories.clone_from(territories);
    }
}

/// Moves a partnership to another state.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `Invalid` without the reason that the state needs, `StateConflict`.
pub async fn advance(
    platform: &Platform,
    caller: &Caller,
    id: PartnershipId,
    advance: &PartnershipAdvance,
) -> Result<Answer<PartnershipView>, Error> {
    platform
        .db
        .write_once(caller, advance, async |tx| {
            let mut moved = present(tx, id).await?;
            policy::require(&caller.actor, &Action::LeadPartnership { lead: lead(&moved)? })?;
            caller.expect_version(moved.version)?;
            let from = moved.state;
            if !from.can_become(advance.to) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let reason = stated(advance.reason.as_deref());
            if advance.to.needs_reason() && reason.is_none() {
                return Err(Error::field(FieldError::new("/reason", FieldCode::Required)));
            }
            moved.state = advance.to;
            moved.state_reason.clone_from(&reason);
            if moved.state == PartnershipState::Active && moved.started_on.is_none() {
                moved.started_on = Some(tx.now().date_naive());
            }
            moved.version += 1;
            moved.updated_at = tx.now();
            store::save(tx, &moved, false).await?;
            let details = json!({ "from": from, "to": moved.state, "reason": reason });
            tx.record("advance", Resource::Partnership, id.0, moved.version, details)
                .await?;
            Ok(view(platform, caller, &moved))
        })
        .await
}

/// Deletes a partnership; it can be restored for [`RESTORE_DAYS`]. Gives its version, for the restoring.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
pub async fn delete(platform: &Platform, caller: &Caller, id: PartnershipId) -> Result<i64, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut gone = present(tx, id).await?;
            policy::require(&caller.actor, &Action::LeadPartnership { lead: lead(&gone)? })?;
            caller.expect_version(gone.version)?;
            gone.version += 1;
            gone.updated_at = tx.now();
            gone.deleted_at = Some(tx.now());
            store::save(tx, &gone, false).await?;
            tx.record("delete", Resource::Partnership, id.0, gone.version, json!({}))
                .await?;
            Ok(gone.version)
        })
        .await
}

/// Restores a partnership that was deleted not long ago.
///
/// # Errors
/// `NotFound` for everybody but who led it, and once its time is over; `Stale`; `StateConflict` where it is not deleted.
pub async fn restore(
    platform: &Platform,
    caller: &Caller,
    id: PartnershipId,
) -> Result<Answer<PartnershipView>, Error> {
    if caller.actor.is_public() {
        return Err(Error::Unauthenticated(ProblemCode::Unauthenticated));
    }
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut back = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
            let action = Action::LeadPartnership { lead: lead(&back)? };
            match back.deleted_at {
                None => {
                    policy::require(&caller.actor, &action)?;
                    caller.expect_version(back.version)?;
                    return Err(Error::conflict(ProblemCode::StateConflict));
                }
                Some(at) if at + TimeDelta::days(RESTORE_DAYS) < tx.now() => return Err(Error::NotFound),
                Some(_) if !policy::allows(&caller.actor, &action) => return Err(Error::NotFound),
                Some(_) => caller.expect_version(back.version)?,
            }
            back.version += 1;
            back.updated_at = tx.now();
            back.deleted_at = None;
            store::save(tx, &back, false).await?;
            tx.record("restore", Resource::Partnership, id.0, back.version, json!({}))
                .await?;
            Ok(view(platform, caller, &back))
        })
        .await
}

/// A partnership that is not deleted, locked.
async fn present(tx: &Tx<'_>, id: PartnershipId) -> Result<Partnership, Error> {
    store::for_update(tx, id)
        .await?
        .filter(|partnership| partnership.deleted_at.is_none())
        .ok_or(Error::NotFound)
}

fn refuse(faults: Vec<FieldError>) -> Result<(), Error> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(faults))
    }
}

/// A text that says something.
fn stated(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn lead_of(parties: &[PartyDraft]) -> Option<PartyRef> {
    parties
        .iter()
        .find(|draft| draft.role == PartyRole::Lead)
        .map(|draft| draft.party)
}

fn lead(of: &Partnership) -> Result<PartyRef, Error> {
    of.parties
        .iter()
        .find(|party| party.role == PartyRole::Lead)
        .map(|party| party.party)
        .ok_or_else(|| Error::internal(anyhow::anyhow!("partnership {} has no lead", of.id)))
}

fn drafts_of(partnership: &Partnership) -> Vec<PartyDraft> {
    partnership
        .parties
        .iter()
        .map(|party| PartyDraft {
            party: party.party,
            role: party.role,
        })
        .collect()
}

fn authorities_of(partnership: &Partnership) -> Vec<CityId> {
    check::authorities(&drafts_of(partnership)).collect()
}

/// Finds everybody that a draft names: authorities in the directory, the others in the database.
pub(crate) async fn resolve(tx: &Tx<'_>, directory: &Directory, drafts: &[PartyDraft]) -> Result<Parties, Error> {
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
    for (party, name, country) in store::named(tx.conn(), &networks, &actors).await? {
        let search_keys = fold(&name);
        known.insert(
            party,
            Known {
                name,
                country,
                search_keys,
            },
        );
    }
    Ok(known)
}

fn known_city(city: &CitySummary) -> Known {
    let keys: BTreeSet<String> = std::iter::once(&city.name)
        .chain(city.labels.values())
        .map(|name| fold(name))
        .collect();
    Known {
        name: city.name.clone(),
        country: city.country.clone(),
        search_keys: keys.into_iter().collect::<Vec<_>>().join(" "),
    }
}

/// Parties in the order of lists: the lead, partners, associated actors; inside each as given.
pub(crate) fn parties_of(drafts: &[PartyDraft], known: &Parties) -> Vec<Party> {
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
            })
        })
        .collect()
}

/// Pairs that stay keep their id.
fn pairings_of(drafts: &[PairingDraft], before: &[PairingView]) -> Vec<PairingView> {
    drafts
        .iter()
        .map(|&PairingDraft { a, b }| {
            let kept = before.iter().find(|pair| pair.a == a && pair.b == b);
            kept.cloned().unwrap_or_else(|| PairingView {
                id: store::new_pairing_id(),
                a,
                b,
            })
        })
        .collect()
}

/// An idea that says nothing yet.
pub(crate) fn blank(tx: &Tx<'_>, id: PartnershipId, kind: PartnershipKind) -> Partnership {
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

/// Folds what the partnership is searched and sorted by.
pub(crate) fn index_names(of: &mut Partnership, known: &Parties) {
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

/// A partnership as lists show it.
#[must_use]
pub fn summary(cities: &Cities, of: &Partnership) -> PartnershipSummary {
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
        updated_at: of.updated_at,
    }
}

fn name_of(cities: &Cities, party: &Party) -> String {
    match party.party {
        PartyRef::City { city_id } => cities.get(city_id).map(|city| city.name.clone()).unwrap_or_default(),
        PartyRef::Network { .. } | PartyRef::Actor { .. } => party.name.clone().unwrap_or_default(),
    }
}

fn view(platform: &Platform, caller: &Caller, of: &Partnership) -> PartnershipView {
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
                location: city.and_then(|city| city.location),
            }
        })
        .collect();
    PartnershipView {
        summary: summary(&cities, of),
        about: of.about.clone(),
        parties,
        pairings: of.pairings.clone(),
        territories: of.territories.clone(),
        parent_id: of.parent_id,
        predecessor_id: of.predecessor_id,
        state_reason: of.state_reason.clone(),
        next_states: of.state.next().to_vec(),
        source: of.source.clone(),
        allowed: allowed(caller, of),
    }
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
