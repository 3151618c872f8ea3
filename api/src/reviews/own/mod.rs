//! The list of one's own reviews: the files that were given to oneself.

pub mod store;

use shared::accounts::Grant;
use shared::ids::{ApplicationId, CallId};
use shared::reviews::{ReviewPage, ReviewState};

use self::store::{OwnPosition, OwnScope};
use super::view;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};

/// Which of one's own reviews are asked for.
#[derive(Debug, Clone, Default)]
pub struct ReviewFilter {
    /// Of this call.
    pub call_id: Option<CallId>,
    /// In this state.
    pub state: Option<ReviewState>,
}

/// A page of one's own reviews: what is still to be done first.
///
/// # Errors
/// Not a person, a cursor of another list, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &ReviewFilter,
    paging: &Paging,
) -> Result<ReviewPage, Error> {
    policy::require(&caller.actor, &Action::ListReviews)?;
    let Actor::Account { id, grants, .. } = &caller.actor else {
        return Err(Error::NotFound);
    };
    let after: Option<OwnPosition> = paging.cursor.as_deref().map(page::position).transpose()?;
    let programmes = grants.iter().filter_map(|grant| match grant {
        Grant::Reviewer { programme_id } => Some(*programme_id),
        _ => None,
    });
    let scope = OwnScope {
        reviewer: *id,
        programmes: programmes.collect(),
        call_id: filter.call_id,
        state: filter.state,
        now: caller.now,
    };
    let (rows, next) = store::list_own(&platform.db, &scope, after, paging.limit.0).await?;
    let ids: Vec<ApplicationId> = rows.iter().map(|row| row.application_id).collect();
    let parties = crate::applications::list::store::parties_of(&platform.db, &ids).await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let cities = parties.get(&row.application_id).map(Vec::as_slice).unwrap_or_default();
            view::own(&platform.directory, row, cities)
        })
        .collect::<Result<_, Error>>()?;
    Ok(ReviewPage {
        items,
        next: next.map(|position| page::cursor(&position)).transpose()?,
        total: if paging.count {
            Some(store::count_own(&platform.db, &scope).await?)
        } else {
            None
        },
    })
}
