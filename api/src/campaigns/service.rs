//! Making campaigns, and computing their figures.

use serde_json::json;
use shared::audit::Resource;
use shared::campaigns::{
    CallFigures, CampaignDraft, CampaignPage, CampaignSummary, CampaignView, FileFigures, differs,
};
use shared::ids::CampaignId;
use shared::page::LIMIT_MAX;
use shared::problem::{FieldCode, FieldError};
use shared::programmes::CallState;
use uuid::Uuid;

use super::store::{self, CampaignRecord, Counted};
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A page of campaigns, the latest year first.
///
/// # Errors
/// A cursor of another list, and those of the database.
pub async fn list(platform: &Platform, caller: &Caller, paging: &Paging) -> Result<CampaignPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let after: Option<(i32, CampaignId)> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let programmes = caller.actor.drafts_of();
    let mut found = store::list(&platform.db, programmes.as_deref(), after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (last.summary.year, last.summary.id));
    Ok(CampaignPage {
        items: found.into_iter().map(|record| record.summary).collect(),
        next: next.map(|place| page::cursor(&place)).transpose()?,
        total: None,
    })
}

/// A campaign with its figures.
///
/// # Errors
/// `NotFound`, also for figures that are not public yet, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: CampaignId) -> Result<CampaignView, Error> {
    let conn = platform.db.read();
    let record = store::find(conn, id).await?.ok_or(Error::NotFound)?;
    let counted = store::counted(conn, id).await?;
    let is_told = |state| matches!(state, CallState::ResultsPublished | CallState::Archived);
    let hidden = !counted.calls.iter().all(|call| is_told(call.state));
    let programme = record.summary.programme_id;
    policy::require(&caller.actor, &Action::ReadCall { programme, hidden })?;
    Ok(view(caller, record, counted))
}

/// Makes a campaign of calls of a programme.
///
/// # Errors
/// Not an officer of the programme, invalid fields, calls of another programme or campaign, and those of the database.
pub async fn create(platform: &Platform, caller: &Caller, draft: CampaignDraft) -> Result<Answer<CampaignView>, Error> {
    let programme = draft.programme_id;
    policy::require(&caller.actor, &Action::ManageCalls { programme })?;
    refuse(draft.faults())?;
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let record = CampaignRecord {
                summary: CampaignSummary {
                    id: CampaignId(Uuid::now_v7()),
                    version: 1,
                    programme_id: programme,
                    year: draft.year,
                    name: draft.name.clone(),
                },
                claim: draft.claim.clone(),
            };
            let taken = store::insert(tx, &record, &draft.call_ids).await?;
            if taken != draft.call_ids.len() as u64 {
                return Err(Error::field(FieldError::new("/call_ids", FieldCode::Reference)));
            }
            let details = json!({"programme_id": programme, "year": draft.year, "calls": taken});
            tx.record("create", Resource::Campaign, record.summary.id.0, 1, details)
                .await?;
            let counted = store::counted(tx.conn(), record.summary.id).await?;
            Ok(view(caller, record, counted))
        })
        .await
}

fn view(caller: &Caller, record: CampaignRecord, counted: Counted) -> CampaignView {
    let first = counted.calls.first();
    let currency = first.map(|call| call.currency.clone()).unwrap_or_default();
    let own = first.map(|call| call.own_country.clone()).unwrap_or_default();
    let mut calls: Vec<CallFigures> = counted
        .calls
        .into_iter()
        .map(|call| CallFigures {
            figures: counted.by_call.get(&call.id).copied().unwrap_or_default(),
            call_id: call.id,
            title: call.title,
            state: call.state,
        })
        .collect();
    calls.sort_by_key(|call| std::cmp::Reverse(call.figures.applications));
    let total = calls
        .iter()
        .fold(FileFigures::default(), |total, call| total.plus(call.figures));
    let claim_differs = record
        .claim
        .as_ref()
        .is_some_and(|claim| differs(claim.rate_bp, total.rate_bp));
    CampaignView {
        summary: record.summary,
        currency,
        total,
        calls,
        countries: counted.by_country.into_iter().filter(|of| of.country != own).collect(),
        claim: record.claim,
        claim_differs,
        computed_at: caller.now,
    }
}
