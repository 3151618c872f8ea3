//! Reading organisations, and entering what became of them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::audit::Resource;
use shared::ids::{NetworkId, OrganisationId, ProgrammeId};
use shared::networks::NetworkKind;
use shared::organisations::{
    FunderList, OrganisationAction, OrganisationChangeView, OrganisationDraft, OrganisationKind, OrganisationMerger,
    OrganisationPage, OrganisationRenaming, OrganisationStep, OrganisationView,
};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Change, Organisation, Register};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::directory::fold::fold;
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::networks::{self, store::NewNetwork};
use crate::partnerships::parts::take_in_name;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes;

/// Which organisations are wanted.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFilter {
    /// Words of a name of today or of before.
    pub q: Option<String>,
    /// Kinds; empty for all.
    pub kinds: Vec<OrganisationKind>,
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    name: String,
    id: OrganisationId,
}

impl Register {
    fn views(mut self, caller: &Caller) -> Vec<OrganisationView> {
        let may = policy::allows(&caller.actor, &Action::ManageOrganisations);
        let mut own: HashMap<OrganisationId, Vec<OrganisationChangeView>> = HashMap::new();
        let mut absorbed: HashMap<OrganisationId, Vec<OrganisationChangeView>> = HashMap::new();
        for change in self.changes {
            let into = change.into_id.and_then(|id| self.names.get(&id).cloned());
            let id = change.organisation_id;
            let view = OrganisationChangeView {
                organisation_id: id,
                step: change.step,
                on: change.on,
                name: change.name,
                short_name: change.short_name,
                into,
                reason: change.reason,
                source: change.source,
                entered_at: change.entered_at,
            };
            if let Some(into) = change.into_id {
                absorbed.entry(into).or_default().push(view.clone());
            }
            own.entry(id).or_default().push(view);
        }
        let made = self.organisations.into_iter().map(|of| {
            let changes = own.remove(&of.id).unwrap_or_default();
            OrganisationView {
                allowed: if may { allowed(&changes) } else { Vec::new() },
                absorbed: absorbed.remove(&of.id).unwrap_or_default(),
                programmes: self.programmes.remove(&of.id).unwrap_or_default(),
                id: of.id,
                version: of.version,
                kind: of.kind,
                name: of.name,
                short_name: of.short_name,
                country: of.country,
                part_of: of.part_of,
                website: of.website,
                network_kind: of.network_kind,
                actor_kind: of.actor_kind,
                as_of: None,
                changes,
            }
        });
        made.collect()
    }
}

/// One that went into another is there no more: that can be taken back, and nothing else be done.
fn allowed(changes: &[OrganisationChangeView]) -> Vec<OrganisationAction> {
    let gone = changes.iter().any(|change| change.step == OrganisationStep::Merged);
    let mut allowed = Vec::new();
    if !gone {
        allowed.extend([OrganisationAction::Rename, OrganisationAction::Merge]);
    }
    if !changes.is_empty() {
        allowed.push(OrganisationAction::Undo);
    }
    allowed
}

/// A page of organisations by name; words are looked for in their names of today and of before. There are some hundreds of
/// them: all are read, by five statements.
///
/// # Errors
/// `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &OrganisationFilter,
    paging: &Paging,
) -> Result<OrganisationPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let after: Option<Place> = paging.cursor.as_deref().map(page::position).transpose()?;
    let words = filter.q.as_deref().map(fold);
    let mut found: Vec<(Place, OrganisationView)> = store::register(platform.db.read(), None)
        .await?
        .views(caller)
        .into_iter()
        .filter(|of| filter.kinds.is_empty() || filter.kinds.contains(&of.kind))
        .filter(|of| words.as_deref().is_none_or(|words| is_called(of, words)))
        .map(|of| (place(&of), of))
        .collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let total = paging.count.then_some(found.len() as u64);
    let limit = paging.limit.0 as usize;
    let mut items: Vec<OrganisationView> = found
        .into_iter()
        .filter(|(place, _)| after.as_ref().is_none_or(|after| place > after))
        .map(|(_, of)| of)
        .take(limit + 1)
        .collect();
    let next = page::cut(&mut items, limit, place);
    Ok(OrganisationPage {
        next: next.as_ref().map(page::cursor).transpose()?,
        items,
        total,
    })
}

