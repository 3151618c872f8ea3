//! Making, reading and changing partnerships.

use chrono::{DateTime, Utc};
use serde_json::json;
use shared::audit::Resource;
use shared::cities::CitySummary;
use shared::ids::{CityId, PartnershipId};
use shared::partnerships::{
    PairingDraft, PairingView, PartnershipAdvance, PartnershipDraft, PartnershipKind, PartnershipPatch,
    PartnershipState, PartnershipView, PartyDraft, PartyRef, PartyRole, Provenance,
};
use shared::problem::{FieldError, ProblemCode};
use shared::themes::Theme;
use uuid::Uuid;

use super::check::{self, Parties};
use super::parts::{blank, index_names, known_city, pairings_of, parties_of, resolve, told_by, twinning_key};
use super::store::{self, Partnership};
use super::twinnings::TWINNING;
use super::views::{authorities_of, drafts_of, lead, past_view, view};
use super::{guards, history, links};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::lessons::renewal;
use crate::organisations;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::restoring::is_over;

/// A partnership, as anybody may read it, of today or as it stood at a past moment.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(
    platform: &Platform,
    caller: &Caller,
    id: PartnershipId,
    as_of: Option<DateTime<Utc>>,
) -> Result<PartnershipView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    if let Some(at) = as_of {
        let mut found = history::at(platform, id, at).await?;
        organisations::name_as_of(&platform.db, &mut [&mut found], at.date_naive()).await?;
        return Ok(past_view(platform, caller, &found, at));
    }
    let found = store::find(platform.db.read(), id)
        .await?
        .filter(|partnership| partnership.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let mut view = view(platform, caller, &found);
    organisations::tell_former_names(&platform.db, &mut view.parties).await?;
    Ok(view)
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
            faults.extend(check::term(draft.started_on, draft.ends_on));
            faults.extend(links::faults(tx, None, draft.parent_id, draft.predecessor_id).await?);
            refuse(faults)?;
            let mut made = blank(tx, PartnershipId(Uuid::now_v7()), draft.kind);
            made.name = draft.name.trim().to_owned();
            made.platform = stated(draft.platform.as_deref());
            made.about.clone_from(&draft.about);
            made.themes.clone_from(&draft.themes);
            made.territories.clone_from(&draft.territories);
            made.started_on = draft.started_on;
            made.parties = parties_of(&draft.parties, &known);
            made.source = stated(draft.source.as_deref());
            let who = told_by(tx, made.source.as_deref(), &draft.parties, &known);
            made.pairings = pairings_of(&draft.pairings, &[], &who);
            made.ends_on = draft.ends_on;
            made.parent_id = draft.parent_id;
            made.predecessor_id = draft.predecessor_id;
            made.source_key = twinning_key(&made);
            index_names(&mut made, &known);
            if let Some(key) = &made.source_key {
                store::free_source_key(tx, key).await?;
            }
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
        sources: vec![Provenance {
            source: lead.name.clone(),
            told_at: tx.now(),
        }],
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
            let mut faults = faults_of(patch, &before, &drafts, &known);
            let (parent, predecessor) = (patch.parent_id.flatten(), patch.predecessor_id.flatten());
            faults.extend(links::faults(tx, Some(id), parent, predecessor).await?);
            let source = patch.source.as_ref().and_then(|source| stated(source.as_deref()));
            let who = told_by(tx, source.as_deref(), &drafts, &known);
            apply(patch, &mut after, (&drafts, &known, &who));
            faults.extend(check::term(after.started_on, after.ends_on));
            refuse(faults)?;
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
            let details = history::facts(&before, json!({ "kind": { "from": before.kind, "to": after.kind } }))?;
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

fn apply(patch: &PartnershipPatch, to: &mut Partnership, (drafts, known, who): (&[PartyDraft], &Parties, &Provenance)) {
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
        to.pairings = pairings_of(pairings, &to.pairings, who);
    }
    if let Some(themes) = &patch.themes {
        to.themes.clone_from(themes);
    }
    if let Some(territories) = &patch.territories {
        to.territories.clone_from(territories);
    }
    to.ends_on = patch.ends_on.unwrap_or(to.ends_on);
    to.parent_id = patch.parent_id.unwrap_or(to.parent_id);
    to.predecessor_id = patch.predecessor_id.unwrap_or(to.predecessor_id);
    if let Some(source) = &patch.source {
        to.source = stated(source.as_deref());
    }
    // What a list knows by a key of its own keeps it; a twinning of two has that of the two.
    if to.source_key.as_deref().is_none_or(|key| key.starts_with(TWINNING)) {
        to.source_key = twinning_key(to);
    }
}

/// Moves a partnership to another state.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `Invalid` without what the step needs, `StateConflict` with the steps that follow,
/// `RenewalNeedsLessons`.
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
            let (before, from) = (moved.clone(), moved.state);
            guards::follows(from, advance.to)?;
            refuse(guards::step(&moved, advance, tx.now().date_naive()))?;
            let reason = stated(advance.reason.as_deref());
            let is_renewal = from.is_renewed_by(advance.to);
            renewal::name(tx, &moved, is_renewal, &advance.lesson_ids).await?;
            moved.state = advance.to;
            moved.state_since = Some(tx.now());
            moved.state_reason.clone_from(&reason);
            moved.condition = stated(advance.condition.as_deref());
            if advance.to == PartnershipState::Signed {
                moved.signatures.clone_from(&advance.signatures);
            }
            moved.ends_on = advance.ends_on.or(moved.ends_on);
            if moved.state == PartnershipState::Active && moved.started_on.is_none() {
                moved.started_on = Some(tx.now().date_naive());
            }
            moved.version += 1;
            moved.updated_at = tx.now();
            store::save(tx, &moved, false).await?;
            let details = json!({
                "from": from, "to": moved.state, "reason": reason, "lesson_ids": advance.lesson_ids,
            });
            let details = history::facts(&before, details)?;
            tx.record("advance", Resource::Partnership, id.0, moved.version, details)
                .await?;
            Ok(view(platform, caller, &moved))
        })
        .await
}

/// Deletes a partnership; it can be restored for [`crate::restoring::RESTORED_WITHIN`]. Gives its version, for the restoring.
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
            let details = history::facts(&gone, json!({}))?;
            gone.version += 1;
            gone.updated_at = tx.now();
            gone.deleted_at = Some(tx.now());
            store::save(tx, &gone, false).await?;
            tx.record("delete", Resource::Partnership, id.0, gone.version, details)
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
                Some(at) if is_over(at, tx.now()) => return Err(Error::NotFound),
                Some(_) if !policy::allows(&caller.actor, &action) => return Err(Error::NotFound),
                Some(_) => caller.expect_version(back.version)?,
            }
            let details = history::facts(&back, json!({}))?;
            back.version += 1;
            back.updated_at = tx.now();
            back.deleted_at = None;
            // The two may have been twinned anew since, and are then twinned once.
            if back.source_key.is_none() {
                back.source_key = twinning_key(&back);
            }
            store::save(tx, &back, false).await?;
            tx.record("restore", Resource::Partnership, id.0, back.version, details)
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
