//! Reading the journal.

use shared::audit::{AuditPage, ChangePage, Resource};

use super::store::{self, EntryFilter};
use crate::caller::Caller;
use crate::error::Error;
use crate::http::page;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Who did what, latest first.
///
/// # Errors
/// `Unauthenticated`, `Denied` for all but administrators, and those of the database.
pub async fn list_entries(
    platform: &Platform,
    caller: &Caller,
    filter: EntryFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<AuditPage, Error> {
    policy::require(&caller.actor, &Action::ReadAudit)?;
    let filter = EntryFilter {
        before: cursor.map(page::position).transpose()?,
        ..filter
    };
    let mut items = store::entries(&platform.db, &filter, limit + 1).await?;
    let last = page::cut(&mut items, limit as usize, |entry| entry.seq);
    Ok(AuditPage {
        items,
        next: last.map(|seq| page::cursor(&seq)).transpose()?,
        total: None,
    })
}

/// What changed about public things, in order.
///
/// # Errors
/// A cursor of another list, and those of the database.
pub async fn list_changes(
    platform: &Platform,
    caller: &Caller,
    resource: Option<Resource>,
    since: Option<i64>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<ChangePage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let resources: Vec<Resource> = Resource::ALL
        .into_iter()
        .filter(|known| known.is_public() && resource.is_none_or(|wanted| wanted == *known))
        .collect();
    let after = cursor.map(page::position).transpose()?.or(since).unwrap_or(0);
    let mut items = store::changes(&platform.db, &resources, after, limit + 1).await?;
    let last = page::cut(&mut items, limit as usize, |change| change.seq);
    Ok(ChangePage {
        items,
        next: last.map(|seq| page::cursor(&seq)).transpose()?,
        total: None,
    })
}