fn place(of: &OrganisationView) -> Place {
    Place {
        name: fold(&of.name),
        id: of.id,
    }
}

fn is_called(of: &OrganisationView, words: &str) -> bool {
    let before = of.changes.iter().map(OrganisationChangeView::names);
    let names = std::iter::once((of.name.as_str(), of.short_name.as_deref())).chain(before);
    let mut all = names.flat_map(|(name, short_name)| std::iter::once(name).chain(short_name));
    all.any(|name| fold(name).contains(words))
}

/// An organisation, as it is or as it was called on a past day.
///
/// # Errors
/// `NotFound`.
pub async fn read(
    platform: &Platform,
    caller: &Caller,
    id: OrganisationId,
    day: Option<NaiveDate>,
) -> Result<OrganisationView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let found = store::register(platform.db.read(), Some(&[id])).await?;
    let view = found.views(caller).pop().ok_or(Error::NotFound)?;
    Ok(as_of(view, day))
}

fn as_of(view: OrganisationView, day: Option<NaiveDate>) -> OrganisationView {
    match day {
        Some(day) => view.on(day),
        None => view,
    }
}

/// The organisations that fund a programme, as they are or as they were called on a past day.
///
/// # Errors
/// `NotFound` without such a programme.
pub async fn funders(
    platform: &Platform,
    caller: &Caller,
    programme: ProgrammeId,
    day: Option<NaiveDate>,
) -> Result<FunderList, Error> {
    programmes::service::read_programme(platform, caller, programme).await?;
    let ids = store::funders(platform.db.read(), programme).await?;
    let mut items = Vec::new();
    if !ids.is_empty() {
        let found = store::register(platform.db.read(), Some(&ids)).await?;
        items = found.views(caller).into_iter().map(|view| as_of(view, day)).collect();
    }
    Ok(FunderList { items })
}

/// Says which organisations fund a programme that is being made.
///
/// # Errors
/// `Invalid` for one that is not in the register, or stands twice.
pub async fn set_funders(tx: &Tx<'_>, programme: ProgrammeId, funders: &[OrganisationId]) -> Result<(), Error> {
    if funders.is_empty() {
        return Ok(());
    }
    let known = store::organisations(tx.conn(), Some(funders)).await?;
    let mut seen = HashSet::new();
    let faults = funders.iter().enumerate().filter_map(|(index, id)| {
        let code = if !known.iter().any(|of| of.id == *id) {
            FieldCode::Reference
        } else if seen.insert(*id) {
            return None;
        } else {
            FieldCode::Duplicate
        };
        Some(FieldError::new(format!("/funder_ids/{index}"), code))
    });
    refuse(faults.collect())?;
    store::add_funders(tx, programme, funders).await
}

/// Adds an organisation that the register lacks.
///
/// # Errors
/// `Denied`: bodies and networks are added by administrators, associated actors by all who may make partnerships; `Invalid`,
/// `AlreadyExists`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    draft: &OrganisationDraft,
) -> Result<Answer<OrganisationView>, Error> {
    let action = match draft.kind {
        OrganisationKind::Actor => Action::AddActor,
        OrganisationKind::Body | OrganisationKind::Network => Action::ManageOrganisations,
    };
    policy::require(&caller.actor, &action)?;
    refuse(draft.faults())?;
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = Organisation {
                id: OrganisationId(Uuid::now_v7()),
                version: 1,
                kind: draft.kind,
                name: draft.name.trim().to_owned(),
                short_name: trimmed(draft.short_name.as_deref()),
                country: draft.country.clone(),
                part_of: trimmed(draft.part_of.as_deref()),
                website: None,
                network_kind: draft.network_kind,
                actor_kind: draft.actor_kind,
            };
            match (draft.actor_kind, draft.network_kind) {
                (Some(kind), _) => store::insert_actor(tx, &of, kind).await?,
                (None, Some(kind)) => insert_network(tx, &of, kind, &draft.subdivisions).await?,
                (None, None) => store::insert(tx, &of).await?,
            }
            record(tx, "create", &of, json!({ "name": of.name })).await?;
            whole(tx, of.id).await
        })
        .await
}

