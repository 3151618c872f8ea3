//! Telling results, and measuring their indicators.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::{PartnershipId, ResultId};
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError, ProblemCode};
use shared::results::{Evidence, Measure, ResultAction, ResultDraft, ResultPage, ResultPatch, ResultView};
use uuid::Uuid;

use super::check;
use super::store::{self, Achieved, ResultFilter};
use crate::activities;
use crate::activities::views::{authorities, lead, require_change};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::partnerships::store::{self as partnerships, Party, parties_of};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::restoring::is_over;

/// A page of results, by theme.
///
/// # Errors
/// `NotFound`, `Unreadable` for a cursor of another list.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &ResultFilter,
    paging: &Paging,
) -> Result<ResultPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let partnership = filter.partnership_id;
    let after: Option<(String, ResultId)> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, filter, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.theme.slug(), last.id));
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let mut parties = Vec::new();
    if found.is_empty() {
        let name = activities::store::partnership_name(&platform.db, partnership).await?;
        name.ok_or(Error::NotFound)?;
    } else {
        let mut all = parties_of(platform.db.read(), &[partnership]).await?;
        parties = all.remove(&partnership).unwrap_or_default();
    }
    let total = if paging.count {
        Some(store::count(&platform.db, filter).await?)
    } else {
        None
    };
    Ok(ResultPage {
        items: found.into_iter().map(|result| view(caller, result, &parties)).collect(),
        next,
        total,
    })
}

/// A result, as anybody may read it.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: ResultId) -> Result<ResultView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let found = store::find(platform.db.read(), id)
        .await?
        .filter(|result| result.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    let parties = parties_of(platform.db.read(), &[found.partnership_id]).await?;
    let parties = parties.get(&found.partnership_id).map(Vec::as_slice);
    Ok(view(caller, found, parties.unwrap_or_default()))
}

/// Adds a result to a partnership.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &ResultDraft,
) -> Result<Answer<ResultView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = partnerships::for_update(tx, partnership)
                .await?
                .filter(|partnership| partnership.deleted_at.is_none())
                .ok_or(Error::NotFound)?;
            require_change(caller, &of.parties)?;
            let made = Achieved {
                id: ResultId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                partnership_id: of.id,
                theme: draft.theme,
                title: draft.title.trim().to_owned(),
                about: draft.about.clone(),
                sdgs: if draft.sdgs.is_empty() {
                    draft.theme.sdgs().to_vec()
                } else {
                    draft.sdgs.clone()
                },
                evidence: draft.evidence.clone(),
                measures: Vec::new(),
                source_key: None,
                deleted_at: None,
            };
            refuse(check::result(&made))?;
            store::insert(tx, &made).await?;
            record(tx, "create", &made).await?;
            Ok(view(caller, made, &of.parties))
        })
        .await
}

/// Changes what a result says.
///
/// # Errors
/// Those of [`begin_change`], `Invalid`.
pub async fn update(
    platform: &Platform,
    caller: &Caller,
    id: ResultId,
    patch: &ResultPatch,
) -> Result<ResultView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (before, parties) = begin_change(tx, id).await?;
            let mut after = before.clone();
            after.theme = patch.theme.unwrap_or(before.theme);
            if let Some(title) = &patch.title {
                title.trim().clone_into(&mut after.title);
            }
            if let Some(about) = &patch.about {
                after.about.clone_from(about);
            }
            if let Some(sdgs) = &patch.sdgs {
                after.sdgs.clone_from(sdgs);
            }
            if let Some(evidence) = &patch.evidence {
                after.evidence.clone_from(evidence);
            }
            let mut faults = check::result(&after);
            if is_indicator(&before) != is_indicator(&after) {
                faults.push(FieldError::new("/evidence/type", FieldCode::Inconsistent));
            }
            refuse(faults)?;
            if after == before {
                return Ok(view(caller, before, &parties));
            }
            save(tx, &mut after, "update").await?;
            Ok(view(caller, after, &parties))
        })
        .await
}

