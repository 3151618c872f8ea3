//! Letting one of two go into the other, and taking that back.
//!
//! Of a city, its names, codes and partnerships go to the one that is kept; a twinning that both had becomes one, with what
//! each source said of it. Who has work of its own (people, applications, matches …) is not merged away: it is kept, and the
//! other one goes into it.

pub(in crate::doubles) mod record;
mod store;

use serde_json::json;
use shared::audit::Resource;
use shared::cities::NameKind;
use shared::doubles::{DoubleMerge, DoubleSubject, SuccessionReason, SuccessionView};
use shared::ids::{CityId, DoubleId, PartnershipId};
use shared::partnerships::{PairingView, PartyRef, PartyRole, Provenance};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use self::record::{CityRow, Record, Touched};
use super::store::Double;
use super::successions;
use crate::cities::history as cities_history;
use crate::db::Tx;
use crate::directory::Directory;
use crate::directory::fold::fold as fold_name;
use crate::error::Error;
use crate::partnerships::check::Known;
use crate::partnerships::history;
use crate::partnerships::parts::{index_names, resolve, twinning_key};
use crate::partnerships::store::{self as partnerships, Partnership};
use crate::partnerships::views::drafts_of;

/// The two of a proposal: the one that is kept, and the one that goes.
fn sides(double: &Double, keep: Uuid) -> Result<(Uuid, Uuid), Error> {
    if keep == double.low {
        Ok((double.low, double.high))
    } else if keep == double.high {
        Ok((double.high, double.low))
    } else {
        Err(Error::field(FieldError::new("/keep", FieldCode::Choice)))
    }
}

/// Merges two; gives what has to be known to take it back.
///
/// # Errors
/// `Invalid` where the kept one is neither, `NotFound` where one is there no more, `MergeInUse`.
pub(super) async fn merge(
    tx: &Tx<'_>,
    directory: &Directory,
    double: &Double,
    told: &DoubleMerge,
) -> Result<Record, Error> {
    let (kept, gone) = sides(double, told.keep)?;
    match double.subject {
        DoubleSubject::City => cities(tx, directory, double, (CityId(kept), CityId(gone)), told).await,
        DoubleSubject::Partnership => links(tx, double.id, (PartnershipId(kept), PartnershipId(gone)), told).await,
    }
}

fn in_use(places: Vec<String>) -> Result<(), Error> {
    if places.is_empty() {
        return Ok(());
    }
    let fault = FieldError::new("/keep", FieldCode::Inconsistent);
    Err(Error::Conflict {
        code: ProblemCode::MergeInUse,
        errors: vec![fault.with("places", places.join(", "))],
    })
}

async fn both(tx: &Tx<'_>, kept: CityId, gone: CityId) -> Result<(CityRow, CityRow), Error> {
    let mut rows = store::cities(tx, [kept, gone]).await?;
    let at = rows.iter().position(|row| row.id == gone).ok_or(Error::NotFound)?;
    let gone = rows.remove(at);
    Ok((rows.pop().ok_or(Error::NotFound)?, gone))
}

async fn cities(
    tx: &Tx<'_>,
    directory: &Directory,
    double: &Double,
    (kept, gone): (CityId, CityId),
    told: &DoubleMerge,
) -> Result<Record, Error> {
    let (kept_row, gone_row) = both(tx, kept, gone).await?;
    in_use(store::work_of_city(tx, gone, kept).await?)?;
    let names = (gone_row.name.as_str(), kept_row.name.as_str());
    let mut record = Record::default();
    for id in store::partnerships_of(tx, gone).await? {
        let Some(mut before) = partnerships::for_update(tx, id).await? else {
            continue;
        };
        // For those who look at the past: the directory will not know it.
        for party in &mut before.parties {
            if party.party == (PartyRef::City { city_id: gone }) {
                party.name = Some(gone_row.name.clone());
            }
        }
        let mut after = moved(&before, gone, kept);
        rename(&mut after, names);
        let others = after.parties.iter().filter(|party| party.role != PartyRole::Associated);
        if others.count() < 2 && after.deleted_at.is_none() {
            // What bound a city to itself binds nobody.
            after.deleted_at = Some(tx.now());
        }
        if after.source_key == twinning_key(&before) {
            after.source_key = twinning_key(&after);
        }
        if let Some(key) = after
            .source_key
            .clone()
            .filter(|_| after.source_key != before.source_key)
            && let Some(same) = partnerships::by_source_key(tx, &key).await?
        {
            after.source_key = None;
            let is_free = store::work_of_partnership(tx, before.id).await?.is_empty();
            if same.deleted_at.is_none() && is_free {
                fold(tx, &mut record, (&before, after), same, (double.id, told)).await?;
                continue;
            }
        }
        let known = resolve(tx, directory, &drafts_of(&after)).await?;
        index_names(&mut after, &known);
        save(tx, &mut record, before, after, "merge").await?;
    }
    let kind = match told.reason {
        SuccessionReason::Double => NameKind::Alternate,
        SuccessionReason::Merger | SuccessionReason::Renaming => NameKind::Former,
    };
    let (name, version) = (gone_row.name.clone(), gone_row.version + 1);
    let today = tx.now().date_naive();
    let before = cities_history::facts(tx, kept, json!({ "of": gone, "reason": told.reason })).await?;
    record.city = Some(store::fold_city(tx, gone_row, &kept_row, kind, today).await?);
    let succession = succession(tx, (gone.0, kept.0), name, told);
    successions::store::insert(tx, DoubleSubject::City, &succession, double.id).await?;
    super::store::withdraw_others(tx, gone.0, double.id).await?;
    let details = json!({ "into": kept, "reason": told.reason });
    tx.record("merge", Resource::City, gone.0, version, details).await?;
    tx.record("merge", Resource::City, kept.0, kept_row.version + 1, before)
        .await?;
    Ok(record)
}