async fn insert_network(
    tx: &Tx<'_>,
    of: &Organisation,
    kind: NetworkKind,
    subdivisions: &[String],
) -> Result<(), Error> {
    let network = NewNetwork {
        id: NetworkId(of.id.0),
        name: of.name.clone(),
        kind,
        country: of.country.clone(),
        subdivisions: subdivisions.to_vec(),
        website: None,
    };
    networks::store::insert(tx, &network).await
}

fn trimmed(words: Option<&str>) -> Option<String> {
    words
        .map(str::trim)
        .filter(|words| !words.is_empty())
        .map(str::to_owned)
}

/// Enters that an organisation took another name; the old one stays for the days before.
///
/// # Errors
/// Those of [`begin`], `Invalid`, `StateConflict` for one that went into another, `AlreadyExists` where another one has the
/// name.
pub async fn rename(
    platform: &Platform,
    caller: &Caller,
    id: OrganisationId,
    told: &OrganisationRenaming,
) -> Result<Answer<OrganisationView>, Error> {
    platform
        .db
        .write_once(caller, told, async |tx| {
            let (mut of, own) = begin(tx, id).await?;
            let mut faults = told.faults();
            faults.extend(day_fault(tx, told.on, &own));
            let (name, short_name) = (told.name.trim().to_owned(), trimmed(told.short_name.as_deref()));
            if of.kind != OrganisationKind::Body && short_name.is_some() {
                faults.push(FieldError::new("/short_name", FieldCode::Inconsistent));
            } else if (&name, &short_name) == (&of.name, &of.short_name) {
                faults.push(FieldError::new("/name", FieldCode::Inconsistent));
            }
            refuse(faults)?;
            let change = change_of(
                tx,
                &of,
                OrganisationStep::Renamed,
                told.on,
                None,
                (&told.reason, &told.source),
            );
            store::insert_change(tx, &change).await?;
            (of.name, of.short_name) = (name, short_name);
            settle(platform, tx, of, "rename", &change).await
        })
        .await
}

/// Enters that an organisation went into another one, which takes its place; what it was part of still names it.
///
/// # Errors
/// Those of [`begin`], `Invalid`, `StateConflict` for one that went into another already.
pub async fn merge(
    platform: &Platform,
    caller: &Caller,
    id: OrganisationId,
    told: &OrganisationMerger,
) -> Result<Answer<OrganisationView>, Error> {
    platform
        .db
        .write_once(caller, told, async |tx| {
            policy::require(&caller.actor, &Action::ManageOrganisations)?;
            // Both are locked, in the order of their ids: two that are merged into each other at once become one.
            let mut both = [id, told.into_id];
            both.sort_unstable();
            for one in both {
                store::for_update(tx, one).await?;
            }
            let (of, own) = begin(tx, id).await?;
            let mut faults = told.faults();
            faults.extend(day_fault(tx, told.on, &own));
            faults.extend(into_fault(tx, id, told.into_id).await?);
            refuse(faults)?;
            let words = (told.reason.as_str(), told.source.as_str());
            let change = change_of(tx, &of, OrganisationStep::Merged, told.on, Some(told.into_id), words);
            store::insert_change(tx, &change).await?;
            settle(platform, tx, of, "merge", &change).await
        })
        .await
}

/// What it goes into is another one, which is there, and has not gone into a third.
async fn into_fault(tx: &Tx<'_>, id: OrganisationId, into: OrganisationId) -> Result<Option<FieldError>, Error> {
    let fault = |code| Ok(Some(FieldError::new("/into_id", code)));
    if into == id {
        return fault(FieldCode::Inconsistent);
    }
    if store::organisations(tx.conn(), Some(&[into])).await?.is_empty() {
        return fault(FieldCode::Reference);
    }
    let its = store::changes(tx.conn(), Some(&[into])).await?;
    let gone = its
        .iter()
        .any(|change| change.organisation_id == into && change.step == OrganisationStep::Merged);
    if gone {
        return fault(FieldCode::Inconsistent);
    }
    Ok(None)
}