/// Adds a measure to an indicator, or corrects the one of the same day.
///
/// # Errors
/// Those of [`begin_change`], `StateConflict` for a document, `Invalid`.
pub async fn measure(
    platform: &Platform,
    caller: &Caller,
    id: ResultId,
    measure: &Measure,
) -> Result<Answer<ResultView>, Error> {
    platform
        .db
        .write_once(caller, measure, async |tx| {
            let (mut of, parties) = begin_change(tx, id).await?;
            if !is_indicator(&of) {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            refuse(check::measure(measure, &of.measures, tx.now().date_naive()))?;
            of.measures.retain(|known| known.measured_on != measure.measured_on);
            of.measures.push(measure.clone());
            of.measures.sort_by_key(|measure| measure.measured_on);
            save(tx, &mut of, "measure").await?;
            Ok(view(caller, of, &parties))
        })
        .await
}

/// Deletes a result. It can be restored for 30 days; a lesson that rests on it stays, and names it no longer.
///
/// # Errors
/// Those of [`begin_change`].
pub async fn delete(platform: &Platform, caller: &Caller, id: ResultId) -> Result<(), Error> {
    platform
        .db
        .write(caller, async |tx| {
            let (mut gone, _) = begin_change(tx, id).await?;
            gone.deleted_at = Some(tx.now());
            save(tx, &mut gone, "delete").await
        })
        .await
}

/// Restores a result that was deleted not long ago.
///
/// # Errors
/// `NotFound` once its time is over, `Denied`, `Stale`, `StateConflict` where it is not deleted.
pub async fn restore(platform: &Platform, caller: &Caller, id: ResultId) -> Result<Answer<ResultView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let (mut back, parties) = found_for_change(tx, id).await?;
            let deleted_at = back.deleted_at;
            if deleted_at.is_some_and(|at| is_over(at, tx.now())) {
                return Err(Error::NotFound);
            }
            caller.expect_version(back.version)?;
            if deleted_at.is_none() {
                return Err(Error::conflict(ProblemCode::StateConflict));
            }
            back.deleted_at = None;
            save(tx, &mut back, "restore").await?;
            Ok(view(caller, back, &parties))
        })
        .await
}

fn is_indicator(of: &Achieved) -> bool {
    matches!(of.evidence, Evidence::Indicator { .. })
}

/// The result, locked, with the parties of its partnership, for who may change it and knows its version.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`.
async fn begin_change(tx: &Tx<'_>, id: ResultId) -> Result<(Achieved, Vec<Party>), Error> {
    let (found, parties) = found_for_change(tx, id).await?;
    if found.deleted_at.is_some() {
        return Err(Error::NotFound);
    }
    tx.caller().expect_version(found.version)?;
    Ok((found, parties))
}

/// The result, deleted or not, locked, for who may change it.
///
/// # Errors
/// `NotFound`, `Denied`.
async fn found_for_change(tx: &Tx<'_>, id: ResultId) -> Result<(Achieved, Vec<Party>), Error> {
    let found = store::for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let parties = activities::service::parties_in(tx, found.partnership_id).await?;
    require_change(tx.caller(), &parties)?;
    Ok((found, parties))
}

async fn save(tx: &Tx<'_>, of: &mut Achieved, verb: &str) -> Result<(), Error> {
    of.version += 1;
    of.updated_at = tx.now();
    store::save(tx, of).await?;
    record(tx, verb, of).await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Achieved) -> Result<(), Error> {
    let details = json!({
        "partnership_id": of.partnership_id,
        "theme": of.theme,
        "measures": of.measures.len(),
    });
    tx.record(verb, Resource::Result, of.id.0, of.version, details).await
}

fn view(caller: &Caller, of: Achieved, parties: &[Party]) -> ResultView {
    let may = lead(parties).is_ok_and(|lead| {
        let cities = authorities(parties);
        policy::allows(&caller.actor, &Action::UpdatePartnership { cities: &cities, lead })
    });
    let mut allowed = Vec::new();
    if may {
        allowed.push(ResultAction::Update);
        allowed.extend(is_indicator(&of).then_some(ResultAction::Measure));
        allowed.push(ResultAction::Delete);
    }
    ResultView {
        id: of.id,
        version: of.version,
        partnership_id: of.partnership_id,
        theme: of.theme,
        title: of.title,
        about: of.about,
        sdgs: of.sdgs,
        evidence: of.evidence,
        actual: of.measures.last().map(|measure| measure.value),
        measures: of.measures,
        allowed,
        updated_at: of.updated_at,
    }
}
