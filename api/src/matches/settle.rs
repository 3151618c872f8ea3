//! Two cities who become partners by another way than their match: its row is what everybody who makes them partners waits
//! for.

use shared::audit::Resource;
use shared::ids::{CityId, MatchId, PartnershipId};
use shared::matches::MatchState;
use uuid::Uuid;

use super::pair::Pair;
use super::store;
use crate::db::Tx;
use crate::error::Error;

/// The match of two cities, locked until the transaction ends; made where they had none.
///
/// # Errors
/// Those of the database.
pub async fn hold(tx: &Tx<'_>, a: CityId, b: CityId) -> Result<Pair, Error> {
    if let Some(pair) = store::of_pair_for_update(tx, a, b).await? {
        return Ok(pair);
    }
    let pair = Pair::begin(MatchId(Uuid::now_v7()), a, b, String::new(), tx.now());
    if store::insert(tx, &pair).await? {
        // Its first version is the one that `settle` writes.
        return Ok(Pair { version: 0, ..pair });
    }
    // Somebody else made it at the same moment.
    store::of_pair_for_update(tx, a, b).await?.ok_or(Error::Busy)
}

/// Says that the two have agreed on a partnership.
///
/// # Errors
/// Those of the database.
pub async fn settle(tx: &Tx<'_>, mut pair: Pair, partnership: PartnershipId) -> Result<(), Error> {
    pair.state = MatchState::Agreed;
    pair.partnership_id = Some(partnership);
    pair.version += 1;
    pair.updated_at = tx.now();
    store::save(tx, &pair).await?;
    tx.record(
        "agree",
        Resource::Match,
        pair.id.0,
        pair.version,
        serde_json::json!({
            "initiator": pair.initiator,
            "responder": pair.responder,
            "state": pair.state,
            "partnership_id": partnership,
            "from": "round",
        }),
    )
    .await
}