/// The partnership with another city in the place of one; a city stands in it once.
fn moved(before: &Partnership, from: CityId, to: CityId) -> Partnership {
    let mut after = before.clone();
    let new = PartyRef::City { city_id: to };
    for party in &mut after.parties {
        if party.party == (PartyRef::City { city_id: from }) {
            party.party = new;
            party.name = None;
        }
    }
    // The first is the one with the stronger role.
    let mut seen = false;
    after
        .parties
        .retain(|party| party.party != new || !std::mem::replace(&mut seen, true));
    let swap = |city: CityId| if city == from { to } else { city };
    let mut pairings: Vec<PairingView> = Vec::with_capacity(after.pairings.len());
    for mut pair in std::mem::take(&mut after.pairings) {
        (pair.a, pair.b) = (swap(pair.a), swap(pair.b));
        if pair.a == pair.b {
            continue;
        }
        let same = |known: &&mut PairingView| [(pair.a, pair.b), (pair.b, pair.a)].contains(&(known.a, known.b));
        match pairings.iter_mut().find(same) {
            Some(known) => add_sources(known, &pair),
            None => pairings.push(pair),
        }
    }
    after.pairings = pairings;
    for signature in &mut after.signatures {
        signature.city_id = swap(signature.city_id);
    }
    after
}

/// A name that was made of the two authorities' is made of those of today.
fn rename(of: &mut Partnership, (from, to): (&str, &str)) {
    if let Some((first, second)) = of.name.split_once(" – ")
        && of.name.matches(" – ").count() == 1
    {
        let swap = |name: &str| if name == from { to.to_owned() } else { name.to_owned() };
        of.name = format!("{} – {}", swap(first), swap(second));
    }
}

fn add_sources(to: &mut PairingView, of: &PairingView) {
    for source in &of.sources {
        if !to.sources.contains(source) {
            to.sources.push(source.clone());
        }
    }
    to.sources.sort_by_key(|source| source.told_at);
}

/// Lets one partnership go into another of the same pair, which keeps who said so.
async fn fold(
    tx: &Tx<'_>,
    record: &mut Record,
    (before, mut after): (&Partnership, Partnership),
    same: Partnership,
    (by, told): (DoubleId, &DoubleMerge),
) -> Result<(), Error> {
    let mut kept = same.clone();
    for pair in &after.pairings {
        let is_same = |known: &&mut PairingView| [(pair.a, pair.b), (pair.b, pair.a)].contains(&(known.a, known.b));
        match kept.pairings.iter_mut().find(is_same) {
            Some(known) => add_sources(known, pair),
            None => kept.pairings.push(PairingView {
                id: partnerships::new_pairing_id(),
                ..pair.clone()
            }),
        }
    }
    after.deleted_at = Some(tx.now());
    after.source_key = None;
    let succession = succession(tx, (before.id.0, kept.id.0), before.name.clone(), told);
    save(tx, record, before.clone(), after, "merge").await?;
    save(tx, record, same, kept, "merge").await?;
    successions::store::insert(tx, DoubleSubject::Partnership, &succession, by).await
}

fn succession(tx: &Tx<'_>, (from, to): (Uuid, Uuid), name: String, told: &DoubleMerge) -> SuccessionView {
    SuccessionView {
        from_id: from,
        to_id: to,
        name,
        reason: told.reason,
        note: told.note.trim().to_owned(),
        at: tx.now(),
    }
}

