//! Lists of files: those of one's own cities in any state, and, for the funder, what was handed in.

mod formats;
pub mod store;

use serde::Deserialize;
use shared::accounts::Grant;
use shared::applications::{ApplicationPage, ApplicationState, ApplicationSummary};
use shared::ids::{ApplicationId, CallId, CityId, ProgrammeId};
use shared::problem::ProblemCode;

use self::store::{ApplicationPosition, ApplicationScope, OrderBy};
use super::view::names;
use crate::caller::Caller;
use crate::directory::fold::fold;
use crate::error::Error;
use crate::http::page::{self, Paging};
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};

/// The order of a list of applications; `-` puts the latest or largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, utoipa::ToSchema)]
pub enum ApplicationSort {
    /// Latest change first.
    #[default]
    #[serde(rename = "-updated_at")]
    LatestChange,
    /// Earliest change first.
    #[serde(rename = "updated_at")]
    EarliestChange,
    /// Handed in last first.
    #[serde(rename = "-submitted_at")]
    LatestSubmission,
    /// Handed in first first.
    #[serde(rename = "submitted_at")]
    EarliestSubmission,
    /// By title.
    #[serde(rename = "title")]
    Title,
    /// By title from the end.
    #[serde(rename = "-title")]
    TitleFromEnd,
    /// Smallest grant first.
    #[serde(rename = "grant_asked_minor")]
    SmallestGrant,
    /// Largest grant first.
    #[serde(rename = "-grant_asked_minor")]
    LargestGrant,
}

impl ApplicationSort {
    /// What it orders by, and whether the largest comes first.
    const fn order(self) -> (OrderBy, bool) {
        match self {
            Self::LatestChange => (OrderBy::UpdatedAt, true),
            Self::EarliestChange => (OrderBy::UpdatedAt, false),
            Self::LatestSubmission => (OrderBy::SubmittedAt, true),
            Self::EarliestSubmission => (OrderBy::SubmittedAt, false),
            Self::Title => (OrderBy::Title, false),
            Self::TitleFromEnd => (OrderBy::Title, true),
            Self::SmallestGrant => (OrderBy::GrantAsked, false),
            Self::LargestGrant => (OrderBy::GrantAsked, true),
        }
    }
}

/// Which files are asked for.
#[derive(Debug, Clone, Default)]
pub struct ApplicationFilter {
    /// To this call.
    pub call_id: Option<CallId>,
    /// In this state.
    pub state: Option<ApplicationState>,
    /// With this city.
    pub city_id: Option<CityId>,
    /// Without a grant.
    pub without_grant: bool,
    /// Accepted, and to be given a contract.
    pub awaiting_contract: bool,
    /// Only those that are not handed in yet.
    pub unsent: bool,
    /// With these words in the title or in the names of cities.
    pub q: Option<String>,
    /// In this order.
    pub sort: ApplicationSort,
}

/// A page of the files that the caller may read.
///
/// # Errors
/// Nobody is signed in, a cursor of another list, and those of the database.
pub async fn list(
    platform: &Platform,
    caller: &Caller,
    filter: &ApplicationFilter,
    paging: &Paging,
) -> Result<ApplicationPage, Error> {
    policy::require(&caller.actor, &Action::ListApplications)?;
    let after: Option<ApplicationPosition> = paging.cursor.as_deref().map(page::position).transpose()?;
    let scope = ApplicationScope {
        cities: caller.actor.cities().collect(),
        programmes: caller.actor.drafts_of(),
        reviewed: reviewed_by(&caller.actor),
        now: caller.now,
        call_id: filter.call_id,
        state: filter.state,
        city_id: filter.city_id,
        without_grant: filter.without_grant || filter.awaiting_contract,
        awaiting_contract: filter.awaiting_contract,
        unsent: filter.unsent,
        words: filter.q.as_deref().map(fold).filter(|words| !words.is_empty()),
    };
    let order = filter.sort.order();
    let page = store::list_applications(&platform.db, &scope, order, after.as_ref(), paging.limit.0).await?;
    let (rows, next) = page.ok_or_else(|| Error::Unreadable {
        code: ProblemCode::CursorInvalid,
        detail: "use the `next` of a page in the same order".to_owned(),
        errors: Vec::new(),
    })?;
    let ids: Vec<ApplicationId> = rows.iter().map(|row| row.id).collect();
    let parties = store::parties_of(&platform.db, &ids).await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let cities = parties.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            let (lead_name, partner_names, countries) = names(&platform.directory, cities);
            Ok(ApplicationSummary {
                state: row.state()?,
                call_title: row.call_title()?,
                id: row.id,
                version: row.version,
                call_id: row.call_id,
                title: row.title,
                lead_name,
                partner_names,
                countries,
                cost_minor: row.cost_minor,
                grant_asked_minor: row.grant_asked_minor,
                currency: row.currency,
                submitted_at: row.submitted_at,
                updated_at: row.updated_at,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(ApplicationPage {
        items,
        next: next.map(|position| page::cursor(&position)).transpose()?,
        total: if paging.count {
            Some(store::count_applications(&platform.db, &scope).await?)
        } else {
            None
        },
    })
}

/// The programmes that the actor reviews for.
fn reviewed_by(actor: &Actor) -> Vec<ProgrammeId> {
    let programmes = actor.grants().iter().filter_map(|grant| match grant {
        Grant::Reviewer { programme_id } => Some(*programme_id),
        _ => None,
    });
    programmes.collect()
}