/// Takes the latest change of an organisation back, as if it had never been entered.
///
/// # Errors
/// Those of [`begin`], `StateConflict` where there is none, `AlreadyExists` where another one has its name since.
pub async fn undo(platform: &Platform, caller: &Caller, id: OrganisationId) -> Result<Answer<OrganisationView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut of = locked(tx, id).await?;
            let mut own = own_changes(tx, id).await?;
            if own.is_empty() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            let latest = own.remove(0);
            store::delete_change(tx, latest.id).await?;
            if latest.step == OrganisationStep::Renamed {
                of.name.clone_from(&latest.name);
                of.short_name.clone_from(&latest.short_name);
            }
            settle(platform, tx, of, "undo", &latest).await
        })
        .await
}

/// An organisation, locked, for administrators who know its version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
async fn locked(tx: &Tx<'_>, id: OrganisationId) -> Result<Organisation, Error> {
    policy::require(&tx.caller().actor, &Action::ManageOrganisations)?;
    let of = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    tx.caller().expect_version(of.version)?;
    Ok(of)
}

/// Like [`locked`], with what became of it, the latest first.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `StateConflict` for one that went into another.
async fn begin(tx: &Tx<'_>, id: OrganisationId) -> Result<(Organisation, Vec<Change>), Error> {
    let of = locked(tx, id).await?;
    let own = own_changes(tx, id).await?;
    if own.iter().any(|change| change.step == OrganisationStep::Merged) {
        return Err(Error::conflict(ProblemCode::StateConflict));
    }
    Ok((of, own))
}

async fn own_changes(tx: &Tx<'_>, id: OrganisationId) -> Result<Vec<Change>, Error> {
    let mut changes = store::changes(tx.conn(), Some(&[id])).await?;
    changes.retain(|change| change.organisation_id == id);
    Ok(changes)
}

/// Changes are entered in the order in which they happened, so that each knows the name of before.
fn day_fault(tx: &Tx<'_>, on: NaiveDate, own: &[Change]) -> Option<FieldError> {
    let today = tx.now().date_naive();
    let first = own.first().and_then(|latest| latest.on.succ_opt());
    let fault = FieldError::new("/on", FieldCode::Range);
    match first {
        Some(first) if on < first => Some(fault.with("min", first)),
        _ => (on > today).then(|| fault.with("max", today)),
    }
}

fn change_of(
    tx: &Tx<'_>,
    of: &Organisation,
    step: OrganisationStep,
    on: NaiveDate,
    into_id: Option<OrganisationId>,
    (reason, source): (&str, &str),
) -> Change {
    Change {
        id: Uuid::now_v7(),
        organisation_id: of.id,
        step,
        on,
        name: of.name.clone(),
        short_name: of.short_name.clone(),
        into_id,
        reason: reason.trim().to_owned(),
        source: source.trim().to_owned(),
        entered_at: tx.now(),
    }
}

/// Writes the next version of an organisation, and tells partnerships that are named by it.
async fn settle(
    platform: &Platform,
    tx: &Tx<'_>,
    mut of: Organisation,
    verb: &str,
    change: &Change,
) -> Result<OrganisationView, Error> {
    of.version += 1;
    store::save(tx, &of).await?;
    let details = json!({
        "step": change.step, "on": change.on, "name": of.name, "before": change.name, "into_id": change.into_id,
        "reason": change.reason, "source": change.source,
    });
    record(tx, verb, &of, details).await?;
    if let (OrganisationStep::Renamed, Some(party)) = (change.step, of.party()) {
        take_in_name(tx, &platform.directory, party).await?;
    }
    whole(tx, of.id).await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Organisation, details: serde_json::Value) -> Result<(), Error> {
    let resource = match of.kind {
        OrganisationKind::Network => Resource::Network,
        OrganisationKind::Body | OrganisationKind::Actor => Resource::Organisation,
    };
    tx.record(verb, resource, of.id.0, of.version, details).await
}

async fn whole(tx: &Tx<'_>, id: OrganisationId) -> Result<OrganisationView, Error> {
    let found = store::register(tx.conn(), Some(&[id])).await?;
    found.views(tx.caller()).pop().ok_or(Error::NotFound)
}
