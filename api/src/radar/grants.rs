//! What of a city's grants needs attention: a report that is overdue, or money that ends with nothing to follow.

mod store;

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use shared::ids::{CityId, PartnershipId, ProgrammeId};
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
    /// The partnership whose project it pays.
    partnership: Option<PartnershipId>,
    /// Until when the next report is to be handed in.
    report_due_on: Option<NaiveDate>,
    /// Until when the last one is.
    ends_on: NaiveDate,
}

/// What is told of a city's grants.
#[derive(Debug, Default)]
pub(super) struct Grants {
    /// What needs attention, each with its day.
    pub(super) found: Vec<(RadarReason, NaiveDate, RadarGrant)>,
    /// The day on which the first of its grants ends for a partnership.
    pub(super) ends: HashMap<PartnershipId, NaiveDate>,
}

/// What needs attention and the caller may read.
///
/// # Errors
/// Those of the database.
pub(super) async fn look(platform: &Platform, caller: &Caller, city: CityId) -> Result<Grants, Error> {
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
        return Ok(Grants::default());
    }
    let soon = today + TimeDelta::days(FUNDING_DAYS);
    let goes_on = grants.iter().any(|of| of.ends_on > soon) || store::has_plans(&platform.db, city).await?;
    let mut told = Grants::default();
    for of in grants {
        if let Some(id) = of.partnership.filter(|_| of.ends_on >= today) {
            let first = told.ends.entry(id).or_insert(of.ends_on);
            *first = of.ends_on.min(*first);
        }
        if let Some(day) = of.report_due_on.filter(|day| *day < today) {
            told.found.push((RadarReason::ReportOverdue, day, of.grant.clone()));
        }
        if !goes_on && of.ends_on >= today {
            told.found.push((RadarReason::FundingEnding, of.ends_on, of.grant));
        }
    }
    Ok(told)
}