async fn save(
    tx: &Tx<'_>,
    record: &mut Record,
    before: Partnership,
    mut after: Partnership,
    verb: &str,
) -> Result<(), Error> {
    after.version = before.version + 1;
    after.updated_at = tx.now();
    let parts = after.parties != before.parties || after.pairings != before.pairings;
    partnerships::save(tx, &after, parts).await?;
    let details = history::facts(&before, json!({}))?;
    tx.record(verb, Resource::Partnership, after.id.0, after.version, details)
        .await?;
    let had = |source: &Provenance| before.pairings.iter().any(|pair| pair.sources.contains(source));
    let told = after.pairings.iter().flat_map(|pair| &pair.sources);
    let sources = told.filter(|source| !had(source)).cloned().collect();
    record.partnerships.push(Touched {
        before,
        version: after.version,
        sources,
    });
    Ok(())
}

async fn links(
    tx: &Tx<'_>,
    by: DoubleId,
    (kept, gone): (PartnershipId, PartnershipId),
    told: &DoubleMerge,
) -> Result<Record, Error> {
    let there = |found: Option<Partnership>| found.filter(|of| of.deleted_at.is_none()).ok_or(Error::NotFound);
    // In the order of ids, so that two who merge do not wait for each other.
    let first = partnerships::for_update(tx, kept.min(gone)).await?;
    let second = partnerships::for_update(tx, kept.max(gone)).await?;
    let (kept, gone) = if kept < gone { (first, second) } else { (second, first) };
    let (kept, gone) = (there(kept)?, there(gone)?);
    in_use(store::work_of_partnership(tx, gone.id).await?)?;
    let mut record = Record::default();
    fold(tx, &mut record, (&gone, gone.clone()), kept, (by, told)).await?;
    super::store::withdraw_others(tx, gone.id.0, by).await?;
    Ok(record)
}

/// Takes a merge back. What nobody touched since stands as it stood before; what was changed keeps the changes, with the two
/// cities apart again.
///
/// # Errors
/// `StateConflict` where the kept one has gone into another since: that is taken back first.
pub(super) async fn undo(tx: &Tx<'_>, directory: &Directory, double: &Double, record: &Record) -> Result<(), Error> {
    let kept = double.kept.unwrap_or(double.low);
    let mut cities = None;
    if let Some(gone) = &record.city {
        let rows = store::cities(tx, [CityId(kept), gone.row.id]).await?;
        let [kept_row] = rows.as_slice() else {
            return Err(Error::conflict(ProblemCode::StateConflict));
        };
        let before = cities_history::facts(tx, CityId(kept), json!({ "of": gone.row.id })).await?;
        let version = store::put_back(tx, gone).await?;
        let details = json!({ "from": kept });
        tx.record("undo_merge", Resource::City, gone.row.id.0, version, details)
            .await?;
        let version = store::take_back(tx, kept_row, gone).await?;
        tx.record("undo_merge", Resource::City, kept, version, before).await?;
        cities = Some((CityId(kept), kept_row.name.clone(), gone));
    }
    successions::store::delete(tx, double.id).await?;
    for touched in record.partnerships.iter().rev() {
        let Some(now) = partnerships::for_update(tx, touched.before.id).await? else {
            continue;
        };
        let mut back = touched.before.clone();
        if now.version != touched.version {
            back = apart(
                &now,
                touched,
                cities.as_ref().map(|(kept, _, gone)| (*kept, gone.row.id)),
            );
            let mut known = resolve(tx, directory, &drafts_of(&back)).await?;
            if let Some((_, kept_name, gone)) = &cities {
                rename(&mut back, (kept_name, &gone.row.name));
                // It is in the directory once this is done.
                let city = Known {
                    name: gone.row.name.clone(),
                    country: gone.row.country.clone(),
                    actor_kind: None,
                    search_keys: fold_name(&gone.row.name),
                };
                known.insert(PartyRef::City { city_id: gone.row.id }, city);
            }
            index_names(&mut back, &known);
        }
        back.version = now.version + 1;
        back.updated_at = tx.now();
        partnerships::save(tx, &back, true).await?;
        let details = history::facts(&now, json!({}))?;
        tx.record("undo_merge", Resource::Partnership, back.id.0, back.version, details)
            .await?;
    }
    Ok(())
}

/// A partnership that was changed since a merge, with the city that went back in its place.
fn apart(now: &Partnership, touched: &Touched, cities: Option<(CityId, CityId)>) -> Partnership {
    let (mut back, before) = (now.clone(), &touched.before);
    if let Some((kept, gone)) = cities {
        let had = |city| {
            before
                .parties
                .iter()
                .any(|party| party.party == PartyRef::City { city_id: city })
        };
        if had(gone) && !had(kept) {
            back = moved(now, kept, gone);
        }
    }
    for pair in &mut back.pairings {
        pair.sources.retain(|source| !touched.sources.contains(source));
    }
    back.deleted_at = before.deleted_at;
    back.source_key.clone_from(&before.source_key);
    back
}
