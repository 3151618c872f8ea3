//! Lists of grants: those of one's own cities, and those of one's own programmes; the earliest report due first.

use shared::grants::{GrantPage, GrantState};
use shared::ids::{ApplicationId, CallId, FundingId};
use shared::page::LIMIT_MAX;

use super::day_number;
use super::service::summary;
use super::store::{self, FundingScope, due_day};
use crate::applications::list::store::parties_of;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Which grants are asked for.
#[derive(Debug, Clone, Default)]
pub struct FundingFilter {
    /// In this state.
    pub state: Option<GrantState>,
    /// Of this call.
    pub call_id: Option<CallId>,
    /// Of this application.
    pub application_id: Option<ApplicationId>,
    /// With a report that is overdue.
    pub overdue: bool,
}

/// A page of the grants that the caller may read.
///
/// # Errors
/// Nobody is signed in, a cursor of another list, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &FundingFilter,
    paging: &Paging,
) -> Result<GrantPage, Error> {
    policy::require(&caller.actor, &Action::ListGrants)?;
    let after: Option<(i32, FundingId)> = paging.cursor.as_deref().map(page::position).transpose()?;
    let scope = FundingScope {
        cities: caller.actor.cities().collect(),
        programmes: caller.actor.drafts_of(),
        state: filter.state,
        call_id: filter.call_id,
        application_id: filter.application_id,
        due_before: filter.overdue.then(|| day_number(caller.now)),
    };
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, &scope, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (due_day(&last.grant.life), last.grant.id));
    let files: Vec<ApplicationId> = found.iter().map(|of| of.grant.application_id).collect();
    let parties = parties_of(&platform.db, &files).await?;
    let items = found.into_iter().map(|of| {
        let cities = parties.get(&of.grant.application_id).map(Vec::as_slice);
        summary(platform, of, cities.unwrap_or_default(), caller.now)
    });
    Ok(GrantPage {
        items: items.collect(),
        next: next.map(|place| page::cursor(&place)).transpose()?,
        total: if paging.count {
            Some(store::count(&platform.db, &scope).await?)
        } else {
            None
        },
    })
}
