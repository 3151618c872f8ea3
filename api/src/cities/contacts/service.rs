//! Reading and replacing contact persons.

use serde_json::json;
use shared::audit::Resource;
use shared::cities::{ContactList, ContactsDraft};
use shared::ids::CityId;

use super::store;
use crate::caller::Caller;
use crate::cities::{rules, store as cities};
use crate::error::{Error, refuse};
use crate::matches;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// The contact persons of a city.
///
/// # Errors
/// `NotFound`, `Unauthenticated` or `Denied`, and those of the database.
pub async fn list(platform: &Platform, caller: &Caller, city: CityId) -> Result<ContactList, Error> {
    let version = platform.directory.summary(city).ok_or(Error::NotFound)?.version;
    let in_contact = in_contact(platform, caller, city).await?;
    let action = Action::ReadContacts {
        city,
        in_contact: &in_contact,
    };
    policy::require(&caller.actor, &action)?;
    Ok(ContactList {
        version,
        items: store::of_city(platform.db.read(), city).await?,
    })
}

/// Puts these contact persons in the place of the former ones; the city's version grows.
///
/// # Errors
/// `NotFound`, `Unauthenticated` or `Denied`, `PreconditionRequired` or `Stale`, `Invalid`, and those of the database.
pub async fn replace(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    draft: &ContactsDraft,
) -> Result<ContactList, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let held = cities::for_update(tx, city).await?.ok_or(Error::NotFound)?;
            policy::require(&caller.actor, &Action::ManageContacts { city })?;
            caller.expect_version(held.version)?;
            let faults = rules::check_contacts(draft, tx.now().date_naive());
            refuse(faults)?;
            let version = held.version + 1;
            let items: Vec<_> = draft.items.iter().map(store::named).collect();
            store::replace(tx, city, &items).await?;
            cities::touch(tx, &held, version).await?;
            // How many, never who: the journal keeps no personal data.
            let details = json!({ "contacts": items.len() });
            tx.record("replace_contacts", Resource::City, city.0, version, details)
                .await?;
            Ok(ContactList { version, items })
        })
        .await
}

/// The cities that are in contact with this one; only asked where the caller works for another city.
async fn in_contact(platform: &Platform, caller: &Caller, city: CityId) -> Result<Vec<CityId>, Error> {
    if caller.actor.is_staff_of(city) || caller.actor.cities().next().is_none() {
        return Ok(Vec::new());
    }
    // Through a match both have told interest. A partnership alone does not open contacts: one side can write it down.
    matches::store::in_contact(&platform.db, city).await
}
