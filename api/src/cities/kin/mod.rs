//! The kin of a city: what it lies in, what lies in it, what it took the place of. And the one thing of it that people change:
//! what it lies in.

pub mod store;

use shared::cities::kin::{CHILDREN_MAX, CityKin, CityRef};
use shared::doubles::DoubleSubject;
use shared::ids::CityId;
use shared::problem::{FieldCode, FieldError};

use crate::caller::Caller;
use crate::db::Tx;
use crate::doubles::successions;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// Steps that are followed upwards: no country has as many levels.
const LEVELS_MAX: usize = 10;

/// The kin of a city.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, city: CityId) -> Result<CityKin, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    platform.directory.summary(city).ok_or(Error::NotFound)?;
    let conn = platform.db.read();
    let mut within: Vec<CityRef> = Vec::new();
    let mut parent = store::parent(conn, city).await?;
    while let Some(id) = parent.filter(|id| within.len() < LEVELS_MAX && !within.iter().any(|one| one.id == *id)) {
        within.extend(named(platform, id));
        parent = store::parent(conn, id).await?;
    }
    let children = store::children(conn, city, CHILDREN_MAX as u64).await?;
    let children_total = if children.len() < CHILDREN_MAX {
        children.len() as u64
    } else {
        store::count_children(conn, city).await?
    };
    let former = successions::list(platform, caller, DoubleSubject::City, city.0).await?;
    Ok(CityKin {
        within,
        children: children.into_iter().filter_map(|id| named(platform, id)).collect(),
        children_total,
        former: former.items,
    })
}

/// A city as others name it; none where it is not there.
#[must_use]
pub fn named(platform: &Platform, id: CityId) -> Option<CityRef> {
    let city = platform.directory.summary(id)?;
    Some(CityRef {
        id,
        kind: city.kind,
        name: city.name.clone(),
        labels: city.labels.clone(),
    })
}

/// What is wrong with what a city is to lie in: it is there, in the same country, and does not itself lie in the city.
///
/// # Errors
/// Those of the database.
pub async fn parent_fault(
    platform: &Platform,
    tx: &Tx<'_>,
    city: CityId,
    parent: Option<Option<CityId>>,
) -> Result<Option<FieldError>, Error> {
    let Some(Some(parent)) = parent else {
        return Ok(None);
    };
    let fault = |code| Ok(Some(FieldError::new("/parent_id", code)));
    let (own, other) = (platform.directory.summary(city), platform.directory.summary(parent));
    let Some(other) = other else {
        return fault(FieldCode::Reference);
    };
    if own.is_some_and(|own| own.country != other.country) {
        return fault(FieldCode::Inconsistent);
    }
    let mut above = Some(parent);
    for _ in 0..LEVELS_MAX {
        match above {
            Some(id) if id == city => return fault(FieldCode::Inconsistent),
            Some(id) => above = store::parent(tx.conn(), id).await?,
            None => return Ok(None),
        }
    }
    fault(FieldCode::Inconsistent)
}
