//! Counting what the steps are judged by: partnerships in memory, the rest by one statement each.

use shared::activities::ActivityState;
use shared::applications::ApplicationState;
use shared::ids::CityId;
use shared::matches::{MatchBox, MatchState};
use shared::partnerships::{PartnershipState, PartyRole};
use shared::steps::{CitySteps, StepFigures, steps};

use super::store;
use crate::caller::Caller;
use crate::error::Error;
use crate::matches::store::{self as matches, MatchFilter};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::calls::store::{self as calls, CallScope};
use crate::radar::store as radar;

/// How far a city is.
///
/// # Errors
/// `NotFound` without such a city, `Unauthenticated` or `Denied`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, city: CityId) -> Result<CitySteps, Error> {
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    policy::require(&caller.actor, &Action::ReadPrivate { city })?;
    let figures = figures(platform, caller, city).await?;
    Ok(CitySteps {
        steps: steps(&figures),
        figures,
        computed_at: caller.now,
    })
}

async fn figures(platform: &Platform, caller: &Caller, city: CityId) -> Result<StepFigures, Error> {
    let profile = platform.directory.profile(&platform.db, city).await?;
    let mut figures = StepFigures {
        needs: profile.summary.needs.len() as u64,
        offers: profile.summary.offers.len() as u64,
        networks: u64::from(profile.network_id.is_some()),
        ..StepFigures::default()
    };
    for bond in platform.atlas.bonds_of(city) {
        let is_party = |(party, role): &(CityId, PartyRole)| *party == city && *role != PartyRole::Associated;
        if bond.cities.iter().any(is_party) {
            match bond.state {
                PartnershipState::Idea | PartnershipState::LetterOfIntent | PartnershipState::AgreementDrafted => {
                    figures.partnerships_preparing += 1;
                }
                state if state.is_over() => {}
                _ => figures.partnerships_running += 1,
            }
        }
    }
    let count = async |state: MatchState, side: Option<MatchBox>| {
        let filter = MatchFilter {
            cities: Some(vec![city]),
            side,
            states: vec![state],
        };
        matches::count(&platform.db, &filter, caller.now).await
    };
    figures.interests_waiting = count(MatchState::Interested, Some(MatchBox::Incoming)).await?;
    figures.interests_told = count(MatchState::Interested, Some(MatchBox::Outgoing)).await?;
    figures.contacts = count(MatchState::ContactOpened, None).await?;
    for (state, count) in store::activities(&platform.db, city).await? {
        match state {
            ActivityState::Planned => figures.activities_planned += count,
            ActivityState::Held => figures.activities_held += count,
            ActivityState::Cancelled => {}
        }
    }
    for (state, count) in store::applications(&platform.db, city).await? {
        match state {
            ApplicationState::Draft | ApplicationState::Ready => figures.files_in_writing += count,
            ApplicationState::Accepted => figures.files_accepted += count,
            ApplicationState::Rejected | ApplicationState::Withdrawn => {}
            _ => figures.files_handed_in += count,
        }
    }
    figures.files_to_correct = radar::corrections(&platform.db, city, caller.now).await?.len() as u64;
    figures.results = store::results(&platform.db, city).await?;
    figures.calls_open = calls::count_calls(&platform.db, &CallScope::open_to_all(), caller.now).await?;
    Ok(figures)
}
