//! The letters of engagement that wait for a city's signature, each due on the last day of its cohort.

use std::collections::HashMap;

use chrono::NaiveDate;
use shared::ids::{CityId, CohortId};
use shared::radar::RadarLetter;

use crate::caller::Caller;
use crate::cohorts::{self, Cohort, members};
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// The letters that were sent, are not signed, and that the caller may read.
///
/// # Errors
/// Those of the database.
pub(super) async fn look(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
) -> Result<Vec<(NaiveDate, RadarLetter)>, Error> {
    let waiting = members::store::awaiting(&platform.db, city).await?;
    let ids: Vec<CohortId> = waiting.iter().map(|member| member.cohort_id).collect();
    let found = cohorts::store::find_all(platform.db.read(), &ids).await?;
    let known: HashMap<CohortId, Cohort> = found.into_iter().map(|cohort| (cohort.id, cohort)).collect();
    let told = waiting.into_iter().filter_map(|member| {
        let cohort = known.get(&member.cohort_id)?;
        let reading = Action::ReadCohortMember {
            city,
            signed: false,
            cohort: &cohort.facts(),
        };
        let letter = RadarLetter {
            id: member.id,
            cohort_name: cohort.name.clone(),
        };
        policy::allows(&caller.actor, &reading).then_some((cohort.closes_on, letter))
    });
    Ok(told.collect())
}
