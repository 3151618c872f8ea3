//! Reading what a result was made of.

use shared::ids::RoundId;

use super::store;
use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::rounds::{service, store as rounds};

/// The certificate of a round's last result as JSON, for its officers.
///
/// # Errors
/// `NotFound` without a result, `Denied`.
pub async fn certificate(platform: &Platform, caller: &Caller, id: RoundId) -> Result<Vec<u8>, Error> {
    service::signed_in(caller)?;
    let round = rounds::round(platform.db.read(), id).await?.ok_or(Error::NotFound)?;
    service::require_visible(caller, &round)?;
    policy::require(
        &caller.actor,
        &Action::ReadRoundCertificate {
            programme: round.programme_id,
        },
    )?;
    store::json(&platform.db, id).await?.ok_or(Error::NotFound)
}
