//! Reading a plan, and writing its next edition.

use serde_json::json;
use shared::audit::Resource;
use shared::ids::PartnershipId;
use shared::page::LIMIT_MAX;
use shared::problem::ProblemCode;
use shared::sustainability::{
    SustainabilityPlanAction, SustainabilityPlanDraft, SustainabilityPlanEdition, SustainabilityPlanPage,
    SustainabilityPlanView,
};

use super::store::{self, Edition};
use crate::activities;
use crate::activities::views::{authorities, lead, require_change};
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::partnerships::store::{self as partnerships, Partnership, Party, parties_of};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// The plan of a partnership as it now is.
///
/// # Errors
/// `NotFound` where there is none.
pub async fn read(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
) -> Result<SustainabilityPlanView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let name = activities::store::partnership_name(&platform.db, partnership).await?;
    let name = name.ok_or(Error::NotFound)?;
    let conn = platform.db.read();
    let latest = store::latest(conn, partnership).await?.ok_or(Error::NotFound)?;
    let mut parties = parties_of(conn, &[partnership]).await?;
    let parties = parties.remove(&partnership).unwrap_or_default();
    Ok(view(platform, caller, (partnership, name), &parties, latest))
}

/// A page of a plan's editions, the latest first.
///
/// # Errors
/// `NotFound` without such a partnership, `Unreadable` for a cursor of another list.
pub async fn editions(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    paging: &Paging,
) -> Result<SustainabilityPlanPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let name = activities::store::partnership_name(&platform.db, partnership).await?;
    name.ok_or(Error::NotFound)?;
    let before: Option<i64> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::editions(&platform.db, partnership, before, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| last.version);
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    Ok(SustainabilityPlanPage {
        items: found.into_iter().map(|of| edition(platform, of)).collect(),
        next,
        total: None,
    })
}

/// Writes the first edition of a plan.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`, `AlreadyExists`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &SustainabilityPlanDraft,
) -> Result<Answer<SustainabilityPlanView>, Error> {
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = opened(tx, partnership).await?;
            if store::latest(tx.conn(), of.id).await?.is_some() {
                return Err(Error::conflict(ProblemCode::AlreadyExists));
            }
            write(platform, tx, of, 1, draft).await
        })
        .await
}

/// Writes the next edition of a plan; where it says the same as the latest one, there is none.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`, `Invalid`.
pub async fn replace(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &SustainabilityPlanDraft,
) -> Result<SustainabilityPlanView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let of = opened(tx, partnership).await?;
            let latest = store::latest(tx.conn(), of.id).await?.ok_or(Error::NotFound)?;
            caller.expect_version(latest.version)?;
            if latest.plan == *draft {
                return Ok(view(platform, caller, (of.id, of.name), &of.parties, latest));
            }
            write(platform, tx, of, latest.version + 1, draft).await
        })
        .await
}

/// The partnership, locked, for who may change it.
async fn opened(tx: &Tx<'_>, partnership: PartnershipId) -> Result<Partnership, Error> {
    let of = partnerships::for_update(tx, partnership)
        .await?
        .filter(|partnership| partnership.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    require_change(tx.caller(), &of.parties)?;
    Ok(of)
}

async fn write(
    platform: &Platform,
    tx: &Tx<'_>,
    of: Partnership,
    version: i64,
    draft: &SustainabilityPlanDraft,
) -> Result<SustainabilityPlanView, Error> {
    refuse(draft.faults())?;
    let caller = tx.caller();
    let sides = authorities(&of.parties);
    let made = Edition {
        version,
        written_at: tx.now(),
        city_id: caller.actor.cities().find(|city| sides.contains(city)),
        plan: draft.clone(),
    };
    store::insert(tx, of.id, &made).await?;
    let verb = if version == 1 { "create" } else { "update" };
    let details = json!({ "partnership_id": of.id, "missing": draft.missing() });
    tx.record(verb, Resource::SustainabilityPlan, of.id.0, version, details)
        .await?;
    Ok(view(platform, caller, (of.id, of.name), &of.parties, made))
}

fn view(
    platform: &Platform,
    caller: &Caller,
    (partnership_id, partnership_name): (PartnershipId, String),
    parties: &[Party],
    of: Edition,
) -> SustainabilityPlanView {
    let may = lead(parties).is_ok_and(|lead| {
        let cities = authorities(parties);
        policy::allows(&caller.actor, &Action::UpdatePartnership { cities: &cities, lead })
    });
    SustainabilityPlanView {
        partnership_id,
        partnership_name,
        edition: edition(platform, of),
        allowed: may.then_some(SustainabilityPlanAction::Update).into_iter().collect(),
    }
}

fn edition(platform: &Platform, of: Edition) -> SustainabilityPlanEdition {
    let city = of.city_id.and_then(|city| platform.directory.summary(city));
    SustainabilityPlanEdition {
        version: of.version,
        written_at: of.written_at,
        city_id: of.city_id,
        city_name: city.as_ref().map(|city| city.name.clone()),
        city_labels: city.map(|city| city.labels.clone()).unwrap_or_default(),
        missing: of.plan.missing(),
        plan: of.plan,
    }
}
