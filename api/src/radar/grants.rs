//! What of a city's grants needs attention: a report that is overdue, or money that ends with nothing to follow.

mod store;

use chrono::{NaiveDate, TimeDelta};
use shared::ids::{CityId, ProgrammeId};
use shared::partnerships::PartyRole;
use shared::radar::{FUNDING_DAYS, RadarGrant, RadarReason};

use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action, FundingFacts};

/// A grant that a city leads and that has not ended.
struct Funded {
    grant: RadarGrant,
    programme: ProgrammeId,
    /// Until when the next report is to be handed in.
    report_due_on: Option<NaiveDate>,
    /// Until when the last one is.
    ends_on: NaiveDate,
}

/// What needs attention and the caller may read, each with its day.
///
/// # Errors
/// Those of the database.
pub(super) async fn look(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
) -> Result<Vec<(RadarReason, NaiveDate, RadarGrant)>, Error> {
    let today = caller.now.date_naive();
    let mut grants = store::of_city(&platform.db, city).await?;
    grants.retain(|of| {
        let facts = FundingFacts {
            programme: of.programme,
            parties: vec![(city, PartyRole::Lead)],
        };
        policy::allows(&caller.actor, &Action::ReadGrant { grant: &facts })
    });
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    let soon = today + TimeDelta::days(FUNDING_DAYS);
    let goes_on = grants.iter().any(|of| of.ends_on > soon) || store::has_plans(&platform.db, city).await?;
    let mut found = Vec::new();
    for of in grants {
        if let Some(day) = of.report_due_on.filter(|day| *day < today) {
            found.push((RadarReason::ReportOverdue, day, of.grant.clone()));
        }
        if !goes_on && of.ends_on >= today {
            found.push((RadarReason::FundingEnding, of.ends_on, of.grant));
        }
    }
    Ok(found)
}
