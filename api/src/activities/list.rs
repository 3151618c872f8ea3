//! Lists of activities: three statements at most, names of authorities from the directory in memory.

use shared::activities::ActivityPage;
use shared::page::LIMIT_MAX;

use super::store::{self, ActivityFilter, ActivitySort, Place, Whose};
use super::views::view;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::page::{self, Paging};
use crate::partnerships::store::parties_of;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A page of activities.
///
/// # Errors
/// `NotFound` for a partnership or city that is not there, `Unreadable` for a cursor of another order.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &ActivityFilter,
    sort: ActivitySort,
    paging: &Paging,
) -> Result<ActivityPage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    if let Whose::City(city) = filter.whose {
        platform.directory.summary(city).ok_or(Error::NotFound)?;
    }
    let after = match paging.cursor.as_deref().map(page::position::<Place>).transpose()? {
        None => None,
        Some((order, day, id)) if order == sort => Some((day, id)),
        Some(_) => return Err(page::foreign_cursor()),
    };
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, filter, sort, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, |last| (sort, last.days.0, last.id));
    let next = next.map(|place| page::cursor(&place)).transpose()?;
    let parties = match (filter.whose, found.as_slice()) {
        (Whose::Partnership(id), []) => {
            store::partnership_name(&platform.db, id)
                .await?
                .ok_or(Error::NotFound)?;
            Default::default()
        }
        (Whose::City(_), []) => Default::default(),
        (_, found) => {
            let mut ids: Vec<_> = found.iter().map(|activity| activity.partnership_id).collect();
            ids.sort_unstable();
            ids.dedup();
            parties_of(platform.db.read(), &ids).await?
        }
    };
    let total = if paging.count {
        Some(store::count(&platform.db, filter).await?)
    } else {
        None
    };
    let items = found.iter().map(|activity| {
        let of = parties.get(&activity.partnership_id).map(Vec::as_slice);
        view(platform, caller, activity, of.unwrap_or_default())
    });
    Ok(ActivityPage {
        items: items.collect(),
        next,
        total,
    })
}
