//! Reading and replacing contact persons.

use chrono::NaiveDate;
use serde_json::json;
use shared::audit::Resource;
use shared::cities::{ContactList, ContactView, ContactsDraft};
use shared::ids::{CityId, ContactId};
use shared::mandates::due;

use super::same::carry_over;
use super::store;
use crate::caller::Caller;
use crate::cities::store::Held;
use crate::cities::{rules, store as cities};
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::mandates;
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
    let items = store::of_city(platform.db.read(), city).await?;
    Ok(seen(version, items, caller.now.date_naive()))
}

/// The list as it is seen: a mandate that ended yesterday is told before the next round of marking.
fn seen(version: i64, mut items: Vec<ContactView>, today: NaiveDate) -> ContactList {
    for view in &mut items {
        view.to_confirm = view
            .to_confirm
            .or_else(|| due(&view.contact, view.confirmed_on, &[], today));
    }
    ContactList { version, items }
}

/// Says of a contact person that it is still the right one; the city's version grows.
///
/// # Errors
/// `NotFound`, `Unauthenticated` or `Denied`, `PreconditionRequired` or `Stale`, and those of the database.
pub async fn confirm(
    platform: &Platform,
    caller: &Caller,
    city: CityId,
    id: ContactId,
) -> Result<Answer<ContactList>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let held = cities::for_update(tx, city).await?.ok_or(Error::NotFound)?;
            policy::require(&caller.actor, &Action::ManageContacts { city })?;
            if !store::of_city(tx.conn(), city).await?.iter().any(|of| of.id == id) {
                return Err(Error::NotFound);
            }
            caller.expect_version(held.version)?;
            confirmed(tx, &held, id, "person").await?;
            let items = store::of_city(tx.conn(), city).await?;
            Ok(seen(held.version + 1, items, tx.now().date_naive()))
        })
        .await
}

/// Enters that a contact person of a held city is still the right one; links of mails have answered with that.
///
/// # Errors
/// Those of the database.
pub async fn confirmed(tx: &Tx<'_>, held: &Held, id: ContactId, by: &str) -> Result<(), Error> {
    store::confirm(tx, id, tx.now().date_naive()).await?;
    mandates::store::use_links(tx, id).await?;
    let version = held.version + 1;
    cities::touch(tx, held, version).await?;
    let details = json!({ "contacts": 1, "by": by });
    tx.record("confirm_contact", Resource::City, held.id.0, version, details)
        .await
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
            let before = store::of_city(tx.conn(), city).await?;
            let items = carry_over(&before, &draft.items, tx.now().date_naive());
            store::replace(tx, city, &items).await?;
            cities::touch(tx, &held, version).await?;
            // How many, never who: the journal keeps no personal data.
            let details = json!({ "contacts": items.len() });
            tx.record("replace_contacts", Resource::City, city.0, version, details)
                .await?;
            Ok(seen(version, items, tx.now().date_naive()))
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
