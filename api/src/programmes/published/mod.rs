//! What a call decided, as everybody may know once its results are published; before that, as its funder may.
//!
//! A decision that is reopened afterwards stays in the list and says so: what was public does not vanish.

mod formats;
pub mod routes;
pub mod store;

use shared::applications::{ApplicationState, Outcome};
use shared::ids::{ApplicationId, CallId};
use shared::page::LIMIT_MAX;
use shared::programmes::{PublishedProject, PublishedResults, PublishedState};

use self::store::{ListedFile, ListedPosition};
use super::calls;
use crate::applications::list::store::parties_of;
use crate::applications::view::names;
use crate::applications::waitlist;
use crate::caller::Caller;
use crate::error::Error;
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A page of the results of a call.
///
/// # Errors
/// `NotFound`, also where the results are not public and not the caller's; a cursor of another list; those of the database.
pub async fn read(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    paging: &Paging,
) -> Result<PublishedResults, Error> {
    let call = calls::visible(caller, calls::store::call(platform.db.read(), id).await?)?;
    let action = Action::ReadCallResults {
        programme: call.programme_id,
        published: call.state.has_public_results(),
    };
    policy::require(&caller.actor, &action)?;
    let after: Option<ListedPosition> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0.min(LIMIT_MAX) as usize;
    let mut found = store::list(&platform.db, id, after, limit as u64 + 1).await?;
    let next = page::cut(&mut found, limit, ListedFile::position);
    let files: Vec<ApplicationId> = found.iter().map(|file| file.id).collect();
    let parties = parties_of(&platform.db, &files).await?;
    let figures = store::figures(&platform.db, id).await?;
    let waiting = waitlist::store::ranks(platform.db.read(), id).await?;
    let items = found.into_iter().map(|file| {
        let cities = parties.get(&file.id).map(Vec::as_slice).unwrap_or_default();
        let (lead_name, partner_names, countries) = names(&platform.directory, cities);
        PublishedProject {
            application_id: file.id,
            state: state_of(&file),
            waitlist_place: file
                .waitlist_rank
                .filter(|_| file.state == ApplicationState::Waitlisted)
                .map(|rank| waitlist::place(rank, &waiting)),
            reopened_at: file.reopened_at,
            granted_minor: file.granted_minor,
            title: file.title,
            lead_name,
            partner_names,
            countries,
        }
    });
    Ok(PublishedResults {
        items: items.collect(),
        next: next.as_ref().map(page::cursor).transpose()?,
        call_id: call.id,
        call_title: call.title,
        call_state: call.state,
        currency: call.rules.currency,
        applications: figures.applications,
        accepted: figures.accepted,
        waitlisted: figures.waitlisted,
        reopened: figures.reopened,
        granted_minor: figures.granted_minor,
    })
}

fn state_of(file: &ListedFile) -> PublishedState {
    match (file.outcome, file.state) {
        (Some(Outcome::Accepted), _) => PublishedState::Accepted,
        (_, ApplicationState::Waitlisted) => PublishedState::Waitlisted,
        (None, state) if state.is_judged() => PublishedState::Reopened,
        _ => PublishedState::Removed,
    }
}
