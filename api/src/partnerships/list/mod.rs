//! Lists of partnerships: three statements at most, names of authorities from the directory in memory.

pub mod store;

use shared::page::LIMIT_MAX;
use shared::partnerships::PartnershipPage;
use shared::problem::ProblemCode;

use self::store::{PartnershipFilter, PartnershipSort, Place};
use super::store::{Partnership, parties_of};
use super::views::summary;
use crate::error::Error;
use crate::http::page;
use crate::platform::Platform;

/// A page of partnerships.
///
/// # Errors
/// `Unreadable` for a cursor of another order.
pub async fn list(
    platform: &Platform,
    filter: &PartnershipFilter,
    sort: PartnershipSort,
    after: Option<Place>,
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
    let mut found = store::list(&platform.db, filter, sort, after.as_ref(), u64::from(limit) + 1).await?;
    let next = page::cut(&mut found, limit as usize, |last| place(last, sort));
    let next = next.as_ref().map(page::cursor).transpose()?;
    let ids: Vec<_> = found.iter().map(|partnership| partnership.id).collect();
    if !ids.is_empty() {
        let mut parties = parties_of(platform.db.read(), &ids).await?;
        for partnership in &mut found {
            partnership.parties = parties.remove(&partnership.id).unwrap_or_default();
        }
    }
    let total = if count {
        Some(store::count(&platform.db, filter).await?)
    } else {
        None
    };
    let cities = platform.directory.cities();
    Ok(PartnershipPage {
        items: found.iter().map(|partnership| summary(&cities, partnership)).collect(),
        next,
        total,
    })
}

fn place(partnership: &Partnership, sort: PartnershipSort) -> Place {
    match sort {
        PartnershipSort::UpdatedAt => Place::At(partnership.updated_at, partnership.id),
        PartnershipSort::Name => Place::Named(partnership.name_key.clone(), partnership.id),
    }
}
