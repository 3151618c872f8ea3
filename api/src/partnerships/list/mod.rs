//! Lists of partnerships: three statements at most, for the past four, and more where networks or actors take part, which are
//! named as they then were. Names of authorities come from the directory in memory.

pub mod store;

use chrono::{DateTime, Utc};
use shared::page::LIMIT_MAX;
use shared::partnerships::PartnershipPage;
use shared::problem::ProblemCode;

use self::store::{PartnershipFilter, PartnershipSort, Place};
use super::history;
use super::store::{Partnership, parties_of};
use super::views::summary;
use crate::error::Error;
use crate::http::page;
use crate::organisations;
use crate::platform::Platform;

/// A page of partnerships, of today or as they stood at a past moment.
///
/// # Errors
/// `Unreadable` for a cursor of another order.
pub async fn list(
    platform: &Platform,
    filter: &PartnershipFilter,
    sort: PartnershipSort,
    after: Option<Place>,
    as_of: Option<DateTime<Utc>>,
    limit: u32,
    count: bool,
) -> Result<PartnershipPage, Error> {
    let fits = match (&after, sort) {
        (None, _) => true,
        (Some(Place::At(..)), sort) => sort == PartnershipSort::UpdatedAt,
        (Some(Place::Named(..)), sort) => sort == PartnershipSort::Name,
    };
    if !fits {
        return Err(Error::Unreadable {
            code: ProblemCode::CursorInvalid,
            detail: "the cursor is of another order".to_owned(),
            errors: Vec::new(),
        });
    }
    let limit = limit.min(LIMIT_MAX);
    // What has changed since a past moment is read as it stood before that, beside what has not.
    let (filter, past) = match as_of {
        None => (filter.clone(), Vec::new()),
        Some(at) => {
            let filter = PartnershipFilter {
                unchanged_since: Some(at),
                ..filter.clone()
            };
            let mut past = history::store::changed_since(platform.db.read(), at).await?;
            past.retain(|partnership| history::was_there(partnership, at) && filter.lets_through(partnership));
            (filter, past)
        }
    };
    let changed = past.len() as u64;
    let mut found = store::list(&platform.db, &filter, sort, after.as_ref(), u64::from(limit) + 1).await?;
    found.extend(past.into_iter().filter(|partnership| {
        let place = sort.place(partnership);
        after.as_ref().is_none_or(|after| after.order(&place).is_lt())
    }));
    found.sort_by(|one, other| sort.place(one).order(&sort.place(other)));
    found.truncate(limit as usize + 1);
    let next = page::cut(&mut found, limit as usize, |last| sort.place(last));
    let next = next.as_ref().map(page::cursor).transpose()?;
    let unread = |partnership: &&Partnership| partnership.parties.is_empty();
    let ids: Vec<_> = found.iter().filter(unread).map(|partnership| partnership.id).collect();
    if !ids.is_empty() {
        let mut parties = parties_of(platform.db.read(), &ids).await?;
        for partnership in &mut found {
            if let Some(parties) = parties.remove(&partnership.id) {
                partnership.parties = parties;
            }
        }
    }
    if let Some(at) = as_of {
        let mut past: Vec<&mut Partnership> = found.iter_mut().collect();
        organisations::name_as_of(&platform.db, &mut past, at.date_naive()).await?;
    }
    let total = if count {
        Some(store::count(&platform.db, &filter).await? + changed)
    } else {
        None
    };
    let cities = platform.directory.cities();
    let today = as_of.unwrap_or_else(|| platform.clock.now()).date_naive();
    Ok(PartnershipPage {
        items: found
            .iter()
            .map(|partnership| summary(&cities, partnership, today))
            .collect(),
        next,
        total,
    })
}
