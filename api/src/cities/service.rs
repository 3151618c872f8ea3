//! Reading and changing profiles.

use shared::cities::{CityAction, CityView};
use shared::ids::CityId;

use crate::caller::Caller;
use crate::error::Error;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A city's profile with what the caller may do with it.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: CityId) -> Result<CityView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let mut view = CityView::clone(&*platform.directory.profile(&platform.db, id).await?);
    view.allowed = allowed(caller, id, &view);
    Ok(view)
}

fn allowed(caller: &Caller, city: CityId, view: &CityView) -> Vec<CityAction> {
    let network = view.network_id;
    [
        (CityAction::Update, Action::UpdateCity { city, network }),
        (CityAction::ManageContacts, Action::ManageContacts { city }),
        (CityAction::FindPartners, Action::FindPartners { city, network }),
    ]
    .into_iter()
    .filter(|(_, action)| policy::allows(&caller.actor, action))
    .map(|(name, _)| name)
    .collect()
}
