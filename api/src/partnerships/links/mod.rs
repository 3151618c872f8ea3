//! What a partnership hangs on, and the phase before it: both exist, and no way leads back to it.

mod store;

use shared::ids::PartnershipId;
use shared::problem::{FieldCode, FieldError};

use self::store::Link;
use crate::db::Tx;
use crate::error::Error;

/// Steps upwards that are looked at.
const STEPS_MAX: usize = 100;

/// What is wrong with the links that a partnership is to have.
///
/// # Errors
/// Those of the database.
pub(super) async fn faults(
    tx: &Tx<'_>,
    of: Option<PartnershipId>,
    parent: Option<PartnershipId>,
    predecessor: Option<PartnershipId>,
) -> Result<Vec<FieldError>, Error> {
    let mut faults = Vec::new();
    for (pointer, link, to) in [
        ("/parent_id", Link::Parent, parent),
        ("/predecessor_id", Link::Predecessor, predecessor),
    ] {
        let Some(to) = to else { continue };
        if !store::exists(tx, to).await? {
            faults.push(FieldError::new(pointer, FieldCode::Reference));
        } else if let Some(of) = of
            && leads_back(tx, of, to, link).await?
        {
            faults.push(FieldError::new(pointer, FieldCode::Inconsistent));
        }
    }
    Ok(faults)
}

async fn leads_back(tx: &Tx<'_>, of: PartnershipId, to: PartnershipId, link: Link) -> Result<bool, Error> {
    let mut at = Some(to);
    for _ in 0..STEPS_MAX {
        match at {
            None => return Ok(false),
            Some(id) if id == of => return Ok(true),
            Some(id) => at = store::linked(tx, id, link).await?,
        }
    }
    Ok(true)
}
