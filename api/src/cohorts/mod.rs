//! Turnkey cohorts: cities that join a programme together under the lead of networks, each with a letter of engagement.
//!
//! [`service`] keeps the cohort, [`members`] the cities in it, [`letters`] their letters from draft to file. Whoever changes
//! something locks the cohort first and the city's place after it, so that a letter never says what the cohort no longer does.

pub mod letters;
pub mod members;
pub mod routes;
pub mod service;
pub mod store;
mod views;

pub use store::Cohort;

use shared::cohorts::CohortState;
use shared::ids::{CityId, CohortId};
use shared::problem::ProblemCode;

use crate::db::Tx;
use crate::error::Error;
use crate::policy::CohortFacts;

impl Cohort {
    /// What it is judged on.
    #[must_use]
    pub fn facts(&self) -> CohortFacts {
        CohortFacts {
            programme: self.programme_id,
            networks: self.networks.clone(),
        }
    }

    /// Requires that its day is not over.
    ///
    /// # Errors
    /// `CohortClosed`.
    fn expect_open(&self, tx: &Tx<'_>) -> Result<(), Error> {
        match CohortState::at(tx.now(), self.closes_at) {
            CohortState::Open => Ok(()),
            CohortState::Closed => Err(Error::conflict(ProblemCode::CohortClosed)),
        }
    }
}

/// The cities that signed a letter of engagement in a cohort, the first who joined first; none where the cohort is not there.
///
/// # Errors
/// Those of the database.
pub async fn signed_cities(tx: &Tx<'_>, id: CohortId) -> Result<Option<(Cohort, Vec<CityId>)>, Error> {
    let Some(cohort) = store::find(tx.conn(), id)
        .await?
        .filter(|cohort| cohort.deleted_at.is_none())
    else {
        return Ok(None);
    };
    let cities = members::store::signed_cities(tx, id).await?;
    Ok(Some((cohort, cities)))
}
